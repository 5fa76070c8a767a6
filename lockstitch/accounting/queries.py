"""Reading the books, and what the orders say they should be."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Sum

from lockstitch.accounting.models import Books, Close, Entry, Line, Payout
from lockstitch.accounting.rules import CHART, HELD, Sold, Stands, position
from lockstitch.members.queries import liability
from lockstitch.orders.models import Order, OrderLine, Reduction
from lockstitch.orders.rules import SENT
from lockstitch.payments.models import Payment

BATCH = 500


def books() -> Books:
    return Books.objects.first() or Books()


def stands(order_ids: Iterable[UUID]) -> dict[UUID, Stands]:
    """What the books of these orders follow from: four queries however many there are."""
    ids = list(order_ids)
    orders = {order.pk: order for order in Order.objects.filter(id__in=ids)}
    lines: dict[UUID, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(order_id__in=ids).order_by("position"):
        if line.revision == orders[line.order_id].revision:
            lines[line.order_id].append(line)
    charges = dict(
        Reduction.objects.filter(order_id__in=ids, line=None)
        .values_list("order_id")
        .annotate(sum=Sum("yen"))
    )
    money: dict[UUID, Counter[str]] = defaultdict(Counter)
    for payment in Payment.objects.filter(order_id__in=ids):
        account = HELD.get(payment.method, "bank")
        money[payment.order_id][account] += payment.captured_yen - payment.refunded_yen
    return {
        key: _stands(order, lines[key], charges.get(key, 0), money[key])
        for key, order in orders.items()
    }


def _stands(
    order: Order, lines: list[OrderLine], charges_given: int, money: Counter[str]
) -> Stands:
    lost = order.status in ("lapsed", "cancelled")
    return Stands(
        lines=tuple(
            Sold(
                line.total_yen, line.net_yen, line.quantity, line.kept, line.open,
                line.given_back, line.tax_rate_bp,
            )
            for line in lines
        ),
        shipping_yen=order.shipping_yen, fee_yen=order.fee_yen, wrapping_yen=order.wrapping_yen,
        charges_given_yen=charges_given, has_left=order.fulfilment in SENT,
        points_yen=0 if lost else order.points_yen - order.points_back_yen, money=money,
    )  # fmt: skip


def posted(order_ids: Iterable[UUID]) -> dict[UUID, Counter[str]]:
    """Order -> account -> what the journal holds of it."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    rows = (
        Line.objects.filter(entry__kind="order", entry__source_id__in=list(order_ids))
        .values_list("entry__source_id", "account")
        .annotate(sum=Sum("yen"))
    )
    for order_id, account, yen in rows:
        found[order_id][account] = yen
    return found


@dataclass(frozen=True)
class Balance:
    """A row of the trial balance (試算表)."""

    account: str
    ja: str
    debit: int
    credit: int

    @property
    def yen(self) -> int:
        return self.debit - self.credit


def trial_balance(since: dt.date | None = None, until: dt.date | None = None) -> list[Balance]:
    rows = Line.objects.all()
    if since:
        rows = rows.filter(entry__day__gte=since)
    if until:
        rows = rows.filter(entry__day__lte=until)
    found = {row["account"]: row["sum"] for row in rows.values("account").annotate(sum=Sum("yen"))}
    return [
        Balance(code, account.ja, max(0, found[code]), max(0, -found[code]))
        for code, account in CHART.items()
        if found.get(code)
    ]


def day_sums(day: dt.date) -> tuple[int, dict[str, int]]:
    """How many entries a day has, and each account's movement."""
    rows = Line.objects.filter(entry__day=day)
    sums = {row["account"]: row["sum"] for row in rows.values("account").annotate(sum=Sum("yen"))}
    return Entry.objects.filter(day=day).count(), sums


def disagreements() -> list[str]:
    """Where the journal does not say what orders, payments and points say: always empty."""
    found = []
    for ids in _batches():
        wanted, written = stands(ids), posted(ids)
        found += [
            f"order {order_id}"
            for order_id, facts in wanted.items()
            if position(facts) != {a: y for a, y in written[order_id].items() if y}
        ]
    held = -(Line.objects.filter(account="points").aggregate(sum=Sum("yen"))["sum"] or 0)
    if held != liability()["balance"]:
        found.append(f"points {held} {liability()['balance']}")
    return found


def _batches() -> Iterator[list[UUID]]:
    after = None
    while True:
        rows = Order.objects.order_by("id")
        if after is not None:
            rows = rows.filter(id__gt=after)
        ids = list(rows.values_list("id", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        after = ids[-1]


@dataclass(frozen=True)
class Posted:
    """An entry with its lines, for exports: (account, yen) with debit positive."""

    id: UUID
    day: dt.date
    kind: str
    text: str
    lines: list[tuple[str, int]]


def entries(since: dt.date, until: dt.date) -> Iterator[Posted]:
    """All entries of a period in order, streamed."""
    after: tuple[dt.date, UUID] | None = None
    while True:
        rows = Entry.objects.filter(day__gte=since, day__lte=until).order_by("day", "id")
        if after is not None:
            rows = rows.extra(where=["(day, id) > (%s, %s)"], params=list(after))
        page = list(rows.prefetch_related("lines")[:BATCH])
        for row in page:
            lines = [(line.account, line.yen) for line in row.lines.all()]
            yield Posted(row.pk, row.day, row.kind, row.text, sorted(lines, key=lambda x: -x[1]))
        if len(page) < BATCH:
            return
        after = (page[-1].day, page[-1].pk)


def closes(limit: int = 62) -> list[Close]:
    return list(Close.objects.order_by("-day")[:limit])


def last_event_days(order_ids: Iterable[UUID]) -> dict[UUID, dt.datetime]:
    """Order -> when something happened to it last."""
    return dict(
        Order.objects.filter(id__in=list(order_ids)).annotate(last=Max("events__at"))
        .values_list("id", "last")
    )  # fmt: skip


def payouts(limit: int = 100) -> list[Payout]:
    return list(Payout.objects.order_by("-day", "-id")[:limit])


def counts() -> int:
    return int(Entry.objects.aggregate(n=Count("id"))["n"])
