"""Prices that wait for a second person: shown, taken or dropped (`under_cost` says which do)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue.editing import save
from lockstitch.catalogue.models import PriceWait, Product, Sku
from lockstitch.catalogue.reading import wholes
from lockstitch.catalogue.under_cost import Money, with_money
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused

LISTED = 100


@dataclass(frozen=True)
class Waiting:
    """`rows`: (SKU as it is, its money as it shall be)."""

    wait: PriceWait
    rows: list[tuple[Sku, Money]]


def waiting(product_ids: Iterable[UUID] | None = None) -> list[Waiting]:
    """The oldest first; two queries."""
    waits = PriceWait.objects.filter(state="waits").select_related("product")
    if product_ids is not None:
        waits = waits.filter(product_id__in=list(product_ids))
    found = list(waits[:LISTED])
    named = Sku.objects.filter(id__in=[key for wait in found for key in wait.skus])
    skus = {str(sku.id): sku for sku in named.select_related("colour", "size").order_by("code")}
    return [
        Waiting(
            wait,
            [
                (sku, msgspec.convert(wait.skus[key], Money))
                for key, sku in skus.items() if key in wait.skus
            ],
        )
        for wait in found
    ]  # fmt: skip


def how_many_wait() -> int:
    return PriceWait.objects.filter(state="waits").count()


def decide(wait_id: UUID, by: UUID, *, take: bool, seen: str) -> None:
    """Takes it as it was `seen` (its time), or drops it: that anybody may.

    Raises NotFound once it is decided; Refused for who asked for it, for one that has changed
    since, and for what the product's rules forbid by now.
    """
    with transaction.atomic():
        named = PriceWait.objects.filter(id=wait_id).values("product_id")
        product = Product.objects.select_for_update().filter(id__in=named).first()
        wait: PriceWait | None = (
            PriceWait.objects.select_for_update().filter(id=wait_id, state="waits").first()
        )
        if product is None or wait is None:
            raise NotFound(_("Somebody has decided this already."))
        if take:
            if wait.by == by:
                raise Refused(_("Somebody else must approve it too."))
            if wait.at.isoformat() != seen:
                raise Refused(_("It was changed meanwhile. Please look at it again."))
            _take(product, wait, by)
        wait.state, wait.decided_by, wait.decided_at = ("taken" if take else "dropped"), by, now()
        wait.save(update_fields=["state", "decided_by", "decided_at"])


def _take(product: Product, wait: PriceWait, by: UUID) -> None:
    (kept,) = wholes([product])
    ids = Sku.objects.filter(product=product).values_list("code", "id")
    wanted = {code: wait.skus.get(str(sku_id)) for code, sku_id in ids}
    skus = [
        with_money(sku, msgspec.convert(money, Money)) if (money := wanted[sku.code]) else sku
        for sku in kept.new.skus
    ]
    save(
        replace(kept.new, skus=skus), product_id=product.id, version=kept.version, by=by,
        verb="price",
    )  # fmt: skip
