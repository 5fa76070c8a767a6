"""What the provider says is applied to what we have: the one place where a provider's money moves
here. The order in which news arrives, and how often, does not matter: each is the whole truth."""

from uuid import UUID

from django.db import transaction

from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.orders.actions import SYSTEM, By, lock, move, note
from lockstitch.orders.models import Order
from lockstitch.payments import disagreeing
from lockstitch.payments.actions import held
from lockstitch.payments.calls import OPEN, decide
from lockstitch.payments.models import Attempt, Capture, Payment, ProviderCall, Refund
from lockstitch.payments.refunding import captured_yen, settle_refund
from lockstitch.payments.rules import Seen

ENDED = ("closed", "failed")  # said again of a former attempt, the next may be under way


def apply(attempt_id: UUID, seen: Seen) -> None:
    """Moves order, payment and attempt to what was seen, in one transaction; safe to repeat."""
    with transaction.atomic():
        known = Attempt.objects.select_related("payment").get(id=attempt_id)
        order = lock(known.payment.order_id)
        payment = held(order)
        attempt = Attempt.objects.select_for_update().get(id=attempt_id)
        was = attempt.state
        _remember(attempt, seen)
        right = seen.amount_yen == attempt.amount_yen and seen.currency == "jpy"
        if seen.state == "captured":
            _captured(order, payment, attempt, seen)
        elif not _is_wanted(order, attempt):
            _let_go(attempt)
        elif seen.state == "authorised" and right:
            _authorised(order, payment, attempt, seen)
        elif seen.state == "waiting" and right:
            _waiting(order, payment, seen, is_new=was != "waiting")
        elif seen.state in ENDED and was not in ENDED:
            _ended(order, payment, attempt, seen)
        _refunds(order, payment, attempt, seen)
        _close_calls(attempt, seen)
        settle_refund(order, payment, SYSTEM)
        disagreeing.compare(order, payment, attempt, seen)


def _remember(attempt: Attempt, seen: Seen) -> None:
    attempt.state = seen.state
    attempt.session_ref = attempt.session_ref or seen.session_ref
    attempt.payment_ref = attempt.payment_ref or seen.payment_ref
    attempt.url = seen.url or (attempt.url if seen.state == "open" else "")
    attempt.voucher = seen.voucher or attempt.voucher
    attempt.save()


def _is_wanted(order: Order, attempt: Attempt) -> bool:
    """Whether money of this attempt is still waited for. A lapsed or cancelled order's is not."""
    return order.status in ("pending", "placed", "completed") and order.payment != "void"


def _let_go(attempt: Attempt) -> None:
    if attempt.state in ("authorised", "waiting"):
        decide(attempt, "cancel", key=f"cancel:{attempt.id}")
    elif attempt.state == "open":
        decide(attempt, "close", key=f"close:{attempt.id}")


def _authorised(order: Order, payment: Payment, attempt: Attempt, seen: Seen) -> None:
    if order.payment in ("awaiting", "failed"):
        payment.authorised_yen = seen.authorised_yen
        payment.expires_at = seen.expires_at
        payment.save(update_fields=["authorised_yen", "expires_at"])
        move(order, "authorised", SYSTEM, payment="authorised")
        _confirm(order)


def _waiting(order: Order, payment: Payment, seen: Seen, *, is_new: bool) -> None:
    if not is_new:
        return
    payment.expires_at = seen.expires_at
    payment.save(update_fields=["expires_at"])
    note(order, "number_given", by=SYSTEM)
    _confirm(order)


def _confirm(order: Order) -> None:
    """The order stands: the checkout is told, which places it."""
    if order.status == "pending":
        announce("payment.authorised", order_id=order.id)


def _captured(order: Order, payment: Payment, attempt: Attempt, seen: Seen) -> None:
    new = seen.captured_yen - captured_yen(attempt)
    if new <= 0:
        return
    call = ProviderCall.objects.filter(attempt=attempt, verb="capture", state__in=OPEN).first()
    reference = str(call.reference) if call else f"{seen.payment_ref}:{seen.captured_yen}"
    Capture.objects.create(
        payment=payment, attempt=attempt, amount_yen=new, reference=reference,
        by=call.by_id if call else None,
    )  # fmt: skip
    wanted = _is_wanted(order, attempt)
    payment.captured_yen += new
    payment.authorised_yen = 0
    payment.expires_at = None
    unasked = max(0, payment.captured_yen - payment.amount_yen)
    payment.amount_yen += unasked
    payment.given_back_yen += unasked
    if not wanted:  # it goes back by itself; somebody should still know
        note(order, "late_money", by=SYSTEM, facts={"yen": new})
        payment.attention = "late_money"
    if attempt.method != "konbini" and call is None and wanted and order.payment == "authorised":
        disagreeing.alarm(order, payment, attempt, "unasked_capture", here=0, there=new)
    payment.save()
    if wanted and order.payment in ("awaiting", "failed", "authorised", "capturing"):
        by = By(call.by_kind, call.by_id) if call else SYSTEM
        if order.payment == "failed":
            move(order, "try", SYSTEM, payment="awaiting")
        move(order, "captured", by, payment="captured")
        _confirm(order)


def _ended(order: Order, payment: Payment, attempt: Attempt, seen: Seen) -> None:
    """Nothing can come of this attempt any more."""
    if order.payment == "authorised" and payment.authorised_yen:
        payment.attention = "authorisation_lost"
        payment.save(update_fields=["attention"])
        disagreeing.alarm(
            order, payment, attempt, "authorised", here=payment.authorised_yen, there=0
        )
    elif order.payment == "awaiting" and order.status == "pending":
        move(order, "not_paid", SYSTEM, payment="failed")
    elif order.payment == "awaiting" and order.status == "placed":
        announce("payment.expired", order_id=order.id)


def _refunds(order: Order, payment: Payment, attempt: Attempt, seen: Seen) -> None:
    """Each refund of the provider's becomes a row; one that we never asked for is an alarm."""
    known = set(Refund.objects.filter(attempt=attempt).values_list("reference", flat=True))
    keys = set(ProviderCall.objects.filter(attempt=attempt, verb="refund")
               .values_list("key", flat=True))  # fmt: skip
    for refund in seen.refunds:
        if refund.id in known or refund.is_failed:
            continue
        Refund.objects.create(
            payment=payment, attempt=attempt, amount_yen=refund.amount_yen, reference=refund.id,
            way=attempt.provider,
        )  # fmt: skip
        payment.refunded_yen += refund.amount_yen
        if refund.key not in keys:
            payment.given_back_yen = max(payment.given_back_yen, payment.refunded_yen)
            disagreeing.alarm(
                order, payment, attempt, "unasked_refund", here=0, there=refund.amount_yen
            )
        payment.save(update_fields=["refunded_yen", "given_back_yen"])
        note(order, "refunded", by=SYSTEM, facts={"yen": refund.amount_yen})


def _close_calls(attempt: Attempt, seen: Seen) -> None:
    """Whatever has taken effect is done, whether its own answer arrived or not."""
    done = {
        "open": bool(seen.session_ref or seen.payment_ref),
        "close": seen.state not in ("open", "making"),
        "cancel": seen.state == "closed",
        "capture": seen.captured_yen > 0,
    }
    keys = [refund.key for refund in seen.refunds if not refund.is_failed]
    for call in ProviderCall.objects.select_for_update().filter(attempt=attempt, state__in=OPEN):
        if done.get(call.verb, False) or call.key in keys:
            finish(call)


def finish(call: ProviderCall) -> None:
    call.state, call.error, call.done_at = "done", "", now()
    call.save(update_fields=["state", "error", "done_at"])
