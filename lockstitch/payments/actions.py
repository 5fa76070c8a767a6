"""Promising, taking and giving back money. Each verb is called with a locked order, in the
transaction that decides it; what a provider must do follows by the outbox."""

import datetime as dt
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.orders.actions import SYSTEM, By, lock, move, note
from lockstitch.orders.models import Order
from lockstitch.payments.calls import alive, decide, next_key
from lockstitch.payments.models import Attempt, Capture, GivenBack, Payment, ProviderCall, Refund
from lockstitch.payments.queries import provider_for
from lockstitch.payments.refunding import ask_refund, settle_refund
from lockstitch.payments.rules import AT_PROVIDER, CONFIRM_WITHIN, TAKEN_BEFORE, owed_yen
from lockstitch.payments.second import is_above

PAGE_OPEN = CONFIRM_WITHIN + dt.timedelta(minutes=5)  # Stripe asks for thirty minutes at least
MONEY_HERE = ("captured", "refund_due", "refunded")


def promise(order: Order, *, bank_days: int) -> Payment:
    """The payment of a new order, inside the transaction that places it. Where a provider takes
    it, a page to pay on is asked for."""
    due = today_jst() + dt.timedelta(days=bank_days) if order.method == "bank" else None
    payment: Payment = Payment.objects.create(
        order=order, method=order.method, amount_yen=order.money_yen, due_on=due,
        provider=provider_for(order.method) if order.method in AT_PROVIDER else "",
    )  # fmt: skip
    if order.status == "pending":
        begin(order)
    return payment


def begin(order: Order, *, method: str = "") -> Attempt:
    """Asks for a page where the buyer pays a pending order; the one that is open, if there is.

    `method` changes the way to pay, when the attempt before has ended. Raises Refused when the
    order waits for nobody to pay it.
    """
    payment = held(order)
    living: Attempt | None = Attempt.objects.filter(payment=payment).exclude(
        state__in=["closed", "failed"]
    ).first()  # fmt: skip
    if living is not None:
        return living
    if order.status != "pending" or order.payment not in ("awaiting", "failed"):
        raise Refused(_("This order does not wait for a payment."))
    if method and method != order.method:
        payment.method, payment.provider = method, provider_for(method)
        payment.save(update_fields=["method", "provider"])
        order.method = method
        order.save(update_fields=["method"])
    attempt: Attempt = Attempt.objects.create(
        payment=payment, no=Attempt.objects.filter(payment=payment).count() + 1,
        provider=payment.provider, method=payment.method, expires_at=now() + PAGE_OPEN,
        amount_yen=owed_yen(amount_yen=payment.amount_yen, given_back_yen=payment.given_back_yen),
    )  # fmt: skip
    decide(attempt, "open", key=f"open:{attempt.id}")
    move(order, "try", SYSTEM, payment="awaiting")
    return attempt


def give_up(order_id: UUID) -> None:
    """The buyer wants to pay in another way: the page is closed first, so that nobody can pay
    on both."""
    with transaction.atomic():
        order = lock(order_id)
        for attempt in Attempt.objects.filter(payment=held(order), state__in=["making", "open"]):
            decide(attempt, "close", key=f"close:{attempt.id}")


def capture(order: Order, amount_yen: int, by: By, reference: UUID) -> None:
    """売上確定 of so much of a locked order, once for each `reference` (a parcel, a transfer).

    Cash and transfers are taken at once. A provider is asked by the outbox, and for all that is
    still owed: an authorisation can be captured once, and the rest of it is let go.
    """
    payment = held(order)
    owed = owed_yen(amount_yen=payment.amount_yen, given_back_yen=payment.given_back_yen)
    left = owed - (payment.captured_yen - payment.refunded_yen)
    if left <= 0:
        if order.payment not in MONEY_HERE:
            move(order, "captured", by, payment="captured")
        return
    if payment.provider:
        _capture_there(order, payment, left, by, reference)
        return
    amount = min(amount_yen, left)
    _made, is_new = Capture.objects.get_or_create(
        site_id=payment.site_id, payment=payment, reference=str(reference),
        defaults={"amount_yen": amount, "by": by.id},
    )  # fmt: skip
    if is_new:
        payment.captured_yen += amount
        payment.save(update_fields=["captured_yen"])
        move(order, "captured", by, payment="captured")


def capture_before_it_ends() -> int:
    """売上確定 of pre-orders whose card would soon be let go of; how many. May be repeated: what is
    under way is left, and what the provider refused is for an operator to try again."""
    ending = Payment.objects.filter(
        expires_at__lte=now() + TAKEN_BEFORE, order__charge="hold",
        order__payment="authorised", order__status="placed",
    ).exclude(attempts__calls__verb="capture", attempts__calls__state="failed")  # fmt: skip
    taken = 0
    for order_id in ending.values_list("order_id", flat=True):
        with transaction.atomic():
            order = lock(order_id)
            if (order.status, order.payment) == ("placed", "authorised"):
                capture(order, order.money_yen, SYSTEM, order.id)
                taken += 1
    return taken


def _capture_there(order: Order, payment: Payment, yen: int, by: By, reference: UUID) -> None:
    if order.payment == "capturing":
        return
    attempt = Attempt.objects.filter(payment=payment, state="authorised").first()
    if attempt is None:
        raise Refused(_("The provider holds no money for this order."))
    move(order, "capturing", by, payment="capturing")
    decide(
        attempt, "capture", key=next_key(attempt, "capture"), reference=reference, by=by,
        amount_yen=min(yen, attempt.amount_yen),
    )  # fmt: skip


def give_back(order: Order, amount_yen: int, by: By, reference: UUID) -> None:
    """So much less is owed of a locked order, once for each `reference`.

    What was not taken yet will not be; what was goes back: by the outbox where a provider took it,
    else it is due for a refund by hand (`record_refund`).
    """
    if amount_yen <= 0:
        return
    payment = held(order)
    _row, is_new = GivenBack.objects.get_or_create(
        site_id=payment.site_id, payment=payment, reference=reference,
        defaults={"amount_yen": amount_yen, "by": by.id},
    )  # fmt: skip
    if not is_new:
        return
    payment.given_back_yen += amount_yen
    payment.save(update_fields=["given_back_yen"])
    settle_refund(order, payment, by)


def void(order: Order, by: By) -> None:
    """What becomes of the money of a cancelled, locked order: all of it is given back."""
    payment = held(order)
    if order.payment == "capturing":
        raise Refused(_("The money is being taken just now. Please try again in a moment."))
    left = owed_yen(amount_yen=payment.amount_yen, given_back_yen=payment.given_back_yen)
    give_back(order, left, by, order.id)
    if not payment.captured_yen:
        for attempt in Attempt.objects.filter(payment=payment):
            if alive(attempt):
                verb = "close" if attempt.state in ("making", "open") else "cancel"
                decide(attempt, verb, key=f"{verb}:{attempt.id}", by=by)
        move(order, "voided", by, payment="void")


def amend(order: Order, by: By, reference: UUID) -> None:
    """After an edit or exchange of a locked order: its new sum is asked for.

    What was paid and is too little waits for the difference: by a transfer, or at the door. Raises
    Refused when a provider holds less than the new sum; a new order must then be paid.
    """
    payment = held(order)
    owed = owed_yen(amount_yen=payment.amount_yen, given_back_yen=payment.given_back_yen)
    more = order.money_yen - owed
    if more > 0 and payment.provider:
        room = payment.authorised_yen - owed
        if more > room or order.payment != "authorised":
            raise Refused(_("The card was authorised for less. Cancel the addition, or have it "
                            "paid as an order of its own."))  # fmt: skip
    if more > 0:
        payment.amount_yen += more
        payment.save(update_fields=["amount_yen"])
        if order.payment == "captured":
            waits = "authorised" if order.method == "cod" else "awaiting"
            move(order, "more_to_pay", by, payment=waits)
    elif more < 0:
        give_back(order, -more, by, reference)


def receive_transfer(order_id: UUID, by: By, *, reference: UUID | None = None) -> Order:
    """入金確認: the bank transfer of this order has arrived in full.

    Raises Refused when the order does not wait for one.
    """
    with transaction.atomic():
        order = lock(order_id)
        if held(order).provider or order.payment != "awaiting":
            raise Refused(_("This order does not wait for a bank transfer."))
        capture(order, order.money_yen, by, reference or uuid4())
        return order


def record_refund(
    order_id: UUID, amount_yen: int, by: By, *, reference: str, way: str, by_two: bool = False
) -> None:  # fmt: skip
    """返金済み: money was given back by hand. Raises Refused when so much is not due, or is for two
    people to decide and they have not (`by_two`)."""
    with transaction.atomic():
        order = lock(order_id)
        payment = held(order)
        if Refund.objects.filter(payment=payment, reference=reference).exists():
            return
        room = min(payment.given_back_yen, payment.captured_yen) - payment.refunded_yen
        if order.payment != "refund_due" or not 0 < amount_yen <= room:
            raise Refused(_("So much is not due for a refund."))
        if not by_two and is_above(payment, amount_yen):
            raise Refused(_("Above the shop's limit two people refund: put it into a refund file."))
        ProviderCall.objects.filter(attempt__payment=payment, verb="refund", state="failed").update(
            state="replaced"
        )
        Refund.objects.create(
            payment=payment, amount_yen=amount_yen, reference=reference, way=way, by=by.id
        )
        payment.refunded_yen += amount_yen
        payment.attention = ""
        payment.save(update_fields=["refunded_yen", "attention"])
        note(order, "refunded", by=by, facts={"yen": amount_yen, "way": way})
        settle_refund(order, payment, by)


def try_again(call_id: UUID, by: By) -> None:
    """A call that the provider refused, as a new one: its own key would be refused again."""
    with transaction.atomic():
        call: ProviderCall | None = ProviderCall.objects.filter(id=call_id, state="failed").first()
        if call is None:
            raise NotFound(_("There is no such thing."))
        order = lock(call.attempt.payment.order_id)
        payment = held(order)
        payment.attention = ""
        payment.save(update_fields=["attention"])
        ProviderCall.objects.filter(id=call.id).update(state="replaced")
        if call.verb == "refund":
            ask_refund(order, payment, call.attempt, call.amount_yen, by)
            return
        decide(
            call.attempt, call.verb, key=next_key(call.attempt, call.verb), by=by,
            amount_yen=call.amount_yen, reference=call.reference,
        )  # fmt: skip
        if call.verb == "capture" and order.payment == "authorised":
            move(order, "capturing", by, payment="capturing")


def held(order: Order) -> Payment:
    """The payment of a locked order, locked too. Always in this order."""
    payment: Payment = Payment.objects.select_for_update().get(order=order)
    return payment
