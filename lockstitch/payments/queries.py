"""Payments and what was taken of them."""

from django.db.models import Sum

from lockstitch.orders.models import Order
from lockstitch.payments.models import Capture, Payment


def payment_of(order: Order) -> Payment | None:
    return Payment.objects.filter(order=order).first()


def offered() -> tuple[str, ...]:
    """The ways to pay of this site, in the order in which they are shown."""
    return ("cod", "bank")


def captured_yen() -> int:
    """All money taken by this site."""
    return Capture.objects.aggregate(sum=Sum("amount_yen"))["sum"] or 0
