"""The chart of accounts, and what an order comes to in it. Pure; yen, debit positive.

Books are kept without consumption tax in the sums (税抜経理). A sale is recognised when its goods
leave; money before that is 前受金. What an order *should* stand at follows from the order alone,
and the journal is written as the difference to what it stands at: it cannot drift, and repeating
a posting writes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lockstitch.kernel.money import BasisPoints, Yen, included_tax


@dataclass(frozen=True)
class Account:
    ja: str
    en: str
    kind: str  # asset, liability, income, expense
    tax: BasisPoints | None = None  # the rate whose sales it holds


CHART: dict[str, Account] = {
    "bank": Account("普通預金", "Bank", "asset"),
    "card_due": Account("カード未収金", "CardReceivable", "asset"),
    "service_due": Account("決済代行未収金", "PaymentServiceReceivable", "asset"),
    "cod_due": Account("代引未収金", "CodReceivable", "asset"),
    "receivable": Account("売掛金", "Receivable", "asset"),
    "paid_tax": Account("仮払消費税", "InputTax", "asset"),
    "deposits": Account("前受金", "CustomerDeposits", "liability"),
    "points": Account("契約負債（ポイント）", "PointLiability", "liability"),
    "tax_10": Account("仮受消費税（10%）", "OutputTax10", "liability"),
    "tax_8": Account("仮受消費税（軽減8%）", "OutputTax8", "liability"),
    "sales_10": Account("売上高（10%）", "Sales10", "income", 1000),
    "sales_8": Account("売上高（軽減8%）", "Sales8", "income", 800),
    "discounts_10": Account("売上値引（10%）", "Discounts10", "income", 1000),
    "discounts_8": Account("売上値引（軽減8%）", "Discounts8", "income", 800),
    "shipping": Account("送料収入", "ShippingIncome", "income", 1000),
    "fees": Account("代引手数料収入", "CodFeeIncome", "income", 1000),
    "wrapping": Account("ラッピング収入", "WrappingIncome", "income", 1000),
    "points_expired": Account("ポイント失効益", "PointsExpired", "income"),
    "point_cost": Account("ポイント費用", "PointCost", "expense"),
    "provider_fees": Account("支払手数料", "ProviderFees", "expense", 1000),
    "difference": Account("雑損失", "Differences", "expense"),
}

RATE_NAMES = {1000: "10", 800: "8"}
# Where the money of each way to pay is until it is ours.
HELD = {"cod": "cod_due", "card": "card_due", "konbini": "service_due", "link": "service_due"}
PROVIDERS = {"cod_due", "card_due", "service_due"}


@dataclass(frozen=True)
class Sold:
    """A line of an order as it stands: `kept` pieces are with the buyer, `open` still to be sent,
    `given_back` cancelled or returned."""

    total_yen: Yen
    net_yen: Yen
    quantity: int
    kept: int
    open: int
    given_back: int
    tax_rate_bp: BasisPoints


@dataclass(frozen=True)
class Stands:
    """Everything of an order that its books follow from."""

    lines: tuple[Sold, ...]
    shipping_yen: Yen
    fee_yen: Yen
    wrapping_yen: Yen
    charges_given_yen: Yen  # of shipping, fee and wrapping
    has_left: bool  # a parcel was sent: the charges are earned
    points_yen: Yen  # spent and not given back
    money: Mapping[str, Yen]  # account -> captured less refunded


def earned(whole_yen: Yen, line: Sold) -> Yen:
    """The part of a line's sum that is earned: all that was not given up once nothing is open."""
    left = whole_yen - whole_yen * line.given_back // line.quantity
    if not line.open:
        return left
    pieces = line.quantity - line.given_back
    return left * line.kept // pieces if pieces else 0


def position(order: Stands) -> dict[str, Yen]:
    """Account -> balance of one order, debit positive; the balances sum to zero."""
    books: Counter[str] = Counter()
    bases: Counter[BasisPoints] = Counter()
    for line in order.lines:
        net, gross = earned(line.net_yen, line), earned(line.total_yen, line)
        bases[line.tax_rate_bp] += net
        _discount(books, line.tax_rate_bp, gross - net)
    sales = dict(bases)
    for name, yen in _charges(order).items():
        bases[1000] += yen
        books[name] -= yen - included_tax(yen, 1000)
    for rate, base in bases.items():
        tax = included_tax(base, rate)
        name = RATE_NAMES[rate]
        books[f"tax_{name}"] -= tax
        others = sum(books[a] for a in ("shipping", "fees", "wrapping")) if rate == 1000 else 0
        books[f"sales_{name}"] -= base - tax + others + books[f"discounts_{name}"]
        sales.pop(rate, None)
    for account, yen in order.money.items():
        books[account] += yen
    books["points"] += order.points_yen
    owed = -sum(books.values())
    books["receivable" if owed > 0 else "deposits"] += owed
    return {account: yen for account, yen in books.items() if yen}


def _discount(books: Counter[str], rate: BasisPoints, yen: Yen) -> None:
    books[f"discounts_{RATE_NAMES[rate]}"] += yen - included_tax(yen, rate)


def _charges(order: Stands) -> dict[str, Yen]:
    """What is earned of shipping, fee and wrapping; what was given back is taken off in turn."""
    if not order.has_left:
        return {}
    left, found = order.charges_given_yen, {}
    named = {"shipping": order.shipping_yen, "fees": order.fee_yen, "wrapping": order.wrapping_yen}
    for name, yen in named.items():
        off = min(left, yen)
        left -= off
        found[name] = yen - off
    return found


def difference(wanted: Mapping[str, Yen], posted: Mapping[str, Yen]) -> dict[str, Yen]:
    """The lines of the entry that brings `posted` to `wanted`."""
    found = {a: wanted.get(a, 0) - posted.get(a, 0) for a in sorted({*wanted, *posted})}
    return {account: yen for account, yen in found.items() if yen}


# What each kind of point entry is in the books; spending and restoring belong to their order.
POINT_COUNTER = {
    "settle": "point_cost", "earn": "point_cost", "adjust": "point_cost",
    "reverse": "point_cost", "expire": "points_expired",
}  # fmt: skip


def balances(lines: Iterable[tuple[str, Yen]]) -> bool:
    return sum(yen for _account, yen in lines) == 0
