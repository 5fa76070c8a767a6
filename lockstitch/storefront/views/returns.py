"""返品・交換: the buyer chooses pieces and why; words about it are typed at the desk."""

from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lockstitch.catalogue.queries import sisters
from lockstitch.inventory.queries import available
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By
from lockstitch.orders.queries import Order, find_by_checkout
from lockstitch.pricing.queries import terms
from lockstitch.returns import actions
from lockstitch.returns.queries import Returnable, find_return, returnable
from lockstitch.returns.rules import MEASURES, REASONS
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import is_own, member_id
from lockstitch.tenancy.requests import SiteRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    order = _own(request, checkout_id)
    days = terms().return_days
    rows = returnable(order, today=today_jst(), days=days)
    refusal = ""
    if request.method == "POST":
        try:
            actions.ask(order.id, _wishes(request, rows), by=By("shopper", member_id(request)))
            return redirect("order", checkout_id)
        except Refused as refused:
            refusal = str(refused)
    found = sisters([row.line.sku_id for row in rows])
    left = available({sku.id for skus in found.values() for sku in skus})
    context = shell(
        request, order=order, rows=[
            (row, [(sku, left.get(sku.id, 0)) for sku in found.get(row.line.sku_id, [])])
            for row in rows
        ],
        reasons=REASONS, measures=MEASURES, refusal=refusal, days=days,
        typed=request.POST if refusal else {},
    )  # fmt: skip
    return render(request, "storefront/return.html", context, status=422 if refusal else 200)


@require_POST
def withdraw(request: SiteRequest, checkout_id: UUID, return_id: UUID) -> HttpResponse:
    order = _own(request, checkout_id)
    found = find_return(return_id)
    if found is None or found.order_id != order.id:
        raise Http404
    with suppress(Refused):  # it was decided meanwhile: the page says how
        actions.decide(return_id, "withdrawn", By("shopper", member_id(request)))
    return redirect("order", checkout_id)


def _own(request: SiteRequest, checkout_id: UUID) -> Order:
    order = find_by_checkout(checkout_id)
    if order is None or not is_own(request, order):
        raise Http404
    return order


def _wishes(request: SiteRequest, rows: list[Returnable]) -> list[actions.Wish]:
    wishes = []
    for row in rows:
        key, posted = row.line.key, request.POST
        pieces = posted.get(f"pieces-{key}", "0")
        if not pieces.isdecimal() or not int(pieces):
            continue
        wanted = posted.get(f"wanted-{key}", "")
        try:
            sku_id = UUID(wanted) if wanted else None
        except ValueError:
            raise Http404 from None
        wishes.append(
            actions.Wish(
                key, int(pieces), posted.get(f"reason-{key}", ""),
                posted.get(f"measure-{key}", ""), sku_id,
            )
        )  # fmt: skip
    return wishes
