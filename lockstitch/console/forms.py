"""Reading and writing the grid of a product's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lockstitch.catalogue.queries import ProductView, Sku
from lockstitch.catalogue.rules import checked_gtin
from lockstitch.inventory.grid import GridCell

PRICE_MAX_YEN = 100_000_000
PIECES_MAX = 1_000_000


@dataclass(frozen=True)
class GridRow:
    """One SKU as the page shows it: what was typed when there was a mistake, else what is kept."""

    sku_id: UUID
    colour: dict[str, str]
    size: str
    code: str
    price: str
    list_price: str
    gtin: str
    on_hand: str
    was_on_hand: int
    allocated: int


def grid_rows(
    view: ProductView, stocks: Mapping[UUID, tuple[int, int]], typed: Mapping[str, str]
) -> list[GridRow]:
    rows = []
    for colour in view.colours:
        for cell in colour.cells:
            if (sku := cell.sku) is None:
                continue
            on_hand, allocated = stocks.get(sku.id, (0, 0))

            def shown(name: str, kept: object, sku_id: UUID = sku.id) -> str:
                return typed.get(f"{name}-{sku_id}", "" if kept is None else str(kept))

            rows.append(
                GridRow(
                    sku.id, colour.colour.name, cell.size.label, sku.code,
                    shown("price", sku.price_yen), shown("list", sku.list_price_yen),
                    shown("gtin", sku.gtin), shown("stock", on_hand), on_hand, allocated,
                )
            )  # fmt: skip
    return rows


def read_grid(typed: Mapping[str, str], skus: Sequence[Sku]) -> tuple[list[GridCell], list[str]]:
    """The cells, or a sentence for each mistake."""
    cells, problems = [], []
    for sku in skus:
        try:
            cells.append(_cell(typed, sku))
        except ValueError as error:
            problems.append(f"{sku.code}: {error}")
    return cells, problems


def _cell(typed: Mapping[str, str], sku: Sku) -> GridCell:
    price = _number(typed.get(f"price-{sku.id}", ""), PRICE_MAX_YEN)
    was = typed.get(f"list-{sku.id}", "").strip()
    list_price = _number(was, PRICE_MAX_YEN) if was else None
    if list_price is not None and list_price <= price:
        raise ValueError(_("the former price must be higher than the price"))
    return GridCell(
        sku_id=sku.id, price_yen=price, list_price_yen=list_price,
        gtin=checked_gtin(typed.get(f"gtin-{sku.id}", "")),
        on_hand=_number(typed.get(f"stock-{sku.id}", ""), PIECES_MAX),
        was_on_hand=_number(typed.get(f"was-{sku.id}", ""), PIECES_MAX),
    )  # fmt: skip


def _number(text: str, most: int) -> int:
    text = text.strip().replace(",", "")
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ValueError(_("not a number: %(text)s") % {"text": text or "—"})
    return int(text)
