"""Goods on their way back, and what the buyer wants instead."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.orders.models import Order, OrderLine
from lockstitch.returns.rules import DISPOSITIONS, OPEN, STATES
from lockstitch.tenancy.models import TenantKey, TenantModel


class Return(TenantModel):
    """返品・交換: asked for by the buyer or entered by an operator."""

    order = TenantKey(Order, related_name="+")
    state = models.CharField(max_length=10, default="asked")
    at_once = models.BooleanField(default=False)  # an exchange leaves before the goods are back
    note_record_id = models.UUIDField(null=True)  # the buyer's words, sealed
    asked_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="return_states"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "asked_at", "id"], condition=Q(state__in=OPEN), name="return_open"
            ),
            models.Index(fields=["site", "-asked_at", "-id"], name="return_list"),
        ]


class ReturnLine(TenantModel):
    """So many pieces of one order line, and why. `wanted_sku_id`: exchanged for that."""

    ret = TenantKey(Return, related_name="lines")
    line = TenantKey(OrderLine, related_name="+")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=14)
    measure = models.CharField(max_length=10, blank=True)  # where it does not fit
    wanted_sku_id = models.UUIDField(null=True)
    accepted = models.PositiveIntegerField(null=True)  # after inspection
    disposition = models.CharField(max_length=8, blank=True)
    exchanged = models.BooleanField(default=False)  # the other piece is in the order already

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "ret", "line"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & (Q(accepted=None) | Q(accepted__lte=F("quantity")))
                & Q(disposition__in=["", *DISPOSITIONS]),
                name="return_line_makes_sense",
            ),
        ]


class ReturnEvent(TenantModel):
    append_only = True

    ret = TenantKey(Return, related_name="events")
    was = models.CharField(max_length=10)
    became = models.CharField(max_length=10)
    reason = models.CharField(max_length=120, blank=True)
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "ret", "at"], name="return_history")]
        ordering: ClassVar = ["at", "id"]
