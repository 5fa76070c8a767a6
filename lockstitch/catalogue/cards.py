"""Products as lists show them: four queries for a page of cards, however many SKUs there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Min, Q, QuerySet, When

from lockstitch.catalogue.models import Colour, ColourPicture, Picture, Product, Sku
from lockstitch.catalogue.previewing import previewed
from lockstitch.kernel.clock import now


@dataclass(frozen=True)
class Card:
    """A product in a list, in one of its colours; prices are the lowest of now."""

    product: Product
    colours: list[Colour]
    price_yen: int
    list_price_yen: int | None
    picture: Picture | None
    second: Picture | None
    colour: Colour | None = None  # the one that is shown, when not the first


def shown_now(model: Any) -> QuerySet[Any]:
    """Within its window of publication."""
    moment = now()
    rows: QuerySet[Any] = model.objects.filter(published_from__lte=moment)
    return rows.filter(Q(published_until=None) | Q(published_until__gt=moment))


def edges(model: Any) -> list[dt.datetime]:
    """When a row's window of publication opens or closes, from now on; in order."""
    begun = now()
    rows = model.objects.filter(Q(published_from__gt=begun) | Q(published_until__gt=begun))
    found = rows.values_list("published_from", "published_until")
    return sorted(at for pair in found for at in pair if at and at > begun)


def on_sale() -> QuerySet[Product]:
    """What any visitor may see in a list."""
    return shown_now(Product).filter(audience="public")


def reachable(to: Sequence[str]) -> QuerySet[Product]:
    """What its own address leads to: shown to these, and the draft that is previewed here."""
    draft = previewed()
    rows = shown_now(Product).filter(audience__in=to)
    return rows if draft is None else Product.objects.filter(id=draft)


def cards_of(product_ids: Iterable[UUID]) -> list[Card]:
    """Those of the products that are on sale."""
    return cards_of_products(list(on_sale().filter(id__in=list(product_ids))))


def cards_in(colours: Mapping[UUID, UUID]) -> list[Card]:
    """Product -> the colour in which it is shown; in that order."""
    found = {product.id: product for product in on_sale().filter(id__in=list(colours))}
    return cards_of_products([found[key] for key in colours if key in found], colours)


def cards_of_products(
    products: list[Product], chosen: Mapping[UUID, UUID] | None = None
) -> list[Card]:
    ids = [product.id for product in products]
    moment = now()
    colours: dict[UUID, list[Colour]] = defaultdict(list)
    for colour in Colour.objects.filter(product_id__in=ids):
        if (colour.published_from or moment) <= moment and (
            colour.published_until is None or colour.published_until > moment
        ):
            colours[colour.product_id].append(colour)
    lead = {key: _lead(group, (chosen or {}).get(key)) for key, group in colours.items()}
    pictures: dict[UUID, list[Picture]] = defaultdict(list)
    shown = ColourPicture.objects.filter(
        colour_id__in=[colour.id for colour in lead.values()], position__lt=2
    ).exclude(picture__renditions=[])
    for row in shown.select_related("picture").order_by("position"):
        pictures[row.colour_id].append(row.picture)
    prices = _prices(ids)
    cards = []
    for product in products:
        own, first = colours.get(product.id, []), lead.get(product.id)
        shots = pictures.get(first.id, []) if first else []
        price, was = prices.get(product.id, (0, None))
        cards.append(
            Card(
                product, own, price, was if was and was > price else None,
                shots[0] if shots else None, shots[1] if len(shots) > 1 else None,
                first if own and first is not own[0] else None,
            )
        )  # fmt: skip
    return cards


def _lead(colours: list[Colour], wanted: UUID | None) -> Colour:
    return next((colour for colour in colours if colour.id == wanted), colours[0])


def _prices(product_ids: list[UUID]) -> dict[UUID, tuple[int, int | None]]:
    """(the lowest price now, what is struck through beside it): `rules.price_at` in SQL."""
    moment = now()
    on_offer = Q(sale_price_yen__isnull=False, sale_from__lte=moment) & (
        Q(sale_until=None) | Q(sale_until__gt=moment)
    )
    rows = Sku.objects.filter(product_id__in=product_ids, active=True).values("product_id")
    rows = rows.annotate(
        price=Min(Case(When(on_offer, then=F("sale_price_yen")), default=F("price_yen"))),
        was=Min(Case(When(on_offer, then=F("price_yen")), default=F("list_price_yen"))),
    )
    return {row["product_id"]: (row["price"], row["was"]) for row in rows}


@dataclass(frozen=True)
class MapRow:
    """A colour's page as a sitemap names it."""

    slug: str
    colour: str
    pictures: list[Picture]


def map_rows(colour_ids: Iterable[UUID]) -> list[MapRow]:
    """In that order; two queries."""
    wanted = list(colour_ids)
    pictures: dict[UUID, list[Picture]] = defaultdict(list)
    shown = ColourPicture.objects.filter(colour_id__in=wanted).exclude(picture__renditions=[])
    for row in shown.select_related("picture").order_by("position"):
        pictures[row.colour_id].append(row.picture)
    rows = Colour.objects.filter(id__in=wanted).values_list("id", "product__slug", "code")
    found = {key: MapRow(slug, code, pictures[key]) for key, slug, code in rows}
    return [found[key] for key in wanted if key in found]
