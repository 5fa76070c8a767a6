"""Promising and taking money."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By, lock, move
from lockstitch.orders.models import Order
from lockstitch.payments.models import Capture, Payment


def promise(order: Order, *, bank_days: int) -> Payment:
    """The payment of a new order, inside the transaction that places it."""
    due = today_jst() + dt.timedelta(days=bank_days) if order.method == "bank" else None
    payment: Payment = Payment.objects.create(
        order=order, method=order.method, amount_yen=order.total_yen, due_on=due
    )
    return payment


def capture(order: Order, by: By) -> None:
    """売上確定 of a locked order. A second capture breaks a unique constraint."""
    payment = Payment.objects.get(order=order)
    Capture.objects.create(payment=payment, amount_yen=payment.amount_yen, by=by.id)
    move(order, "captured", by, payment="captured")


def receive_transfer(order_id: UUID, by: By) -> Order:
    """入金確認: the bank transfer of this order has arrived in full.

    Raises Refused when the order does not wait for one.
    """
    with transaction.atomic():
        order = lock(order_id)
        if order.method != "bank" or order.payment != "awaiting":
            raise Refused(_("This order does not wait for a bank transfer."))
        capture(order, by)
        return order


def void(order: Order, by: By) -> None:
    """What becomes of the money of a cancelled, locked order."""
    move(order, "voided", by, payment="refund_due" if order.payment == "captured" else "void")
