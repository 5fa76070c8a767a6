"""Who waits for goods that are due, in turn; who was served; who would be, by what comes in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum, Window

from lockstitch.catalogue.models import Sku
from lockstitch.inventory.ledger import counts_of
from lockstitch.inventory.models import Allocation, Allotment, Sheet, SheetLine, Stock
from lockstitch.inventory.rules import sellable

PAGE = 100
UNSERVED_MAX = 500


@dataclass(frozen=True)
class Waiter:
    """An order (`reference`) and its turn: `upto` pieces are wanted by it and all before it, of
    which `gets` are there for it."""

    reference: UUID
    sku_id: UUID
    wanted: int
    upto: int
    gets: int
    is_first: bool  # put before its turn

    @property
    def short(self) -> int:
        return self.wanted - self.gets


def _waiting(**narrowed: object) -> QuerySet[Any]:
    found: QuerySet[Allocation] = Allocation.objects.filter(
        location__kind="due", quantity__gt=0, **narrowed
    )
    return found


def waits_for(reference: UUID) -> Counter[UUID]:
    """SKU -> pieces that an order waits for."""
    found: Counter[UUID] = Counter()
    for row in _waiting(reference=reference):
        found[row.sku_id] += row.quantity
    return found


def _totals(skus: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """SKU -> pieces that are waited for, by so many orders."""
    rows = _waiting(sku_id__in=skus).values_list("sku_id")
    found = rows.annotate(Sum("quantity"), Count("reference"))
    return {sku: (pieces, orders) for sku, pieces, orders in found}


@dataclass(frozen=True)
class Waited:
    """A SKU that is sold ahead: pieces that are due, and of these promised to so many orders."""

    sku: Sku
    due: int
    wanted: int
    orders: int


def waited_for(*, after: str = "", limit: int = PAGE) -> tuple[list[Waited], str]:
    """SKUs of which something is due, in the order of their codes; three queries."""
    due = Stock.objects.filter(location__kind="due", on_hand__gt=0)
    rows = Sku.objects.filter(id__in=due.values("sku_id"), code_folded__gt=after)
    found = list(rows.select_related("product").order_by("code_folded")[: limit + 1])
    page = found[:limit]
    ids = [sku.pk for sku in page]
    there = dict(due.filter(sku_id__in=ids).values_list("sku_id").annotate(Sum("on_hand")))
    wanted = _totals(ids)
    made = [Waited(sku, there[sku.pk], *wanted.get(sku.pk, (0, 0))) for sku in page]
    return made, page[-1].code_folded if len(found) > limit else ""


def _in_turn(skus: Sequence[UUID]) -> QuerySet[Any]:
    turn = [F("first_at").asc(nulls_last=True), F("id").asc()]
    window = Window(Sum("quantity"), partition_by=[F("sku_id")], order_by=turn)
    rows: QuerySet[Any] = _waiting(sku_id__in=list(skus)).annotate(upto=window)
    return rows.order_by("sku_id", *turn)


def _waiter(row: Any, upto: int, coming: int) -> Waiter:
    gets = max(0, min(row.quantity, coming - upto + row.quantity))
    return Waiter(
        row.reference, row.sku_id, row.quantity, upto, gets, is_first=row.first_at is not None
    )


def queue(
    sku_id: UUID, *, coming: int = 0, after: int = 0, limit: int = PAGE
) -> tuple[list[Waiter], int]:
    """Who waits for a SKU, those behind `after` pieces; and where the next page begins, 0 at the
    end."""
    rows = list(_in_turn([sku_id]).filter(upto__gt=after)[: limit + 1])
    page = [_waiter(row, row.upto, coming) for row in rows[:limit]]
    return page, page[-1].upto if len(rows) > limit else 0


@dataclass
class Coming:
    """What a receipt would mean for a SKU that is waited for. `unserved`: the first of those who
    would not get all they wait for."""

    sku: Sku
    pieces: int
    wanted: int
    orders: int
    unserved: list[Waiter] = field(default_factory=list)

    @property
    def short(self) -> int:
        return max(0, self.wanted - self.pieces)


def foresee(sheet: Sheet, lines: Sequence[SheetLine]) -> list[Coming]:
    """What posting a receipt would do for those who wait; nothing for a place that serves none."""
    place = sheet.location
    if sheet.kind != "receipt" or not place.serves:
        return []
    found = {line.sku_id: line.found or 0 for line in lines}
    here = {row.sku_id: row for row in Stock.objects.filter(sku_id__in=list(found), location=place)}
    skus = {line.sku_id: line.sku for line in lines}
    coming = {
        sku: Coming(
            skus[sku],
            sellable(counts_of(here.get(sku)).plus("adjust", found[sku]), place.buffer),
            wanted, orders,
        )
        for sku, (wanted, orders) in _totals(list(found)).items()
    }  # fmt: skip
    short = {sku: each.pieces for sku, each in coming.items() if each.short}
    for row in _in_turn(list(short)).iterator(chunk_size=UNSERVED_MAX):
        waiter = _waiter(row, row.upto, short[row.sku_id])
        if waiter.short and len(coming[row.sku_id].unserved) < UNSERVED_MAX:
            coming[row.sku_id].unserved.append(waiter)
    return sorted(coming.values(), key=lambda each: each.sku.code)


def allotments_of(reference: UUID) -> list[Allotment]:
    """What came in for an order, and when."""
    rows = Allotment.objects.filter(reference=reference).select_related("sku", "location")
    return list(rows.order_by("at", "id"))


def allotted_by(step: UUID) -> list[Allotment]:
    """Whom a receipt served."""
    rows = Allotment.objects.filter(step=step).select_related("sku", "location")
    return list(rows.order_by("sku__code", "id"))
