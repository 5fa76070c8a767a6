"""Points become the member's when the last parcel has left."""

from uuid import UUID

from lockstitch.members import points
from lockstitch.orders.models import Order

SENT = ("shipped", "delivered")


def settle_points(order_id: UUID, parcel_id: UUID) -> None:
    """Follows `order.shipped`, once a parcel; an exchange that is sent later settles its own."""
    if Order.objects.filter(id=order_id, fulfilment__in=SENT).exists():
        points.settle(order_id, reference=str(parcel_id))
