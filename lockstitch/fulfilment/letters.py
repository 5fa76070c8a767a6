"""The letters of parcels: each posted once for its parcel."""

from uuid import UUID

from lockstitch.fulfilment.models import Parcel
from lockstitch.fulfilment.queries import track_address
from lockstitch.fulfilment.rules import CARRIERS, PICKUP
from lockstitch.orders.letters import whole, write_to_buyer


def parcel_left(order_id: UUID, parcel_id: UUID) -> None:
    """Each parcel has its own letter; goods handed over in a shop need none."""
    parcel = Parcel.objects.get(id=parcel_id)
    if parcel.carrier == PICKUP:
        return
    write_to_buyer(
        whole(order_id), "shipped", once=str(parcel_id), shipment=parcel,
        carrier=CARRIERS[parcel.carrier], track=track_address(parcel),
    )  # fmt: skip


def pickup_ready(order_id: UUID, parcel_id: UUID) -> None:
    parcel = Parcel.objects.select_related("location").get(id=parcel_id)
    write_to_buyer(
        whole(order_id), "pickup", once=str(parcel_id), parcel=parcel, place=parcel.location
    )
