"""The steps that planning and shipping share: which pieces, from where, and what they cost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from lockstitch.fulfilment.models import Parcel, ParcelEvent, ParcelLine
from lockstitch.fulfilment.queries import SENT, planned_pieces
from lockstitch.fulfilment.rules import PARCEL, PICKUP, Sent, parcel_money
from lockstitch.inventory.queries import promises
from lockstitch.inventory.waiting import waits_for
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By
from lockstitch.orders.models import Order, OrderLine
from lockstitch.orders.rules import may_ship

Pieces = Mapping[UUID, int]  # line key -> how many


def ready_to_leave(order: Order) -> None:
    """Raises Refused when a locked order may not be shipped."""
    if order.on_hold:
        raise Refused(_("This order is on hold."))
    if not may_ship(order.status, order.payment, order.fulfilment):
        raise Refused(_("This order cannot be shipped in its present state."))


def open_pieces(lines: Sequence[OrderLine], destination: int) -> dict[UUID, int]:
    return {line.key: line.open for line in lines if line.open and line.destination == destination}


def chosen(
    lines: Sequence[OrderLine], pieces: Pieces | None, destination: int | None
) -> dict[UUID, int]:
    """The pieces of one parcel: those named, else all that is open for the (first) recipient.

    Raises Refused when there are not so many, or when they go to different people.
    """
    by_key = {line.key: line for line in lines}
    if pieces is None:
        whom = destination or min((line.destination for line in lines if line.open), default=1)
        pieces = open_pieces(lines, whom)
    wanted = {key: count for key, count in pieces.items() if count}
    if not wanted:
        raise Refused(_("There is nothing left to send."))
    for key, count in wanted.items():
        if key not in by_key or not 0 < count <= by_key[key].open:
            raise Refused(_("There are not so many pieces to send."))
    if len({by_key[key].destination for key in wanted}) > 1:
        raise Refused(_("A parcel goes to one recipient."))
    return wanted


def from_locations(order: Order, pieces: Pieces) -> list[tuple[UUID, dict[UUID, int]]]:
    """The pieces by the location that owes them, less what earlier parcels will take from there.

    Raises Refused when some are not in the house yet.
    """
    lines = {line.key: line for line in order.current_lines}
    owed = {place: Counter(skus) for place, skus in promises(order.pk).items()}
    for parcel in Parcel.objects.filter(order=order, state="planned").prefetch_related("lines"):
        for line in parcel.lines.all():
            if parcel.location_id in owed:
                owed[parcel.location_id][line.sku_id] -= line.quantity
    found: dict[UUID, dict[UUID, int]] = {}
    for key, count in pieces.items():
        left = count
        for place, skus in owed.items():
            taken = min(left, max(0, skus[lines[key].sku_id]))
            if taken:
                found.setdefault(place, {})[key] = taken
                skus[lines[key].sku_id] -= taken
                left -= taken
        if left:
            raise Refused(_missing(order, lines[key]))
    return list(found.items())


def _missing(order: Order, line: OrderLine) -> str:
    if waits_for(order.pk)[line.sku_id]:
        return _("Not here yet: %(sku)s. The rest can be sent by splitting the order.") % {
            "sku": line.sku_code
        }
    return _("There are not so many pieces to send.")


def money_of(order: Order, lines: Sequence[OrderLine], extra: Pieces) -> int:
    """What a parcel with these pieces takes, after all parcels that were planned or sent before."""
    parcels = list(Parcel.objects.filter(order=order).prefetch_related("lines"))
    ahead = planned_pieces(parcels)
    taken = sum(p.money_yen for p in parcels if p.state in (*SENT, "planned"))
    after = [
        Sent(
            line.net_yen, line.quantity,
            line.shipped + ahead[line.key] + extra.get(line.key, 0), line.cancelled,
        )
        for line in lines
    ]  # fmt: skip
    return parcel_money(order.money_yen, after, taken)


def tax_of(order: Order, money_yen: int) -> int:
    """The tax inside a parcel's money, in the order's own proportion."""
    total = sum(order.taxes.values())
    return total * money_yen // order.total_yen if order.total_yen else 0


def make(
    order: Order, pieces: Pieces, *, location_id: UUID, destination: int, carrier: str, by: By,
    batch_id: UUID | None = None,
) -> Parcel:  # fmt: skip
    """A planned parcel of a locked order."""
    lines = {line.key: line for line in order.current_lines}
    money = money_of(order, list(lines.values()), pieces)
    parcel: Parcel = Parcel.objects.create(
        order=order, no=Parcel.objects.filter(order=order).count() + 1, destination=destination,
        location_id=location_id, batch_id=batch_id, revision=order.revision, carrier=carrier,
        money_yen=money, tax_yen=tax_of(order, money), by=by.id,
    )  # fmt: skip
    ParcelLine.objects.bulk_create(
        ParcelLine.here(parcel=parcel, line_key=key, sku_id=lines[key].sku_id, quantity=count)
        for key, count in pieces.items()
    )
    happened(parcel, "planned", by)
    return parcel


def happened(parcel: Parcel, kind: str, by: By, **facts: str) -> None:
    ParcelEvent.objects.create(parcel=parcel, kind=kind, facts=facts, by=by.id)


def turn(parcel: Parcel, state: str, by: By, **facts: str) -> None:
    """Raises Refused when the parcel's small machine does not allow it."""
    if state not in PARCEL[parcel.state]:
        raise Refused(_("This parcel has changed meanwhile."))
    parcel.state = state
    happened(parcel, state, by, **facts)


def carrier_of(order: Order, no: int, carrier: str) -> str:
    """The carrier of a parcel; a recipient who fetches it at a shop has none."""
    wish = next((d for d in order.destinations.all() if d.no == no), None)
    if wish is not None and wish.pickup_location_id:
        return PICKUP
    return carrier or (wish.carrier if wish else "")
