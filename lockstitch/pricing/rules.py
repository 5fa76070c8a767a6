"""What an order costs. Pure, in yen with tax included; `docs/money.md` says why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lockstitch.kernel.money import BasisPoints, Yen, included_tax
from lockstitch.pricing.offers import Explained, Promotion, applied
from lockstitch.pricing.shares import Item as Item

STANDARD_RATE_BP: BasisPoints = 1000  # shipping, fees and wrapping are taxed at the standard rate
METHODS = ("cod", "bank", "card", "konbini", "link")
COLLECTED = "cod"


@dataclass(frozen=True)
class To:
    """Where a part of the order goes, as far as it decides a charge."""

    no: int = 1
    prefecture: str = ""
    postal_zone: str = ""  # the first three digits
    wrapping: str = ""  # a key of Charges.wrapping
    pickup: bool = False  # fetched in a shop: nothing to ship


@dataclass(frozen=True)
class Charges:
    """A site's terms, as numbers. `cod_fees` and `weight_fees` rise: (largest value, fee)."""

    shipping_yen: Yen
    free_shipping_from_yen: Yen | None
    cod_fees: Sequence[tuple[Yen, Yen]] = ()
    by_prefecture: Mapping[str, Yen] = field(default_factory=dict)  # instead of `shipping_yen`
    weight_fees: Sequence[tuple[int, Yen]] = ()  # (up to so many grams, added)
    islands: Mapping[str, Yen] = field(default_factory=dict)  # postal zone -> added, never free
    free_measures_before: bool = False  # the free-shipping limit looks at prices before discounts
    wrapping: Mapping[str, Yen] = field(default_factory=dict)


@dataclass(frozen=True)
class PricedLine:
    """`discount_yen` is this line's share of every promotion."""

    item: Item
    discount_yen: Yen

    @property
    def net_yen(self) -> Yen:
        return self.item.total_yen - self.discount_yen


@dataclass(frozen=True)
class Quote:
    """What is shown, and what is then charged. `tax_yen` is contained in `total_yen`, of which
    `points_yen` is paid in points."""

    items_yen: Yen
    shipping_yen: Yen
    fee_yen: Yen
    total_yen: Yen
    taxes: dict[BasisPoints, Yen] = field(default_factory=dict)
    discount_yen: Yen = 0
    wrapping_yen: Yen = 0
    points_yen: Yen = 0
    lines: tuple[PricedLine, ...] = ()
    gifts: tuple[str, ...] = ()
    explained: tuple[Explained, ...] = ()

    @property
    def tax_yen(self) -> Yen:
        return sum(self.taxes.values())

    @property
    def money_yen(self) -> Yen:
        return self.total_yen - self.points_yen


class MethodRefused(ValueError):
    """This way of paying is not offered for this sum."""


def quote(
    items: Sequence[Item], charges: Charges, method: str, *, to: Sequence[To] = (To(),),
    promotions: Sequence[Promotion] = (), points: Yen = 0,
) -> Quote:  # fmt: skip
    """The sum of an order. The order of `items`, `to` and `promotions` does not matter.

    Tax is computed once per rate for the whole document, on the sum of that rate. Points pay at
    most the total. Raises MethodRefused when cash on delivery is not offered for so large a sum.
    """
    if not items:
        return Quote(0, 0, 0, 0)
    shipping_before = sum(_shipping(to, charges, items, [item.total_yen for item in items]))
    effect = applied(items, promotions, shipping_yen=shipping_before)
    lines = tuple(map(PricedLine, items, effect.discounts))
    goods = sum(item.total_yen for item in items)
    discount = sum(effect.discounts)
    nets = [line.net_yen for line in lines]
    measured = [item.total_yen for item in items] if charges.free_measures_before else nets
    shipping = 0 if effect.ships_free else sum(_shipping(to, charges, items, measured))
    wrapping = sum(charges.wrapping.get(each.wrapping, 0) for each in to if each.wrapping)
    sum_yen = goods - discount + shipping + wrapping
    collected = sum_yen - min(points, sum_yen)
    fee = cod_fee(collected, charges.cod_fees) if method == COLLECTED and collected else 0
    total = sum_yen + fee
    per_rate: dict[BasisPoints, Yen] = defaultdict(int)
    for line in lines:
        per_rate[line.item.tax_rate_bp] += line.net_yen
    per_rate[STANDARD_RATE_BP] += shipping + wrapping + fee
    return Quote(
        items_yen=goods, discount_yen=discount, shipping_yen=shipping, fee_yen=fee,
        wrapping_yen=wrapping, total_yen=total, points_yen=min(points, total),
        taxes={rate: included_tax(base, rate) for rate, base in sorted(per_rate.items())},
        lines=lines, gifts=effect.gifts, explained=effect.explained,
    )  # fmt: skip


def _shipping(
    to: Sequence[To], charges: Charges, items: Sequence[Item], measured: Sequence[Yen]
) -> list[Yen]:
    """The charge of each destination, by what goes there."""
    found = []
    for each in to:
        here = [n for n, item in enumerate(items) if item.destination == each.no]
        if each.pickup or not here:
            found.append(0)
            continue
        base = charges.by_prefecture.get(each.prefecture, charges.shipping_yen)
        grams = sum(items[n].weight_g * items[n].quantity for n in here)
        base += next((fee for limit, fee in charges.weight_fees if grams <= limit), 0)
        limit = charges.free_shipping_from_yen
        if limit is not None and sum(measured[n] for n in here) >= limit:
            base = 0
        found.append(base + charges.islands.get(each.postal_zone, 0))
    return found


def cod_fee(total_yen: Yen, table: Sequence[tuple[Yen, Yen]]) -> Yen:
    """The first fee whose limit is not below the total."""
    for limit, fee in table:
        if total_yen <= limit:
            return fee
    raise MethodRefused("cash on delivery is not offered for this sum")


def missing_for_free_shipping(goods_yen: Yen, free_from_yen: Yen | None) -> Yen:
    """How much more would ship free; 0 when it does, or never does."""
    return max(0, free_from_yen - goods_yen) if free_from_yen is not None else 0


def rank_price(price_yen: Yen, rate_bp: BasisPoints) -> Yen:
    """The price for a member whose rank takes `rate_bp` off, fractions dropped."""
    return price_yen - price_yen * rate_bp // 10_000
