"""Sets in a cart, taken apart into the pieces that are sold, each with its share of the price."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from lockstitch.catalogue.models import Picture
from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.models import Cart, CartSet
from lockstitch.kernel.text import Text
from lockstitch.pricing.rules import rank_price
from lockstitch.pricing.shares import shared
from lockstitch.sets.queries import shown, views


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
    return list(
        CartSet.objects.filter(cart=cart).select_related("goods_set", "goods_set__picture")
    )


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
        )  # fmt: skip
        found.append((of, [] if is_gone else split(price, [offers[sku] for sku in each.skus])))
    return found
