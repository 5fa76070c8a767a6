"""Carts, and checkouts on their way to becoming orders."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID4, Now

from lockstitch.catalogue.models import Sku
from lockstitch.sets.models import GoodsSet
from lockstitch.tenancy.models import TenantKey, TenantModel


class Cart(TenantModel):
    token_digest = models.BinaryField()
    member_id = models.UUIDField(null=True)
    touched_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "token_digest"], name="cart_token")
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "member_id", "-touched_at"], name="cart_member")
        ]


class CartLine(TenantModel):
    cart = TenantKey(Cart, models.CASCADE, related_name="lines")
    sku = TenantKey(Sku, models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    hem_mm = models.PositiveSmallIntegerField(default=0, db_default=0)  # 0: as it is
    price_seen_yen = models.PositiveIntegerField()  # with the fee of hemming
    saved = models.BooleanField(default=False)  # kept for later, not bought now
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "cart", "sku", "hem_mm"], name="cart_line_piece"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=20), name="cart_line_quantity"
            ),
        ]
        ordering: ClassVar = ["added_at", "id"]


class CartSet(TenantModel):
    """A set in a cart: so many of it, with one choice of sizes. `skus` has a SKU for each piece,
    in the order of the set's parts."""

    cart = TenantKey(Cart, models.CASCADE, related_name="sets")
    goods_set = TenantKey(GoodsSet, models.CASCADE, related_name="+")
    skus = ArrayField(models.UUIDField())
    quantity = models.PositiveIntegerField()
    price_seen_yen = models.PositiveIntegerField()
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "cart", "goods_set", "skus"], name="cart_set_choice"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=20), name="cart_set_quantity"
            ),
        ]
        ordering: ClassVar = ["added_at", "id"]


class Parcel(models.Model):
    """What can be wished for one parcel."""

    delivery_date = models.DateField(null=True)
    delivery_slot = models.CharField(max_length=8, blank=True)
    wrapping = models.CharField(max_length=20, blank=True)
    hides_prices = models.BooleanField(default=False)
    has_message = models.BooleanField(default=False)  # its text is in the sealed record
    pickup_location_id = models.UUIDField(null=True)

    class Meta:
        abstract = True


class Checkout(Parcel, TenantModel):
    """Its id is random, not time-ordered: whoever knows it may continue the checkout. The parcel
    is the buyer's own; further ones are `Recipient`s.

    The desk may write only the columns from `record_id` to `contact_at`.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID4())
    cart = TenantKey(Cart, related_name="+")
    member_id = models.UUIDField(null=True)
    language = models.CharField(max_length=2, default="ja")
    is_preorder = models.BooleanField(default=False)  # which of the cart's goods
    record_id = models.UUIDField(null=True)
    buyer_mark = models.UUIDField(null=True)  # see orders.persons
    buyer_hint = models.CharField(max_length=40, blank=True)
    prefecture = models.CharField(max_length=4, blank=True)
    postal_zone = models.CharField(max_length=3, blank=True)
    contact_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=8, blank=True)
    coupons = ArrayField(models.CharField(max_length=40), default=list)  # as folded
    points_yen = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(db_default=Now())
    placed_at = models.DateTimeField(null=True)


class Recipient(Parcel, TenantModel):
    """Somebody else to whom a part of the order goes; the buyer is number 1."""

    checkout = TenantKey(Checkout, models.CASCADE, related_name="recipients")
    no = models.PositiveIntegerField()
    record_id = models.UUIDField()
    hint = models.CharField(max_length=40)
    prefecture = models.CharField(max_length=4)
    postal_zone = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "checkout", "no"], name="recipient_no"),
            models.CheckConstraint(condition=Q(no__gte=2, no__lte=10), name="recipient_numbers"),
        ]
        ordering: ClassVar = ["no"]


class Share(TenantModel):
    """So many pieces of a SKU go to a recipient; what is not shared out goes to the buyer."""

    checkout = TenantKey(Checkout, models.CASCADE, related_name="shares")
    no = models.PositiveIntegerField()
    sku_id = models.UUIDField()
    hem_mm = models.PositiveSmallIntegerField(default=0, db_default=0)
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "checkout", "no", "sku_id", "hem_mm"], name="share_piece"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="share_is_a_piece"),
        ]
