"""The standing auditor: what the bells did not tell is found by going to look, within a minute."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.orders.actions import SYSTEM, lock, move
from lockstitch.orders.models import Order
from lockstitch.payments import disagreeing, working
from lockstitch.payments.actions import held
from lockstitch.payments.calls import OPEN, decide
from lockstitch.payments.gateways import Declined, Unknown
from lockstitch.payments.models import Attempt, Connection, ProviderCall
from lockstitch.payments.refunding import captured_yen, refunded_yen
from lockstitch.payments.rules import CHECK_EVERY, CONFIRM_WITHIN, Seen, differences

BATCH = 20
LATE = dt.timedelta(seconds=45)  # a call that its own job should have made by now
GRACE = dt.timedelta(hours=12)  # between a number's end and its cancelling
COMPARED_DAYS = 40


def watch() -> None:
    """One round over the current site. What cannot be reached is left for the next."""
    for connection in Connection.objects.all():
        try:
            follow_changes(connection)
            look_round(connection.provider)
        except Unknown:
            continue
    make_late_calls()
    end_pending()
    end_numbers()


def follow_changes(connection: Connection) -> None:
    """The provider's own list of what happened: finds every bell that was lost. Raises Unknown."""
    try:
        changes, cursor = working.make_gateway(connection.provider).changes(connection.cursor)
    except Declined:
        changes, cursor = [], ""  # the cursor is too old: begin anew; `look_round` covers the gap
    for ref in dict.fromkeys(change.ref for change in changes):
        working.heard(connection.provider, ref)
    if cursor != connection.cursor:
        Connection.objects.filter(id=connection.id).update(cursor=cursor)


def look_round(provider: str) -> None:
    """Those that were looked at longest ago, of all whose money may still move. Raises Unknown."""
    due = now() - CHECK_EVERY
    rows = (
        Attempt.objects.filter(
            provider=provider,
            payment__order__payment__in=["awaiting", "authorised", "capturing", "refund_due"],
        )
        .exclude(session_ref="", payment_ref="")
        .filter(Q(payment__checked_at=None) | Q(payment__checked_at__lt=due))
        .order_by("payment__checked_at")
        .values_list("id", flat=True)
    )
    for attempt_id in list(rows[:BATCH]):
        try:
            working.look(attempt_id)
        except Declined:
            _gone(Attempt.objects.get(id=attempt_id))


def _gone(attempt: Attempt) -> None:
    """The provider does not know it (any more)."""
    with transaction.atomic():
        order = lock(attempt.payment.order_id)
        payment = held(order)
        here = payment.authorised_yen or payment.captured_yen
        disagreeing.alarm(order, payment, attempt, "missing_there", here=here, there=0)
        payment.checked_at = now()
        payment.save(update_fields=["checked_at"])


def make_late_calls() -> None:
    """Calls whose job was lost or gave up: the outbox is emptied in any case."""
    late = now() - LATE
    rows = (
        ProviderCall.objects.filter(state__in=OPEN, made_at__lt=late)
        .filter(Q(tried_at=None) | Q(tried_at__lt=late))
        .order_by("made_at")
        .values_list("id", flat=True)
    )
    for call_id in list(rows[:BATCH]):
        try:
            working.carry_out(call_id)
        except Unknown:
            return  # the provider is away; the others would wait as long


def end_pending() -> None:
    """Orders that nobody paid in time. The page is closed first, and only when the provider has
    said that nothing can come of it does the order lapse."""
    late = now() - CONFIRM_WITHIN
    rows = Order.objects.filter(status="pending", placed_at__lt=late).order_by("placed_at")
    for order_id in list(rows.values_list("id", flat=True)[:BATCH]):
        with transaction.atomic():
            order = lock(order_id)
            living = Attempt.objects.filter(payment__order=order).exclude(
                state__in=["closed", "failed"]
            )
            if order.status != "pending":
                continue
            if order.payment in ("awaiting", "failed") and not living.exists():
                _lapse(order)
            for attempt in living.filter(state__in=["making", "open"]):
                decide(attempt, "close", key=f"close:{attempt.id}")


def _lapse(order: Order) -> None:
    payment = held(order)
    payment.given_back_yen = payment.amount_yen
    payment.save(update_fields=["given_back_yen"])
    move(order, "lapsed", SYSTEM, payment="void")
    announce("payment.lapsed", order_id=order.id)


def end_numbers() -> None:
    """A konbini's number that has run out and was not paid: looked at once more, then let go."""
    rows = Attempt.objects.filter(
        state="waiting", payment__expires_at__lt=now() - GRACE
    ).select_related("payment")
    for attempt in list(rows[:BATCH]):
        try:
            working.look(attempt.id)
        except (Unknown, Declined):
            continue
        with transaction.atomic():
            order = lock(attempt.payment.order_id)
            if order.payment == "awaiting":
                decide(attempt, "cancel", key=f"cancel:{attempt.id}")


def compare_all() -> int:
    """Every payment of the last weeks there against ours, and ours against theirs. The number of
    those compared; each disagreement is an alarm. Raises Unknown."""
    since = now() - dt.timedelta(days=COMPARED_DAYS)
    compared = 0
    for connection in Connection.objects.all():
        there = {
            seen.payment_ref: seen
            for seen in working.make_gateway(connection.provider).since(since)
        }
        ours = {
            attempt.payment_ref: attempt
            for attempt in Attempt.objects.filter(
                provider=connection.provider, made_at__gte=since
            ).exclude(payment_ref="")
        }
        for ref, seen in there.items():
            if ref not in ours or _differs(ours[ref], seen):
                working.heard(connection.provider, ref)
        for ref, attempt in ours.items():
            if ref not in there and attempt.state in ("authorised", "captured"):
                _gone(attempt)
        compared += len(there)
    return compared


def _differs(attempt: Attempt, seen: Seen) -> bool:
    """Worth a look of its own: the list does not tell of refunds."""
    payment = attempt.payment
    refunded = refunded_yen(attempt)
    return bool(refunded) or bool(
        differences(
            seen, asked_yen=attempt.amount_yen, captured_yen=captured_yen(attempt), refunded_yen=0,
            authorised_yen=payment.authorised_yen if attempt.state == "authorised" else 0,
        )
    )  # fmt: skip
