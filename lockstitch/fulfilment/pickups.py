"""店舗受取: goods put aside in a shop, a code for the buyer, and what happens when nobody comes."""

import datetime as dt
from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.fulfilment import sending
from lockstitch.fulfilment.actions import cancel, drop_planned, leave
from lockstitch.fulfilment.delivering import delivered
from lockstitch.fulfilment.models import Parcel
from lockstitch.fulfilment.queries import find_pickup
from lockstitch.fulfilment.rules import PICKUP
from lockstitch.inventory.models import Location
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import readable
from lockstitch.orders.actions import SYSTEM, By, lock
from lockstitch.orders.models import Order

CODE = 6


def make_ready(order_id: UUID, by: By, *, destination: int = 1) -> Parcel:
    """取り置き完了: the goods are in the shop. The buyer is told, with a code and a last day.

    Raises Refused when the order is not fetched, may not leave, or is ready already.
    """
    with transaction.atomic():
        order = lock(order_id)
        sending.ready_to_leave(order)
        wish = next((d for d in order.destinations.all() if d.no == destination), None)
        if wish is None or wish.pickup_location_id is None:
            raise Refused(_("This order is not fetched at a shop."))
        if Parcel.objects.filter(order=order, destination=destination, state="planned").exists():
            raise Refused(_("It is ready already."))
        place = Location.objects.get(id=wish.pickup_location_id)
        pieces = sending.chosen(order.current_lines, None, destination)
        parcel = sending.make(
            order, pieces, location_id=place.pk, destination=destination, carrier=PICKUP, by=by
        )
        parcel.code, parcel.ready_at = readable(CODE), now()
        parcel.waits_until = today_jst() + dt.timedelta(days=place.pickup_days)
        parcel.save(update_fields=["code", "ready_at", "waits_until"])
        announce("pickup.ready", order_id=order.pk, parcel_id=parcel.pk)
        return parcel


def hand_over(code: str, by: By) -> Order:
    """店頭引渡し: the buyer showed this code. The money is taken; the goods are theirs.

    Raises NotFound for a code that nothing waits under, Refused when the order may not leave.
    """
    with transaction.atomic():
        found = find_pickup(code)
        if found is None or found.state != "planned":
            raise NotFound(_("Nothing waits under this code."))
        order = lock(found.order_id)
        parcel = Parcel.objects.select_for_update().get(id=found.pk)
        if parcel.state != "planned":
            raise NotFound(_("Nothing waits under this code."))
        sending.ready_to_leave(order)
        leave(order, parcel, "", by)
        delivered(parcel.pk, now(), by)
        return order


def missed(parcel_id: UUID, by: By = SYSTEM) -> None:
    """未受取: nobody came in time. The goods can be sold again, the money goes back."""
    with transaction.atomic():
        parcel: Parcel | None = Parcel.objects.filter(id=parcel_id, carrier=PICKUP).first()
        if parcel is None:
            raise NotFound(_("There is no such parcel."))
        order = lock(parcel.order_id)
        parcel = Parcel.objects.select_for_update().get(id=parcel_id)
        if parcel.state != "planned" or parcel.ready_at is None:
            raise Refused(_("This parcel has changed meanwhile."))
        pieces = {line.line_key: line.quantity for line in parcel.lines.all()}
        sending.happened(parcel, "missed", by)
        drop_planned(order, by)
        cancel(order.pk, by, pieces=pieces, reason="not_fetched", reference=parcel.pk)


def overdue(today: dt.date | None = None) -> int:
    """Gives up all that was not fetched in time. How many parcels."""
    due = Parcel.objects.filter(
        state="planned", carrier=PICKUP, ready_at__isnull=False,
        waits_until__lt=today or today_jst(),
    )  # fmt: skip
    done = 0
    for parcel_id in list(due.values_list("id", flat=True)):
        with suppress(Refused):
            missed(parcel_id)
            done += 1
    return done
