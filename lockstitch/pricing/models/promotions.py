"""Campaigns, and the codes by which some of them are had. No limit can be passed: the counters
are the database's, and it refuses one too many."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantKey, TenantModel

KINDS = ("amount", "rate", "shipping", "n_for", "quantity", "gift")


class Promotion(TenantModel):
    """An offer as `pricing.offers.Promotion` means it, and when and for whom it runs. Empty
    lists narrow nothing."""

    name = models.JSONField(default=dict)
    kind = models.CharField(max_length=10)
    yen = models.PositiveIntegerField(default=0)
    rate_bp = models.PositiveIntegerField(default=0)
    pieces = models.PositiveIntegerField(default=0)
    gift_sku_id = models.UUIDField(null=True)
    products = models.JSONField(default=list)  # ids
    categories = models.JSONField(default=list)  # ids
    brands = models.JSONField(default=list)  # names
    excludes_sale = models.BooleanField(default=False)
    from_yen = models.PositiveIntegerField(default=0)
    from_pieces = models.PositiveIntegerField(default=0)
    exclusive = models.BooleanField(default=False)
    priority = models.IntegerField(default=0)
    needs_coupon = models.BooleanField(default=False)
    ranks = models.JSONField(default=list)  # codes
    members_only = models.BooleanField(default=False)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=KINDS, rate_bp__lte=10_000)
                & (~Q(kind="amount") | Q(yen__gt=0))
                & (~Q(kind="rate") | Q(rate_bp__gt=0))
                & (~Q(kind="n_for") | Q(yen__gt=0, pieces__gt=1))
                & (~Q(kind="quantity") | Q(rate_bp__gt=0, pieces__gt=1))
                & (~Q(kind="gift") | Q(gift_sku_id__isnull=False)),
                name="promotion_has_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="promotion_ends_after_it_starts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "ends_at"], condition=Q(active=True), name="promotion_running"
            )
        ]

    def __str__(self) -> str:
        return localised(self.name)


class Coupon(TenantModel):
    """A code for a promotion, folded: width and case do not matter. Limits of null are none."""

    promotion = TenantKey(Promotion, related_name="coupons")
    code = models.CharField(max_length=40)
    total_limit = models.PositiveIntegerField(null=True)
    member_limit = models.PositiveIntegerField(null=True)
    first_order = models.BooleanField(default=False)
    granted_only = models.BooleanField(default=False)  # only for whom it was given to
    used = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "code"], name="coupon_code"),
            models.CheckConstraint(
                condition=Q(total_limit=None) | Q(used__lte=F("total_limit")),
                name="coupon_total_limit",
            ),
            models.CheckConstraint(  # of two first orders at once, only one has it
                condition=Q(first_order=False) | Q(member_limit=1), name="coupon_first_order_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def needs_member(self) -> bool:
        return self.granted_only or self.first_order or self.member_limit is not None


class CouponGrant(TenantModel):
    """How often a member may use a coupon, and did: given by the shop (`given`), or opened at the
    first use of a coupon with a limit for each member."""

    coupon = TenantKey(Coupon, related_name="grants")
    member_id = models.UUIDField()
    given = models.BooleanField(default=False)
    allowed = models.PositiveIntegerField(default=1)
    used = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "coupon", "member_id"], name="grant_once"),
            models.CheckConstraint(condition=Q(used__lte=F("allowed")), name="grant_member_limit"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "member_id"], name="grant_member")]


class CouponUse(TenantModel):
    """That an order used a coupon, and that it was given back."""

    append_only = True

    coupon = TenantKey(Coupon, related_name="uses")
    order_id = models.UUIDField()
    member_id = models.UUIDField(null=True)
    turn = models.PositiveIntegerField(default=1)  # an edit may give back and use again
    back = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "order_id", "coupon", "turn", "back"], name="coupon_use_once"
            )
        ]
