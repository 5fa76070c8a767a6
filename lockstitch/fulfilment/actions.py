"""Shipping and cancelling: where order, money and stock move together, or not at all."""

from collections import Counter
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.fulfilment import sending
from lockstitch.fulfilment.models import Parcel
from lockstitch.fulfilment.rules import CARRIERS, PICKUP, checked_tracking_number
from lockstitch.fulfilment.sending import Pieces
from lockstitch.inventory import actions as inventory
from lockstitch.inventory.queries import promises
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.members import points
from lockstitch.orders.actions import By, lock, move, note
from lockstitch.orders.models import Order, OrderLine, Reduction
from lockstitch.orders.reducing import reduce
from lockstitch.orders.rules import Back, may_cancel
from lockstitch.payments import actions as payments
from lockstitch.pricing.actions import give_back_coupons


def ship(
    order_id: UUID, *, carrier: str, tracking_number: str, by: By, pieces: Pieces | None = None,
    destination: int | None = None,
) -> Order:  # fmt: skip
    """出荷: hands a parcel over, takes its part of the money, and has the buyer told.

    `pieces` (line key -> how many) default to all that is open for the destination, the first
    unless named; parcels that were planned for them are given up. Raises Refused with a sentence
    when the number is wrong or the order may not leave.
    """
    number = _number(carrier, tracking_number)
    with transaction.atomic():
        order = lock(order_id)
        sending.ready_to_leave(order)
        wanted = sending.chosen(order.current_lines, pieces, destination)
        drop_planned(order, by)
        sending.from_locations(order, wanted)  # all of it is here
        to = next(line.destination for line in order.current_lines if line.key in wanted)
        parcel = sending.make(
            order, wanted, location_id=_first_place(order), destination=to, carrier=carrier, by=by
        )
        leave(order, parcel, number, by)
        return order


def ship_parcel(parcel_id: UUID, *, tracking_number: str, by: By) -> bool:
    """A planned parcel has left under this number. False when it had left under it already.

    Raises Refused when the order changed since its label was made, or the number differs.
    """
    with transaction.atomic():
        found: Parcel | None = Parcel.objects.filter(id=parcel_id).first()
        if found is None:
            raise NotFound(_("There is no such parcel."))
        order = lock(found.order_id)
        parcel = Parcel.objects.select_for_update().get(id=parcel_id)
        number = _number(parcel.carrier, tracking_number)
        if parcel.state in ("shipped", "delivered") and parcel.tracking_number == number:
            return False
        if parcel.state != "planned":
            raise Refused(_("This parcel has left under another number, or was given up."))
        sending.ready_to_leave(order)
        if parcel.revision != order.revision:
            raise Refused(_("The order has changed since its label was made. Make a new one."))
        pieces = {line.line_key: line.quantity for line in parcel.lines.all()}
        sending.chosen(order.current_lines, pieces, parcel.destination)
        leave(order, parcel, number, by)
        return True


def drop_planned(order: Order, by: By) -> None:
    """Parcels of a locked order that were planned and have not left are given up."""
    for parcel in Parcel.objects.filter(order=order, state="planned").select_for_update():
        sending.turn(parcel, "dropped", by)
        parcel.code, parcel.money_yen, parcel.tax_yen = "", 0, 0
        parcel.save(update_fields=["state", "code", "money_yen", "tax_yen"])


def cancel(
    order_id: UUID, by: By, *, pieces: Pieces | None = None, reason: str = "",
    reference: UUID | None = None,
) -> Order:  # fmt: skip
    """Gives up what has not left: stock, money, points and coupons go back, once.

    `pieces` (line key -> how many) default to all that is open; `reference` names this
    cancellation, so that a repeat changes nothing more. Raises Refused when it has left.
    """
    with transaction.atomic():
        order = lock(order_id)
        if reference and Reduction.objects.filter(order=order, reference=reference).exists():
            return order
        if not may_cancel(order.status, order.fulfilment):
            raise Refused(_("This order can no longer be cancelled."))
        lines = order.current_lines
        everything = {line.key: line.open for line in lines if line.open}
        wanted = {key: n for key, n in (pieces or everything).items() if n}
        whole = wanted == everything and order.fulfilment == "unshipped"
        once = order.pk if whole else reference or uuid4()
        released = _by_sku(lines, wanted)
        drop_planned(order, by)
        before = order.net_yen
        back = reduce(
            order, wanted, kind="cancel", reference=once, by=by,
            charges_yen=order.charges_yen if whole else 0,
        )  # fmt: skip
        inventory.move(released, reason="release", reference=once, of=order.pk, by=by.id)
        if whole:
            _give_up(order, by, reason)
        else:
            _give_up_part(order, by, back, before, once)
        announce("order.cancelled" if whole else "order.reduced", order_id=order.pk)
        return order


def _give_up(order: Order, by: By, reason: str) -> None:
    """The whole of an order that has not left."""
    give_back_coupons(order.pk)
    points.reverse(order.pk, reference="cancel")
    points.restore(order.pk, reference="cancel")
    payments.void(order, by)
    move(order, "cancelled", by, status="cancelled", fulfilment="stopped")
    if reason:
        note(order, "reason", by=by, facts={"reason": reason})


def _give_up_part(order: Order, by: By, back: Back, before_yen: int, once: UUID) -> None:
    if back.points:
        points.restore(order.pk, back.points, reference=str(once))
    points.reverse_share(
        order.pk, given_up_yen=back.total_yen, of_yen=before_yen, reference=str(once)
    )
    payments.give_back(order, back.money, by, once)
    lines = order.current_lines
    if order.fulfilment == "part" and not any(line.open for line in lines):
        move(order, "shipped", by, fulfilment="shipped", status="completed")


def leave(order: Order, parcel: Parcel, number: str, by: By) -> None:
    """Counters, money, stock and states of a locked order whose planned parcel leaves."""
    lines = {line.key: line for line in order.current_lines}
    went = list(parcel.lines.all())
    for row in went:
        lines[row.line_key].shipped += row.quantity
    OrderLine.objects.bulk_update([lines[row.line_key] for row in went], ["shipped"])
    _take(order, parcel, by)
    done = not any(line.open for line in lines.values())
    sending.turn(parcel, "shipped", by, carrier=parcel.carrier, tracking_number=number)
    parcel.tracking_number, parcel.shipped_at = number, now()
    parcel.save(update_fields=["state", "tracking_number", "shipped_at"])
    ends = {"status": "completed"} if done else {}
    move(order, "shipped", by, fulfilment="shipped" if done else "part", **ends)
    facts: dict[str, object] = {
        "carrier": parcel.carrier, "tracking_number": number, "no": parcel.no,
    }  # fmt: skip
    note(order, "parcel", by=by, facts=facts)
    pieces: Counter[UUID] = Counter()
    for row in went:
        pieces[row.sku_id] += row.quantity
    inventory.move(
        pieces, reason="ship", reference=parcel.pk, of=order.pk, at=parcel.location_id, by=by.id
    )
    announce("order.shipped", order_id=order.pk, parcel_id=parcel.pk)


def _take(order: Order, parcel: Parcel, by: By) -> None:
    """売上確定 of the parcel's part; nothing when points pay for all that is in it."""
    if parcel.money_yen:
        payments.capture(order, parcel.money_yen, by, parcel.pk)
    elif order.payment == "authorised":
        move(order, "captured", by, payment="captured")


def _number(carrier: str, text: str) -> str:
    if carrier == PICKUP:
        return ""
    if carrier not in CARRIERS:
        raise Refused(_("Choose a carrier."))
    try:
        return checked_tracking_number(text)
    except ValueError:
        raise Refused(
            _("That is not a tracking number: twelve digits, of which the last is a check digit.")
        ) from None


def _first_place(order: Order) -> UUID:
    owing = promises(order.pk)
    if not owing:
        raise Refused(_("No location owes goods to this order."))
    return max(owing, key=lambda place: sum(owing[place].values()))


def _by_sku(lines: list[OrderLine], pieces: Pieces) -> Counter[UUID]:
    skus = {line.key: line.sku_id for line in lines}
    found: Counter[UUID] = Counter()
    for key, count in pieces.items():
        if key not in skus:
            raise Refused(_("There are not so many pieces to give back."))
        found[skus[key]] += count
    return found
