"""返品・交換: the list, one return, and what is decided about it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.catalogue.queries import offers
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import Refused
from lockstitch.returns import actions
from lockstitch.returns.queries import Return, find_return, list_returns
from lockstitch.returns.rules import DISPOSITIONS, STATES


@require_safe
@at_site("orders.see")
def listing(request: WorkRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    known = state if state in STATES or state == "open" else ""
    page = list_returns(state=known, after=request.GET.get("after", "")[:80])
    more = urlencode({"state": known, "after": page.next}) if page.next else ""
    context = {"page": page, "state": known, "states": STATES, "more": more}
    return render(request, "console/returns.html", context)


@require_safe
@at_site("orders.see")
def show(request: WorkRequest, return_id: UUID) -> HttpResponse:
    return _page(request, return_id)


@require_POST
@at_site("orders.ship")
def decide(request: WorkRequest, return_id: UUID) -> HttpResponse:
    state = request.POST.get("state", "")
    try:
        if state not in {"approved", "refused"}:
            raise Http404
        actions.decide(
            return_id, state, request.worker.by, reason=request.POST.get("reason", "")[:120],
            at_once=request.POST.get("at_once") == "1",
        )  # fmt: skip
    except Refused as refused:
        return _page(request, return_id, refusal=str(refused))
    return redirect("console_return", request.work_site.slug, return_id)


@require_POST
@at_site("orders.ship")
def inspect(request: WorkRequest, return_id: UUID) -> HttpResponse:
    verdicts = {
        line.pk: actions.Verdict(
            int(text) if (text := request.POST.get(f"accepted-{line.pk}", "")).isdecimal() else -1,
            request.POST.get(f"to-{line.pk}", ""),
        )
        for line in _find(return_id).lines.all()
    }
    try:
        actions.inspect(return_id, verdicts, request.worker.by)
    except Refused as refused:
        return _page(request, return_id, refusal=str(refused))
    return redirect("console_return", request.work_site.slug, return_id)


def _find(return_id: UUID) -> Return:
    found = find_return(return_id)
    if found is None:
        raise Http404
    return found


def _page(request: WorkRequest, return_id: UUID, *, refusal: str = "") -> HttpResponse:
    found = _find(return_id)
    lines, events = list(found.lines.all()), list(found.events.all())
    wanted = offers([line.wanted_sku_id for line in lines if line.wanted_sku_id])
    names = handles([event.by_id for event in events if event.by_id])
    context = {
        "ret": found, "refusal": refusal, "dispositions": DISPOSITIONS,
        "lines": [
            (line, wanted.get(line.wanted_sku_id) if line.wanted_sku_id else None)
            for line in lines
        ],
        "events": [(event, names.get(event.by_id, "") if event.by_id else "") for event in events],
        "may_decide": request.worker.may("orders.ship") and found.state == "asked",
        "may_inspect": request.worker.may("orders.ship") and found.state == "approved",
    }  # fmt: skip
    return render(request, "console/return.html", context, status=422 if refusal else 200)
