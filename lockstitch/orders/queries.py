"""Reading orders of the current site."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from lockstitch.kernel.clock import midnight, now, today_jst, typed_day
from lockstitch.orders.models import Order as Order  # doors name it in their annotations
from lockstitch.orders.models import OrderLine

PAGE = 50
WORDS = ("fulfilment", "payment", "status", "method", "number", "sku", "flag")
UNBORN = ("pending", "lapsed")  # at a payment provider, or given up there: not orders yet


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty strings narrow nothing."""

    fulfilment: str = ""
    payment: str = ""
    status: str = ""
    method: str = ""
    flag: str = ""
    number: str = ""
    sku: str = ""
    held: bool = False
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """As the address of a list says it; what is no date narrows nothing."""
        words = {name: asked.get(name, "")[:120] for name in WORDS}
        since, until = (typed_day(asked.get(name, "")) for name in ("since", "until"))
        return cls(**words, held=asked.get("held") == "1", since=since, until=until)


@dataclass(frozen=True)
class OrderPage:
    orders: list[Order]
    next: str  # where the following page begins; "" at the end


def narrowed(wanted: Wanted) -> QuerySet[Order]:
    """The orders that fit, in no order yet."""
    rows = Order.objects.all() if wanted.status else Order.objects.exclude(status__in=UNBORN)
    for name in ("fulfilment", "payment", "status", "method", "flag"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.held:
        rows = rows.filter(on_hold=True)
    if wanted.sku:
        lines = OrderLine.objects.filter(sku_code=wanted.sku.strip())
        rows = rows.filter(id__in=lines.values("order_id"))
    if wanted.number:
        rows = rows.filter(number__startswith=wanted.number.strip().upper())
    if wanted.since:
        rows = rows.filter(placed_at__gte=midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(placed_at__lt=midnight(wanted.until + dt.timedelta(days=1)))
    return rows


def find_orders(wanted: Wanted, *, after: str = "", limit: int = PAGE) -> OrderPage:
    """Newest first, a page at a time by key, however many there are."""
    rows = narrowed(wanted).order_by("-placed_at", "-id")
    if after:
        at, _, last = after.partition("_")
        try:
            moment, key = dt.datetime.fromisoformat(at), UUID(last)
        except ValueError:
            return OrderPage([], "")
        rows = rows.filter(Q(placed_at__lt=moment) | Q(placed_at=moment, id__lt=key))
    found = list(rows[: limit + 1])
    page = found[:limit]
    more = f"{page[-1].placed_at.isoformat()}_{page[-1].id}" if len(found) > limit else ""
    return OrderPage(page, more)


def records_of(wanted: Wanted, *, most: int) -> list[UUID]:
    """The sealed records of the orders that fit, newest first: at most so many, and one more."""
    rows = narrowed(wanted).order_by("-placed_at", "-id").values_list("record_id", flat=True)
    return list(rows[: most + 1])


def _whole() -> QuerySet[Order]:
    return Order.objects.prefetch_related("lines", "destinations")


def find_order(number: str) -> Order | None:
    return _whole().filter(number=number).first()


def find_by_numbers(numbers: Iterable[str]) -> list[Order]:
    return list(_whole().filter(number__in=list(numbers)))


def find_by_checkout(checkout_id: UUID) -> Order | None:
    return _whole().filter(checkout_id=checkout_id).first()


def orders_of_member(member_id: UUID, limit: int = PAGE) -> list[Order]:
    return list(
        _whole()
        .filter(member_id=member_id)
        .exclude(status__in=UNBORN)
        .order_by("-placed_at")[:limit]
    )


def numbers_of_records(record_ids: Iterable[UUID]) -> list[Order]:
    """The orders whose sealed records these are, newest first."""
    return list(Order.objects.filter(record_id__in=list(record_ids)).order_by("-placed_at")[:200])


def orders_by_id(ids: Iterable[UUID]) -> dict[UUID, Order]:
    return Order.objects.in_bulk(list(ids))


def counts() -> dict[str, int]:
    """What needs hands now."""
    placed = Order.objects.filter(status="placed")
    return {
        "to_ship": placed.filter(
            fulfilment="unshipped", payment__in=["authorised", "captured"]
        ).count(),
        "unpaid": placed.filter(payment="awaiting").count(),
        "today": Order.objects.exclude(status__in=UNBORN)
        .filter(placed_at__gte=midnight(today_jst()))
        .count(),
    }


def best_sellers(*, days: int = 28, limit: int = 12) -> list[UUID]:
    """The products of which the most pieces were ordered lately and kept."""
    born = Order.objects.filter(placed_at__gte=now() - dt.timedelta(days=days)).exclude(
        status__in=UNBORN
    )
    rows = (
        OrderLine.objects.filter(order__in=born, revision=F("order__revision"), is_gift=False)
        .exclude(product_id=None)
        .values("product_id")
        .annotate(sold=Sum(F("quantity") - F("cancelled") - F("returned")))
        .order_by("-sold", "product_id")
    )
    return [row["product_id"] for row in rows[:limit] if row["sold"] > 0]
