"""出荷準備: parcels planned for many orders at once, and one file of labels for them."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.fulfilment import sending
from lockstitch.fulfilment.models import LabelBatch, Parcel
from lockstitch.fulfilment.queries import planned_pieces
from lockstitch.fulfilment.rules import CARRIERS, PICKUP
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By, lock
from lockstitch.orders.models import Order

BATCH_MAX = 1_000


@dataclass
class Planned:
    """`refused`: order number -> why it is not in the batch."""

    batch: LabelBatch | None = None
    parcels: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def plan_batch(orders: Sequence[Order], *, carrier: str, ships_on: dt.date, by: By) -> Planned:
    """A parcel for each recipient and location of these orders, for all that is open and not in a
    parcel yet. An order that cannot leave, is fetched at a shop, or wishes for another carrier is
    named with the reason; the others are in the batch.
    """
    if carrier not in CARRIERS:
        raise Refused(_("Choose a carrier."))
    if not 0 < len(orders) <= BATCH_MAX:
        raise Refused(_("Choose some orders, at most a thousand."))
    done = Planned()
    with transaction.atomic():
        batch = LabelBatch.objects.create(carrier=carrier, ships_on=ships_on, by=by.id)
        for order in sorted(orders, key=lambda order: order.pk):
            try:
                with transaction.atomic():
                    done.parcels += _plan(lock(order.pk), carrier, batch, by)
            except Refused as refused:
                done.refused[order.number] = str(refused)
        if not done.parcels:
            transaction.set_rollback(True)
            return done
        done.batch = batch
    return done


def _plan(order: Order, carrier: str, batch: LabelBatch, by: By) -> int:
    sending.ready_to_leave(order)
    lines = order.current_lines
    planned = planned_pieces(Parcel.objects.filter(order=order).prefetch_related("lines"))
    made = 0
    for wish in order.destinations.all():
        pieces = sending.open_pieces(lines, wish.no)
        pieces = {k: n - planned[k] for k, n in pieces.items() if n > planned[k]}
        if not pieces or wish.pickup_location_id:
            continue
        if wish.carrier and wish.carrier != carrier:
            raise Refused(_("The buyer chose another carrier."))
        for place, there in sending.from_locations(order, pieces):
            sending.make(
                order, there, location_id=place, destination=wish.no, carrier=carrier, by=by,
                batch_id=batch.pk,
            )  # fmt: skip
            made += 1
    if not made:
        raise Refused(_("Everything of this order is in a parcel already, or fetched at a shop."))
    return made


def split_parcel(
    order_id: UUID, pieces: sending.Pieces, *, carrier: str, by: By, at: UUID | None = None
) -> Parcel:
    """分割出荷: a planned parcel with just these pieces. Raises Refused."""
    with transaction.atomic():
        order = lock(order_id)
        sending.ready_to_leave(order)
        lines = order.current_lines
        wanted = sending.chosen(lines, pieces, None)
        planned = planned_pieces(Parcel.objects.filter(order=order).prefetch_related("lines"))
        free = Counter({line.key: line.open for line in lines})
        free.subtract(planned)
        if any(free[key] < count for key, count in wanted.items()):
            raise Refused(_("Some of these pieces are in another parcel already."))
        places = sending.from_locations(order, wanted)
        place = at or max(places, key=lambda pair: sum(pair[1].values()))[0]
        to = next(line.destination for line in lines if line.key in wanted)
        return sending.make(
            order, wanted, location_id=place, destination=to,
            carrier=sending.carrier_of(order, to, carrier), by=by,
        )  # fmt: skip


def give_up(parcel_id: UUID, by: By) -> None:
    """A planned parcel is not sent after all; its pieces are open again. Raises Refused."""
    with transaction.atomic():
        found: Parcel | None = Parcel.objects.filter(id=parcel_id).first()
        if found is None:
            raise Refused(_("There is no such parcel."))
        lock(found.order_id)
        parcel = Parcel.objects.select_for_update().get(id=parcel_id)
        if parcel.carrier == PICKUP and parcel.ready_at:
            raise Refused(_("It waits in the shop for its buyer."))
        sending.turn(parcel, "dropped", by)
        parcel.money_yen = parcel.tax_yen = 0
        parcel.save(update_fields=["state", "money_yen", "tax_yen"])
