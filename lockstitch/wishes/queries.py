"""Who waits, and what is wanted: for the buyers of a shop, by colour and size."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum

from lockstitch.catalogue.models import Sku
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.text import Text
from lockstitch.wishes.models import Wait as Wait
from lockstitch.wishes.models import Wish
from lockstitch.wishes.rules import DEMAND_DAYS

LISTED = 200
WAITING = Q(told_at=None, ended_at=None, confirmed_at__isnull=False)


@dataclass(frozen=True)
class Demand:
    """Of one SKU: who is waiting for a letter, and who only said so within DEMAND_DAYS."""

    product_slug: str
    name: Text
    colour: Text
    size: str
    code: str
    waiting: int
    wished: int


def find_wait(key: UUID) -> Wait | None:
    return Wait.objects.filter(key=key).select_related("sku__product").first()


def waits_of(member_id: UUID) -> list[Wait]:
    """A member's, which were neither answered nor ended; newest first."""
    rows = Wait.objects.filter(WAITING, member_id=member_id)
    return list(rows.select_related("sku__product", "sku__colour", "sku__size").order_by("-id"))


def demand() -> list[Demand]:
    """The most wanted SKUs, three queries."""
    since = today_jst() - dt.timedelta(days=DEMAND_DAYS)
    waiting = dict(
        Wait.objects.filter(WAITING).values("sku_id").annotate(n=Count("id"))
        .order_by("-n").values_list("sku_id", "n")[:LISTED]
    )  # fmt: skip
    wished = dict(
        Wish.objects.filter(day__gte=since).values("sku_id").annotate(n=Sum("count"))
        .order_by("-n").values_list("sku_id", "n")[:LISTED]
    )  # fmt: skip
    skus = Sku.objects.filter(id__in={*waiting, *wished}).select_related(
        "product", "colour", "size"
    )
    found = [
        Demand(
            sku.product.slug, sku.product.name, sku.colour.name, sku.size.label, sku.code,
            waiting.get(sku.id, 0), wished.get(sku.id, 0),
        )
        for sku in skus
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.waiting, -each.wished, each.code))[:LISTED]
