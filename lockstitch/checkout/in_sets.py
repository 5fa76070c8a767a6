"""Sets in a cart, taken apart into the pieces that are sold, each with its share of the price."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from lockstitch.catalogue.models import Picture
from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.models import Cart, CartSet
from lockstitch.kernel.text import Text
from lockstitch.pricing.rules import rank_price
from lockstitch.pricing.shares import shared
from lockstitch.sets.queries import SetView, shown, views

if TYPE_CHECKING:
    from lockstitch.checkout.queries import CartRow


@dataclass(frozen=True)
class InSet:
    """Which set of a cart a row is of. `price_yen` is this buyer's for one set; `is_gone`: it
    cannot be bought (any more) as it was chosen."""

    id: UUID  # of the cart's row, and then of the order's group
    set_id: UUID
    number: int
    name: Text
    hidden: bool
    quantity: int
    price_yen: int
    price_seen_yen: int
    picture: Picture | None
    is_gone: bool = False
    list_yen: int = 0  # what the shop asks of everybody
    label: str = ""  # 福袋: the size that was chosen, where there is a choice


@dataclass(frozen=True)
class SetRow:
    """A set in a cart, with the rows that are its pieces."""

    of: InSet
    rows: list["CartRow"]

    @property
    def total_yen(self) -> int:
        return self.of.price_yen * self.of.quantity

    @property
    def short(self) -> bool:
        return any(row.short for row in self.rows)

    @property
    def over(self) -> bool:
        return any(row.over for row in self.rows)

    @property
    def price_changed(self) -> bool:
        return self.of.price_seen_yen != self.of.list_yen

    @property
    def ships_on(self) -> dt.date | None:
        return max((row.ships_on for row in self.rows if row.ships_on), default=None)


def grouped(rows: Iterable["CartRow"]) -> list[SetRow]:
    """The sets among these rows."""
    found: dict[UUID, SetRow] = {}
    for row in rows:
        if row.of is not None:
            found.setdefault(row.of.id, SetRow(row.of, [])).rows.append(row)
    return list(found.values())


@dataclass(frozen=True)
class Piece:
    """Pieces of a SKU in one set that have the same share of its price."""

    offer: Offer
    share_yen: int
    pieces: int


def split(price_yen: int, offers: list[Offer]) -> list[Piece]:
    """The price of a set over its pieces, as their own prices are (largest remainders): whole yen
    that sum to it. Of one SKU two pieces may differ by a yen, and then are two."""
    weights = [offer.price_yen for offer in offers]
    weights = weights if any(weights) else [1] * len(offers)
    parts = shared(price_yen, weights, [(n,) for n in range(len(offers))])
    counted: Counter[tuple[UUID, int]] = Counter()
    for offer, share in zip(offers, parts, strict=True):
        counted[offer.sku_id, share] += 1
    by_sku = {offer.sku_id: offer for offer in offers}
    return [Piece(by_sku[sku], share, n) for (sku, share), n in counted.items()]


def sets_of(cart: Cart) -> list[CartSet]:
    return list(CartSet.objects.filter(cart=cart).select_related("goods_set", "goods_set__picture"))


def taken_apart(
    kept: list[CartSet], offers: Mapping[UUID, Offer], rate_bp: int
) -> list[tuple[InSet, list[Piece]]]:
    """Each set with its pieces; without any when it is gone. Six queries, none for no sets."""
    if not kept:
        return []
    rows = shown().filter(id__in={each.goods_set_id for each in kept}).select_related("picture")
    now = {view.row.pk: view for view in views(rows)}
    found = []
    for each in kept:
        view = now.get(each.goods_set_id)
        is_gone = view is None or not view.fits(each.skus) or not offers.keys() >= set(each.skus)
        row = each.goods_set
        price = rank_price(row.price_yen, rate_bp)
        of = InSet(
            each.pk, row.pk, row.number, row.name, row.hides_contents, each.quantity, price,
            each.price_seen_yen, view.picture if view else row.picture, is_gone, row.price_yen,
            _label(view, each) if view and row.hides_contents else "",
        )  # fmt: skip
        found.append((of, [] if is_gone else split(price, [offers[sku] for sku in each.skus])))
    return found


def _label(view: SetView, kept: CartSet) -> str:
    labels = view.labels if len(view.labels) > 1 else []
    return next((label for label in labels if view.of_label(label) == kept.skus), "")
