"""荷物: the parcels of one order, splitting it, and sending one by its number."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.fulfilment import planning
from lockstitch.fulfilment.actions import ship_parcel
from lockstitch.fulfilment.queries import (
    Parcel,
    events_of,
    find_parcel,
    lines_by_key,
    parcels_of,
    planned_pieces,
    reference_of,
    track_address,
)
from lockstitch.fulfilment.rules import CARRIERS
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import Order, find_order
from lockstitch.orders.rules import may_ship
from lockstitch.pricing.queries import terms


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.see")
def of_order(request: WorkRequest, number: str) -> HttpResponse:
    order = find_order(number)
    if order is None:
        raise Http404
    refusal = ""
    if request.method == "POST" and request.worker.may("orders.ship"):
        try:
            _do(request, order)
            return redirect("console_parcels", request.work_site.slug, number)
        except Refused as refused:
            refusal = str(refused)
    parcels = parcels_of(order)
    planned, lines = planned_pieces(parcels), lines_by_key(order)
    context = {
        "order": order, "refusal": refusal, "carriers": CARRIERS, "carrier": terms().carrier,
        "rows": [_row(parcel, lines) for parcel in parcels], "events": events_of(parcels),
        "open": [(line, line.open - planned[key]) for key, line in lines.items()
                 if line.open > planned[key]],
        "may_ship": request.worker.may("orders.ship")
        and may_ship(order.status, order.payment, order.fulfilment),
    }  # fmt: skip
    return render(request, "console/parcels.html", context, status=422 if refusal else 200)


def _row(parcel: Parcel, lines: Mapping[UUID, object]) -> tuple[object, ...]:
    inside = [(lines.get(row.line_key), row.quantity) for row in parcel.lines.all()]
    return parcel, reference_of(parcel), track_address(parcel), inside


def _do(request: WorkRequest, order: Order) -> None:
    """Splits off a parcel, or sends one. Raises Refused."""
    if (chosen := request.POST.get("parcel", "")) and (found := find_parcel(_uuid(chosen))):
        tracking = request.POST.get("tracking_number", "")[:30]
        ship_parcel(found.pk, tracking_number=tracking, by=request.worker.by)
        return
    pieces = {}
    for line in order.current_lines:
        text = request.POST.get(f"n-{line.key}", "").strip()
        if text and not (text.isascii() and text.isdigit()):
            raise Refused(_("Please give whole numbers."))
        pieces[line.key] = int(text or 0)
    carrier = request.POST.get("carrier", "")
    if carrier not in CARRIERS:
        raise Refused(_("Choose a carrier."))
    planning.split_parcel(order.pk, pieces, carrier=carrier, by=request.worker.by)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
