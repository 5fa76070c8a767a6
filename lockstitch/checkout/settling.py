"""What becomes of an order whose buyer pays at a provider: it is placed, or it never was."""

from collections import Counter
from uuid import UUID

from django.db import transaction

from lockstitch.checkout.filling import put_back
from lockstitch.checkout.filling_sets import put_sets_back
from lockstitch.checkout.models import Checkout
from lockstitch.checkout.rules import Piece
from lockstitch.inventory import actions as inventory
from lockstitch.jobs.actions import announce
from lockstitch.members import points
from lockstitch.orders.actions import SYSTEM, lock, move
from lockstitch.payments import actions as payments
from lockstitch.pricing.actions import give_back_coupons


def confirm(order_id: UUID) -> None:
    """The provider holds the money (or has given the buyer a number to pay by). May be repeated."""
    with transaction.atomic():
        order = lock(order_id)
        if order.status != "pending":
            return
        move(order, "placed", SYSTEM, status="placed")
        announce("order.placed", order_id=order.id)
        if order.charge == "order" and order.payment == "authorised":
            payments.capture(order, order.money_yen, SYSTEM, order.id)


def lapse(order_id: UUID) -> None:
    """The buyer did not pay: stock, coupons and points go back, the goods into the cart.

    May be repeated; an order that was placed meanwhile stays.
    """
    with transaction.atomic():
        order = lock(order_id)
        if order.status != "pending":
            return
        pieces: Counter[UUID] = Counter()
        for line in order.current_lines:
            pieces[line.sku_id] += line.quantity
        inventory.move(pieces, reason="release", reference=order.id)
        give_back_coupons(order.id)
        points.reverse(order.id, reference="lapse")
        points.restore(order.id, reference="lapse")
        payments.void(order, SYSTEM)
        move(order, "lapsed", SYSTEM, status="lapsed", fulfilment="stopped")
        checkout = Checkout.objects.get(id=order.checkout_id)
        loose: Counter[Piece] = Counter()
        for line in order.current_lines:
            if not line.is_gift and line.set_group is None:
                loose[Piece(line.sku_id, line.hem_mm)] += line.quantity
        put_back(checkout.cart_id, loose)
        put_sets_back(checkout.cart_id, order.current_lines)
