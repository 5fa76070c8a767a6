"""Money that was promised, taken and given back; and every call at a provider that moves it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.orders.models import Order
from lockstitch.payments.rules import CHAINS
from lockstitch.tenancy.models import TenantKey, TenantModel


class Payment(TenantModel):
    """What the buyer is to pay for an order, and what became of it. All counters in yen.

    The buyer owes `amount - given_back`; what was captured beyond that is to be refunded. Money
    that nobody asked for (a number paid after its order was gone) adds to both.
    """

    order = TenantKey(Order, related_name="+")
    method = models.CharField(max_length=8)
    provider = models.CharField(max_length=8, blank=True)
    amount_yen = models.PositiveIntegerField()
    given_back_yen = models.PositiveIntegerField(default=0)
    authorised_yen = models.PositiveIntegerField(default=0)
    captured_yen = models.PositiveIntegerField(default=0)
    refunded_yen = models.PositiveIntegerField(default=0)
    due_on = models.DateField(null=True)
    expires_at = models.DateTimeField(null=True)  # of the number, then of the authorisation
    attention = models.CharField(max_length=30, blank=True)  # why somebody must look at it
    checked_at = models.DateTimeField(null=True)  # last compared with the provider
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order"], name="pay_order"),
            models.CheckConstraint(
                condition=Q(captured_yen__lte=F("amount_yen"))
                & Q(refunded_yen__lte=F("captured_yen"))
                & Q(given_back_yen__lte=F("amount_yen"))
                & Q(refunded_yen__lte=F("given_back_yen")),
                name="pay_within",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "checked_at"], condition=~Q(provider=""), name="pay_to_check"
            ),
            models.Index(
                fields=["site", "expires_at"], condition=Q(expires_at__isnull=False),
                name="pay_expiring",
            ),
            models.Index(fields=["site", "made_at"], condition=~Q(attention=""), name="pay_look"),
        ]  # fmt: skip


class Attempt(TenantModel):
    """One visit to a provider's page. At most one of a payment is alive: nobody pays twice."""

    payment = TenantKey(Payment, related_name="attempts")
    no = models.PositiveIntegerField()
    provider = models.CharField(max_length=8)
    method = models.CharField(max_length=8)
    amount_yen = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="making")
    session_ref = models.CharField(max_length=255, blank=True)
    payment_ref = models.CharField(max_length=255, blank=True)
    url = models.TextField(blank=True)
    voucher = models.JSONField(default=dict)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "payment", "no"], name="attempt_no"),
            models.UniqueConstraint(
                fields=["site", "payment"], condition=~Q(state__in=["closed", "failed"]),
                name="attempt_alive_once",
            ),
            models.UniqueConstraint(
                fields=["site", "provider", "session_ref"], condition=~Q(session_ref=""),
                name="attempt_session",
            ),
            models.UniqueConstraint(
                fields=["site", "provider", "payment_ref"], condition=~Q(payment_ref=""),
                name="attempt_payment",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["site", "expires_at"], condition=Q(state__in=["making", "open"]),
                name="attempt_open",
            )
        ]  # fmt: skip

    @property
    def chains(self) -> list[tuple[str, str]]:
        """The number of each chain of shops, by the chain's name."""
        return [(CHAINS.get(code, code), no) for code, no in self.voucher.items() if code != "url"]


class ProviderCall(TenantModel):
    """A call to be made at a provider, decided in the transaction that wrote it. Its key is the
    provider's idempotency key, so that it may be repeated until its result is known."""

    attempt = TenantKey(Attempt, related_name="calls")
    verb = models.CharField(max_length=8)  # open, close, capture, cancel, refund
    key = models.CharField(max_length=120)
    amount_yen = models.PositiveIntegerField(default=0)
    reference = models.UUIDField(null=True)
    state = models.CharField(max_length=8, default="pending")  # held, done, failed, …
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)  # the provider's code, never its text
    by_kind = models.CharField(max_length=10, default="system")
    by_id = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)  # who let a held refund go
    made_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], name="call_key"),
            models.CheckConstraint(
                condition=Q(state__in=["held", "pending", "done", "failed", "unknown", "replaced"]),
                name="call_states",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("by_id")), name="call_two_people"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "made_at"], condition=Q(state__in=["pending", "unknown"]),
                name="call_open",
            )
        ]  # fmt: skip


class Asked(TenantModel):
    """What one asked for and, where it waits, another approves (`second`)."""

    state = models.CharField(max_length=8)  # waits, holds, dropped
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(db_default=Now())
    approved_by = models.UUIDField(null=True)  # none where nobody else was wanted
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class RefundRule(Asked):
    """Up to how many yen one person refunds alone; the latest that holds. None: without limit."""

    limit_yen = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(state="waits"), name="refund_rule_waits_once"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("asked_by")) | Q(approved_by=None),
                name="refund_rule_two_people",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "state", "-decided_at"], name="refund_rule_latest")
        ]


class AccountChange(Asked):
    """振込先: where buyers transfer to, as asked for; what holds is `Terms.bank_account`."""

    text = models.JSONField()  # {"ja", "en"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(state="waits"), name="account_waits_once"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("asked_by")) | Q(approved_by=None),
                name="account_two_people",
            ),
        ]
        ordering: ClassVar = ["-id"]


class GivenBack(TenantModel):
    """So much less is owed: once for each reference. Moving the money is another matter."""

    append_only = True

    payment = TenantKey(Payment, related_name="given")
    reference = models.UUIDField()
    amount_yen = models.PositiveIntegerField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "payment", "reference"], name="given_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="given_is_money"),
        ]


class Capture(TenantModel):
    """売上確定: money of a payment was taken. Once for each reference."""

    append_only = True

    payment = TenantKey(Payment, related_name="captures")
    attempt = TenantKey(Attempt, related_name="captures", null=True)  # of a provider's
    amount_yen = models.PositiveIntegerField()
    reference = models.CharField(max_length=120, default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "payment", "reference"], name="capture_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="capture_is_money"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "at", "id"], name="capture_time")]


class Refund(TenantModel):
    """返金: money went back to the buyer. Once for each reference; of a provider, its own id."""

    append_only = True

    payment = TenantKey(Payment, related_name="refunds")
    attempt = TenantKey(Attempt, related_name="refunds", null=True)
    amount_yen = models.PositiveIntegerField()
    reference = models.CharField(max_length=255)
    way = models.CharField(max_length=8)  # stripe, link, bank, cash
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "payment", "reference"], name="refund_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="refund_is_money"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "at", "id"], name="refund_time")]


class ProviderEvent(TenantModel):
    """A provider rang. Nothing of what it said is kept but which object to go and look at."""

    append_only = True

    provider = models.CharField(max_length=8)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    ref = models.CharField(max_length=255)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "provider", "event_id"], name="event_once")
        ]
        indexes: ClassVar = [models.Index(fields=["site", "received_at"], name="event_time")]


class Disagreement(TenantModel):
    """不一致: the provider says otherwise than we do. An alarm until somebody closes it, or until
    the two agree again; it is never lost."""

    payment = TenantKey(Payment, related_name="disagreements", null=True)
    provider = models.CharField(max_length=8)
    kind = models.CharField(max_length=20)  # amount, authorised, captured, refunded, missing, …
    ref = models.CharField(max_length=255)
    here_yen = models.PositiveIntegerField(default=0)
    there_yen = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, default="open")  # agreed, closed
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "provider", "kind", "ref"], condition=Q(state="open"),
                name="disagreement_open_once",
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["site", "state", "-opened_at", "-id"], name="disagreement_list")
        ]


class Connection(TenantModel):
    """A provider that this site has given the guard a key for, and what is paid through it."""

    provider = models.CharField(max_length=8)
    methods = ArrayField(models.CharField(max_length=8), default=list)
    last4 = models.CharField(max_length=4, blank=True)
    konbini_days = models.PositiveIntegerField(default=3)
    cursor = models.CharField(max_length=255, blank=True)  # the last of its changes we have seen
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "provider"], name="connection_once")
        ]


class Transfer(TenantModel):
    """An incoming bank transfer of an uploaded statement. Who sent it is not kept: of the
    sender's name only an order's number in it, if there was one."""

    line_digest = models.BinaryField()  # of the whole line: the same file twice is one
    paid_on = models.DateField()
    amount_yen = models.PositiveIntegerField()
    number = models.CharField(max_length=24, blank=True)
    state = models.CharField(max_length=8, default="open")  # matched, ignored
    order = TenantKey(Order, related_name="+", null=True)
    matched_by = models.UUIDField(null=True)
    matched_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "line_digest"], name="transfer_once"),
            models.CheckConstraint(
                condition=Q(state="matched", order__isnull=False)
                | Q(order__isnull=True, state__in=["open", "ignored"]),
                name="transfer_matched_has_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "state", "-paid_on", "-id"], name="transfer_list")
        ]


class RefundAccount(TenantModel):
    """Where a buyer wants their money back: a sealed record. The latest counts."""

    append_only = True

    order = TenantKey(Order, related_name="+")
    record_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "order", "-at"], name="refund_account")]


class RefundBatch(TenantModel):
    """A file of bank transfers to buyers. Two people approve it before it can be made."""

    transfer_on = models.DateField()
    sender = models.JSONField()  # the shop's own account
    count = models.PositiveIntegerField()
    total_yen = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, default="draft")  # approved, sent, dropped
    made_by = models.UUIDField()
    first_by = models.UUIDField(null=True)
    second_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"])
                | Q(first_by__isnull=False, second_by__isnull=False) & ~Q(first_by=F("second_by")),
                name="batch_two_approvers",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-made_at", "-id"], name="refund_batch_list")
        ]


class RefundBatchLine(TenantModel):
    append_only = True

    batch = TenantKey(RefundBatch, related_name="lines")
    payment = TenantKey(Payment, related_name="+")
    account = TenantKey(RefundAccount, related_name="+")
    amount_yen = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "batch", "payment"], name="batch_line_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="batch_line_is_money"),
        ]
