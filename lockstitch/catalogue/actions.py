"""Writing the catalogue, a whole product or a whole file at a time, never one SKU."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import nh3
from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue.gateways import DiskStore
from lockstitch.catalogue.images import Taken
from lockstitch.catalogue.models import Category, Colour, ColourPicture, Picture, Product, Size, Sku
from lockstitch.catalogue.promise import is_promise
from lockstitch.catalogue.whole import PLAIN, SKU_PLAIN
from lockstitch.catalogue.whole import NewColour as NewColour
from lockstitch.catalogue.whole import NewProduct as NewProduct
from lockstitch.catalogue.whole import NewSku as NewSku
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import folded
from lockstitch.tenancy.scope import current_site_id

# What an import of another system's file, and the demo, have always named: other columns keep what
# there is.
NAMED = frozenset(
    [
        "item_number",
        "brand",
        "name",
        "description",
        "material",
        "season",
        "position",
        "category",
        "published_from",
        "colour.name",
        "colour.family",
        "colour.hex",
        "sku.gtin",
        "sku.price_yen",
        "sku.list_price_yen",
    ]
)
EVERY = NAMED | {
    *PLAIN, "composition", "worn", "colour.published_from", "colour.published_until",
    "size.measures", *(f"sku.{name}" for name in SKU_PLAIN),
}  # fmt: skip


def keep_products(
    products: Sequence[NewProduct], *, named: frozenset[str] = NAMED, all_skus: bool = True
) -> dict[str, UUID]:
    """Makes or updates products by slug, all of them or none. Returns sku code -> sku id.

    Some ten statements however many products; repeating it changes nothing. Of products that are
    there already only the `named` columns are written. With `all_skus`, a SKU that is no longer
    listed goes off sale, but stays for the orders that name it.
    """
    with transaction.atomic():
        categories = _categories(products)
        rows = _upsert(
            Product, ["slug"],
            [Product.here(slug=new.slug, **_columns(new, categories)) for new in products],
            [name for name in named if "." not in name],
        )  # fmt: skip
        ids = {row.slug: row.id for row in rows}
        colours = _upsert(
            Colour, ["product", "code"],
            [
                Colour.here(
                    product_id=ids[new.slug], code=c.code, name=c.name, family=c.family,
                    hex=c.hex, published_from=c.published_from,
                    published_until=c.published_until, position=n,
                )
                for new in products for n, c in enumerate(new.colours)
            ],
            ["position", *_of(named, "colour")],
        )  # fmt: skip
        sizes = _upsert(
            Size, ["product", "code"],
            [
                Size.here(
                    product_id=ids[new.slug], code=code, label=label,
                    measures=new.measures.get(code, {}), position=n,
                )
                for new in products for n, (code, label) in enumerate(new.sizes)
            ],
            ["label", "position", *_of(named, "size")],
        )  # fmt: skip
        colour_ids = {(row.product_id, row.code): row.id for row in colours}
        size_ids = {(row.product_id, row.code): row.id for row in sizes}
        _refuse_strangers(products, ids)
        _rename(products, ids, colour_ids, size_ids)
        if all_skus:
            listed = [folded(sku.code) for new in products for sku in new.skus]
            gone = Sku.objects.filter(product_id__in=ids.values(), active=True)
            gone.exclude(code_folded__in=listed).update(active=False)
        skus = _upsert(
            Sku, ["code_folded"],
            [
                Sku.here(
                    product_id=ids[new.slug], colour_id=colour_ids[ids[new.slug], sku.colour],
                    size_id=size_ids[ids[new.slug], sku.size], code_folded=folded(sku.code),
                    **{name: getattr(sku, name) for name in SKU_PLAIN},
                )
                for new in products for sku in new.skus
            ],
            ["product", "colour", "size", "code", "active", *_of(named, "sku")],
        )  # fmt: skip
        _addresses(products, ids, colour_ids)
        return {row.code: row.id for row in skus}


def _columns(new: NewProduct, categories: dict[str, UUID]) -> dict[str, Any]:
    return {
        **{name: getattr(new, name) for name in PLAIN},
        "description": {code: nh3.clean(text) for code, text in new.description.items()},
        "composition": [asdict(part) for part in new.composition],
        "worn": [asdict(one) for one in new.worn],
        "category_id": categories.get(new.category),
        "published_from": new.published,
    }


def _of(named: frozenset[str], table: str) -> list[str]:
    return [name.partition(".")[2] for name in named if name.startswith(f"{table}.")]


def _refuse_strangers(products: Sequence[NewProduct], ids: dict[str, UUID]) -> None:
    """A SKU code belongs to one product; taking it from another would rewrite its history."""
    codes = {folded(sku.code): (ids[new.slug], sku.code) for new in products for sku in new.skus}
    for code, owner in Sku.objects.filter(code_folded__in=codes).values_list(
        "code_folded", "product_id"
    ):
        if owner != codes[code][0]:
            raise Refused(_("SKU %(code)s belongs to another product.") % {"code": codes[code][1]})


def _rename(
    products: Sequence[NewProduct], ids: dict[str, UUID],
    colour_ids: dict[tuple[UUID, str], UUID], size_ids: dict[tuple[UUID, str], UUID],
) -> None:  # fmt: skip
    """A cell of the grid whose SKU has a new code keeps its row, and so its stock; a JAN that moves
    to another SKU is taken from the first one before."""
    cells = {
        (colour_ids[ids[new.slug], sku.colour], size_ids[ids[new.slug], sku.size]): sku
        for new in products
        for sku in new.skus
    }
    gtins = {sku.gtin: folded(sku.code) for new in products for sku in new.skus if sku.gtin}
    changed = []
    for sku in Sku.objects.filter(product_id__in=ids.values()):
        wanted = cells.get((sku.colour_id, sku.size_id))
        before = (sku.code, sku.gtin)
        if wanted is not None and folded(wanted.code) != sku.code_folded:
            sku.code, sku.code_folded = wanted.code, folded(wanted.code)
        if gtins.get(sku.gtin, sku.code_folded) != sku.code_folded:
            sku.gtin = ""
        if before != (sku.code, sku.gtin):
            changed.append(sku)
    Sku.objects.bulk_update(changed, ["code", "code_folded", "gtin"], batch_size=1000)


def _upsert(model: Any, keys: list[str], rows: list[Any], named: Iterable[str]) -> list[Any]:
    """Inserts or updates by a unique key of (site, …), in one statement a thousand rows. Fields
    that are not `named` keep what they have."""
    return list(
        model.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["site", *keys],
            update_fields=sorted(set(named)), batch_size=1000,
        )
    )  # fmt: skip


def _categories(products: Sequence[NewProduct]) -> dict[str, UUID]:
    named = {new.category: new.category_name for new in products if new.category}
    if not named:
        return {}
    known = dict(Category.objects.filter(slug__in=named).values_list("slug", "id"))
    start = Category.objects.count()
    made = Category.objects.bulk_create(
        Category.here(slug=slug, name=name or {"ja": slug, "en": slug}, position=start + n)
        for n, (slug, name) in enumerate(named.items())
        if slug not in known
    )
    return known | {category.slug: category.id for category in made}


def _addresses(
    products: Sequence[NewProduct], ids: dict[str, UUID], colour_ids: dict[tuple[UUID, str], UUID]
) -> None:
    """Records the addresses of pictures that the file names; they are not fetched here."""
    wanted = [
        (colour_ids[ids[new.slug], colour.code], url, n)
        for new in products
        for colour in new.colours
        for n, url in enumerate(colour.picture_urls)
    ]
    if not wanted:
        return
    urls = {url for _colour, url, _n in wanted}
    known = dict(Picture.objects.filter(source_url__in=urls).values_list("source_url", "id"))
    made = Picture.objects.bulk_create(
        Picture.here(source_url=url) for url in sorted(urls - known.keys())
    )
    known |= {picture.source_url: picture.id for picture in made}
    ColourPicture.objects.bulk_create(
        [
            ColourPicture.here(colour_id=colour, picture_id=known[url], position=n)
            for colour, url, n in wanted
        ],
        ignore_conflicts=True,
    )


def store_picture(taken: Taken, *, source_url: str = "", stand_in: bool = False) -> Picture:
    """Puts the renditions into the store and returns an unsaved Picture of them.

    A stand-in keeps the address but not the hash: the true picture may still come.
    """
    store = DiskStore()
    return Picture(
        source_url=source_url, source_sha256="" if stand_in else taken.sha256,
        width=taken.width, height=taken.height, placeholder=taken.placeholder,
        dominant=taken.dominant,
        renditions=[
            {"width": made.width, "type": made.type, "key": store.keep(made.data, made.type)}
            for made in taken.renditions
        ],
    )  # fmt: skip


def fill_picture(picture_id: UUID, shown: Picture) -> None:
    """Gives the row of an address its picture, wherever the row is shown."""
    with transaction.atomic():
        names = ("source_sha256", "width", "height", "placeholder", "dominant", "renditions")
        Picture.objects.filter(id=picture_id).update(
            **{name: getattr(shown, name) for name in names}
        )


def keep_picture(colour_id: UUID, position: int, *, picture: Picture) -> None:
    """Shows `picture` at a place of a colour, instead of what was there."""
    with transaction.atomic():
        stored = picture
        if picture.source_sha256:
            known = Picture.objects.filter(source_sha256=picture.source_sha256).first()
            stored = known or picture
        if stored._state.adding:
            stored.site_id = current_site_id()
            stored.save(force_insert=True)
        ColourPicture.objects.update_or_create(
            site_id=current_site_id(), colour_id=colour_id, position=position,
            defaults={"picture_id": stored.id},
        )  # fmt: skip


def sell_ahead(slug: str, month: str) -> None:
    """予約販売: the product is sold before it is there and sent `month` (see promise); empty ends
    it. Raises Refused for what is no such time."""
    if month and not is_promise(month):
        raise Refused(_("2027-03, 2027-03-上旬 or 2027-03-14, not %(text)s") % {"text": month})
    with transaction.atomic():
        Product.objects.filter(slug=slug).update(preorder_month=month)
