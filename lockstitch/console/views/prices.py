"""原価を下回る価格: what one has asked for and another takes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.catalogue import price_waits
from lockstitch.catalogue.editing import Faulty
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import NotFound, Refused


@require_safe
@at_site("goods.see")
def show(request: WorkRequest) -> HttpResponse:
    return _page(request)


@require_POST
@at_site("goods.edit")
def decide(request: WorkRequest, wait_id: UUID) -> HttpResponse:
    """Takes it, or drops it. Raises nothing: who was too late sees what is left."""
    take = "refuse" not in request.POST
    try:
        price_waits.decide(wait_id, request.worker.id, take=take, seen=request.POST.get("seen", ""))
    except Faulty as faulty:
        return _page(request, refusal=" ".join(fault.text for fault in faulty.faults))
    except (Refused, NotFound) as refused:
        return _page(request, refusal=str(refused))
    return redirect("console_prices", request.work_site.slug)


def shown_waits(request: WorkRequest, waits: list[price_waits.Waiting]) -> list[dict[str, Any]]:
    """With who asked, and whether that is the reader."""
    names = handles([one.wait.by for one in waits if one.wait.by])
    return [
        {
            "one": one, "who": names.get(one.wait.by, "") if one.wait.by else "",
            "mine": one.wait.by == request.worker.id, "seen": one.wait.at.isoformat(),
        }
        for one in waits
    ]  # fmt: skip


def _page(request: WorkRequest, *, refusal: str = "") -> HttpResponse:
    context = {
        "waits": shown_waits(request, price_waits.waiting()), "refusal": refusal,
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/prices.html", context, status=422 if refusal else 200)
