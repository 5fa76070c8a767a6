"""What was bought: fixed lines, three states, and the events that changed them.

No person: `record_id` is the guard's sealed record, `buyer_hint` a mask such as 山＊ ＊＊.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.orders.rules import MACHINES
from lockstitch.tenancy.models import TenantKey, TenantModel


class Order(TenantModel):
    number = models.CharField(max_length=24)
    checkout_id = models.UUIDField()  # which checkout placed it: one order each
    member_id = models.UUIDField(null=True)
    record_id = models.UUIDField()
    buyer_hint = models.CharField(max_length=40)
    prefecture = models.CharField(max_length=4)
    postal_zone = models.CharField(max_length=3)
    language = models.CharField(max_length=2, default="ja")
    method = models.CharField(max_length=8)
    delivery_date = models.DateField(null=True)
    delivery_slot = models.CharField(max_length=8, blank=True)
    items_yen = models.PositiveIntegerField()
    shipping_yen = models.PositiveIntegerField()
    fee_yen = models.PositiveIntegerField()
    total_yen = models.PositiveIntegerField()
    taxes = models.JSONField()  # {"1000": yen}: the tax inside the total, once per rate
    status = models.CharField(max_length=12, default="placed")
    payment = models.CharField(max_length=12)
    fulfilment = models.CharField(max_length=12, default="unshipped")
    placed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="order_number"),
            models.UniqueConstraint(fields=["site", "checkout_id"], name="order_once"),
            models.UniqueConstraint(fields=["site", "record_id"], name="order_record"),
            models.CheckConstraint(
                condition=Q(total_yen=F("items_yen") + F("shipping_yen") + F("fee_yen")),
                name="order_total_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(MACHINES["status"]))
                & Q(payment__in=list(MACHINES["payment"]))
                & Q(fulfilment__in=list(MACHINES["fulfilment"])),
                name="order_known_states",
            ),
            models.CheckConstraint(
                condition=~Q(fulfilment="shipped") | Q(payment__in=["captured", "refund_due"]),
                name="order_shipped_is_captured",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-placed_at", "-id"], name="order_list"),
            models.Index(fields=["site", "fulfilment", "-placed_at", "-id"], name="order_to_ship"),
            models.Index(fields=["site", "payment", "-placed_at", "-id"], name="order_unpaid"),
            models.Index(fields=["site", "member_id", "-placed_at"], name="order_member"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(TenantModel):
    """One SKU as it was when bought: later changes of the catalogue do not reach it."""

    append_only = True

    order = TenantKey(Order, related_name="lines")
    position = models.PositiveIntegerField()
    sku_id = models.UUIDField()
    sku_code = models.CharField(max_length=120)
    name = models.JSONField()
    colour = models.JSONField()
    size = models.CharField(max_length=60)
    picture_key = models.CharField(max_length=80, blank=True)
    product_slug = models.CharField(max_length=160, blank=True)
    unit_price_yen = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    tax_rate_bp = models.PositiveIntegerField()
    total_yen = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order", "position"], name="line_position"),
            models.CheckConstraint(
                condition=Q(total_yen=F("unit_price_yen") * F("quantity")) & Q(quantity__gt=0),
                name="line_total_is_price_times_quantity",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "sku_id"], name="line_sku")]
        ordering: ClassVar = ["position"]


class OrderEvent(TenantModel):
    """Who changed what, when. Never altered."""

    append_only = True

    order = TenantKey(Order, related_name="events")
    kind = models.CharField(max_length=30)
    machine = models.CharField(max_length=12, blank=True)
    was = models.CharField(max_length=12, blank=True)
    became = models.CharField(max_length=12, blank=True)
    facts = models.JSONField(default=dict)
    by_kind = models.CharField(max_length=10)  # shopper, operator, system
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "order", "at"], name="event_history")]
        ordering: ClassVar = ["at", "id"]
