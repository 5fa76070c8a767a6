"""Prices under cost wait for a second person, where the shop wants two for what it shows.

A cost is without tax (仕入原価), a price with it, so a price is under cost when what is left of it
without the tax is. Who lowers or removes a cost would make room for such a price: that waits too.
A cost that rises above a price is written down at once: it is what goods cost.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from lockstitch.catalogue.checks import Fault
from lockstitch.catalogue.models import PriceWait, Sku
from lockstitch.catalogue.whole import NewProduct, NewSku
from lockstitch.kernel.clock import now
from lockstitch.kernel.money import included_tax
from lockstitch.kernel.text import folded


@dataclass(frozen=True)
class Money:
    """Of one SKU; all of it is kept or waits, for its parts are checked against each other."""

    price_yen: int
    list_price_yen: int | None
    sale_price_yen: int | None
    sale_from: dt.datetime | None
    sale_until: dt.datetime | None
    cost_yen: int | None

    @classmethod
    def of(cls, sku: NewSku) -> "Money":
        return cls(**{name: getattr(sku, name) for name in cls.__annotations__})

    @property
    def prices(self) -> tuple[object, ...]:
        return self.price_yen, self.sale_price_yen, self.sale_from, self.sale_until

    def is_under(self, rate_bp: int) -> bool:
        prices = [self.price_yen, *([] if self.sale_price_yen is None else [self.sale_price_yen])]
        return self.cost_yen is not None and any(
            yen - included_tax(yen, rate_bp) < self.cost_yen for yen in prices
        )


@dataclass
class Held:
    """`waits`: SKU code -> what it shall be; `settled`: codes whose money is what was asked for."""

    waits: dict[str, Money] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)


def hold(
    new: NewProduct, old: NewProduct | None, *,
    colours: Mapping[str, str] = {}, sizes: Mapping[str, str] = {},
) -> tuple[NewProduct, Held, list[Fault]]:  # fmt: skip
    """`new` with the former money where the new one waits. `colours` and `sizes`: codes of `old`
    -> what they are called now. A SKU that is new has no former money: it is a fault."""
    before = {
        (colours.get(sku.colour, sku.colour), sizes.get(sku.size, sku.size)): Money.of(sku)
        for sku in (old.skus if old else [])
    }
    held, faults, skus = Held(), [], []
    for sku in new.skus:
        money, former = Money.of(sku), before.get((sku.colour, sku.size))
        is_under = money.is_under(new.tax_rate_bp)
        if former is None and is_under:
            text = _("Under cost. Make it at a higher price first; a lower one then waits.")
            faults.append(Fault(("sku", sku.colour, sku.size, "price_yen"), text))
        waits = former is not None and (
            (is_under and money.prices != former.prices)
            or _is_lower(money.cost_yen, former.cost_yen)
        )
        if waits:
            held.waits[sku.code] = money
        elif money != former:
            held.settled.add(sku.code)
        skus.append(with_money(sku, former) if waits and former else sku)
    return replace(new, skus=skus), held, faults


def _is_lower(cost_yen: int | None, former_yen: int | None) -> bool:
    return former_yen is not None and (cost_yen is None or cost_yen < former_yen)


def with_money(sku: NewSku, money: Money) -> NewSku:
    return replace(sku, **vars(money))


def keep_waits(found: Mapping[UUID, Held], by: UUID | None) -> None:
    """`found`: product -> what a save of it held. What the same person asked for before stays,
    but for what this save has settled."""
    found = {key: held for key, held in found.items() if held.waits or held.settled}
    if not found:
        return
    codes = {folded(code) for held in found.values() for code in (*held.waits, *held.settled)}
    rows = Sku.objects.filter(code_folded__in=codes).values_list("code_folded", "id")
    ids = {code: str(sku_id) for code, sku_id in rows}
    waiting = PriceWait.objects.select_for_update().filter(
        product_id__in=found, by=by, state="waits"
    )
    for wait in waiting:
        held = found[wait.product_id]
        gone = {ids[folded(code)] for code in held.settled}
        kept = {key: money for key, money in wait.skus.items() if key not in gone}
        kept |= _as_json(held, ids)
        if not kept:
            wait.delete()
        elif kept != wait.skus:
            wait.skus, wait.at = kept, now()
            wait.save(update_fields=["skus", "at"])
    known = {wait.product_id for wait in waiting}
    PriceWait.objects.bulk_create(
        PriceWait.here(product_id=product_id, skus=_as_json(held, ids), by=by)
        for product_id, held in found.items()
        if held.waits and product_id not in known
    )


def _as_json(held: Held, ids: Mapping[str, str]) -> dict[str, object]:
    return {ids[folded(code)]: msgspec.to_builtins(money) for code, money in held.waits.items()}
