"""What shopping services want to know of a SKU, and what they would refuse. Pure.

Google: support.google.com/merchants, "Product data specification". Meta: "Data specification for
catalogs". Prices are yen with tax.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from lockstitch.catalogue.rules import IN_STORE_PREFIX
from lockstitch.kernel.clock import JST

ID_MAX, TITLE_MAX, TEXT_MAX = 50, 150, 5_000
TAGS = re.compile(r"<[^>]+>")
SPACE = re.compile(r"\s+")
KINDS = {"google": "application/xml; charset=utf-8", "meta": "text/csv; charset=utf-8"}


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
    labels: list[str] = field(default_factory=list)


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
    """The last day of the month that was promised."""
    if not item.preorder_month or item.free <= 0:
        return []
    first = dt.date.fromisoformat(f"{item.preorder_month}-01")
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return [("availability_date", f"{last.isoformat()}T00:00+09:00")]


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


def google(items: Iterable[Item], *, title: str, link: str) -> Iterator[str]:
    """RSS 2.0 with Google's attributes."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"<title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(title)}</description>\n"
    )
    for item in items:
        cells = (f"<g:{name}>{escape(value)}</g:{name}>" for name, value in fields_of(item))
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


def meta(items: Iterable[Item], **_head: str) -> Iterator[str]:
    """The CSV of Meta's catalogue."""
    yield _line(META)
    for item in items:
        made: dict[str, list[str]] = {}
        for name, value in fields_of(item):
            made.setdefault(name, []).append(value)
        made["availability"] = [META_WORDS[availability(item)]]
        yield _line([",".join(made.get(name, [])) for name in META])


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
