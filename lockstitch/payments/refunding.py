"""What was taken and is not owed goes back, once."""

from django.db.models import Sum

from lockstitch.orders.actions import By, move, note
from lockstitch.orders.models import Order
from lockstitch.payments.calls import decide, next_key, pending_yen
from lockstitch.payments.models import Attempt, Capture, Payment, ProviderCall, Refund
from lockstitch.payments.rules import to_refund_yen
from lockstitch.payments.second import is_above


def settle_refund(order: Order, payment: Payment, by: By) -> None:
    """Has the provider refund what is due and not asked for yet; moves the order's payment to
    what it then is. Safe to repeat: what is under way is not asked for again."""
    due = to_refund_yen(
        amount_yen=payment.amount_yen, given_back_yen=payment.given_back_yen,
        captured_yen=payment.captured_yen, refunded_yen=payment.refunded_yen,
    )  # fmt: skip
    _move(order, payment, due, by)
    if not due or not payment.provider:
        return
    new = due - pending_yen(payment.id, "refund") - _failed_yen(payment)
    for attempt in Attempt.objects.filter(payment=payment).order_by("no"):
        if new <= 0:
            break
        room = captured_yen(attempt) - refunded_yen(attempt) - _under_way(attempt)
        part = min(new, room)
        if part > 0:
            ask_refund(order, payment, attempt, part, by)
            new -= part


def ask_refund(order: Order, payment: Payment, attempt: Attempt, yen: int, by: By) -> None:
    """Of the provider; above the shop's sum a second person is asked first."""
    held = is_above(payment, yen)
    key = next_key(attempt, "refund")
    decide(attempt, "refund", key=key, amount_yen=yen, by=by, held=held)
    if held:
        note(order, "refund_held", by=by, facts={"yen": yen})


def _move(order: Order, payment: Payment, due: int, by: By) -> None:
    whole = 0 < payment.captured_yen == payment.refunded_yen
    if order.payment == "captured" and (due or whole):
        move(order, "refund_due", by, payment="refund_due")
    if order.payment == "refund_due" and not due:
        move(order, "refunded", by, payment="refunded" if whole else "captured")


def captured_yen(attempt: Attempt) -> int:
    return Capture.objects.filter(attempt=attempt).aggregate(sum=Sum("amount_yen"))["sum"] or 0


def refunded_yen(attempt: Attempt) -> int:
    return Refund.objects.filter(attempt=attempt).aggregate(sum=Sum("amount_yen"))["sum"] or 0


def _under_way(attempt: Attempt) -> int:
    rows = ProviderCall.objects.filter(attempt=attempt, verb="refund", state__in=["held",
                                       "pending", "unknown"])  # fmt: skip
    return sum(rows.values_list("amount_yen", flat=True))


def _failed_yen(payment: Payment) -> int:
    """Refused refunds wait for a hand: another call by itself would be refused again."""
    rows = ProviderCall.objects.filter(attempt__payment=payment, verb="refund", state="failed")
    return sum(rows.values_list("amount_yen", flat=True))
