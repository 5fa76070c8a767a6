"""How many pieces there are, and every change that made it so."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Sku
from lockstitch.tenancy.models import TenantKey, TenantModel


class Stock(TenantModel):
    """Pieces of a SKU: `on_hand` in the house, of which `allocated` are promised to orders."""

    sku = TenantKey(Sku, related_name="stock")
    on_hand = models.IntegerField(default=0)
    allocated = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "sku"], name="stock_sku"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_not_negative"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, allocated__lte=F("on_hand")),
                name="stock_allocated_is_there",
            ),
        ]


class Movement(TenantModel):
    """One change of a stock row. Stock is the sum of its movements."""

    append_only = True

    sku = TenantKey(Sku, related_name="+")
    reason = models.CharField(max_length=12)  # see rules.DELTAS
    on_hand_delta = models.IntegerField()
    allocated_delta = models.IntegerField()
    reference = models.UUIDField(null=True)  # the order, for most reasons
    by = models.UUIDField(null=True)  # the operator, when a person did it
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "reference", "sku", "reason"],
                condition=Q(reason__in=["allocate", "release", "ship"]),
                name="movement_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["site", "sku", "at"], name="movement_history")]
