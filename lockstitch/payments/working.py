"""The worker's half: making the calls of the outbox, and going to look. What comes back is the
provider's whole truth, and is applied by `settling`."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from lockstitch.kernel.clock import now
from lockstitch.orders.actions import SYSTEM, lock, move, note
from lockstitch.payments import disagreeing
from lockstitch.payments.actions import held
from lockstitch.payments.calls import OPEN
from lockstitch.payments.gateways import Declined, Gateway, gateway_of
from lockstitch.payments.models import Attempt, Connection, ProviderCall
from lockstitch.payments.rules import Opening, Seen
from lockstitch.payments.settling import apply, finish
from lockstitch.tenancy.models import Site

make_gateway: Callable[[str], Gateway] = gateway_of  # tests put one without a guard here


def carry_out(call_id: UUID) -> None:
    """Makes a call of the outbox, or finds out what became of it.

    Before the call it is marked `unknown`, so that a worker killed in the middle leaves no doubt
    that there is a doubt. Raises Unknown when no answer came: whoever runs it tries again, with
    the same key.
    """
    call = _claim(call_id)
    if call is None:
        return
    attempt = call.attempt
    gateway = make_gateway(attempt.provider)
    try:
        seen = _made_before(gateway, call) or _make(gateway, call)
    except Declined as declined:
        _refused(gateway, call, declined.code)
        return
    apply(attempt.id, seen)
    _finished(call.id)


def _claim(call_id: UUID) -> ProviderCall | None:
    with transaction.atomic():
        call: ProviderCall | None = (
            ProviderCall.objects.select_for_update(of=("self",))
            .select_related("attempt__payment__order")
            .filter(id=call_id, state__in=OPEN)
            .first()
        )
        if call is not None:
            call.state, call.tries, call.tried_at = "unknown", call.tries + 1, now()
            call.save(update_fields=["state", "tries", "tried_at"])
        return call


def _made_before(gateway: Gateway, call: ProviderCall) -> Seen | None:
    """What an earlier try has done already, even where keys are forgotten or not honoured."""
    attempt = call.attempt
    if call.tries == 1 or call.verb == "open":
        return None
    seen = gateway.look(attempt.session_ref, attempt.payment_ref)
    return seen if _has_effect(call, seen) else None


def _has_effect(call: ProviderCall, seen: Seen) -> bool:
    if call.verb == "capture":
        return seen.captured_yen > 0
    if call.verb == "refund":
        return call.key in [refund.key for refund in seen.refunds]
    return call.verb in ("close", "cancel") and seen.state == "closed"


def _make(gateway: Gateway, call: ProviderCall) -> Seen:
    attempt = call.attempt
    verbs: dict[str, Callable[[], Seen]] = {
        "open": lambda: gateway.open(_opening(attempt), call.key),
        "close": lambda: gateway.close(attempt.session_ref, attempt.payment_ref, call.key),
        "capture": lambda: gateway.capture(attempt.payment_ref, call.amount_yen, call.key),
        "cancel": lambda: gateway.cancel(attempt.payment_ref, call.key),
        "refund": lambda: gateway.refund(attempt.payment_ref, call.amount_yen, call.key),
    }
    return verbs[call.verb]()


def _opening(attempt: Attempt) -> Opening:
    order = attempt.payment.order
    site = Site.objects.get(id=order.site_id)
    scheme, port = ("https", "") if settings.SECURE else ("http", f":{settings.PORT}")
    days = (
        Connection.objects.filter(provider=attempt.provider)
        .values_list("konbini_days", flat=True)
        .first()
    )
    return Opening(
        attempt_id=str(attempt.id), order_number=order.number,
        shop_name=(site.name_ja or site.name) if order.language == "ja" else site.name,
        method=attempt.method, amount_yen=attempt.amount_yen, language=order.language,
        back=f"{scheme}://{site.hosts[0]}{port}/pay/{order.checkout_id}/back/",
        expires_at=attempt.expires_at, konbini_days=days or 3,
    )  # fmt: skip


def _refused(gateway: Gateway, call: ProviderCall, code: str) -> None:
    """No is final, unless what was wanted is there all the same."""
    attempt = call.attempt
    if attempt.session_ref or attempt.payment_ref:
        try:
            seen = gateway.look(attempt.session_ref, attempt.payment_ref)
        except Declined:
            seen = None
        if seen is not None:
            apply(attempt.id, seen)
            if call.verb == "cancel" and seen.state == "captured":
                _finished(call.id)  # too late: the money goes back instead
    with transaction.atomic():
        order = lock(attempt.payment.order_id)
        payment = held(order)
        current = ProviderCall.objects.select_for_update().get(id=call.id)
        if current.state not in OPEN:
            return
        current.state, current.error = "failed", code
        current.save(update_fields=["state", "error"])
        payment.attention = f"{call.verb}_failed"
        payment.save(update_fields=["attention"])
        note(order, "payment_problem", by=SYSTEM, facts={"verb": call.verb, "code": code})
        if call.verb == "open":
            Attempt.objects.filter(id=attempt.id, state="making").update(state="failed")
            if order.status == "pending" and order.payment == "awaiting":
                move(order, "not_paid", SYSTEM, payment="failed")
        if call.verb == "capture" and order.payment == "capturing":
            if order.fulfilment in ("unshipped", "stopped"):
                move(order, "not_captured", SYSTEM, payment="authorised")
            disagreeing.alarm(
                order, payment, attempt, "capture_failed", here=call.amount_yen, there=0
            )


def _finished(call_id: UUID) -> None:
    """A call whose answer was applied is done, whatever the answer was."""
    with transaction.atomic():
        call = ProviderCall.objects.select_for_update().get(id=call_id)
        if call.state in OPEN:
            finish(call)


def look(attempt_id: UUID) -> Seen | None:
    """Goes to the provider and applies the truth. None when there is nothing to look at yet.

    Raises Unknown, Declined.
    """
    attempt = Attempt.objects.get(id=attempt_id)
    if not (attempt.session_ref or attempt.payment_ref):
        return None
    seen = make_gateway(attempt.provider).look(attempt.session_ref, attempt.payment_ref)
    apply(attempt.id, seen)
    return seen


def heard(provider: str, ref: str) -> None:
    """The bell rang about an object of the provider's. Raises Unknown."""
    attempt = (
        Attempt.objects.filter(provider=provider)
        .filter(Q(session_ref=ref) | Q(payment_ref=ref))
        .first()
    )
    if attempt is not None:
        look(attempt.id)
        return
    try:
        is_page = ref.startswith("cs_")
        seen = make_gateway(provider).look(ref if is_page else "", "" if is_page else ref)
    except Declined:
        return  # about something that is no payment
    ours = Attempt.objects.filter(id=_uuid(seen.attempt_id), provider=provider).first()
    if ours is not None:
        apply(ours.id, seen)
    elif seen.authorised_yen or seen.captured_yen > seen.refunded_yen:
        there = seen.captured_yen or seen.authorised_yen
        disagreeing.open_alarm(provider, "missing_here", ref, there=there)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
