"""Parcels of orders."""

from lockstitch.fulfilment.models import Shipment
from lockstitch.orders.models import Order


def shipment_of(order: Order) -> Shipment | None:
    return Shipment.objects.filter(order=order).first()
