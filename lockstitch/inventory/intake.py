"""Taking in a catalogue with its first stock: one transaction, harmless to repeat."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from lockstitch.catalogue.actions import NAMED, NewProduct, keep_products
from lockstitch.inventory.actions import move
from lockstitch.inventory.models import Stock


def take_in(
    products: Sequence[NewProduct], pieces: Mapping[str, int], *, named: frozenset[str] = NAMED
) -> None:
    """Products and, for SKUs that never had stock, the pieces that the file gives them.

    A repeat changes no stock: what was sold since is not put back.
    """
    if not products:
        return
    with transaction.atomic():
        first_stock(keep_products(products, named=named), pieces)


def first_stock(ids: Mapping[str, UUID], pieces: Mapping[str, int]) -> None:
    """Pieces by SKU code, for those that never had any."""
    known = set(Stock.objects.filter(sku_id__in=ids.values()).values_list("sku_id", flat=True))
    first = {
        ids[code]: count
        for code, count in pieces.items()
        if count > 0 and code in ids and ids[code] not in known
    }
    if first:
        move(first, reason="receipt")
