"""Carts, and checkouts on their way to becoming orders."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID4, Now

from lockstitch.catalogue.models import Sku
from lockstitch.tenancy.models import TenantKey, TenantModel


class Cart(TenantModel):
    token_digest = models.BinaryField()
    member_id = models.UUIDField(null=True)
    touched_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "token_digest"], name="cart_token")
        ]


class CartLine(TenantModel):
    cart = TenantKey(Cart, models.CASCADE, related_name="lines")
    sku = TenantKey(Sku, models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    price_seen_yen = models.PositiveIntegerField()
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "cart", "sku"], name="cart_line_sku"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=20), name="cart_line_quantity"
            ),
        ]
        ordering: ClassVar = ["added_at", "id"]


class Checkout(TenantModel):
    """Its id is random, not time-ordered: whoever knows it may continue the checkout.

    The desk may write only the columns from `record_id` to `contact_at`.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID4())
    cart = TenantKey(Cart, related_name="+")
    member_id = models.UUIDField(null=True)
    language = models.CharField(max_length=2, default="ja")
    record_id = models.UUIDField(null=True)
    buyer_hint = models.CharField(max_length=40, blank=True)
    prefecture = models.CharField(max_length=4, blank=True)
    postal_zone = models.CharField(max_length=3, blank=True)
    contact_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=8, blank=True)
    delivery_date = models.DateField(null=True)
    delivery_slot = models.CharField(max_length=8, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    placed_at = models.DateTimeField(null=True)
