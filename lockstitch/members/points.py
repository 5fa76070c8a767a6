"""Giving, spending and taking back points. Each verb is one transaction and safe to repeat: the
same (kind, order, reference) changes nothing a second time.

Every verb holds the member's account first, so that parallel ones come one after another.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.members.models import PointAccount, PointEntry, PointLot, PointUse, Programme
from lockstitch.members.rules import months_after
from lockstitch.tenancy.scope import current_site_id


class NotEnoughPoints(Refused):
    def __init__(self) -> None:
        super().__init__(_("There are not so many points left."))


def promise(order_id: UUID, member_id: UUID, points: int, *, reference: str = "") -> None:
    """The order will bring so many points in all; pending until they are settled.

    Once more after an edit of the order, with another reference, replaces what is still pending.
    """
    with transaction.atomic():
        account = _hold(member_id)
        if _done(member_id, "promise", order_id, reference):
            return
        known = _of_order(order_id)
        change = max(points - known["promised"], -known["pending"])
        _write(account, "promise", order_id=order_id, reference=reference, pending=change)


def settle(order_id: UUID, points: int | None = None, *, reference: str = "") -> int:
    """Pending points become the member's: all, or at most so many when a part was shipped.

    What the member owes is taken first. Returns the points settled.
    """
    with transaction.atomic():
        member_id = _member_of(order_id, "promise")
        if member_id is None:
            return 0
        account = _hold(member_id)
        if _done(member_id, "settle", order_id, reference):
            return 0
        pending = _of_order(order_id)["pending"]
        given = pending if points is None else min(points, pending)
        if given > 0:
            _add(account, "settle", given, order_id=order_id, reference=reference, pending=-given)
        return given


def reverse(order_id: UUID, points: int | None = None, *, reference: str = "") -> int:
    """Takes back what an order promised or brought: all, or at most so many for returned goods.

    First what is pending, then the balance; what was spent meanwhile is owed. Returns the points
    taken back.
    """
    with transaction.atomic():
        member_id = _member_of(order_id, "promise")
        if member_id is None:
            return 0
        account = _hold(member_id)
        if _done(member_id, "reverse", order_id, reference):
            return 0
        known = _of_order(order_id)
        left = known["pending"] + known["settled"]
        taken = left if points is None else min(points, left)
        if taken <= 0:
            return 0
        pending = min(taken, known["pending"])
        balance = min(taken - pending, account.balance)
        owed = taken - pending - balance
        entry = _write(
            account, "reverse", order_id=order_id, reference=reference, points=-balance,
            pending=-pending, owed=owed,
        )  # fmt: skip
        _consume(entry, balance, first=order_id)
        return taken


def reverse_share(order_id: UUID, *, given_up_yen: int, of_yen: int, reference: str) -> int:
    """The part of an order's points that falls to `given_up_yen` of what is left of it. Giving
    everything up in whatever steps takes all of them back."""
    if given_up_yen <= 0 or of_yen <= 0:
        return 0
    promised = _of_order(order_id)["promised"]
    return reverse(order_id, promised * given_up_yen // of_yen, reference=reference)


def spend(member_id: UUID, yen: int, order_id: UUID, *, reference: str = "") -> None:
    """Pays so many yen of an order with points, the next to expire first.

    Raises NotEnoughPoints.
    """
    if yen <= 0:
        return
    with transaction.atomic():
        account = _hold(member_id)
        if _done(member_id, "spend", order_id, reference):
            return
        if account.balance < yen:
            raise NotEnoughPoints
        entry = _write(account, "spend", order_id=order_id, reference=reference, points=-yen)
        _consume(entry, yen)


def restore(order_id: UUID, yen: int | None = None, *, reference: str = "") -> int:
    """Gives back points that paid for an order: all that are left, or so many.

    They expire when they would have, but not before the days that the programme leaves. Raises
    Refused when fewer were spent.
    """
    with transaction.atomic():
        member_id = _member_of(order_id, "spend")
        if member_id is None:
            if yen:
                raise Refused(_("No points were spent on this order."))
            return 0
        account = _hold(member_id)
        if _done(member_id, "restore", order_id, reference):
            return 0
        known = _of_order(order_id)
        given = known["spent"] if yen is None else yen
        if given > known["spent"]:
            raise Refused(_("Fewer points were spent on this order."))
        if given <= 0:
            return 0
        entry = _write(account, "restore", order_id=order_id, reference=reference, points=given)
        _refill(entry, given, already=known["restored"])
        return given


def earn(
    member_id: UUID, points: int, *, reference: str, reason: str = "",
    expires_on: dt.date | None = None,
) -> None:  # fmt: skip
    """Points that no order brings: a welcome, a birthday, a take-over from another platform."""
    if points <= 0:
        return
    with transaction.atomic():
        account = _hold(member_id)
        if not _done(member_id, "earn", None, reference):
            _add(account, "earn", points, reference=reference, reason=reason, expires=expires_on)


def adjust(member_id: UUID, points: int, *, reason: str, by: UUID, reference: str) -> None:
    """An operator gives (or with a minus takes) points and says why.

    Raises NotEnoughPoints, and Refused without a reason.
    """
    if not reason.strip() or points == 0:
        raise Refused(_("Say how many points, and why."))
    with transaction.atomic():
        account = _hold(member_id)
        if _done(member_id, "adjust", None, reference):
            return
        if points > 0:
            _add(account, "adjust", points, reference=reference, reason=reason, by=by)
            return
        if account.balance < -points:
            raise NotEnoughPoints
        entry = _write(account, "adjust", reference=reference, reason=reason, by=by, points=points)
        _consume(entry, -points)


def expire(today: dt.date | None = None, *, batch: int = 500) -> int:
    """Takes what has expired from all accounts of the site. Returns the points taken."""
    day, sum_points = today or today_jst(), 0
    while True:
        with transaction.atomic():
            over = PointLot.objects.filter(remaining__gt=0, expires_on__lt=day)
            members = list(over.values_list("member_id", flat=True).distinct()[:batch])
            if not members:
                return sum_points
            held = PointAccount.objects.select_for_update().filter(member_id__in=members)
            for account in held.order_by("member_id"):
                sum_points += _sweep(account, day)


def forfeit(member_id: UUID) -> int:
    """All points of somebody who leaves. Returns how many there were."""
    with transaction.atomic():
        account = _hold(member_id)
        gone = account.balance
        if gone:
            entry = _write(account, "expire", reference=f"left:{account.pk}", points=-gone)
            _consume(entry, gone)
        return gone


def _hold(member_id: UUID) -> PointAccount:
    """The member's account, made when there is none, locked, without what has expired."""
    rows = PointAccount.objects.select_for_update().filter(member_id=member_id)
    account: PointAccount | None = rows.first()
    if account is None:
        PointAccount.objects.bulk_create(
            [PointAccount.here(member_id=member_id)], ignore_conflicts=True
        )
        account = rows.get()
    _sweep(account, today_jst())
    return account


def _sweep(account: PointAccount, day: dt.date) -> int:
    over = list(
        PointLot.objects.filter(
            member_id=account.member_id, remaining__gt=0, expires_on__lt=day
        ).order_by("id")
    )
    gone: int = sum(lot.remaining for lot in over)
    if gone:
        _write(account, "expire", reference=f"{day}:{over[0].pk}", points=-gone)
        PointLot.objects.filter(id__in=[lot.pk for lot in over]).update(remaining=0)
    return gone


def _done(member_id: UUID, kind: str, order_id: UUID | None, reference: str) -> bool:
    return PointEntry.objects.filter(
        member_id=member_id, kind=kind, order_id=order_id, reference=reference
    ).exists()


def _member_of(order_id: UUID, kind: str) -> UUID | None:
    return (
        PointEntry.objects.filter(order_id=order_id, kind=kind)
        .values_list("member_id", flat=True)
        .first()
    )


def _of_order(order_id: UUID) -> dict[str, int]:
    """What the entries of an order come to: `pending`, `settled` and not reversed, `spent` and
    not restored, `restored`, and `promised` less what was reversed."""

    def of(kind: str) -> Q:
        return Q(kind=kind)

    found = PointEntry.objects.filter(order_id=order_id).aggregate(
        pending=Sum("pending", default=0),
        settled=Sum(F("points") - F("owed"), filter=of("settle") | of("reverse"), default=0),
        spent=-Sum("points", filter=of("spend") | of("restore"), default=0),
        restored=Sum("points", filter=of("restore"), default=0),
    )
    return {**found, "promised": found["pending"] + found["settled"]}


def _write(
    account: PointAccount, kind: str, *, points: int = 0, pending: int = 0, owed: int = 0,
    order_id: UUID | None = None, reference: str = "", reason: str = "", by: UUID | None = None,
) -> PointEntry:  # fmt: skip
    """The entry and its effect on the account. The database refuses what would go below zero."""
    entry: PointEntry = PointEntry.objects.create(
        member_id=account.member_id, kind=kind, points=points, pending=pending, owed=owed,
        order_id=order_id, reference=reference, reason=reason, by=by,
    )  # fmt: skip
    account.balance += points
    account.pending += pending
    account.owed += owed
    account.save(update_fields=["balance", "pending", "owed"])
    return entry


def _add(
    account: PointAccount, kind: str, given: int, *, pending: int = 0,
    expires: dt.date | None = None, order_id: UUID | None = None, reference: str = "",
    reason: str = "", by: UUID | None = None,
) -> None:  # fmt: skip
    """New points: what is owed is taken of them, the rest is a lot."""
    owed = min(account.owed, given)
    entry = _write(
        account, kind, points=given - owed, pending=pending, owed=-owed, order_id=order_id,
        reference=reference, reason=reason, by=by,
    )  # fmt: skip
    _lot(entry, given - owed, expires or _expiry(), order_id)


def _expiry() -> dt.date | None:
    months = (Programme.objects.first() or Programme()).points_live_months
    return months_after(today_jst(), months) if months else None


def _lot(entry: PointEntry, points: int, expires_on: dt.date | None, order_id: UUID | None) -> None:
    if points > 0:
        PointLot.objects.create(
            member_id=entry.member_id, entry=entry, order_id=order_id, points=points,
            remaining=points, expires_on=expires_on,
        )  # fmt: skip


def _consume(entry: PointEntry, points: int, *, first: UUID | None = None) -> None:
    """Takes points from lots: those of the order `first`, then the next to expire."""
    lots = list(
        PointLot.objects.filter(member_id=entry.member_id, remaining__gt=0).order_by(
            F("expires_on").asc(nulls_last=True), "id"
        )
    )
    if first is not None:
        lots.sort(key=lambda lot: lot.order_id != first)
    changed, uses = [], []
    for lot in lots:
        taken = min(lot.remaining, points)
        if taken == 0:
            break
        points -= taken
        lot.remaining -= taken
        changed.append(lot)
        uses.append(PointUse(site_id=current_site_id(), entry=entry, lot_id=lot.pk, points=taken))
    if points:
        raise LookupError(f"the lots of member {entry.member_id} hold less than the balance")
    PointLot.objects.bulk_update(changed, ["remaining"])
    PointUse.objects.bulk_create(uses)


def _refill(entry: PointEntry, points: int, *, already: int) -> None:
    """New lots with the expiry of those that were used, the latest first, after `already`."""
    days = (Programme.objects.first() or Programme()).restored_live_days
    earliest = today_jst() + dt.timedelta(days=days)
    uses = (
        PointUse.objects.filter(entry__order_id=entry.order_id, entry__kind="spend")
        .select_related("lot")
        .order_by(F("lot__expires_on").desc(nulls_first=True), "-lot_id", "-id")
    )
    for use in uses:
        skipped = min(already, use.points)
        already -= skipped
        given = min(points, use.points - skipped)
        points -= given
        until = use.lot.expires_on
        _lot(entry, given, max(until, earliest) if until else None, None)
