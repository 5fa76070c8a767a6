"""What is in a feed: SKUs that everybody can see now; and the feeds as they were last written."""

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote
from uuid import UUID

from django.db.models import Q, QuerySet

from lockstitch.catalogue.cards import on_sale
from lockstitch.catalogue.care import FIBRES
from lockstitch.catalogue.models import ColourPicture, Picture, Product, Sku
from lockstitch.catalogue.own_sizes import fitting, meaning
from lockstitch.catalogue.size_tables import SizeTable, tables_of
from lockstitch.catalogue.sizing import garment_code
from lockstitch.feeds.models import Feed, FreeColumn
from lockstitch.feeds.rules import Free, Item
from lockstitch.inventory.queries import available
from lockstitch.kernel.clock import now
from lockstitch.kernel.text import localised
from lockstitch.orders.ahead import lesser

BATCH = 200
UNSIZED = {"bag", "hat", "accessories"}


def find_feed(kind: str) -> Feed | None:
    found: Feed | None = Feed.objects.filter(kind=kind).first()
    return found


def feeds() -> dict[str, Feed]:
    return {feed.kind: feed for feed in Feed.objects.defer("body")}


def free_columns() -> dict[str, list[Free]]:
    """Kind of feed -> the shop's own columns, in the order of their names."""
    found: dict[str, list[Free]] = defaultdict(list)
    for row in FreeColumn.objects.order_by("name"):
        found[row.kind].append(Free(row.name, row.field, row.constant))
    return found


def _shown(prefix: str) -> Q:
    """In its window: of a colour or SKU the beginning may be left open."""
    moment = now()
    return (
        Q(**{f"{prefix}published_from": None}) | Q(**{f"{prefix}published_from__lte": moment})
    ) & (Q(**{f"{prefix}published_until": None}) | Q(**{f"{prefix}published_until__gt": moment}))


def items(origin: str) -> Iterator[Item]:
    """Public and published goods in Japanese, five queries for two hundred products."""
    rows: QuerySet[Product] = on_sale().filter(audience="public").select_related("category")
    last = UUID(int=0)
    while page := list(rows.filter(id__gt=last).order_by("id")[:BATCH]):
        yield from _of(page, origin)
        last = page[-1].id


def _of(products: list[Product], origin: str) -> Iterator[Item]:
    skus = list(
        Sku.objects.filter(_shown(""), _shown("colour__"), active=True, product__in=products)
        .select_related("colour", "size")
        .order_by("product_id", "colour__position", "size__position")
    )
    free = available([sku.id for sku in skus])
    pictures: dict[UUID, list[str]] = defaultdict(list)
    shown = ColourPicture.objects.filter(colour__product__in=products).exclude(
        picture__renditions=[]
    )
    for row in shown.select_related("picture").order_by("colour_id", "position"):
        pictures[row.colour_id].append(f"{origin}/media/{_largest(row.picture)}")
    by_id = {product.id: product for product in products}
    ahead = {sku.id: sku.preorder_limit for sku in skus if by_id[sku.product_id].preorder_month}
    free = lesser(free, ahead)
    tables = tables_of(product.brand for product in products)
    for sku in skus:
        yield _item(
            sku, by_id[sku.product_id], origin, free=free.get(sku.id, 0),
            images=pictures[sku.colour_id], tables=tables,
        )  # fmt: skip


def _largest(picture: Picture) -> str:
    """Of the kinds that every service reads."""
    kinds = [one for one in picture.renditions if one["type"] != "avif"] or picture.renditions
    return str(max(kinds, key=lambda one: one["width"])["key"])


def _item(
    sku: Sku, product: Product, origin: str, *, free: int, images: list[str],
    tables: list[SizeTable],
) -> Item:  # fmt: skip
    """During a sale the ordinary price is the higher one, else the maker's if there is one."""
    has_sale = sku.sale_price_yen is not None and (sku.sale_until is None or sku.sale_until > now())
    is_on = sku.was_price_at(now()) == sku.price_yen
    if has_sale and (is_on or sku.sale_until):
        price, sale = sku.price_yen, sku.sale_price_yen
    elif sku.list_price_yen:
        price, sale = sku.list_price_yen, sku.price_yen
    else:
        price, sale = sku.price_yen, None
    has_sale = sale is not None and sale == sku.sale_price_yen
    kind = garment_code(product.attributes, product.category.garment if product.category else "")
    return Item(
        code=sku.code, group=product.item_number, name=localised(product.name, "ja"),
        description=localised(product.description, "ja"),
        link=f"{origin}/items/{quote(product.slug)}/{quote(sku.colour.code)}/",
        image=images[0] if images else "", more_images=images[1:], free=free, price_yen=price,
        sale_yen=sale, sale_from=sku.sale_from if has_sale else None,
        sale_until=sku.sale_until if has_sale else None, gtin=sku.gtin, brand=product.brand,
        colour=localised(sku.colour.name, "ja").replace("—", ""),
        size=meaning(fitting(tables, product.brand, product.gender, kind), sku.size.label),
        gender=product.gender, age_group=product.age_group, material=_material(product),
        pattern=_attribute(product, "pattern"),
        category=_attribute(product, "google_product_category"),
        product_type=localised(product.category.name, "ja") if product.category else "",
        weight_g=sku.weight_g, preorder_month=product.preorder_month,
        sizes_matter=kind not in UNSIZED,
        season=product.season, collection=product.collection,
    )  # fmt: skip


def _attribute(product: Product, code: str) -> str:
    return next(iter(product.attributes.get(code, [])), "")


def _material(product: Product) -> str:
    """The fibres of the first part, the most first, as the services want them: 綿/ナイロン."""
    for part in product.composition[:1]:
        fibres = sorted(part["fibres"], key=lambda fibre: -fibre[1])
        return "/".join(FIBRES.get(code, {"ja": code})["ja"] for code, _percent in fibres[:3])
    return localised(product.material, "ja")
