"""Parcels and what is in them, the files and papers made for them, and how the site sends."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.fulfilment.rules import PARCEL
from lockstitch.inventory.models import Location
from lockstitch.orders.models import Order
from lockstitch.tenancy.models import TenantKey, TenantModel


class LabelBatch(TenantModel):
    """Parcels whose labels were made together: one file for one carrier's program."""

    append_only = True

    carrier = models.CharField(max_length=20)
    ships_on = models.DateField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "-at", "-id"], name="batch_list")]


class Parcel(TenantModel):
    """Goods of one order for one recipient from one location. Planned, it has a label at most;
    shipped, its money was taken. One that waits in a shop has a code that its buyer shows."""

    order = TenantKey(Order, related_name="parcels")
    no = models.PositiveIntegerField()
    destination = models.PositiveIntegerField(default=1)
    location = TenantKey(Location, related_name="+")
    batch = TenantKey(LabelBatch, related_name="parcels", null=True)
    revision = models.PositiveIntegerField(default=1)  # of the order, when it was planned
    carrier = models.CharField(max_length=20)
    tracking_number = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, default="planned")
    money_yen = models.PositiveIntegerField(default=0)  # what it takes: at the door, for COD
    tax_yen = models.PositiveIntegerField(default=0)  # the tax inside that
    code = models.CharField(max_length=8, blank=True)
    waits_until = models.DateField(null=True)
    by = models.UUIDField(null=True)
    planned_at = models.DateTimeField(db_default=Now())
    ready_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order", "no"], name="parcel_no"),
            models.UniqueConstraint(
                fields=["site", "code"], condition=~Q(code=""), name="parcel_code"
            ),
            models.CheckConstraint(condition=Q(state__in=list(PARCEL)), name="parcel_state"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "dropped"]) | Q(shipped_at__isnull=False),
                name="parcel_sent_has_its_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "tracking_number"], name="parcel_tracking"),
            models.Index(fields=["site", "state", "planned_at", "id"], name="parcel_list"),
        ]
        ordering: ClassVar = ["no"]


class ParcelLine(TenantModel):
    append_only = True

    parcel = TenantKey(Parcel, related_name="lines")
    line_key = models.UUIDField()  # of the order line, the same in every revision
    sku_id = models.UUIDField()
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "parcel", "line_key"], name="parcel_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="parcel_line_is_something"),
        ]


class ParcelEvent(TenantModel):
    """What became of a parcel, when. Never altered."""

    append_only = True

    parcel = TenantKey(Parcel, related_name="events")
    kind = models.CharField(max_length=12)  # planned, shipped, delivered, away, returned, dropped
    facts = models.JSONField(default=dict)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "parcel", "at"], name="parcel_history")]


class PaperIssue(TenantModel):
    """A receipt or invoice that was given out: the first is the original, later ones are copies."""

    append_only = True

    order = TenantKey(Order, related_name="+")
    kind = models.CharField(max_length=10)  # receipt, invoice, credit
    copy = models.PositiveIntegerField()  # 0: the original
    by_kind = models.CharField(max_length=10)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order", "kind", "copy"], name="paper_once")
        ]


class DispatchTerms(TenantModel):
    """How the site sends; one row. Closing days and the issuer of papers are in pricing's Terms."""

    cut_off = models.TimeField(default=dt.time(15))
    handling_days = models.PositiveIntegerField(default=1)
    on_holidays = models.BooleanField(default=False)
    origin = models.CharField(max_length=4, default="東京都")
    transit = models.JSONField(default=dict)  # {"沖縄県": 4}: days of the site's own
    late_days = models.PositiveIntegerField(default=2)  # a parcel planned so long ago is late
    sender = models.JSONField(default=dict)  # labels: name, phone, postal_code, address, building
    contents = models.CharField(max_length=25, default="衣料品")
    yamato_customer = models.CharField(max_length=12, blank=True)  # ご請求先顧客コード
    yamato_class = models.CharField(max_length=3, blank=True)  # ご請求先分類コード
    yamato_fare = models.CharField(max_length=2, blank=True)  # 運賃管理番号
    sagawa_customer = models.CharField(max_length=12, blank=True)  # お客様コード
    yupack_kind = models.CharField(max_length=20, blank=True)  # 送り状種別

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site"], name="dispatch_terms_site")
        ]
