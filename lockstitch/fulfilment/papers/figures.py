"""What stands on an invoice, a receipt, a credit note or a slip. Pure: from an order's own rows.

The sum of the goods, less discounts, plus charges is the total; the rates' sums are the total as
well; points and money are the total once more. Tax is rounded once for each rate and document
(適格請求書: 消費税法 57条の4, 施行令 70条の10).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from lockstitch.kernel.money import BasisPoints, Yen, included_tax
from lockstitch.kernel.text import localised
from lockstitch.orders.models import Order, OrderLine, Reduction

STANDARD_BP, REDUCED_BP = 1000, 800
CHARGES = (("送料", "shipping_yen"), ("手数料", "fee_yen"), ("ギフト包装", "wrapping_yen"))


@dataclass(frozen=True)
class Item:
    name: str
    detail: str
    code: str
    quantity: int
    unit_yen: Yen
    yen: Yen
    rate_bp: BasisPoints

    @property
    def reduced(self) -> bool:
        return self.rate_bp == REDUCED_BP


@dataclass(frozen=True)
class RateSum:
    """All that is taxed at one rate: with tax, and the tax inside."""

    rate_bp: BasisPoints
    yen: Yen
    tax_yen: Yen


@dataclass(frozen=True)
class Figures:
    items: list[Item]
    discount_yen: Yen
    charges: list[tuple[str, Yen]]
    total_yen: Yen
    rates: list[RateSum]
    points_yen: Yen = 0

    @property
    def goods_yen(self) -> Yen:
        return sum(item.yen for item in self.items)

    @property
    def money_yen(self) -> Yen:
        return self.total_yen - self.points_yen


@dataclass
class _Given:
    """What was given up before it left, by line and of the charges."""

    yen: defaultdict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    charges: int = 0


def invoice(order: Order, reductions: Sequence[Reduction]) -> Figures:
    """What was sold: the present revision, less what was cancelled. Returns are not in it; they
    have a paper of their own (`credit`)."""
    given = _given(reductions)
    items, net, bases = [], 0, defaultdict[BasisPoints, Yen](int)
    for line in order.current_lines:
        left = line.quantity - line.cancelled
        if not left:
            continue
        items.append(item_of(line, left))
        worth = line.net_yen - given.yen[line.pk]
        net += worth
        bases[line.tax_rate_bp] += worth
    charges = _charges(order, given.charges)
    bases[STANDARD_BP] += sum(yen for _, yen in charges)
    total = net + sum(yen for _, yen in charges)
    discount = sum(item.yen for item in items) - net
    return Figures(items, discount, charges, total, rate_sums(bases), _points(order, reductions))


def credit(order: Order, returned: Sequence[Reduction]) -> Figures:
    """適格返還請求書: what was given back for returned goods, at the rates of the sale. The taxes
    are those that left the order with them, so that all papers of an order sum."""
    items = []
    bases: defaultdict[BasisPoints, Yen] = defaultdict(int)
    taxes: defaultdict[BasisPoints, Yen] = defaultdict(int)
    charges = 0
    lines = {line.pk: line for line in order.lines.all()}
    for row in returned:
        for rate, tax in row.taxes.items():
            taxes[int(rate)] += tax
        if row.line_id is None:
            charges += row.yen
            bases[STANDARD_BP] += row.yen
            continue
        line = lines[row.line_id]
        bases[line.tax_rate_bp] += row.yen
        items.append(item_of(line, row.quantity, yen=row.yen))
    rates = [RateSum(rate, yen, taxes[rate]) for rate, yen in sorted(bases.items()) if yen]
    total = sum(bases.values())
    return Figures(items, 0, [("送料・手数料", charges)] if charges else [], total, rates)


def parcel(lines: Mapping[UUID, OrderLine], pieces: Mapping[UUID, int]) -> list[Item]:
    """What is in a parcel, at list prices."""
    return [item_of(lines[key], count) for key, count in pieces.items()]


def item_of(line: OrderLine, quantity: int, *, yen: Yen | None = None) -> Item:
    """Of a 福袋 the buyer is told only its name until it has been sent."""
    name, code, of = localised(line.name, "ja"), line.sku_code, ""
    parts = [localised(line.colour, "ja"), line.size, hem_word(line)]
    if line.set_id:
        of = localised(line.set_name, "ja")
        if line.set_hidden and not line.shipped:
            name, code, of, parts = of, "", "", []
    detail = " / ".join(part for part in (*parts, of and f"セット: {of}") if part)
    return Item(
        name, detail, code, quantity, line.unit_price_yen,
        line.unit_price_yen * quantity if yen is None else yen, line.tax_rate_bp,
    )  # fmt: skip


def hem_word(line: OrderLine) -> str:
    return f"お直し 股下{line.hem_cm}cm" if line.hem_mm else ""


def rate_sums(bases: Mapping[BasisPoints, Yen]) -> list[RateSum]:
    """Tax once for each rate, fractions dropped."""
    return [
        RateSum(rate, yen, included_tax(yen, rate))
        for rate, yen in sorted(bases.items(), reverse=True)
        if yen
    ]


def _given(reductions: Iterable[Reduction]) -> _Given:
    given = _Given()
    for row in reductions:
        if row.kind != "cancel":
            continue
        if row.line_id is None:
            given.charges += row.yen
        else:
            given.yen[row.line_id] += row.yen
    return given


def _charges(order: Order, given_back: Yen) -> list[tuple[str, Yen]]:
    """Each charge that is left; what was given back is taken from the first on."""
    left, found = given_back, []
    for name, column in CHARGES:
        yen = getattr(order, column)
        taken = min(left, yen)
        left -= taken
        if yen > taken:
            found.append((name, yen - taken))
    return found


def _points(order: Order, reductions: Iterable[Reduction]) -> Yen:
    """The points that paid for what was sold: those spent, less those that came back with pieces
    cancelled. Money goes back first, so the rows are read as they came."""
    money_left, points = order.total_yen - order.points_yen, order.points_yen
    for row in sorted(reductions, key=lambda row: (row.at, row.pk)):
        money = min(row.yen, money_left)
        money_left -= money
        if row.kind == "cancel":
            points -= row.yen - money
    return points
