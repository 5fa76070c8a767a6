"""返金振込: refunds to bank accounts by a file, which two people approve."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.orders.actions import By
from lockstitch.payments.actions import record_refund
from lockstitch.payments.models import Payment, RefundAccount, RefundBatch, RefundBatchLine
from lockstitch.payments.queries import refund_due_yen
from lockstitch.payments.zengin import Account, NotTransferable, Sender, kana

LINES_MAX = 1_000
OPEN = ("draft", "approved")


def keep_account(order_id: UUID, record_id: UUID) -> None:
    """A buyer has told the desk where their money goes."""
    with transaction.atomic():
        RefundAccount.objects.create(order_id=order_id, record_id=record_id)


def sender_of(values: dict[str, Any]) -> Sender:
    """Raises Refused when it is no account."""
    try:
        account = Account(*(str(values[n]) for n in ("bank", "branch", "kind", "number", "name")))
        return Sender(str(values["code"]), kana(str(values["name"])), account.checked())
    except (KeyError, NotTransferable):
        raise Refused(_("The shop's own account is not complete.")) from None


def draft(transfer_on: dt.date, sender: dict[str, Any], by: UUID) -> RefundBatch:
    """Every refund that is due, has an account and is in no open file. Raises Refused."""
    sender_of(sender)
    with transaction.atomic():
        busy = RefundBatchLine.objects.filter(batch__state__in=OPEN).values("payment_id")
        payments = list(
            Payment.objects.select_for_update(of=("self",))
            .filter(order__payment="refund_due", provider="")
            .exclude(id__in=busy)
            .order_by("made_at")[:LINES_MAX]
        )
        accounts = {
            row.order_id: row
            for row in RefundAccount.objects.filter(
                order_id__in=[payment.order_id for payment in payments]
            ).order_by("at")
        }
        due = [(p, refund_due_yen(p)) for p in payments if p.order_id in accounts]
        due = [(payment, yen) for payment, yen in due if yen]
        if not due:
            raise Refused(_("No refund is due whose buyer has given an account."))
        batch: RefundBatch = RefundBatch.objects.create(
            transfer_on=transfer_on, sender=sender, count=len(due), made_by=by,
            total_yen=sum(yen for _payment, yen in due),
        )  # fmt: skip
        RefundBatchLine.objects.bulk_create(
            RefundBatchLine.here(
                batch=batch, payment=payment, account=accounts[payment.order_id], amount_yen=yen
            )
            for payment, yen in due
        )
        return batch


def approve(batch_id: UUID, by: UUID) -> None:
    """By two different people. Raises Refused for the same one twice."""
    with transaction.atomic():
        batch = _hold(batch_id, "draft")
        if batch.first_by is None:
            batch.first_by = by
        elif batch.first_by == by:
            raise Refused(_("Somebody else must approve it too."))
        else:
            batch.second_by, batch.state = by, "approved"
        batch.save(update_fields=["first_by", "second_by", "state"])


def drop(batch_id: UUID) -> None:
    """Its refunds may be in another one."""
    with transaction.atomic():
        batch = _hold(batch_id, *OPEN)
        batch.state = "dropped"
        batch.save(update_fields=["state"])


def sent(batch_id: UUID, by: By) -> None:
    """The bank has the file: every refund in it is made. Once."""
    with transaction.atomic():
        batch = _hold(batch_id, "approved")
        for line in batch.lines.select_related("payment"):
            record_refund(
                line.payment.order_id,
                line.amount_yen,
                by,
                reference=f"file:{line.id}",
                way="bank",
                by_two=True,
            )
        batch.state, batch.sent_at = "sent", now()
        batch.save(update_fields=["state", "sent_at"])


def _hold(batch_id: UUID, *states: str) -> RefundBatch:
    batch: RefundBatch | None = (
        RefundBatch.objects.select_for_update().filter(id=batch_id, state__in=states).first()
    )
    if batch is None:
        raise NotFound(_("This file has been dealt with already."))
    return batch
