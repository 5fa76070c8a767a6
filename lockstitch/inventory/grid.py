"""The colour x size grid of a product: prices, JAN and counted stock in one save."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lockstitch.catalogue.actions import CellChange, set_cells
from lockstitch.inventory.actions import move
from lockstitch.inventory.ledger import places
from lockstitch.inventory.models import Stock
from lockstitch.kernel.errors import Refused


@dataclass(frozen=True)
class GridCell(CellChange):
    """A cell as it was typed; `was_on_hand` is what the page had shown."""

    on_hand: int
    was_on_hand: int


def save_grid(cells: Sequence[GridCell], *, by: UUID) -> None:
    """All cells or none. Stock changes by the difference to what the page showed, so that pieces
    sold meanwhile are not put back; it changes at the site's first location.

    Raises Refused for a JAN used elsewhere, or a count below what is promised to orders.
    """
    try:
        with transaction.atomic():
            set_cells(cells)
            changed = {
                cell.sku_id: cell.on_hand - cell.was_on_hand
                for cell in cells
                if cell.on_hand != cell.was_on_hand
            }
            if changed:
                move(changed, reason="adjust", by=by)
    except IntegrityError:
        raise Refused(_("A JAN on this page belongs to another SKU.")) from None


def first_stock(sku_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """SKU -> (on hand, allocated) at the site's first location, which the grid changes."""
    rows = Stock.objects.filter(sku_id__in=list(sku_ids), location=places()[0])
    return {row.sku_id: (row.on_hand, row.allocated) for row in rows}


def stock(sku_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """SKU -> (on hand, allocated), over all locations."""
    rows = (
        Stock.objects.filter(sku_id__in=list(sku_ids))
        .values("sku_id")
        .annotate(h=Sum("on_hand"), a=Sum("allocated"))
    )
    return {row["sku_id"]: (row["h"], row["a"]) for row in rows}
