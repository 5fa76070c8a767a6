"""Segments of members, and the campaigns that write to them. Nobody's name is here: a letter goes
to a sealed record."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Product
from lockstitch.crm.rules import STATES
from lockstitch.members.models import Member
from lockstitch.tenancy.models import TenantKey, TenantModel


class Segment(TenantModel):
    """Saved criteria, in the form of `rules.Criteria`. Who is in it is asked anew each time."""

    name = models.CharField(max_length=80)
    criteria = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="segment_name")
        ]


class Campaign(TenantModel):
    """A letter to a segment: so many a minute, from a moment on, each member once."""

    segment = TenantKey(Segment, related_name="+")
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=20, default="news")  # a consent of members.rules.PURPOSES
    texts = models.JSONField(default=dict)  # {"ja": {"subject", "text", "html"}, …}
    coupon_id = models.UUIDField(null=True)  # granted to whom it is written
    state = models.CharField(max_length=10, default="draft")
    starts_at = models.DateTimeField(null=True)
    per_minute = models.PositiveIntegerField(default=60)
    addressed = models.PositiveIntegerField(default=0)
    posted = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())
    by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=STATES, per_minute__gte=1, posted__lte=models.F("addressed"))
                & (Q(state="draft") | Q(starts_at__isnull=False)),
                name="campaign_states",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "starts_at"], condition=Q(state__in=["scheduled", "sending"]),
                name="campaign_due",
            ),
            models.Index(fields=["site", "-made_at"], name="campaign_list"),
        ]  # fmt: skip


class Addressee(TenantModel):
    """A member of a campaign, written to once: `posted_at` is set with the letter."""

    campaign = TenantKey(Campaign, related_name="+")
    member = TenantKey(Member, related_name="+")
    posted_at = models.DateTimeField(null=True)
    left_out = models.CharField(max_length=10, blank=True)  # why no letter: consent, closed …

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "campaign", "member"], name="addressee_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "campaign", "id"], condition=Q(posted_at=None, left_out=""),
                name="addressee_waiting",
            )
        ]  # fmt: skip


class Reminder(TenantModel):
    """That a cart was written about, and what came of it."""

    cart_id = models.UUIDField()
    member = TenantKey(Member, related_name="+")
    touched_at = models.DateTimeField()  # of the cart, then: touched again, it may be a new one
    posted_at = models.DateTimeField(db_default=Now())
    returned_at = models.DateTimeField(null=True)
    order_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "cart_id", "touched_at"], name="reminder_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "member", "-posted_at"], name="reminder_member")
        ]


class RankRule(TenantModel):
    """What this shop's ranking goes by: so many days, and what each thing counts. One row."""

    days = models.PositiveSmallIntegerField(default=28)
    piece = models.PositiveSmallIntegerField(default=10)
    like = models.PositiveSmallIntegerField(default=3)
    view = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site"], name="rank_rule_once")]


class ProductViews(TenantModel):
    """How many browsers looked at a product on a day in Japan. No visitor is in it."""

    product = TenantKey(Product, models.CASCADE, related_name="+")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "day", "product"], name="views_of_day")
        ]
