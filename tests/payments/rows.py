"""One row in every table of payments, for the tests of the fence."""

import datetime as dt
from uuid import uuid4

from lockstitch.kernel.clock import now, today_jst
from lockstitch.orders.queries import Order
from lockstitch.payments.models import (
    AccountChange,
    Attempt,
    Connection,
    Disagreement,
    GivenBack,
    Payment,
    ProviderCall,
    ProviderEvent,
    Refund,
    RefundAccount,
    RefundBatch,
    RefundBatchLine,
    RefundRule,
    Transfer,
)  # fmt: skip


def fill(order: Order) -> None:
    """`order` has a payment already."""
    payment = Payment.objects.get(order=order)
    attempt = Attempt.objects.create(
        payment=payment, no=1, provider="stripe", method="card", amount_yen=1,
        expires_at=now() + dt.timedelta(hours=1), session_ref="cs_1",
    )  # fmt: skip
    ProviderCall.objects.create(attempt=attempt, verb="open", key=f"open:{attempt.id}")
    GivenBack.objects.get_or_create(payment=payment, reference=uuid4(), amount_yen=1)
    Refund.objects.create(payment=payment, amount_yen=1, reference="re_1", way="bank")
    ProviderEvent.objects.create(provider="stripe", event_id="evt_1", kind="x", ref="pi_1")
    Disagreement.objects.create(payment=payment, provider="stripe", kind="amount", ref="pi_1")
    Connection.objects.create(provider="stripe", methods=["card"])
    AccountChange.objects.create(text={"ja": "x"}, state="holds", asked_by=uuid4())
    RefundRule.objects.create(limit_yen=1_000_000, state="holds", asked_by=uuid4())
    account = RefundAccount.objects.create(order=order, record_id=uuid4())
    batch = RefundBatch.objects.create(
        transfer_on=today_jst(), sender={}, count=1, total_yen=1, made_by=uuid4()
    )
    RefundBatchLine.objects.create(batch=batch, payment=payment, account=account, amount_yen=1)
    Transfer.objects.create(line_digest=b"x" * 32, paid_on=today_jst(), amount_yen=1)
