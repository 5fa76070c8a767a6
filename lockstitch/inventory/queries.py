"""What is left."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Sum

from lockstitch.inventory.models import Movement, Stock


def available(sku_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Pieces that can be sold now; a SKU without a stock row has none."""
    rows = Stock.objects.filter(sku_id__in=list(sku_ids)).values_list(
        "sku_id", F("on_hand") - F("allocated")
    )
    return dict(rows)


def disagreements() -> list[UUID]:
    """SKUs of this site whose stock is not the sum of their movements: always empty."""
    sums = {
        row["sku_id"]: (row["h"], row["a"])
        for row in Movement.objects.values("sku_id").annotate(
            h=Sum("on_hand_delta"), a=Sum("allocated_delta")
        )
    }
    rows = Stock.objects.values_list("sku_id", "on_hand", "allocated")
    return [sku for sku, h, a in rows if sums.get(sku, (0, 0)) != (h, a)]
