"""Sets as the shop and the console show them."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.audience import OPEN
from lockstitch.catalogue.cards import edges, shown_now
from lockstitch.catalogue.models import Picture, Sku
from lockstitch.catalogue.queries import Offer
from lockstitch.catalogue.rules import is_within
from lockstitch.kernel.clock import now
from lockstitch.sets.models import GoodsSet as GoodsSet  # doors name it in their annotations
from lockstitch.sets.models import SetPart

PAGE = 24


@dataclass(frozen=True)
class PartView:
    """A part with the sizes it is sold in now; none when it is not on sale."""

    part: SetPart
    options: list[Offer]
    code: str = ""  # of one of its SKUs, by which operators name it

    @property
    def offer(self) -> Offer | None:
        """The cheapest size, so that no saving is told that a choice of size takes away."""
        return min(self.options, key=lambda one: one.price_yen, default=None)


@dataclass(frozen=True)
class SetView:
    row: GoodsSet
    parts: list[PartView]

    @property
    def pieces(self) -> list[PartView]:
        """Each piece of the set: a part of two pieces comes twice."""
        return [one for one in self.parts for _n in range(one.part.quantity)]

    @property
    def skus(self) -> set[UUID]:
        """All that may be chosen from."""
        return {option.sku_id for one in self.parts for option in one.options}

    @property
    def apart_yen(self) -> int | None:
        """What the pieces cost now one by one; None when one of them is not sold so."""
        offers = [one.offer for one in self.pieces]
        return None if None in offers else sum(offer.price_yen for offer in offers if offer)

    @property
    def saving_yen(self) -> int:
        """Told only where the pieces can be bought apart, at more than the set (二重価格表示)."""
        apart = None if self.row.hides_contents else self.apart_yen
        return max(0, apart - self.row.price_yen) if apart is not None else 0

    @property
    def picture(self) -> Picture | None:
        """Its own; of a 福袋 never one of what is in it."""
        if self.row.picture_id or self.row.hides_contents:
            own: Picture | None = self.row.picture
            return own
        return next((one.offer.picture for one in self.parts if one.offer), None)

    @property
    def labels(self) -> list[str]:
        """福袋: the sizes in which every part is there. A part of one size goes with any."""
        sized = [[o.size for o in one.options] for one in self.parts if len(one.options) != 1]
        first = sized[0] if sized else [self.parts[0].options[0].size] if self.parts else []
        return [label for label in first if all(label in sizes for sizes in sized)]

    def of_label(self, label: str) -> list[UUID]:
        """福袋: a SKU for each piece; [] where there is none of that size."""
        if label not in self.labels:
            return []
        chosen = []
        for one in self.pieces:
            fits = one.options if len(one.options) == 1 else [
                o for o in one.options if o.size == label
            ]  # fmt: skip
            chosen.append(fits[0].sku_id)
        return chosen

    def fits(self, skus: Sequence[UUID]) -> bool:
        """Whether these are a choice for each piece, in their order, all on sale."""
        pieces = self.pieces
        return len(skus) == len(pieces) and all(
            any(option.sku_id == sku for option in piece.options)
            for sku, piece in zip(skus, pieces, strict=True)
        )

    def is_sold_out(self, left: Mapping[UUID, int]) -> bool:
        """Whether no choice can be had: of a part, or of a 福袋 in every size, too little is
        left."""
        if self.row.hides_contents:
            return not any(self.has(self.of_label(label), left) for label in self.labels)
        return not self.parts or any(
            sum(max(0, left.get(o.sku_id, 0)) for o in one.options) < one.part.quantity
            for one in self.parts
        )

    def has(self, skus: Sequence[UUID], left: Mapping[UUID, int]) -> bool:
        return bool(skus) and all(left.get(sku, 0) >= n for sku, n in Counter(skus).items())


def shown() -> QuerySet[GoodsSet]:
    """The one place that decides which sets a visitor may see: none with a part that is not for
    everybody, for its page is one for all visitors."""
    closed = SetPart.objects.filter(goods_set=OuterRef("pk")).exclude(
        colour__product__audience__in=OPEN
    )
    return shown_now(GoodsSet).exclude(Exists(closed))


def views(rows: Iterable[GoodsSet]) -> list[SetView]:
    """With their parts and sizes: five queries, however many. What is sold ahead is not sold in a
    set: it would leave at another time than the rest."""
    of = list(rows)
    parts: dict[UUID, list[SetPart]] = defaultdict(list)
    for part in SetPart.objects.filter(goods_set__in=[row.pk for row in of]).select_related(
        "colour", "colour__product"
    ):
        parts[part.goods_set_id].append(part)
    colours = {part.colour_id for each in parts.values() for part in each}
    skus = list(
        Sku.objects.filter(colour__in=colours, active=True)
        .order_by("size__position")
        .values_list("id", "colour_id", "code")
    )
    offers = catalogue.offers(sku for sku, _colour, _code in skus)
    codes = {colour: code for _sku, colour, code in reversed(skus)}
    options: dict[UUID, list[Offer]] = defaultdict(list)
    for sku, colour, _code in skus:
        if sku in offers and not offers[sku].preorder_month:
            options[colour].append(offers[sku])
    return [
        SetView(row, [
            PartView(part, options[part.colour_id], codes.get(part.colour_id, ""))
            for part in parts[row.pk]
        ])
        for row in of
    ]  # fmt: skip


@dataclass(frozen=True)
class Listed:
    rows: list[SetView]
    next: str


def listed(*, drafts: bool = False, after: str = "", limit: int = PAGE) -> Listed:
    """A page of sets by key, the newest first; `drafts`: also those that nobody is shown."""
    rows = GoodsSet.objects.all() if drafts else shown()
    if after:
        try:
            rows = rows.filter(id__lt=UUID(after))
        except ValueError:
            return Listed([], "")
    found = list(rows.select_related("picture").order_by("-id")[: limit + 1])
    page = found[:limit]
    return Listed(views(page), str(page[-1].pk) if len(found) > limit else "")


def find_set(number: int, *, drafts: bool = False) -> SetView | None:
    rows = GoodsSet.objects.all() if drafts else shown()
    row = rows.filter(number=number).select_related("picture").first()
    return None if row is None else views([row])[0]


def sets_with(product_id: UUID, limit: int = 6) -> list[GoodsSet]:
    """Sets that are shown and tell of this product; never a 福袋."""
    parts = SetPart.objects.filter(goods_set=OuterRef("pk"), colour__product=product_id)
    rows = shown().filter(Exists(parts), hides_contents=False).select_related("picture")
    return list(rows.order_by("-id")[:limit])


def shown_numbers(limit: int = 2_000) -> list[int]:
    return list(shown().order_by("-id").values_list("number", flat=True)[:limit])


def in_sets() -> frozenset[UUID]:
    """The products of all parts of the site's sets, shown or not."""
    return frozenset(SetPart.objects.values_list("colour__product_id", flat=True).distinct())


def windows() -> list[tuple[dt.datetime | None, dt.datetime | None]]:
    """When each set is shown: from, until."""
    return list(GoodsSet.objects.values_list("published_from", "published_until"))


def any_shown(of: Iterable[tuple[dt.datetime | None, dt.datetime | None]]) -> bool:
    moment = now()
    return any(is_within(since, until, moment) for since, until in of)


def moments() -> list[dt.datetime]:
    """When a set begins or ends to be shown by the clock, from now on; in order."""
    return edges(GoodsSet)
