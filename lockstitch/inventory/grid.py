"""A product with its colour x size grid and counted stock in one save."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from lockstitch.catalogue.editing import UNCHANGED, Renames, save
from lockstitch.catalogue.whole import NewProduct
from lockstitch.inventory.actions import move
from lockstitch.inventory.ledger import places
from lockstitch.inventory.models import Stock


def save_product(
    new: NewProduct, counts: Mapping[str, int], *, product_id: UUID | None, version: int,
    by: UUID, renames: Renames = UNCHANGED, second: bool = False,
) -> None:  # fmt: skip
    """Everything or nothing. `counts` are pieces more or fewer than the page had shown, by SKU
    code, so that pieces sold meanwhile are not put back; at the site's first location.

    Raises Faulty, Stale, or NotEnough for a count below what is promised to orders.
    """
    with transaction.atomic():
        ids = save(
            new, product_id=product_id, version=version, by=by, renames=renames, second=second
        )
        changed = {ids[code]: pieces for code, pieces in counts.items() if pieces}
        if changed:
            move(changed, reason="adjust", by=by)


def first_stock_of(codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """SKU code -> (on hand, allocated) at the site's first location, which the grid changes."""
    rows = Stock.objects.filter(sku__code__in=list(codes), location=places()[0])
    return {
        code: (on_hand, allocated)
        for code, on_hand, allocated in rows.values_list("sku__code", "on_hand", "allocated")
    }


def stock(sku_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """SKU -> (on hand, allocated), over all locations, of what is in the house."""
    rows = (
        Stock.objects.filter(sku_id__in=list(sku_ids))
        .exclude(location__kind="due")
        .values("sku_id")
        .annotate(h=Sum("on_hand"), a=Sum("allocated"))
    )
    return {row["sku_id"]: (row["h"], row["a"]) for row in rows}
