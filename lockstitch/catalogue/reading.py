"""Products as whole documents, drafts too: five queries however many there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from lockstitch.catalogue.models import (
    Category,
    Colour,
    ColourPicture,
    Product,
    Revision,
    Size,
    Sku,
)
from lockstitch.catalogue.sizing import garment_code
from lockstitch.catalogue.whole import (
    PLAIN,
    SKU_PLAIN,
    NewColour,
    NewProduct,
    NewSku,
    Part,
    Worn,
    changes,
)
from lockstitch.catalogue.whole import Change as Change


@dataclass(frozen=True)
class Kept:
    """A document with what it is known by."""

    id: UUID
    version: int
    new: NewProduct
    garment: str = ""


def wholes(rows: QuerySet[Product] | Iterable[Product]) -> list[Kept]:
    """In the order of `rows`."""
    products = list(rows.select_related("category") if isinstance(rows, QuerySet) else rows)
    ids = [product.id for product in products]
    colours: dict[UUID, list[Colour]] = defaultdict(list)
    for colour in Colour.objects.filter(product_id__in=ids):
        colours[colour.product_id].append(colour)
    sizes: dict[UUID, list[Size]] = defaultdict(list)
    for size in Size.objects.filter(product_id__in=ids):
        sizes[size.product_id].append(size)
    skus: dict[UUID, list[Sku]] = defaultdict(list)
    for sku in Sku.objects.filter(product_id__in=ids):
        skus[sku.product_id].append(sku)
    urls: dict[UUID, list[str]] = defaultdict(list)
    shown = ColourPicture.objects.filter(colour__product_id__in=ids).exclude(picture__source_url="")
    for colour_id, url in shown.order_by("position").values_list(
        "colour_id", "picture__source_url"
    ):
        urls[colour_id].append(url)
    return [
        Kept(
            row.id, row.version,
            _whole(row, colours[row.id], sizes[row.id], skus[row.id], urls),
            garment_code(row.attributes, row.category.garment if row.category else ""),
        )
        for row in products
    ]  # fmt: skip


def _whole(
    row: Product, colours: list[Colour], sizes: list[Size], skus: list[Sku],
    urls: dict[UUID, list[str]],
) -> NewProduct:  # fmt: skip
    codes = {size.id: (n, size.code) for n, size in enumerate(sizes)}
    places = {colour.id: (n, colour.code) for n, colour in enumerate(colours)}
    skus = sorted(skus, key=lambda sku: (places[sku.colour_id], codes[sku.size_id]))
    return NewProduct(
        slug=row.slug,
        colours=[
            NewColour(
                c.code, c.name, c.family, c.hex, urls.get(c.id, []), c.published_from,
                c.published_until,
            )
            for c in colours
        ],
        sizes=[(size.code, size.label) for size in sizes],
        skus=[
            NewSku(
                colour=places[sku.colour_id][1], size=codes[sku.size_id][1],
                **{name: getattr(sku, name) for name in SKU_PLAIN},
            )
            for sku in skus
        ],
        measures={size.code: size.measures for size in sizes if size.measures},
        description=row.description,
        composition=[
            Part(part["part"], [(fibre, percent) for fibre, percent in part["fibres"]])
            for part in row.composition
        ],
        worn=[Worn(**one) for one in row.worn],
        category=row.category.slug if row.category else "",
        category_name=row.category.name if row.category else {},
        published=row.published_from,
        **{name: getattr(row, name) for name in PLAIN},
    )  # fmt: skip


def find_whole(slug: str) -> Kept | None:
    """A product for its form, drafts too."""
    return next(iter(wholes(Product.objects.filter(slug=slug))), None)


def batches(*, size: int = 200, slugs: Iterable[str] | None = None) -> Iterator[list[Kept]]:
    """The catalogue, so many products at a time, in the shop's own order."""
    rows = Product.objects.order_by("position", "id")
    if slugs is not None:
        rows = rows.filter(slug__in=list(slugs))
    place, last = -1, UUID(int=0)
    while found := wholes(
        rows.filter(Q(position__gt=place) | Q(position=place, id__gt=last))[:size]
    ):
        yield found
        place, last = found[-1].new.position, found[-1].id


@dataclass(frozen=True)
class Step:
    """A revision with what it changed; `changes` is None for the first one that was kept."""

    version: int
    by: UUID | None
    verb: str
    at: dt.datetime
    changes: list[Change] | None


def history(product_id: UUID, *, limit: int = 50) -> list[Step]:
    """The newest first."""
    rows = list(Revision.objects.filter(product_id=product_id)[: limit + 1])
    steps = []
    for n, row in enumerate(rows[:limit]):
        older = rows[n + 1] if n + 1 < len(rows) else None
        made = None if older is None else list(changes(older.state, row.state))
        steps.append(Step(row.version, row.by, row.verb, row.at, made))
    return steps


def revision(product_id: UUID, version: int) -> Revision | None:
    row: Revision | None = Revision.objects.filter(product_id=product_id, version=version).first()
    return row


def tree() -> list[tuple[int, Category]]:
    """(depth, category) in the order of the shop's tree."""
    below: dict[UUID | None, list[Category]] = defaultdict(list)
    for category in Category.objects.all():
        below[category.parent_id].append(category)
    found: list[tuple[int, Category]] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for category in below.get(parent, []):
            found.append((depth, category))
            if depth < 5:
                walk(category.id, depth + 1)

    walk(None, 0)
    return found


def used_words() -> dict[str, list[str]]:
    """Brands, seasons and collections that are in use, for the form's suggestions."""
    return {
        name: list(
            Product.objects.exclude(**{name: ""}).values_list(name, flat=True).distinct()[:100]
        )
        for name in ("brand", "season", "collection")
    }
