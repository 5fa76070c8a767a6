"""Campaigns and coupons: what each takes off which line, and why not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lockstitch.kernel.money import BasisPoints, Yen
from lockstitch.pricing.shares import Item, shared

# Sets first, then what depends on the number of pieces, then sums and rates, coupons last.
STEPS = {"n_for": 0, "quantity": 1, "amount": 2, "rate": 2, "shipping": 4, "gift": 5}
COUPON_STEP = 3


@dataclass(frozen=True)
class Scope:
    """Which goods a promotion looks at. Empty sets narrow nothing; each set that is given must
    be met."""

    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    excludes_sale: bool = False

    def holds(self, item: Item) -> bool:
        return (
            (not self.products or item.product in self.products)
            and (not self.categories or bool(item.categories & self.categories))
            and (not self.brands or item.brand in self.brands)
            and not (self.excludes_sale and item.on_sale)
        )


@dataclass(frozen=True)
class Promotion:
    """One offer. Kinds: `amount` (yen off), `rate` (basis points off), `shipping` (none charged),
    `n_for` (each `pieces` pieces for `yen` together), `quantity` (from `pieces` pieces on,
    `rate_bp` off), `gift` (one `gift_sku` free). The conditions look at the scope's goods."""

    id: str
    name: dict[str, str]
    kind: str
    yen: Yen = 0
    rate_bp: BasisPoints = 0
    pieces: int = 0
    scope: Scope = field(default_factory=Scope)
    from_yen: Yen = 0
    from_pieces: int = 0
    exclusive: bool = False
    coupon: bool = False
    priority: int = 0
    gift_sku: str = ""

    def __post_init__(self) -> None:
        if self.kind in {"n_for", "quantity"} and self.pieces < 1:
            raise ValueError("a set has at least one piece")

    @property
    def turn(self) -> tuple[int, int, str]:
        step = STEPS[self.kind]
        return (COUPON_STEP if self.coupon and step == 2 else step, self.priority, self.id)


@dataclass(frozen=True)
class Explained:
    """Why a promotion counts or does not: `why` is empty when it counts, else `scope`, `minimum`,
    `pieces`, `nothing` (left to take off) or `better` (another choice saves more)."""

    id: str
    name: dict[str, str]
    saved_yen: Yen
    why: str = ""


@dataclass(frozen=True)
class Effect:
    discounts: tuple[Yen, ...]
    ships_free: bool
    gifts: tuple[str, ...]
    explained: tuple[Explained, ...]


def applied(items: Sequence[Item], promotions: Sequence[Promotion], *, shipping_yen: Yen) -> Effect:
    """All combinable promotions together, or the one exclusive that saves more than they do."""
    together = [each for each in promotions if not each.exclusive]
    choices = [together, *([each] for each in promotions if each.exclusive)]
    tried = [(choice, _run(items, choice)) for choice in choices]
    best, effect = min(
        tried,
        key=lambda pair: (
            -sum(pair[1].discounts) - (shipping_yen if pair[1].ships_free else 0),
            [each.turn for each in pair[0]] if pair[0] is not together else [],
        ),
    )
    losers = tuple(
        Explained(each.id, each.name, 0, "better") for each in promotions if each not in best
    )
    explained = sorted(effect.explained + losers, key=lambda each: each.id)
    return Effect(effect.discounts, effect.ships_free, effect.gifts, tuple(explained))


def _run(items: Sequence[Item], promotions: Sequence[Promotion]) -> Effect:
    nets = [item.total_yen for item in items]
    in_sets = [0] * len(items)  # pieces that a set has used up
    ships_free, gifts, explained = False, [], []
    for each in sorted(promotions, key=lambda each: each.turn):
        here = [n for n, item in enumerate(items) if each.scope.holds(item)]
        why = _refusal(each, items, nets, here)
        saved = 0
        if not why and each.kind == "shipping":
            ships_free = True
        elif not why and each.kind == "gift":
            gifts.append(each.gift_sku)
        elif not why:
            cuts = _sets(each, items, nets, in_sets, here) or _cuts(each, items, nets, here)
            saved = sum(cuts)
            nets = [net - cut for net, cut in zip(nets, cuts, strict=True)]
            why = "" if saved else "nothing"
        explained.append(Explained(each.id, each.name, saved, why))
    discounts = tuple(item.total_yen - net for item, net in zip(items, nets, strict=True))
    return Effect(discounts, ships_free, tuple(gifts), tuple(explained))


def _refusal(each: Promotion, items: Sequence[Item], nets: Sequence[Yen], here: list[int]) -> str:
    if not here:
        return "scope"
    if sum(nets[n] for n in here) < each.from_yen:
        return "minimum"
    pieces = sum(items[n].quantity for n in here)
    if pieces < max(each.from_pieces, each.pieces):
        return "pieces"
    return ""


def _cuts(
    each: Promotion, items: Sequence[Item], nets: Sequence[Yen], here: list[int]
) -> list[Yen]:
    """What an amount or a rate takes off each line."""
    cuts = [0] * len(items)
    if each.kind == "n_for":
        return cuts
    base = sum(nets[n] for n in here)
    cut = min(each.yen, base) if each.kind == "amount" else base * each.rate_bp // 10_000
    if cut:
        parts = shared(cut, [nets[n] for n in here], [items[n].place for n in here])
        for n, part in zip(here, parts, strict=True):
            cuts[n] = part
    return cuts


def _sets(
    each: Promotion, items: Sequence[Item], nets: Sequence[Yen], in_sets: list[int],
    here: list[int],
) -> list[Yen] | None:  # fmt: skip
    """What `n_for` takes off: dearest pieces first, each piece in one set only."""
    if each.kind != "n_for":
        return None
    free = [n for n in here for _ in range(items[n].quantity - in_sets[n])]
    free.sort(key=lambda n: (-items[n].unit_price_yen, items[n].place))
    cuts = [0] * len(items)
    for start in range(0, len(free) - each.pieces + 1, each.pieces):
        group = free[start : start + each.pieces]
        prices = [items[n].unit_price_yen for n in group]
        if sum(prices) <= each.yen:
            break  # what follows is cheaper still
        parts = shared(sum(prices) - each.yen, prices, [items[n].place for n in group])
        for n, part in zip(group, parts, strict=True):
            cuts[n] += part
            in_sets[n] += 1
    return cuts
