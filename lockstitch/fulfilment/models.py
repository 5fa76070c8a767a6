"""Parcels."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lockstitch.orders.models import Order
from lockstitch.tenancy.models import TenantKey, TenantModel


class Shipment(TenantModel):
    append_only = True

    order = TenantKey(Order, related_name="+")
    carrier = models.CharField(max_length=20)
    tracking_number = models.CharField(max_length=20)
    by = models.UUIDField(null=True)
    shipped_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order"], name="shipment_once")
        ]
