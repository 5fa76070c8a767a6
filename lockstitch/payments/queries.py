"""Payments, what was taken of them, and what needs hands."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from lockstitch.kernel.clock import now
from lockstitch.orders.models import Order
from lockstitch.payments.models import Attempt as Attempt  # doors name these
from lockstitch.payments.models import Capture, Connection, ProviderCall, Refund, RefundAccount
from lockstitch.payments.models import Disagreement as Disagreement
from lockstitch.payments.models import Payment as Payment
from lockstitch.payments.models import RefundBatch as RefundBatch
from lockstitch.payments.models import Transfer as Transfer
from lockstitch.payments.rules import AT_PROVIDER, METHODS_OF, WARN_BEFORE, to_refund_yen

PAGE = 100


def payment_of(order: Order) -> Payment | None:
    return Payment.objects.filter(order=order).first()


def captured_yen() -> int:
    """All money taken by this site."""
    return Capture.objects.aggregate(sum=Sum("amount_yen"))["sum"] or 0


def refunded_yen() -> int:
    """All money given back by this site."""
    return Refund.objects.aggregate(sum=Sum("amount_yen"))["sum"] or 0


def connections() -> dict[str, Connection]:
    """This site's providers, by name."""
    return {row.provider: row for row in Connection.objects.order_by("provider")}


def offered() -> tuple[str, ...]:
    """The ways to pay at this site; at a provider only where there is a key for it."""
    found = {method for row in connections().values() for method in row.methods}
    return (*(method for method in AT_PROVIDER if method in found), "cod", "bank")


def provider_for(method: str) -> str:
    """Whose page takes this method."""
    for name, row in connections().items():
        if method in row.methods:
            return name
    return next((name for name, methods in METHODS_OF.items() if method in methods), "")


def latest_attempt(order: Order) -> Attempt | None:
    return Attempt.objects.filter(payment__order=order).order_by("-no").first()


@dataclass(frozen=True)
class MoneyView:
    """What the console shows of an order's money."""

    payment: Payment
    attempts: list[Attempt]
    calls: list[ProviderCall]
    captures: list[Capture]
    refunds: list[Refund]
    disagreements: list[Disagreement]


def money_of(order: Order) -> MoneyView | None:
    payment = payment_of(order)
    if payment is None:
        return None
    calls = ProviderCall.objects.filter(attempt__payment=payment).order_by("made_at", "id")
    return MoneyView(
        payment, list(payment.attempts.order_by("no")), list(calls),
        list(payment.captures.order_by("at")), list(payment.refunds.order_by("at")),
        list(payment.disagreements.order_by("-opened_at")),
    )  # fmt: skip


def disagreements(state: str = "open", limit: int = PAGE) -> list[Disagreement]:
    """Newest first, with their payment and order."""
    return list(
        Disagreement.objects.filter(state=state)
        .select_related("payment__order")
        .order_by("-opened_at", "-id")[:limit]
    )


def expiring(limit: int = PAGE) -> list[Payment]:
    """Authorisations that end within days while their order is not shipped, the nearest first."""
    return list(
        Payment.objects.filter(
            expires_at__lte=now() + WARN_BEFORE, order__payment="authorised", order__status="placed"
        )
        .exclude(provider="")
        .select_related("order")
        .order_by("expires_at")[:limit]
    )


def needing_a_look(limit: int = PAGE) -> list[Payment]:
    """Payments with a mark: a call was refused, money came without an order, and the like."""
    return list(
        Payment.objects.exclude(attention="").select_related("order").order_by("made_at")[:limit]
    )


def failed_calls(limit: int = PAGE) -> list[ProviderCall]:
    return list(
        ProviderCall.objects.filter(state="failed")
        .select_related("attempt__payment__order")
        .order_by("-made_at")[:limit]
    )


def refunds_due(limit: int = PAGE) -> list[Payment]:
    """Money to be given back by hand: cash on delivery and bank transfers."""
    return list(
        Payment.objects.filter(order__payment="refund_due", provider="")
        .select_related("order")
        .order_by("made_at")[:limit]
    )


def refund_due_yen(payment: Payment) -> int:
    return to_refund_yen(
        amount_yen=payment.amount_yen, given_back_yen=payment.given_back_yen,
        captured_yen=payment.captured_yen, refunded_yen=payment.refunded_yen,
    )  # fmt: skip


def batches(limit: int = 20) -> list[RefundBatch]:
    """Files of refunds, newest first."""
    return list(RefundBatch.objects.order_by("-made_at", "-id")[:limit])


def find_batch(batch_id: UUID) -> RefundBatch | None:
    return RefundBatch.objects.filter(id=batch_id).first()


def batch_accounts(batch: RefundBatch) -> list[tuple[UUID, int, str]]:
    """(sealed record, yen, the order's number) of each line."""
    return list(
        batch.lines.order_by("id").values_list(
            "account__record_id", "amount_yen", "payment__order__number"
        )
    )


def has_account(order: Order) -> bool:
    return RefundAccount.objects.filter(order=order).exists()


def open_transfers(limit: int = PAGE) -> list[Transfer]:
    return list(Transfer.objects.filter(state="open").order_by("-paid_on", "-id")[:limit])


def overdue_transfers(today: dt.date, limit: int = PAGE) -> list[Payment]:
    """Orders whose bank transfer should have come."""
    return list(
        Payment.objects.filter(due_on__lt=today, method="bank", order__payment="awaiting")
        .select_related("order")
        .order_by("due_on")[:limit]
    )


def candidates(transfer: Transfer, limit: int = 10) -> list[Payment]:
    """Orders that a transfer may be for: by the number in it, else by its exact amount."""
    waiting = Payment.objects.filter(method="bank", order__payment="awaiting")
    wanted = Q(amount_yen=transfer.amount_yen)
    if transfer.number:
        wanted |= Q(order__number=transfer.number)
    return list(waiting.filter(wanted).select_related("order").order_by("made_at")[:limit])


def attention_count() -> int:
    """For the day's first page: alarms that nobody has dealt with."""
    return (
        Disagreement.objects.filter(state="open").count()
        + Payment.objects.exclude(attention="").count()
    )


def call_of(call_id: UUID) -> ProviderCall | None:
    return ProviderCall.objects.filter(id=call_id).first()
