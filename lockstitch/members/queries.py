"""Who is a member of this site, and what of it the shop may know."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum

from lockstitch.kernel.clock import now, today_jst
from lockstitch.members.models import (
    Consent,
    Garment,
    Note,
    PointAccount,
    PointEntry,
    PointLot,
    PointRule,
    RankChange,
)  # fmt: skip
from lockstitch.members.models import Member as Member
from lockstitch.members.models import Programme as Programme
from lockstitch.members.models import Rank as Rank
from lockstitch.members.rules import ONCE, Bought, Extra, points_for
from lockstitch.tenancy.scope import current_site_id

PAGE = 50


def find_member(member_id: UUID) -> Member | None:
    return Member.objects.filter(id=member_id).select_related("rank").first()


def find_by_mail_key(key: UUID) -> Member | None:
    """Whose letters end with this key."""
    return Member.objects.filter(mail_key=key).first()


def programme() -> Programme:
    """This site's rules of membership; without a row, no points are given."""
    return Programme.objects.first() or Programme()


def ranks() -> list[Rank]:
    return list(Rank.objects.all())


@dataclass(frozen=True)
class Points:
    balance: int = 0
    pending: int = 0
    owed: int = 0
    next_expiry: dt.date | None = None
    expiring: int = 0  # on that day


def points_of(member_id: UUID) -> Points:
    """The account as it is today: what has expired and is not yet swept does not count."""
    account = PointAccount.objects.filter(member_id=member_id).first()
    if account is None:
        return Points()
    lots = PointLot.objects.filter(member_id=member_id, remaining__gt=0)
    over = lots.filter(expires_on__lt=today_jst()).aggregate(sum=Sum("remaining"))["sum"] or 0
    days = lots.filter(expires_on__gte=today_jst()).order_by("expires_on")
    first = days.values("expires_on").annotate(sum=Sum("remaining")).first()
    return Points(
        account.balance - over, account.pending, account.owed,
        first["expires_on"] if first else None, first["sum"] if first else 0,
    )  # fmt: skip


@dataclass(frozen=True)
class PointPage:
    entries: list[PointEntry]
    next: str


def point_history(member_id: UUID, *, after: str = "", limit: int = PAGE) -> PointPage:
    """Newest first, a page at a time by key."""
    rows = PointEntry.objects.filter(member_id=member_id).order_by("-at", "-id")
    if after:
        at, _, last = after.partition("_")
        try:
            moment, key = dt.datetime.fromisoformat(at), UUID(last)
        except ValueError:
            return PointPage([], "")
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, id__lt=key))
    found = list(rows[: limit + 1])
    page = found[:limit]
    more = f"{page[-1].at.isoformat()}_{page[-1].id}" if len(found) > limit else ""
    return PointPage(page, more)


def consents_of(member_id: UUID) -> dict[str, bool]:
    """purpose -> the member's last word."""
    rows = (
        Consent.objects.filter(member_id=member_id)
        .order_by("purpose", "-at", "-id")
        .distinct("purpose")
    )
    return {row.purpose: row.given for row in rows}


def garments_of(member_id: UUID) -> list[Garment]:
    return list(Garment.objects.filter(member_id=member_id).order_by("-at"))


def notes_of(member_id: UUID) -> list[Note]:
    return list(Note.objects.filter(member_id=member_id).order_by("-at")[:100])


def rank_changes_of(member_id: UUID) -> list[RankChange]:
    return list(RankChange.objects.filter(member_id=member_id).order_by("-at")[:50])


def members_of_records(record_ids: Iterable[UUID]) -> list[Member]:
    """The members whose profiles these sealed records are."""
    return list(Member.objects.filter(profile_id__in=list(record_ids)).select_related("rank")[:200])


def members_of_ids(member_ids: Iterable[UUID]) -> list[Member]:
    return list(Member.objects.filter(id__in=list(member_ids)).select_related("rank"))


def balances(member_ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = PointAccount.objects.filter(member_id__in=list(member_ids))
    return dict(rows.values_list("member_id", "balance"))


@dataclass(frozen=True)
class MemberPage:
    members: list[Member]
    next: str


def list_members(*, rank: str = "", after: str = "", limit: int = PAGE) -> MemberPage:
    """Newest first, a page at a time by key."""
    rows = Member.objects.order_by("-joined_at", "-id").select_related("rank")
    if rank:
        rows = rows.filter(rank__code=rank)
    if after:
        at, _, last = after.partition("_")
        try:
            moment, key = dt.datetime.fromisoformat(at), UUID(last)
        except ValueError:
            return MemberPage([], "")
        rows = rows.filter(Q(joined_at__lt=moment) | Q(joined_at=moment, id__lt=key))
    found = list(rows[: limit + 1])
    page = found[:limit]
    more = f"{page[-1].joined_at.isoformat()}_{page[-1].id}" if len(found) > limit else ""
    return MemberPage(page, more)


def point_rules() -> list[PointRule]:
    return list(PointRule.objects.order_by("-starts_at", "id"))


def promised_points(
    lines: list[Bought], *, total_yen: int, points_yen: int, rank: Rank | None,
    at: dt.datetime | None = None,
) -> int:  # fmt: skip
    """The points that an order of these lines would bring, by the programme as it is now."""
    moment = at or now()
    running = PointRule.objects.filter(active=True).filter(
        Q(starts_at=None) | Q(starts_at__lte=moment), Q(ends_at=None) | Q(ends_at__gt=moment)
    )
    return points_for(
        lines, total_yen=total_yen, points_yen=points_yen, rate_bp=programme().rate_bp,
        rank_times_bp=rank.times_bp if rank else ONCE, rank=rank.code if rank else "",
        extras=[_extra(rule) for rule in running], at=moment,
    )  # fmt: skip


def _extra(rule: PointRule) -> Extra:
    return Extra(
        add_bp=rule.add_bp, times_bp=rule.times_bp, products=frozenset(rule.products),
        categories=frozenset(rule.categories), brands=frozenset(rule.brands),
        ranks=frozenset(rule.ranks), starts_at=rule.starts_at, ends_at=rule.ends_at,
    )  # fmt: skip


def disagreements() -> list[UUID]:
    """Members whose account is not the sum of its entries, or of its lots: none, always."""
    with connection.cursor() as cursor:
        cursor.execute(_DISAGREEMENTS, [current_site_id()] * 3)
        return [row[0] for row in cursor.fetchall()]


_DISAGREEMENTS = """
SELECT coalesce(a.member_id, e.member_id, l.member_id)
FROM (SELECT member_id, balance, pending, owed FROM members_pointaccount WHERE site_id = %s) a
FULL JOIN (SELECT member_id, sum(points) points, sum(pending) pending, sum(owed) owed
           FROM members_pointentry WHERE site_id = %s GROUP BY member_id) e USING (member_id)
FULL JOIN (SELECT member_id, sum(remaining) remaining
           FROM members_pointlot WHERE site_id = %s GROUP BY member_id) l
       ON l.member_id = coalesce(a.member_id, e.member_id)
WHERE coalesce(a.balance, 0) <> coalesce(e.points, 0)
   OR coalesce(a.pending, 0) <> coalesce(e.pending, 0)
   OR coalesce(a.owed, 0) <> coalesce(e.owed, 0)
   OR coalesce(a.balance, 0) <> coalesce(l.remaining, 0)
"""


def point_entries_since(
    since: dt.datetime | None, until: dt.datetime, *, kinds: list[str]
) -> list[PointEntry]:
    """Entries of these kinds in that time, oldest first."""
    rows = PointEntry.objects.filter(at__lte=until, kind__in=kinds).order_by("at", "id")
    return list(rows.filter(at__gt=since) if since else rows)


def liability() -> dict[str, int]:
    """All points of the site, for the books: what members hold, wait for, and owe."""
    found = PointAccount.objects.aggregate(
        balance=Sum("balance", default=0), pending=Sum("pending", default=0),
        owed=Sum("owed", default=0),
    )  # fmt: skip
    return dict(found)
