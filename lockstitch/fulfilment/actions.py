"""Shipping and cancelling: where order, money and stock move together, or not at all."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.fulfilment.models import Shipment
from lockstitch.fulfilment.rules import CARRIERS, checked_tracking_number
from lockstitch.inventory import actions as inventory
from lockstitch.jobs.actions import announce
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By, lock, move, note
from lockstitch.orders.models import Order, OrderLine
from lockstitch.orders.reducing import reduce
from lockstitch.orders.rules import may_cancel, may_ship
from lockstitch.payments import actions as payments


def ship(order_id: UUID, *, carrier: str, tracking_number: str, by: By) -> Order:
    """出荷: hands the parcel over, captures what is not captured, and has the buyer told.

    Raises Refused with a sentence when the number is wrong or the order may not leave.
    """
    if carrier not in CARRIERS:
        raise Refused(_("Choose a carrier."))
    try:
        number = checked_tracking_number(tracking_number)
    except ValueError:
        raise Refused(
            _("That is not a tracking number: twelve digits, of which the last is a check digit.")
        ) from None
    with transaction.atomic():
        order = lock(order_id)
        if not may_ship(order.status, order.payment, order.fulfilment):
            raise Refused(_("This order cannot be shipped in its present state."))
        if order.payment == "authorised":
            payments.capture(order, order.money_yen, by, order.id)
        lines = order.current_lines
        pieces = _open_pieces(lines)
        for line in lines:
            line.shipped += line.open
        OrderLine.objects.bulk_update(lines, ["shipped"])
        Shipment.objects.create(order=order, carrier=carrier, tracking_number=number, by=by.id)
        move(order, "shipped", by, fulfilment="shipped", status="completed")
        note(order, "parcel", by=by, facts={"carrier": carrier, "tracking_number": number})
        inventory.move(pieces, reason="ship", reference=order.id, by=by.id)
        announce("order.shipped", order_id=order.id)
        return order


def cancel(order_id: UUID, by: By) -> Order:
    """Gives back stock and money of an order that has not left. Raises Refused when it has."""
    with transaction.atomic():
        order = lock(order_id)
        if not may_cancel(order.status, order.fulfilment):
            raise Refused(_("This order can no longer be cancelled."))
        lines = order.current_lines
        pieces = _open_pieces(lines)
        reduce(
            order, {line.key: line.open for line in lines}, kind="cancel", reference=order.id,
            by=by, charges_yen=order.charges_yen,
        )  # fmt: skip
        payments.void(order, by)
        move(order, "cancelled", by, status="cancelled", fulfilment="stopped")
        inventory.move(pieces, reason="release", reference=order.id, by=by.id)
        announce("order.cancelled", order_id=order.id)
        return order


def _open_pieces(lines: Iterable[OrderLine]) -> Counter[UUID]:
    pieces: Counter[UUID] = Counter()
    for line in lines:
        pieces[line.sku_id] += line.open
    return pieces
