"""What shopping services want to know of a SKU, and what they would refuse. Pure.

Google: support.google.com/merchants, "Product data specification". Meta: "Data specification for
catalogs". Criteo: developers.criteo.com/retailer-integration, "Product feed parameters" and
"Product feed examples". LINE publishes no list of fields outside of its media guide; its dynamic
ads take the feeds of these three as they are (anagrams.jp, "differences between LINE Dynamic Ads
and other media"), so it has none of its own here. Prices are yen with tax.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from lockstitch.catalogue.promise import last_day
from lockstitch.catalogue.rules import IN_STORE_PREFIX
from lockstitch.kernel.clock import JST

ID_MAX, TITLE_MAX, TEXT_MAX = 50, 150, 5_000
TAGS = re.compile(r"<[^>]+>")
SPACE = re.compile(r"\s+")
KINDS = {
    "google": "application/xml; charset=utf-8", "meta": "text/csv; charset=utf-8",
    "criteo": "text/csv; charset=utf-8",
}  # fmt: skip
COLUMNS_MAX = 20  # free ones of a feed
COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Item:
    """A SKU that visitors can see, as the catalogue has it."""

    code: str
    group: str
    name: str
    description: str
    link: str
    image: str
    more_images: list[str]
    free: int
    price_yen: int
    sale_yen: int | None
    sale_from: dt.datetime | None
    sale_until: dt.datetime | None
    gtin: str
    brand: str
    colour: str
    size: str
    gender: str
    age_group: str
    material: str
    pattern: str = ""
    category: str = ""  # Google's own number or path
    product_type: str = ""
    weight_g: int = 0
    preorder_month: str = ""
    sizes_matter: bool = True
    season: str = ""
    collection: str = ""
    labels: list[str] = field(default_factory=list)


# What a free column may hold of each SKU.
FREE: dict[str, Callable[[Item], str]] = {
    "sku": lambda item: item.code, "item_number": lambda item: item.group,
    "brand": lambda item: item.brand, "colour": lambda item: item.colour,
    "size": lambda item: item.size, "gender": lambda item: item.gender,
    "category": lambda item: item.product_type, "season": lambda item: item.season,
    "collection": lambda item: item.collection, "jan": lambda item: item.gtin,
    "on_sale": lambda item: "" if item.sale_yen is None else "sale",
    "pieces": lambda item: str(max(0, item.free)),
}  # fmt: skip


@dataclass(frozen=True)
class Free:
    """A column of the shop's own: a field of FREE, or a constant."""

    name: str
    field: str = ""
    constant: str = ""

    def of(self, item: Item) -> str:
        return FREE[self.field](item) if self.field else self.constant


def is_taken(kind: str, name: str) -> bool:
    """Whether the feed says something under this name already."""
    own = {"google": GOOGLE, "meta": META, "criteo": CRITEO}[kind]
    return name in own


def plain(html: str) -> str:
    return SPACE.sub(" ", TAGS.sub(" ", html)).strip()


def why_refused(item: Item, kind: str) -> str:
    """What a service would refuse it for; "" when it would not. One reason, the first."""
    missing = [
        word
        for word, there in (
            ("title", item.name), ("description", plain(item.description)), ("image", item.image),
            ("price", item.price_yen > 0), ("brand", item.brand),
        )
        if not there
    ]  # fmt: skip
    if kind == "google":
        missing += [
            word
            for word, there in (
                ("gender", item.gender), ("age_group", item.age_group), ("color", item.colour),
                ("size", item.size),
            )
            if not there
        ]  # fmt: skip
    if missing:
        return f"missing: {', '.join(missing)}"
    if len(item.code) > ID_MAX:
        return f"id longer than {ID_MAX} characters"
    if kind == "criteo" and (why := _criteo_refuses(item)):
        return why
    if item.sale_yen is not None and item.sale_yen >= item.price_yen:
        return "sale_price not below price"
    return ""


def fields_of(item: Item) -> list[tuple[str, str]]:
    """(attribute, value) in the words that both services know; empty ones are left out."""
    title = " ".join(filter(None, (item.name, item.colour, item.size)))[:TITLE_MAX]
    gtin = "" if item.gtin.startswith(IN_STORE_PREFIX) else item.gtin
    made = [
        ("id", item.code), ("item_group_id", item.group[:ID_MAX]), ("title", title),
        ("description", plain(item.description)[:TEXT_MAX]), ("link", item.link),
        ("image_link", item.image),
        *(("additional_image_link", link) for link in item.more_images[:10]),
        ("availability", availability(item)), *_available_from(item), ("condition", "new"),
        ("price", _yen(item.price_yen)), *_sale(item), ("gtin", gtin),
        ("mpn", item.code if not gtin and item.brand else ""),
        ("identifier_exists", "" if gtin or item.brand else "no"), ("brand", item.brand[:70]),
        ("color", item.colour[:100]), ("size", item.size[:100]),
        ("size_system", "JP" if item.sizes_matter else ""),
        ("size_type", "regular" if item.sizes_matter else ""),
        ("gender", {"women": "female", "men": "male"}.get(item.gender, item.gender)),
        ("age_group", item.age_group), ("material", item.material[:200]),
        ("pattern", item.pattern[:100]), ("google_product_category", item.category),
        ("product_type", item.product_type[:750]),
        ("shipping_weight", f"{item.weight_g} g" if item.weight_g else ""),
    ]  # fmt: skip
    return [(name, value) for name, value in made if value]


def availability(item: Item) -> str:
    if item.free <= 0:
        return "out_of_stock"
    return "preorder" if item.preorder_month else "in_stock"


def _available_from(item: Item) -> list[tuple[str, str]]:
    """The last day that was promised."""
    if not item.preorder_month or item.free <= 0:
        return []
    return [("availability_date", f"{last_day(item.preorder_month).isoformat()}T00:00+09:00")]


def _yen(amount: int) -> str:
    return f"{amount} JPY"


def _sale(item: Item) -> list[tuple[str, str]]:
    if item.sale_yen is None:
        return []
    found = [("sale_price", _yen(item.sale_yen))]
    if item.sale_from and item.sale_until:
        window = "/".join(
            at.astimezone(JST).isoformat(timespec="minutes")
            for at in (item.sale_from, item.sale_until)
        )
        found.append(("sale_price_effective_date", window))
    return found


GOOGLE = frozenset({
    "id", "item_group_id", "title", "description", "link", "image_link", "additional_image_link",
    "availability", "availability_date", "condition", "price", "sale_price",
    "sale_price_effective_date", "gtin", "mpn", "identifier_exists", "brand", "color", "size",
    "size_system", "size_type", "gender", "age_group", "material", "pattern",
    "google_product_category", "product_type", "shipping_weight",
})  # fmt: skip


def google(
    items: Iterable[Item], *, title: str, link: str, free: Sequence[Free] = ()
) -> Iterator[str]:
    """RSS 2.0 with Google's attributes."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"<title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(title)}</description>\n"
    )
    for item in items:
        own = [(one.name, value) for one in free if (value := one.of(item))]
        cells = (f"<g:{name}>{escape(value)}</g:{name}>" for name, value in fields_of(item) + own)
        yield f"<item>{''.join(cells)}</item>\n"
    yield "</channel></rss>\n"


META = (
    "id", "item_group_id", "title", "description", "availability", "condition", "price",
    "sale_price", "sale_price_effective_date", "link", "image_link", "additional_image_link",
    "brand", "gtin", "color", "size", "gender", "age_group", "material", "pattern",
    "google_product_category", "product_type", "shipping_weight",
)  # fmt: skip
META_WORDS = {
    "in_stock": "in stock",
    "out_of_stock": "out of stock",
    "preorder": "available for order",
}


def meta(items: Iterable[Item], *, free: Sequence[Free] = (), **_head: str) -> Iterator[str]:
    """The CSV of Meta's catalogue."""
    yield _line([*META, *(one.name for one in free)])
    for item in items:
        made: dict[str, list[str]] = {}
        for name, value in fields_of(item):
            made.setdefault(name, []).append(value)
        made["availability"] = [META_WORDS[availability(item)]]
        own = [one.of(item) for one in free]
        yield _line([*(",".join(made.get(name, [])) for name in META), *own])


CRITEO = (
    "id", "title", "description", "link", "image_link", "additional_image_link", "sale_price",
    "price", "gtin", "mpn", "product_type", "brand", "item_group_id", "google_product_category",
    "availability",
)  # fmt: skip


def _criteo_refuses(item: Item) -> str:
    """Beyond what the others want: a path of categories, and an id that its tags can carry."""
    if not item.product_type:
        return "missing: product_type"
    if not item.code.isascii() or '"' in item.code or "'" in item.code:
        return "id with other than ASCII, or with a quotation mark"
    if item.code == item.group:
        return "id is the item_group_id"
    return "" if item.name[:1].isalnum() else "title does not start with a letter or number"


def criteo(items: Iterable[Item], *, free: Sequence[Free] = (), **_head: str) -> Iterator[str]:
    """The CSV of Criteo: amounts without a currency, which its account has. What is sold ahead can
    be bought, so it is in stock."""
    yield _line([*CRITEO, *(one.name for one in free)])
    for item in items:
        made: dict[str, str] = {}
        for name, value in fields_of(item):
            made.setdefault(name, value)
        made["price"] = str(item.price_yen)
        made["sale_price"] = "" if item.sale_yen is None else str(item.sale_yen)
        made["availability"] = "In Stock" if item.free > 0 else "Out of Stock"
        own = [one.of(item) for one in free]
        yield _line([*(made.get(name, "") for name in CRITEO), *own])


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
