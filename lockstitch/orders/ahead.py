"""Pieces sold ahead (予約販売): how many there are of a SKU, over all orders."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from lockstitch.orders.standing import pieces_by


def sold_ahead(skus: Iterable[UUID]) -> Counter[UUID]:
    """Pieces of each SKU in orders that stand, also unpaid ones and those sent since: what a
    limit was used up by stays used."""
    return pieces_by("sku_id", Q(sku_id__in=list(skus)), ~Q(preorder_month=""))


def lesser(
    stock: Mapping[UUID, int], limits: Mapping[UUID, int | None]
) -> dict[UUID, int]:  # fmt: skip
    """What can be bought: of the stock no more than may still be sold ahead."""
    ahead = {sku: max(0, min(stock.get(sku, 0), n)) for sku, n in left_ahead(limits).items()}
    return {**stock, **ahead}


def left_ahead(limits: Mapping[UUID, int | None]) -> dict[UUID, int]:
    """What may still be sold ahead of those SKUs that have a limit."""
    known = {sku: limit for sku, limit in limits.items() if limit is not None}
    if not known:
        return {}
    sold = sold_ahead(known)
    return {sku: limit - sold[sku] for sku, limit in known.items()}
