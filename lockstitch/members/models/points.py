"""Points: an account, the lots it is made of, and every change, never altered.

`PointAccount` equals the sum of its entries, and its balance the sum of what its lots still hold;
`queries.disagreements` finds where it is not so.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.members.models.member import Member
from lockstitch.tenancy.models import TenantKey, TenantModel


class PointAccount(TenantModel):
    """`pending` comes with shipments; `owed` is taken from what is earned next."""

    member = TenantKey(Member, related_name="+")
    balance = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)
    owed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "member"], name="points_member")
        ]


class PointEntry(TenantModel):
    """One change, with its effect on each of the account's three numbers."""

    append_only = True

    member = TenantKey(Member, related_name="+")
    kind = models.CharField(max_length=8)  # see rules.KINDS
    points = models.IntegerField(default=0)  # of the balance
    pending = models.IntegerField(default=0)
    owed = models.IntegerField(default=0)
    order_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.UUIDField(null=True)  # the operator, when a person did it
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "member", "kind", "order_id", "reference"],
                nulls_distinct=False, name="points_once",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["site", "member", "-at", "-id"], name="points_history"),
            models.Index(fields=["site", "order_id"], name="points_order"),
            models.Index(fields=["site", "at"], name="points_time"),
        ]


class PointLot(TenantModel):
    """Points that came together and expire together. The next to expire are spent first."""

    member = TenantKey(Member, related_name="+")
    entry = TenantKey(PointEntry, related_name="+")
    order_id = models.UUIDField(null=True)
    points = models.PositiveIntegerField()
    remaining = models.PositiveIntegerField()
    expires_on = models.DateField(null=True)  # the last day on which they can be spent

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(remaining__lte=F("points")), name="lot_holds_no_more"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "member", "expires_on", "id"], condition=Q(remaining__gt=0),
                name="lot_next",
            ),
            models.Index(
                fields=["site", "expires_on"], condition=Q(remaining__gt=0), name="lot_expiring"
            ),
        ]  # fmt: skip


class PointUse(TenantModel):
    """From which lot a spending took its points: to give them back with their expiry."""

    append_only = True

    entry = TenantKey(PointEntry, related_name="uses")
    lot = TenantKey(PointLot, related_name="+")
    points = models.PositiveIntegerField()


class PointRule(TenantModel):
    """More points for some goods, some ranks or some days. Empty lists mean all."""

    name = models.JSONField(default=dict)
    add_bp = models.PositiveIntegerField(default=0)  # on top of the rate
    times_bp = models.PositiveIntegerField(default=10_000)  # of the rate
    products = models.JSONField(default=list)  # ids
    categories = models.JSONField(default=list)  # ids
    brands = models.JSONField(default=list)  # names
    ranks = models.JSONField(default=list)  # codes
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
