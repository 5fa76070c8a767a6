"""受注: the list, one order, and what is done with it."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.fulfilment.papers.hemming import to_hem
from lockstitch.fulfilment.queries import shipment_of
from lockstitch.fulfilment.rules import CARRIERS, SLOTS
from lockstitch.inventory.waiting import allotments_of, waits_for
from lockstitch.kernel.errors import Refused
from lockstitch.looks.words import FULFILMENT_WORDS, METHOD_WORDS, PAYMENT_WORDS, STATUS_WORDS
from lockstitch.orders.file_templates import file_templates
from lockstitch.orders.queries import Order, Wanted, counts, find_order, find_orders
from lockstitch.orders.rules import may_amend, may_cancel, may_ship
from lockstitch.payments import actions as payments
from lockstitch.payments.queries import money_of, payment_of
from lockstitch.pricing.queries import terms

SELECTS = (
    ("method", _("Payment"), METHOD_WORDS), ("payment", _("Money"), PAYMENT_WORDS),
    ("fulfilment", _("Shipping"), FULFILMENT_WORDS), ("status", _("Status"), STATUS_WORDS),
)  # fmt: skip


@require_safe
@at_site("orders.see")
def listing(request: WorkRequest) -> HttpResponse:
    wanted = Wanted.of(request.GET)
    page = find_orders(wanted, after=request.GET.get("after", "")[:80])
    kept = {k: str(v) for k, v in request.GET.items() if k != "after" and v}
    context = {
        "page": page, "wanted": wanted, "counts": counts(), "choices": _choices(wanted),
        "more": urlencode({**kept, "after": page.next}) if page.next else "",
        "may_export": request.worker.may("orders.ship"), "templates": file_templates(),
    }  # fmt: skip
    return render(request, "console/orders.html", context)


def _choices(wanted: Wanted) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Each select of the filter: its name, label, and options with which is chosen."""
    return [
        (
            name,
            str(label),
            [(code, str(word), getattr(wanted, name) == code) for code, word in words.items()],
        )
        for name, label, words in SELECTS
    ]


@require_safe
@at_site("orders.see")
def search(request: WorkRequest) -> HttpResponse:
    """The frame of the desk in which an address or a name may be typed."""
    return render(request, "console/search.html", {})


@require_safe
@at_site("orders.see")
def show(request: WorkRequest, number: str) -> HttpResponse:
    return _order(request, number)


@require_POST
@at_site("orders.ship")
def ship(request: WorkRequest, number: str) -> HttpResponse:
    carrier = request.POST.get("carrier", "")
    tracking = request.POST.get("tracking_number", "")[:30]

    def deed(order_id: UUID) -> object:
        return fulfilment.ship(
            order_id, carrier=carrier, tracking_number=tracking, by=request.worker.by
        )

    return _done(request, number, deed, tracking=tracking)


@require_POST
@at_site("orders.pay")
def paid_now(request: WorkRequest, number: str) -> HttpResponse:
    return _done(request, number, lambda key: payments.receive_transfer(key, request.worker.by))


@require_POST
@at_site("orders.ship")
def cancel(request: WorkRequest, number: str) -> HttpResponse:
    return _done(request, number, lambda key: fulfilment.cancel(key, request.worker.by))


def _done(
    request: WorkRequest, number: str, deed: Callable[[UUID], object], *, tracking: str = ""
) -> HttpResponse:
    """Does it and shows the order again; a refusal stands on the page, with what was typed."""
    try:
        deed(_find(number).id)
    except Refused as refused:
        return _order(request, number, refusal=str(refused), tracking=tracking)
    return redirect("console_order", request.work_site.slug, number)


def _find(number: str) -> Order:
    order = find_order(number)
    if order is None:
        raise Http404
    return order


def _order(
    request: WorkRequest, number: str, *, refusal: str = "", tracking: str = ""
) -> HttpResponse:
    order = _find(number)
    shipment, paid = shipment_of(order), payment_of(order)
    events = list(order.events.all())
    names = handles([event.by_id for event in events if event.by_id])
    carrier = CARRIERS.get(shipment.carrier) if shipment else None
    context = {
        "order": order, "shipment": shipment, "payment": paid, "money": money_of(order),
        "refusal": refusal,
        "tracking": tracking, "carriers": CARRIERS, "default_carrier": terms().carrier,
        "carrier": carrier,
        "track": carrier.track.format(shipment.tracking_number) if carrier and shipment else "",
        "events": [(event, names.get(event.by_id, "") if event.by_id else "") for event in events],
        "may_ship": request.worker.may("orders.ship")
        and may_ship(order.status, order.payment, order.fulfilment),
        "may_cancel": request.worker.may("orders.ship")
        and may_cancel(order.status, order.fulfilment),
        "may_edit": request.worker.may("orders.edit")
        and may_amend(order.status, order.fulfilment),
        "may_hold": request.worker.may("orders.edit")
        and may_cancel(order.status, order.fulfilment),
        "late": dict(waits_for(order.pk)), "allotted": allotments_of(order.pk),
        "slots": SLOTS, "once": uuid4(), "hems": to_hem(order),
        "may_receive": request.worker.may("orders.pay")
        and paid is not None and not paid.provider and order.payment == "awaiting",
    }  # fmt: skip
    return render(request, "console/order.html", context, status=422 if refusal else 200)
