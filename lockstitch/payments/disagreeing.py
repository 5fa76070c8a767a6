"""Alarms: the provider says otherwise than we do. The order is held until somebody has looked."""

from uuid import UUID

from django.db import transaction

from lockstitch.kernel.clock import now
from lockstitch.orders.actions import SYSTEM, By, put_on_hold
from lockstitch.orders.models import Order
from lockstitch.payments.models import Attempt, Disagreement, Payment
from lockstitch.payments.refunding import captured_yen, refunded_yen
from lockstitch.payments.rules import Seen, differences
from lockstitch.sealed import signals
from lockstitch.tenancy.scope import current_site_id

COMPARED = ("amount", "authorised", "captured", "refunded", "currency")
FLAG = "payment"


def compare(order: Order, payment: Payment, attempt: Attempt, seen: Seen) -> None:
    """After what was seen is applied, whatever still differs is an alarm; what agrees again is
    closed. Everything else was moved here by `settling`."""
    found = differences(
        seen, asked_yen=attempt.amount_yen, captured_yen=captured_yen(attempt),
        authorised_yen=payment.authorised_yen if attempt.state == "authorised" else 0,
        refunded_yen=refunded_yen(attempt),
    )  # fmt: skip
    for kind, (here, there) in found.items():
        alarm(order, payment, attempt, kind, here=here, there=there)
    lost = "authorised" if attempt.state == "closed" else ""  # what was held and let go stays one
    agreed = [kind for kind in COMPARED if kind not in found and kind != lost]
    Disagreement.objects.filter(
        payment=payment, ref=ref_of(attempt), state="open", kind__in=agreed
    ).update(state="agreed", closed_at=now())
    payment.checked_at = now()
    payment.save(update_fields=["checked_at"])


def ref_of(attempt: Attempt) -> str:
    return attempt.payment_ref or attempt.session_ref or str(attempt.id)


def alarm(
    order: Order, payment: Payment, attempt: Attempt, kind: str, *, here: int, there: int
) -> None:
    """Opens it once, and holds an order that has not left."""
    is_new = open_alarm(
        attempt.provider, kind, ref_of(attempt), payment=payment, here=here, there=there
    )
    if is_new and order.status == "placed" and order.fulfilment in ("unshipped", "part"):
        put_on_hold(order.id, True, flag=FLAG, by=SYSTEM)
        order.refresh_from_db(fields=["on_hold", "flag"])


def open_alarm(
    provider: str, kind: str, ref: str, *, payment: Payment | None = None, here: int = 0,
    there: int = 0,
) -> bool:  # fmt: skip
    """Whether it is a new one."""
    _row, is_new = Disagreement.objects.get_or_create(
        provider=provider, kind=kind, ref=ref, state="open",
        defaults={"payment": payment, "here_yen": max(0, here), "there_yen": max(0, there)},
    )  # fmt: skip
    if is_new:
        signals.write(
            "payment", provider, site_id=current_site_id(), ref=f"{kind} {ref}", here=here,
            there=there,
        )  # fmt: skip
    return is_new


def close_alarm(disagreement_id: UUID, by: By) -> None:
    """Somebody has looked and dealt with it."""
    with transaction.atomic():
        Disagreement.objects.filter(id=disagreement_id, state="open").update(
            state="closed", closed_at=now(), closed_by=by.id
        )
