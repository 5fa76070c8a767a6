"""Returns of the current site."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from lockstitch.kernel.clock import JST
from lockstitch.orders.models import Order, OrderEvent, OrderLine
from lockstitch.returns.models import Return as Return  # doors name it in their annotations
from lockstitch.returns.models import ReturnLine as ReturnLine
from lockstitch.returns.rules import OPEN, last_day

PAGE = 50
SENT_LEAST = 5


def asked_for(order: Order) -> Counter[UUID]:
    """Order line -> pieces that open returns already speak of."""
    rows = ReturnLine.objects.filter(ret__order=order, ret__state__in=OPEN, exchanged=False)
    counted: Counter[UUID] = Counter()
    for line_id, quantity in rows.values_list("line_id", "quantity"):
        counted[line_id] += quantity
    return counted


def sent_and_delivered(order: Order) -> tuple[dt.date | None, dt.date | None]:
    """The days on which the last parcel left and arrived, as far as is known."""
    moves = OrderEvent.objects.filter(order=order, machine="fulfilment").order_by("at")
    days: dict[str, dt.date] = {}
    for state, at in moves.values_list("became", "at"):
        days["delivered" if state == "delivered" else "sent"] = at.astimezone(JST).date()
    return days.get("sent"), days.get("delivered")


@dataclass(frozen=True)
class Returnable:
    """A line with the pieces that may still be sent back."""

    line: OrderLine
    pieces: int


def returnable(order: Order, *, today: dt.date, days: int) -> list[Returnable]:
    """What the buyer may still ask to return, unless the goods were faulty."""
    sent_on, delivered_on = sent_and_delivered(order)
    if sent_on is None or today > last_day(sent_on, delivered_on, days=days, fault=True):
        return []
    asked = asked_for(order)
    return [
        Returnable(line, line.kept - asked[line.pk])
        for line in order.current_lines
        if line.kept > asked[line.pk]
    ]


def returns_of(order: Order) -> list[Return]:
    return list(
        Return.objects.filter(order=order)
        .prefetch_related("lines__line", "events")
        .order_by("-asked_at")
    )


def find_return(return_id: UUID) -> Return | None:
    return (
        Return.objects.filter(id=return_id)
        .select_related("order")
        .prefetch_related("lines__line", "events")
        .first()
    )


@dataclass(frozen=True)
class ReturnPage:
    returns: list[Return]
    next: str


def list_returns(*, state: str = "", after: str = "", limit: int = PAGE) -> ReturnPage:
    """Newest first, a page at a time by key; `open` are all that somebody still works on."""
    rows = Return.objects.select_related("order").prefetch_related("lines__line")
    rows = rows.order_by("-asked_at", "-id")
    if state:
        rows = rows.filter(state__in=OPEN if state == "open" else [state])
    if after:
        at, _, last = after.partition("_")
        try:
            moment, key = dt.datetime.fromisoformat(at), UUID(last)
        except ValueError:
            return ReturnPage([], "")
        rows = rows.filter(Q(asked_at__lt=moment) | Q(asked_at=moment, id__lt=key))
    found = list(rows[: limit + 1])
    page = found[:limit]
    more = f"{page[-1].asked_at.isoformat()}_{page[-1].id}" if len(found) > limit else ""
    return ReturnPage(page, more)


@dataclass
class SentBack:
    """Of one size: pieces sent to buyers, and how many came back as too small and too large."""

    sent: int = 0
    small: int = 0
    large: int = 0


def sizes_sent_back(product_id: UUID) -> dict[str, SentBack]:
    """By size label, of sizes of which at least SENT_LEAST pieces were sent: fewer say nothing."""
    found: dict[str, SentBack] = {}
    sent = OrderLine.objects.filter(product_id=product_id, shipped__gt=0)
    for size, pieces in sent.values_list("size").annotate(n=Sum("shipped")):
        if pieces >= SENT_LEAST:
            found[size] = SentBack(pieces)
    back = ReturnLine.objects.filter(
        line__product_id=product_id, reason__in=("too_small", "too_large"),
        ret__state__in=("approved", "received", "closed"),
    )  # fmt: skip
    for size, reason, pieces in back.values_list("line__size", "reason").annotate(
        n=Sum("quantity")
    ):
        if size in found:
            setattr(found[size], reason.removeprefix("too_"), pieces)
    return found
