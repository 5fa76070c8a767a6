"""What shoppers wait for: a size to come back, a price to fall. Of a person only an opaque id."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Product, Sku
from lockstitch.coordinates.models import Coordinate
from lockstitch.members.models import Member
from lockstitch.tenancy.models import TenantKey, TenantModel


class Wait(TenantModel):
    """再入荷のお知らせ: of a member, or of a guest whose address the desk has sealed. A guest's
    counts once its letter was answered (double opt-in), a member's at once."""

    sku = TenantKey(Sku, models.CASCADE, related_name="+")
    member = TenantKey(Member, null=True, related_name="+")
    record_id = models.UUIDField()  # whom to write to
    language = models.CharField(max_length=2, default="ja")
    key = models.UUIDField(default=uuid4)  # in the letters' addresses
    confirmed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # by whoever waited
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], name="wait_key"),
            models.UniqueConstraint(
                fields=["site", "sku", "member"], name="wait_member_once",
                condition=Q(told_at=None, ended_at=None, member__isnull=False),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["site", "sku", "id"], name="wait_queue",
                condition=Q(told_at=None, ended_at=None, confirmed_at__isnull=False),
            ),
            models.Index(
                fields=["site", "sku", "told_at"], name="wait_told", condition=~Q(told_at=None)
            ),
        ]  # fmt: skip


class Wish(TenantModel):
    """How many said on a day that they wanted a size that was not there, without any address."""

    sku = TenantKey(Sku, models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "sku", "day"], name="wish_day")
        ]


class Interest(TenantModel):
    """A coordinate or a brand that somebody keeps beside favourite goods: a member, or a browser
    that holds the token, until its owner signs in."""

    member = TenantKey(Member, null=True, related_name="+")
    token_digest = models.BinaryField(null=True)
    coordinate = TenantKey(Coordinate, models.CASCADE, null=True, related_name="+")
    brand = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "member", "coordinate", "brand"], condition=Q(token_digest=None),
                nulls_distinct=False, name="interest_member",
            ),
            models.UniqueConstraint(
                fields=["site", "token_digest", "coordinate", "brand"], condition=Q(member=None),
                nulls_distinct=False, name="interest_browser",
            ),
            models.CheckConstraint(
                condition=Q(member=None) ^ Q(token_digest=None), name="interest_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(coordinate=None) ^ Q(brand=""), name="interest_in_something"
            ),
        ]  # fmt: skip


class PriceTold(TenantModel):
    """A member was told that a favourite costs less: once for each price."""

    append_only = True

    member = TenantKey(Member, related_name="+")
    product = TenantKey(Product, models.CASCADE, related_name="+")
    price_yen = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "member", "product", "price_yen"], name="price_told_once"
            )
        ]
