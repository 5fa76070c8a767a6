"""Which orders came of a coordinate: the orders' side of `coordinates.counting`."""

from collections import defaultdict
from uuid import UUID

from lockstitch.checkout.models import Checkout
from lockstitch.coordinates.counting import Bought, credit, recount
from lockstitch.orders.models import Order
from lockstitch.returns.models import Return


def credit_looks(order_id: UUID) -> None:
    """Follows `order.placed` and `order.amended`."""
    order = Order.objects.filter(id=order_id).first()
    checkout = Checkout.objects.filter(id=order.checkout_id).first() if order else None
    if order is not None and checkout is not None:
        credit(order.id, checkout.cart_id, _bought(order), order.placed_at)


def recount_looks(order_id: UUID) -> None:
    """Follows `order.reduced` and `order.cancelled`."""
    order = Order.objects.filter(id=order_id).first()
    if order is not None:
        recount(order.id, _bought(order))


def recount_returned(return_id: UUID) -> None:
    """Follows `return.closed`."""
    row = Return.objects.filter(id=return_id).first()
    if row is not None:
        recount_looks(row.order_id)


def _bought(order: Order) -> list[Bought]:
    """By SKU, what is kept of it; gifts are nobody's merit."""
    kept: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    for line in order.current_lines:
        if not line.is_gift:
            pieces = line.quantity - line.cancelled - line.returned
            kept[line.sku_id][0] += pieces
            kept[line.sku_id][1] += line.net_yen * pieces // line.quantity
    return [Bought(sku, pieces, net) for sku, (pieces, net) in kept.items()]
