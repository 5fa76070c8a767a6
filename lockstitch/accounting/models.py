"""The journal: entries that balance, in days that can be closed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.accounting.rules import CHART
from lockstitch.tenancy.models import TenantKey, TenantModel


class Entry(TenantModel):
    """仕訳. Never altered; a correction is another entry. The database refuses one whose lines do
    not sum to zero, and one in a closed month."""

    append_only = True

    day = models.DateField()
    kind = models.CharField(max_length=10)  # order, points, payout
    source_id = models.UUIDField()  # the order, point entry or payout
    text = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "kind", "source_id"], condition=~Q(kind="order"),
                name="entry_once",
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["site", "day", "id"], name="entry_day"),
            models.Index(fields=["site", "kind", "source_id"], name="entry_source"),
        ]


class Line(TenantModel):
    append_only = True

    entry = TenantKey(Entry, related_name="lines")
    account = models.CharField(max_length=16)
    yen = models.BigIntegerField()  # debit positive

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "entry", "account"], name="line_account"),
            models.CheckConstraint(
                condition=~Q(yen=0) & Q(account__in=list(CHART)), name="line_is_money"
            ),
        ]


class Payout(TenantModel):
    """A settlement: what a provider or carrier paid out, and kept as its fee."""

    append_only = True

    account = models.CharField(max_length=16)  # what it settles: card_due, cod_due, service_due
    day = models.DateField()
    gross_yen = models.PositiveIntegerField()
    fee_yen = models.PositiveIntegerField()  # tax included
    reference = models.CharField(max_length=80)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "account", "reference"], name="payout_once"),
            models.CheckConstraint(
                condition=Q(fee_yen__lte=models.F("gross_yen"), gross_yen__gt=0),
                name="payout_makes_sense",
            ),
        ]


class Close(TenantModel):
    """日次締め: what a day came to, and whether journal, orders, points and money agreed."""

    append_only = True

    day = models.DateField()
    entries = models.PositiveIntegerField()
    sums = models.JSONField()  # account -> movement of the day
    disagreements = models.JSONField(default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "day"], name="close_day")]


class Books(TenantModel):
    """How far the journal has been written, and until when it is locked; one row a site."""

    events_until = models.DateTimeField(null=True)
    points_until = models.DateTimeField(null=True)
    locked_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site"], name="books_site")]
