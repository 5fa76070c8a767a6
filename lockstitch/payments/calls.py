"""The outbox: a call at a provider is written down in the transaction that decides it, and made by
the worker after that is committed. Nothing here knows a provider."""

from uuid import UUID

from lockstitch.jobs.actions import announce
from lockstitch.orders.actions import SYSTEM, By
from lockstitch.payments.models import Attempt, ProviderCall

OPEN = ("pending", "unknown")


def decide(
    attempt: Attempt, verb: str, *, key: str, amount_yen: int = 0, reference: UUID | None = None,
    by: By = SYSTEM, held: bool = False,
) -> None:  # fmt: skip
    """Queues the call, or holds it for a second person. The same key again is no second call."""
    call, is_new = ProviderCall.objects.get_or_create(
        site_id=attempt.site_id, key=key,
        defaults={
            "attempt": attempt, "verb": verb, "amount_yen": amount_yen, "reference": reference,
            "by_kind": by.kind, "by_id": by.id, "state": "held" if held else "pending",
        },
    )  # fmt: skip
    if is_new and not held:
        announce("payment.call", call_id=call.id)


def next_key(attempt: Attempt, verb: str) -> str:
    """A key of its own for a call that may be needed several times. Only under the order's lock,
    and only when what is under way already was taken into account."""
    number = ProviderCall.objects.filter(attempt=attempt, verb=verb).count() + 1
    return f"{verb}:{attempt.id}:{number}"


def alive(attempt: Attempt) -> bool:
    return attempt.state not in ("closed", "failed")


def pending_yen(payment_id: UUID, verb: str) -> int:
    """What calls that are under way, or held, will capture or refund."""
    rows = ProviderCall.objects.filter(
        attempt__payment_id=payment_id, verb=verb, state__in=[*OPEN, "held"]
    ).values_list("amount_yen", flat=True)
    return sum(rows)
