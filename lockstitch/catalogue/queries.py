"""Reading the catalogue: each function a fixed number of queries, however many SKUs there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lockstitch.catalogue.audience import OPEN
from lockstitch.catalogue.cards import Card as Card
from lockstitch.catalogue.cards import cards_of as cards_of
from lockstitch.catalogue.cards import map_rows as map_rows
from lockstitch.catalogue.cards import on_sale, reachable
from lockstitch.catalogue.hems import Hem
from lockstitch.catalogue.models import Attribute as Attribute
from lockstitch.catalogue.models import Category as Category
from lockstitch.catalogue.models import (
    Colour,
    ColourPicture,
    Pairing,
    Product,
    Size,
)
from lockstitch.catalogue.models import Picture as Picture
from lockstitch.catalogue.models import Sku as Sku  # doors name it in their annotations
from lockstitch.catalogue.sizing import garment_code
from lockstitch.kernel.clock import now
from lockstitch.kernel.text import Text, folded, localised


@dataclass(frozen=True)
class Offer:
    """A SKU on sale, with all that a cart or an order line needs of it."""

    site_id: UUID
    sku_id: UUID
    code: str
    name: Text
    colour: Text
    size: str
    price_yen: int
    list_price_yen: int | None
    tax_rate_bp: int
    product_id: UUID
    category_id: UUID | None
    brand: str
    weight_g: int
    preorder_month: str
    preorder_limit: int | None  # pieces sold ahead, over all orders; none once in stock
    making_days: int  # before it can leave; 0 unless it is made to order
    is_giftable: bool
    is_final_sale: bool
    audience: str
    hem: Hem | None  # the lengths of this size
    outlet_note: Text  # empty unless it is an outlet piece
    limit_per_order: int | None  # pieces of the product, in all its sizes and colours
    limit_per_person: int | None  # the same, over all orders of `limit_days`, or ever
    limit_days: int | None
    product_slug: str
    colour_code: str
    picture: Picture | None

    @property
    def picture_key(self) -> str:
        """The smallest rendition, which an order keeps to show what was bought."""
        if self.picture is None or not self.picture.renditions:
            return ""
        return str(min(self.picture.renditions, key=lambda r: r["width"])["key"])


@dataclass(frozen=True)
class Cell:
    """One field of the colour x size grid; `sku` is None where there is no such piece."""

    size: Size
    sku: Sku | None


@dataclass(frozen=True)
class ColourView:
    colour: Colour
    pictures: list[Picture]
    cells: list[Cell]


@dataclass(frozen=True)
class ProductView:
    product: Product
    category: Category | None
    sizes: list[Size]
    colours: list[ColourView] = field(default_factory=list)

    def colour(self, code: str) -> ColourView | None:
        """The colour of that code; the first one for an empty code."""
        if not code:
            return self.colours[0] if self.colours else None
        return next((view for view in self.colours if view.colour.code == code), None)

    @property
    def prices(self) -> list[int]:
        return [c.sku.price_yen for v in self.colours for c in v.cells if c.sku]


def categories() -> list[Category]:
    return list(Category.objects.all())


def attributes() -> list[Attribute]:
    """The site's own filters, in its order."""
    return list(Attribute.objects.all())


def find_product(
    slug: str, *, drafts: bool = False, to: Sequence[str] = OPEN
) -> ProductView | None:
    """A product with its whole grid and all pictures: five queries. `to` whom it is
    shown: see catalogue.audience."""
    rows = Product.objects.all() if drafts else reachable(to)
    product = rows.filter(slug=slug).select_related("category").first()
    return None if product is None else _view(product, drafts=drafts)


def path_to(category: Category | None) -> list[Category]:
    """From the root of the tree to this one, itself the last; one query."""
    if category is None:
        return []
    by_id = {each.pk: each for each in Category.objects.all()} if category.parent_id else {}
    path = [category]
    while (above := by_id.get(path[0].parent_id)) is not None and above not in path:
        path.insert(0, above)
    return path


@dataclass(frozen=True)
class Beside:
    """Ids of products: as the shop chose them, and what is often bought with it."""

    matching: list[UUID]
    related: list[UUID]
    together: list[UUID]


def beside(product: Product) -> Beside:
    """What may be shown beside a product, each in its order; one query, two where any is chosen."""
    named = {*product.matching, *product.related}
    ids = dict(Product.objects.filter(slug__in=named).values_list("slug", "id")) if named else {}
    together = Pairing.objects.filter(product_id=product.id).values_list("other_id", flat=True)
    return Beside(
        [ids[slug] for slug in product.matching if slug in ids],
        [ids[slug] for slug in product.related if slug in ids], list(together),
    )  # fmt: skip


def _view(product: Product, *, drafts: bool) -> ProductView:
    sizes = list(Size.objects.filter(product=product))
    colours = list((Colour.objects.all() if drafts else _open(Colour)).filter(product=product))
    cells = (Sku.objects.all() if drafts else _open(Sku)).filter(product=product, active=True)
    skus = {(sku.colour_id, sku.size_id): sku for sku in cells}
    pictures: dict[UUID, list[Picture]] = defaultdict(list)
    shown = ColourPicture.objects.filter(colour__in=colours).exclude(picture__renditions=[])
    for row in shown.select_related("picture"):
        pictures[row.colour_id].append(row.picture)
    views = [
        ColourView(
            colour,
            pictures.get(colour.id, []),
            [Cell(size, skus.get((colour.id, size.id))) for size in sizes],
        )
        for colour in colours
    ]
    return ProductView(product, product.category, sizes, views)


def _open(model: type[Colour] | type[Sku]) -> QuerySet[Any]:
    """Without a window of its own, or within it."""
    moment = now()
    return model.objects.filter(
        Q(published_from=None) | Q(published_from__lte=moment),
        Q(published_until=None) | Q(published_until__gt=moment),
    )


def offers(sku_ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """What is on sale of these SKUs, with names and a picture: two queries."""
    moment = now()
    skus = list(
        Sku.objects.filter(id__in=list(sku_ids), active=True, product__published_from__lte=moment)
        .filter(Q(product__published_until=None) | Q(product__published_until__gt=moment))
        .select_related("product", "colour", "size")
    )
    first = {
        row.colour_id: row.picture
        for row in ColourPicture.objects.filter(
            colour_id__in={sku.colour_id for sku in skus}, position=0
        ).select_related("picture")
    }
    return {
        sku.id: Offer(
            site_id=sku.site_id,
            sku_id=sku.id,
            code=sku.code,
            name=sku.product.name,
            colour=sku.colour.name,
            size=sku.size.label,
            price_yen=sku.price_at(moment),
            list_price_yen=sku.was_price_at(moment),
            tax_rate_bp=sku.product.tax_rate_bp,
            product_id=sku.product_id,
            category_id=sku.product.category_id,
            brand=sku.product.brand,
            weight_g=sku.weight_g,
            preorder_month=sku.product.preorder_month,
            preorder_limit=sku.preorder_limit if sku.product.preorder_month else None,
            making_days=sku.product.making_days,
            is_giftable=sku.product.is_giftable,
            is_final_sale=sku.product.is_final_sale,
            audience=sku.product.audience,
            hem=sku.product.hem and sku.product.hem.within(sku.size.measures),
            outlet_note=sku.product.outlet_note if sku.product.is_outlet else {},
            limit_per_order=sku.product.limit_per_order,
            limit_per_person=sku.product.limit_per_person,
            limit_days=sku.product.limit_days,
            product_slug=sku.product.slug,
            colour_code=sku.colour.code,
            picture=first.get(sku.colour_id),
        )  # fmt: skip
        for sku in skus
    }


def find_skus(codes: Iterable[str]) -> dict[str, UUID]:
    """Code as typed -> SKU."""
    wanted = list(codes)
    typed = {folded(code): code for code in wanted}
    rows = Sku.objects.filter(code_folded__in=typed, active=True)
    return {typed[row.code_folded]: row.id for row in rows}


@dataclass(frozen=True)
class Sister:
    """Another SKU of the same product."""

    id: UUID
    colour: Text
    size: str


def sisters(sku_ids: Iterable[UUID]) -> dict[UUID, list[Sister]]:
    """SKU -> the other SKUs of its product that are on sale."""
    products = dict(Sku.objects.filter(id__in=list(sku_ids)).values_list("id", "product_id"))
    rows = Sku.objects.filter(
        active=True, product__in=on_sale().filter(id__in=set(products.values()))
    ).select_related("colour", "size")
    by_product: dict[UUID, list[Sister]] = defaultdict(list)
    for sku in rows.order_by("colour__position", "size__position"):
        by_product[sku.product_id].append(Sister(sku.id, sku.colour.name, sku.size.label))
    return {
        own: [sister for sister in by_product[product] if sister.id != own]
        for own, product in products.items()
    }


def all_sku_ids() -> list[UUID]:
    return list(Sku.objects.filter(active=True).values_list("id", flat=True))


def count() -> dict[str, Any]:
    """Products and SKUs of this site."""
    return {"products": Product.objects.count(), "skus": Sku.objects.filter(active=True).count()}


@dataclass(frozen=True)
class Missing:
    """A place for a picture that has none of its own yet: `picture` names only an address."""

    colour: Colour
    title: str
    category: str
    position: int
    picture: Picture | None


def missing_pictures(slugs: Iterable[str]) -> list[Missing]:
    """Of these products: addresses that were never fetched, and colours without any picture."""
    colours = list(
        Colour.objects.filter(product__slug__in=list(slugs))
        .select_related("product", "product__category")
        .order_by("product__position", "product_id", "position")
    )
    shown: dict[UUID, list[ColourPicture]] = defaultdict(list)
    for row in ColourPicture.objects.filter(colour__in=colours).select_related("picture"):
        shown[row.colour_id].append(row)
    missing = []
    for colour in colours:
        title = localised(colour.product.name, "en")
        category = localised(colour.product.category.name, "en") if colour.product.category else ""
        rows = shown.get(colour.id, [])
        if not rows:
            missing.append(Missing(colour, title, category, 0, None))
        missing += [
            Missing(colour, title, category, row.position, row.picture)
            for row in rows
            if row.picture.source_url and not row.picture.source_sha256
        ]
    return missing


def colour_ids() -> dict[tuple[str, str], tuple[UUID, int]]:
    """(product slug, colour code) -> (colour, how many pictures it shows)."""
    rows = Colour.objects.annotate(shown=Count("pictures")).values_list(
        "product__slug", "code", "id", "shown"
    )
    return {(slug, code): (key, shown) for slug, code, key, shown in rows}


def ids_of_products(slugs: Iterable[str] = (), *, ids: Iterable[str] = ()) -> dict[str, UUID]:
    """slug -> id, of these slugs or these ids."""
    rows = Product.objects.filter(Q(slug__in=list(slugs)) | Q(id__in=list(ids)))
    return dict(rows.values_list("slug", "id"))


def ids_of_categories(slugs: Iterable[str] = (), *, ids: Iterable[str] = ()) -> dict[str, UUID]:
    """slug -> id, of these slugs or these ids."""
    rows = Category.objects.filter(Q(slug__in=list(slugs)) | Q(id__in=list(ids)))
    return dict(rows.values_list("slug", "id"))


def find_sku(*, code: str = "", sku_id: UUID | None = None) -> Sku | None:
    """By its code or its id."""
    rows = Sku.objects.filter(code=code) if code else Sku.objects.filter(id=sku_id)
    return rows.first()


def measures_of(sku_id: UUID) -> tuple[str, dict[str, int]] | None:
    """(kind of garment, its measures in mm) of a SKU that was measured, sold or not."""
    sku = Sku.objects.filter(id=sku_id).select_related("size", "product__category").first()
    if sku is None or not sku.size.measures:
        return None
    of_category = sku.product.category.garment if sku.product.category else ""
    return garment_code(sku.product.attributes, of_category), sku.size.measures
