"""What an order costs. Pure, in yen with tax included; `docs/money.md` says why."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from lockstitch.kernel.money import BasisPoints, Yen, included_tax

STANDARD_RATE_BP: BasisPoints = 1000  # shipping and fees are taxed at the standard rate
METHODS = ("cod", "bank")


@dataclass(frozen=True)
class Item:
    unit_price_yen: Yen
    quantity: int
    tax_rate_bp: BasisPoints = STANDARD_RATE_BP

    @property
    def total_yen(self) -> Yen:
        return self.unit_price_yen * self.quantity


@dataclass(frozen=True)
class Charges:
    """A site's terms, as numbers. `cod_fees` rises: (largest total, fee)."""

    shipping_yen: Yen
    free_shipping_from_yen: Yen | None
    cod_fees: Sequence[tuple[Yen, Yen]] = ()


@dataclass(frozen=True)
class Quote:
    """What is shown, and what is then charged. `tax_yen` is contained in `total_yen`."""

    items_yen: Yen
    shipping_yen: Yen
    fee_yen: Yen
    total_yen: Yen
    taxes: dict[BasisPoints, Yen] = field(default_factory=dict)

    @property
    def tax_yen(self) -> Yen:
        return sum(self.taxes.values())


class MethodRefused(ValueError):
    """This way of paying is not offered for this sum."""


def quote(items: Sequence[Item], charges: Charges, method: str) -> Quote:
    """The sum of an order. The order of `items` does not matter.

    Tax is computed once per rate for the whole document, on the sum of that rate.
    Raises MethodRefused when cash on delivery is not offered for so large a sum.
    """
    if not items:
        return Quote(0, 0, 0, 0)
    goods = sum(item.total_yen for item in items)
    free_from = charges.free_shipping_from_yen
    shipping = 0 if free_from is not None and goods >= free_from else charges.shipping_yen
    fee = cod_fee(goods + shipping, charges.cod_fees) if method == "cod" else 0
    per_rate: dict[BasisPoints, Yen] = defaultdict(int)
    for item in items:
        per_rate[item.tax_rate_bp] += item.total_yen
    per_rate[STANDARD_RATE_BP] += shipping + fee
    taxes = {rate: included_tax(sum_yen, rate) for rate, sum_yen in sorted(per_rate.items())}
    return Quote(goods, shipping, fee, goods + shipping + fee, taxes)


def cod_fee(total_yen: Yen, table: Sequence[tuple[Yen, Yen]]) -> Yen:
    """The first fee whose limit is not below the total."""
    for limit, fee in table:
        if total_yen <= limit:
            return fee
    raise MethodRefused("cash on delivery is not offered for this sum")


def missing_for_free_shipping(goods_yen: Yen, free_from_yen: Yen | None) -> Yen:
    """How much more would ship free; 0 when it does, or never does."""
    return max(0, free_from_yen - goods_yen) if free_from_yen is not None else 0
