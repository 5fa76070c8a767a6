"""Members by opaque id, their ranks, and what they consented to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID4, Now

from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantKey, TenantModel


class Programme(TenantModel):
    """A site's rules of membership: one row. Without one, no points are given."""

    rate_bp = models.PositiveIntegerField(default=0)  # points for money: 100 is 1 per cent
    points_live_months = models.PositiveIntegerField(null=True, default=12)  # null: for ever
    restored_live_days = models.PositiveIntegerField(default=30)  # at least, when given back
    spend_unit_points = models.PositiveIntegerField(default=1)
    rank_by = models.CharField(max_length=6, default="spend")  # yen, or `count` of orders
    rank_window_months = models.PositiveIntegerField(default=12)
    welcome_points = models.PositiveIntegerField(default=0)
    birthday_points = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site"], name="programme_site"),
            models.CheckConstraint(
                condition=Q(rate_bp__lte=10_000, rank_window_months__gte=1)
                & Q(spend_unit_points__gte=1, rank_by__in=["spend", "count"]),
                name="programme_makes_sense",
            ),
        ]


class Rank(TenantModel):
    """`threshold` is in yen or in orders, as the programme says; level 0 is everyone's."""

    code = models.SlugField(max_length=30)
    name = models.JSONField(default=dict)
    level = models.PositiveIntegerField()
    threshold = models.PositiveIntegerField(default=0)
    rate_bp = models.PositiveIntegerField(default=0)  # off the goods
    times_bp = models.PositiveIntegerField(default=10_000)  # points: 20000 doubles them

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "code"], name="rank_code"),
            # At the end of the transaction: a ladder is written anew as a whole.
            models.UniqueConstraint(
                fields=["site", "level"], name="rank_level", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["site", "threshold"],
                name="rank_threshold",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(rate_bp__lte=10_000), name="rank_rate"),
        ]
        ordering: ClassVar = ["level"]

    def __str__(self) -> str:
        return localised(self.name)


class Member(TenantModel):
    """`id` is the guard's principal, `profile_id` the guard's record that letters go to."""

    hint = models.CharField(max_length=40)  # 山＊ ＊＊
    joined_at = models.DateTimeField(db_default=Now())
    profile_id = models.UUIDField(null=True)
    prefecture = models.CharField(max_length=4, blank=True, default="")
    language = models.CharField(max_length=2, default="ja")
    birth_month = models.PositiveSmallIntegerField(null=True)
    rank = TenantKey(Rank, null=True, related_name="+")
    rank_since = models.DateField(null=True)
    rank_measure = models.PositiveBigIntegerField(default=0)  # yen or orders of the last reckoning
    closed_at = models.DateTimeField(null=True)
    mail_key = models.UUIDField(db_default=UUID4())  # in the addresses that end letters
    unmailable_at = models.DateTimeField(null=True)  # letters came back

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_month=None) | Q(birth_month__gte=1, birth_month__lte=12),
                name="member_birth_month",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-joined_at", "-id"], name="member_list"),
            models.Index(fields=["site", "profile_id"], name="member_profile"),
            models.Index(fields=["site", "birth_month"], name="member_birthdays"),
            models.Index(fields=["site", "mail_key"], name="member_mail_key"),
        ]


class RankChange(TenantModel):
    """Why a member's rank became what it is: what was counted, and in which window."""

    append_only = True

    member = TenantKey(Member, related_name="rank_changes")
    was = models.CharField(max_length=30, blank=True)  # codes: a ladder may lose a rank
    became = models.CharField(max_length=30, blank=True)
    measure = models.PositiveBigIntegerField()
    since = models.DateField()
    until = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "member", "-at"], name="rank_history")]


class Consent(TenantModel):
    """A yes or a no for one purpose, and to which version of the words. The last one counts."""

    append_only = True

    member = TenantKey(Member, related_name="consents")
    purpose = models.CharField(max_length=20)  # see rules.PURPOSES
    given = models.BooleanField()
    version = models.CharField(max_length=20)
    source = models.CharField(max_length=20)  # account, letter, bounce, import, leaving
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "member", "purpose", "-at"], name="consent_last")
        ]
