"""入金消込: incoming bank transfers and the orders they are for."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.orders.actions import SYSTEM, By, lock, move, note
from lockstitch.orders.models import Order
from lockstitch.payments.actions import held
from lockstitch.payments.bankfile import Line
from lockstitch.payments.models import Capture, Payment, Transfer
from lockstitch.payments.rules import owed_yen


def take_in(lines: Sequence[Line]) -> int:
    """Keeps the transfers of a file; how many of them are new. Those that name an order and are
    of its sum are matched by the worker."""
    with transaction.atomic():
        before = Transfer.objects.count()
        Transfer.objects.bulk_create(
            [
                Transfer.here(
                    line_digest=line.digest, paid_on=line.paid_on, amount_yen=line.amount_yen,
                    number=line.number,
                )
                for line in lines
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        added = Transfer.objects.count() - before
        if added:
            announce("payment.transfers")
        return added


def match_clear_ones() -> None:
    """Matches every open transfer that names a waiting order and is of exactly its sum."""
    for transfer in Transfer.objects.filter(state="open").exclude(number=""):
        order_id = (
            Order.objects.filter(number=transfer.number, method="bank", payment="awaiting")
            .values_list("id", flat=True)
            .first()
        )
        if order_id is not None and _left(Payment.objects.get(order_id=order_id)) == (
            transfer.amount_yen
        ):
            match(transfer.id, order_id, SYSTEM)


def match(transfer_id: UUID, order_id: UUID, by: By) -> Order:
    """This transfer is for this order. Too much or too little is kept as such, with a mark.

    Raises NotFound, Refused.
    """
    with transaction.atomic():
        order = lock(order_id)
        payment = held(order)
        transfer = _open(transfer_id)
        if order.method != "bank" or order.payment != "awaiting" or order.status != "placed":
            raise Refused(_("This order does not wait for a bank transfer."))
        left = _left(payment)
        taken = min(transfer.amount_yen, left)
        Capture.objects.create(
            payment=payment, amount_yen=taken, reference=str(transfer.id), by=by.id
        )
        payment.captured_yen += taken
        difference = transfer.amount_yen - left
        payment.attention = "overpaid" if difference > 0 else "underpaid" if difference < 0 else ""
        payment.save(update_fields=["captured_yen", "attention"])
        if difference:
            note(order, payment.attention, by=by, facts={"yen": abs(difference)})
        if difference >= 0:
            move(order, "captured", by, payment="captured")
        transfer.state, transfer.order = "matched", order
        transfer.matched_by, transfer.matched_at = by.id, now()
        transfer.save(update_fields=["state", "order", "matched_by", "matched_at"])
        return order


def ignore(transfer_id: UUID, by: By) -> None:
    """It is not for an order."""
    with transaction.atomic():
        transfer = _open(transfer_id)
        transfer.state, transfer.matched_by, transfer.matched_at = "ignored", by.id, now()
        transfer.save(update_fields=["state", "matched_by", "matched_at"])


def seen(order_id: UUID) -> None:
    """Somebody has dealt with what a payment was marked for."""
    with transaction.atomic():
        payment = held(lock(order_id))
        payment.attention = ""
        payment.save(update_fields=["attention"])


def _open(transfer_id: UUID) -> Transfer:
    transfer: Transfer | None = (
        Transfer.objects.select_for_update().filter(id=transfer_id, state="open").first()
    )
    if transfer is None:
        raise NotFound(_("This transfer has been dealt with already."))
    return transfer


def _left(payment: Payment) -> int:
    owed = owed_yen(amount_yen=payment.amount_yen, given_back_yen=payment.given_back_yen)
    return owed - payment.captured_yen
