"""ささげ: 撮影, 採寸, 原稿 of what is not shown yet."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lockstitch.access.queries import handles
from lockstitch.catalogue import preparing
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.clock import typed_day
from lockstitch.kernel.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def show(request: WorkRequest) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        if not request.worker.may("goods.edit"):
            raise PermissionDenied
        try:
            return redirect(f"{request.get_full_path()}#{_do(request)}")
        except Refused as refused:
            refusal = str(refused)
    step, mine, late = (request.GET.get(name, "") for name in ("step", "mine", "late"))
    page = preparing.queue(
        step=step, mine=request.worker.id if mine else None, late=bool(late),
        after=request.GET.get("after", "")[:80],
    )  # fmt: skip
    query = request.GET.copy()
    query.pop("after", None)
    who = [row.preparation.assignee for row in page.rows if row.preparation]
    context = {
        "page": page, "step": step, "mine": mine, "late": late, "query": query.urlencode(),
        "steps": preparing.STEPS, "required": preparing.required(), "refusal": refusal,
        "handles": handles([one for one in who if one]), "code": request.POST.get("code", ""),
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/preparing.html", context, status=422 if refusal else 200)


def _do(request: WorkRequest) -> str:
    """What was asked for; where on the page it shows."""
    given, slug = request.POST, request.POST.get("product", "")[:160]
    match given.get("do"):
        case "come":
            slug = preparing.check_in(given.get("code", "")[:120], place=given.get("place", ""))
        case "take":
            preparing.take(slug, request.worker.id)
        case "leave":
            preparing.take(slug, None)
        case "require":
            preparing.require(given.getlist("steps"))
        case _:
            preparing.plan(slug, due_on=_day(given.get("due", "")), place=given.get("place", ""))
    return f"p-{slug}" if slug else ""


def _day(text: str) -> dt.date | None:
    found = typed_day(text)
    if text and found is None:
        raise Refused(_("Not a day: %(text)s") % {"text": text[:20]})
    return found
