"""What the stock room's pages show: SKUs with their counts by location, movements, sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from lockstitch.catalogue.models import Sku
from lockstitch.inventory.ledger import counts_of
from lockstitch.inventory.models import Location, Movement, Sheet, SheetLine, Stock
from lockstitch.inventory.rules import Counts
from lockstitch.kernel.text import folded

PAGE = 50


@dataclass(frozen=True)
class StockCell:
    location: Location
    counts: Counts
    shelf: str


@dataclass(frozen=True)
class StockRow:
    sku: Sku
    cells: list[StockCell]

    @property
    def total(self) -> Counts:
        return Counts(
            sum(cell.counts.on_hand for cell in self.cells),
            sum(cell.counts.allocated for cell in self.cells),
            sum(cell.counts.held for cell in self.cells),
        )


def stock_page(
    places: Iterable[Location], *, words: str = "", after: str = "", limit: int = PAGE
) -> tuple[list[StockRow], str]:
    """SKUs in the order of their codes, by the beginning of a code or a JAN; three queries."""
    rows = Sku.objects.select_related("product").order_by("code_folded")
    if words.strip():
        wanted = folded(words)
        rows = rows.filter(Q(code_folded__startswith=wanted) | Q(gtin=wanted))
    if after:
        rows = rows.filter(code_folded__gt=after)
    found = list(rows[: limit + 1])
    page = found[:limit]
    kept = {
        (row.sku_id, row.location_id): row
        for row in Stock.objects.filter(sku_id__in=[sku.pk for sku in page])
    }
    shown = list(places)
    result = [StockRow(sku, [_cell(kept.get((sku.pk, p.pk)), p) for p in shown]) for sku in page]
    return result, page[-1].code_folded if len(found) > limit else ""


def _cell(row: Stock | None, place: Location) -> StockCell:
    return StockCell(place, counts_of(row), row.shelf if row else "")


def find_sku(code: str) -> Sku | None:
    """By its code or its JAN, as a scanner gives it."""
    wanted = code.strip()
    return Sku.objects.filter(Q(code=wanted) | Q(gtin=wanted)).first() if wanted else None


def skus_of(codes: Iterable[str]) -> dict[str, UUID]:
    """Codes or JANs -> SKUs; the unknown are left out."""
    wanted = set(codes)
    rows = Sku.objects.filter(Q(code__in=wanted) | Q(gtin__in=wanted - {""}))
    found: dict[str, UUID] = {}
    for sku in rows:
        found[sku.code] = sku.pk
        if sku.gtin:
            found[sku.gtin] = sku.pk
    return found


def history(sku: Sku, limit: int = PAGE) -> list[Movement]:
    """The last movements of a SKU, the newest first."""
    rows = Movement.objects.filter(sku=sku).select_related("location")
    return list(rows.order_by("-at", "-id")[:limit])


def sheets(limit: int = PAGE) -> list[Sheet]:
    rows = Sheet.objects.select_related("location", "source").annotate(rows=Count("lines"))
    return list(rows.order_by("-at", "-id")[:limit])


def find_sheet(number: str) -> Sheet | None:
    return Sheet.objects.select_related("location", "source").filter(number=number).first()


def sheet_lines(sheet: Sheet) -> list[SheetLine]:
    rows = SheetLine.objects.filter(sheet=sheet).select_related("sku__product")
    return list(rows.order_by("sku__code"))


def set_shelves(location_id: UUID, shelves: Mapping[UUID, str]) -> None:
    """棚番 of SKUs at a location; rows that are not there yet are passed by."""
    rows = list(Stock.objects.filter(location_id=location_id, sku_id__in=list(shelves)))
    for row in rows:
        row.shelf = shelves[row.sku_id][:20]
    Stock.objects.bulk_update(rows, ["shelf"])
