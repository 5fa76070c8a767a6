"""Money that was promised, and money that was taken: a row each."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.orders.models import Order
from lockstitch.tenancy.models import TenantKey, TenantModel


class Payment(TenantModel):
    """What the buyer owes for an order, and how they pay it."""

    order = TenantKey(Order, related_name="+")
    method = models.CharField(max_length=8)
    amount_yen = models.PositiveIntegerField()
    due_on = models.DateField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order"], name="pay_order")
        ]


class Capture(TenantModel):
    """売上確定: the money of a payment was taken. Once, and the whole of it."""

    append_only = True

    payment = TenantKey(Payment, related_name="captures")
    amount_yen = models.PositiveIntegerField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "payment"], name="capture_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="capture_is_money"),
        ]
