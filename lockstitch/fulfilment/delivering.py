"""What the carrier tells of a parcel after it has left."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.fulfilment import sending
from lockstitch.fulfilment.models import Parcel, ParcelEvent
from lockstitch.jobs.actions import announce
from lockstitch.kernel.errors import NotFound
from lockstitch.orders.actions import SYSTEM, By, lock, move


def delivered(parcel_id: UUID, at: dt.datetime, by: By = SYSTEM) -> bool:
    """配達完了. False when that was known. The order is delivered when its last parcel is."""
    with transaction.atomic():
        parcel = _hold(parcel_id)
        if parcel.state == "delivered":
            return False
        order = lock(parcel.order_id)
        sending.turn(parcel, "delivered", by, at=at.isoformat())
        parcel.delivered_at = at
        parcel.save(update_fields=["state", "delivered_at"])
        on_the_road = Parcel.objects.filter(order=order, state__in=["planned", "shipped"])
        if order.fulfilment == "shipped" and not on_the_road.exists():
            move(order, "delivered", by, fulfilment="delivered")
            announce("order.delivered", order_id=order.pk)
        return True


def sent_back(parcel_id: UUID, by: By = SYSTEM) -> bool:
    """返送: the carrier brings it back. Money and goods are settled by a return."""
    with transaction.atomic():
        parcel = _hold(parcel_id)
        if parcel.state == "returned":
            return False
        sending.turn(parcel, "returned", by)
        parcel.save(update_fields=["state"])
        return True


def away(parcel_id: UUID, at: dt.datetime, by: By = SYSTEM) -> bool:
    """不在持戻り: nobody was at home; noted once for each moment."""
    with transaction.atomic():
        parcel = _hold(parcel_id)
        told = {"at": at.isoformat()}
        if ParcelEvent.objects.filter(parcel=parcel, kind="away", facts=told).exists():
            return False
        sending.happened(parcel, "away", by, **told)
        return True


def _hold(parcel_id: UUID) -> Parcel:
    """Locks the order first, as everything does that moves goods of it."""
    found: Parcel | None = Parcel.objects.filter(id=parcel_id).first()
    if found is None:
        raise NotFound(_("There is no such parcel."))
    lock(found.order_id)
    parcel: Parcel = Parcel.objects.select_for_update().get(id=parcel_id)
    return parcel
