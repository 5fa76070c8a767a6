"""The nightly reckoning of ranks: one statement for all members of a site."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Min, QuerySet, Sum, Value
from django.db.models.functions import Greatest

from lockstitch.kernel.clock import JST, today_jst
from lockstitch.members.queries import Rank, programme, ranks
from lockstitch.members.rules import Progress, Step, months_after, progress
from lockstitch.orders.models import Order
from lockstitch.tenancy.scope import current_site_id

COUNTS = ("shipped", "delivered")  # fulfilments of orders that count


@dataclass(frozen=True)
class Window:
    """The days whose orders count, both included."""

    since: dt.date
    until: dt.date

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.since, dt.time(), JST)

    @property
    def end(self) -> dt.datetime:
        return dt.datetime.combine(self.until + dt.timedelta(days=1), dt.time(), JST)


def window(today: dt.date | None = None) -> Window:
    day = today or today_jst()
    months = programme().rank_window_months
    return Window(months_after(day, -months) + dt.timedelta(days=1), day)


def reckon(today: dt.date | None = None) -> int:
    """Sets every member's measure and rank by the orders of the window, and writes down each
    change of rank with what was counted. Returns the number of changes. Again changes nothing.

    What counts is the goods that were sent and kept: without shipping and fees, net of discounts
    and returns.
    """
    shown = window(today)
    by_spend = programme().rank_by == "spend"
    site = current_site_id()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _RECKON,
            {
                "site": site, "start": shown.start, "end": shown.end, "since": shown.since,
                "until": shown.until, "by_spend": by_spend, "fulfilments": list(COUNTS),
                "today": shown.until,
            },
        )  # fmt: skip
        return int(cursor.fetchone()[0])


# Locks the rows it changes in the order of their ids, as every other writer of many members does.
_RECKON = """
WITH counted AS (
    SELECT member_id,
           CASE WHEN %(by_spend)s
                THEN sum(greatest(items_yen - discount_yen - reduced_yen, 0))
                ELSE count(*) FILTER (WHERE items_yen - discount_yen > reduced_yen) END AS measure
    FROM orders_order
    WHERE site_id = %(site)s AND member_id IS NOT NULL AND fulfilment = ANY(%(fulfilments)s)
      AND placed_at >= %(start)s AND placed_at < %(end)s
    GROUP BY member_id
), target AS (
    SELECT m.id, m.rank_id AS was, coalesce(c.measure, 0) AS measure,
           (SELECT r.id FROM members_rank r
            WHERE r.site_id = %(site)s AND r.threshold <= coalesce(c.measure, 0)
            ORDER BY r.threshold DESC LIMIT 1) AS became
    FROM members_member m LEFT JOIN counted c ON c.member_id = m.id
    WHERE m.site_id = %(site)s AND m.closed_at IS NULL
), held AS (
    SELECT m.id FROM members_member m JOIN target t ON t.id = m.id
    WHERE m.site_id = %(site)s
      AND (m.rank_measure <> t.measure OR m.rank_id IS DISTINCT FROM t.became)
    ORDER BY m.id FOR UPDATE OF m
), changed AS (
    UPDATE members_member m
    SET rank_measure = t.measure, rank_id = t.became,
        rank_since = CASE WHEN t.was IS DISTINCT FROM t.became THEN %(today)s::date
                          ELSE m.rank_since END
    FROM target t JOIN held USING (id)
    WHERE m.id = t.id AND m.site_id = %(site)s
    RETURNING m.id, t.was, t.became, t.measure
), written AS (
    INSERT INTO members_rankchange (id, site_id, member_id, was, became, measure, since, until, at)
    SELECT uuidv7(), %(site)s, c.id, coalesce(w.code, ''), coalesce(b.code, ''), c.measure,
           %(since)s, %(until)s, now()
    FROM changed c
    LEFT JOIN members_rank w ON w.id = c.was AND w.site_id = %(site)s
    LEFT JOIN members_rank b ON b.id = c.became AND b.site_id = %(site)s
    WHERE c.was IS DISTINCT FROM c.became
    RETURNING 1
)
SELECT count(*) FROM written
"""


@dataclass(frozen=True)
class Standing:
    """A member's rank explained, as of now."""

    progress: Progress
    rank: Rank | None
    following: Rank | None
    by_spend: bool
    window: Window


def standing(member_id: UUID, today: dt.date | None = None) -> Standing | None:
    """Where the member stands today and what is missing until when; None without ranks.

    The deadline is the last day on which the oldest order that counts still counts.
    """
    ladder = {rank.code: rank for rank in ranks()}
    if not ladder:
        return None
    shown, rules = window(today), programme()
    found = _counted(member_id, shown).aggregate(
        spend=Sum("worth", default=0), count=Count("id"), first=Min("placed_at")
    )
    measure = found["spend"] if rules.rank_by == "spend" else found["count"]
    first = found["first"].astimezone(JST).date() if found["first"] else shown.until
    deadline = months_after(first, rules.rank_window_months) - dt.timedelta(days=1)
    steps = [Step(rank.code, rank.level, rank.threshold) for rank in ladder.values()]
    at = progress(measure, steps, deadline)
    return Standing(
        at, ladder[at.current.code] if at.current else None,
        ladder[at.following.code] if at.following else None, rules.rank_by == "spend", shown,
    )  # fmt: skip


def _counted(member_id: UUID, shown: Window) -> QuerySet[Order]:
    worth = Greatest(F("items_yen") - F("discount_yen") - F("reduced_yen"), Value(0))
    rows: QuerySet[Order] = (
        Order.objects.filter(
            member_id=member_id, fulfilment__in=COUNTS, placed_at__gte=shown.start,
            placed_at__lt=shown.end,
        )
        .annotate(worth=worth)
        .filter(worth__gt=0)
    )  # fmt: skip
    return rows
