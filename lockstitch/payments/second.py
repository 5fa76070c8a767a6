"""A refund above the shop's sum is made once a second person has seen it.

The sum counts all that goes back of one payment, so that parts of it do not pass below. What a
provider is to refund waits in the outbox, held; what is given back by hand needs a refund file,
which two approve in any case. A shop that has set no sum wants no second person.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.orders.actions import By, lock, note
from lockstitch.payments.models import Asked, GivenBack, Payment, ProviderCall, RefundRule

GOOD_FOR = dt.timedelta(hours=24)
LISTED = 100


def limit_yen() -> int | None:
    """Up to so much one person refunds alone; None: as much as they like."""
    rule = RefundRule.objects.filter(state="holds").order_by("-decided_at", "-id").first()
    return rule.limit_yen if rule else None


def is_above(payment: Payment, more_yen: int) -> bool:
    """Whether so much more of what a person gave back is for two to decide."""
    most = limit_yen()
    if most is None:
        return False
    gave = GivenBack.objects.filter(payment=payment, by__isnull=False).values_list("by", flat=True)
    if all(by == payment.order.member_id for by in gave):  # the buyer's own doing, or ours
        return False
    waiting = ProviderCall.objects.filter(
        attempt__payment=payment, verb="refund", state__in=["pending", "unknown", "held"]
    ).values_list("amount_yen", flat=True)
    return bool(payment.refunded_yen + sum(waiting) + more_yen > most)


def held_refunds() -> list[ProviderCall]:
    """Oldest first, with their orders."""
    return list(
        ProviderCall.objects.filter(state="held")
        .select_related("attempt__payment__order")
        .order_by("made_at")[:LISTED]
    )


def approve_refund(call_id: UUID, by: By) -> None:
    """The call as it is stored goes to the provider. Raises Refused for who asked for it, and
    after a day."""
    with transaction.atomic():
        call = _held(call_id)
        if call.by_id == by.id:
            raise Refused(_("Somebody else must approve it too."))
        if call.made_at < now() - GOOD_FOR:
            raise Refused(_("It waited for more than a day. Let it be asked for anew."))
        call.state, call.approved_by = "pending", by.id
        call.save(update_fields=["state", "approved_by"])
        facts: dict[str, object] = {"yen": call.amount_yen}
        note(call.attempt.payment.order, "refund_approved", by=by, facts=facts)
        announce("payment.call", call_id=call.id)


def turn_down(call_id: UUID, by: By) -> None:
    """It stands among the calls that were refused, to be tried again: by whoever then asks."""
    with transaction.atomic():
        call = _held(call_id)
        call.state = "failed"
        call.save(update_fields=["state"])
        facts: dict[str, object] = {"yen": call.amount_yen}
        note(call.attempt.payment.order, "refund_turned_down", by=by, facts=facts)


def _held(call_id: UUID) -> ProviderCall:
    """Locked, after its order. Raises NotFound once somebody has decided."""
    found = ProviderCall.objects.filter(id=call_id).select_related("attempt__payment").first()
    if found is None:
        raise NotFound(_("There is no such thing."))
    lock(found.attempt.payment.order_id)
    call: ProviderCall | None = (
        ProviderCall.objects.select_for_update(of=("self",))
        .select_related("attempt__payment__order")
        .filter(id=call_id, state="held")
        .first()
    )
    if call is None:
        raise NotFound(_("Somebody has decided this already."))
    return call


def set_limit(yen: int | None, by: UUID) -> bool:
    """Stricter at once; laxer, or off (None), once a second person says so. Whether it waits."""
    with transaction.atomic():
        RefundRule.objects.filter(state="waits").update(state="dropped")
        most = limit_yen()
        if yen == most:
            return False
        waits = yen is None or (most is not None and yen > most)
        RefundRule.objects.create(
            limit_yen=yen, asked_by=by, state="waits" if waits else "holds",
            decided_at=None if waits else now(),
        )  # fmt: skip
        return waits


def waiting_rule() -> RefundRule | None:
    return waiting(RefundRule)


def decide_rule(rule_id: UUID, by: UUID, *, take: bool) -> None:
    """Raises Refused for who asked for it; anybody may drop it."""
    with transaction.atomic():
        decide(RefundRule, rule_id, by, take=take)


def waiting[T: Asked](model: type[T]) -> T | None:
    found: T | None = model.objects.filter(state="waits", asked_at__gt=now() - GOOD_FOR).first()
    return found


def decide[T: Asked](model: type[T], asked_id: UUID, by: UUID, *, take: bool) -> T:
    """Of the caller's transaction. Raises NotFound once somebody has decided, and Refused for who
    asked for it; anybody may drop it."""
    row: T | None = (
        model.objects.select_for_update()
        .filter(id=asked_id, state="waits", asked_at__gt=now() - GOOD_FOR)
        .first()
    )
    if row is None:
        raise NotFound(_("Somebody has decided this already."))
    if take and row.asked_by == by:
        raise Refused(_("Somebody else must approve it too."))
    row.state = "holds" if take else "dropped"
    row.approved_by, row.decided_at = by if take else None, now()
    row.save(update_fields=["state", "approved_by", "decided_at"])
    return row
