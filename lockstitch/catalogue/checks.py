"""What a product must be to be kept, and what it should be to be shown. Pure; one set of rules for
the console's form and for files. A fault's path says where: ("name",), ("colour", "04", "hex"),
("sku", "04", "M", "gtin")."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lockstitch.catalogue.audience import is_audience
from lockstitch.catalogue.care import FIBRES, SCALES, SYMBOLS
from lockstitch.catalogue.colours import FAMILIES
from lockstitch.catalogue.garments import GARMENTS
from lockstitch.catalogue.promise import is_promise
from lockstitch.catalogue.rules import checked_gtin
from lockstitch.catalogue.sizing import doubts
from lockstitch.catalogue.video import is_captions, is_video
from lockstitch.catalogue.whole import HEM, NewProduct, NewSku
from lockstitch.kernel.text import folded

PRICE_MAX_YEN = 100_000_000
GRID_MAX = 2_000
GENDERS = ("", "women", "men", "unisex")
AGES = ("newborn", "infant", "toddler", "kids", "adult")
UNLABELLED = ("bag", "accessories", "shoes", "hat")  # garments that need no fibres and no care
BESIDE_MAX = 12
LENGTHS = {
    "slug": 160, "item_number": 60, "brand": 120, "season": 20, "collection": 60, "kana": 200,
    "origin": 2, "successor": 160,
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    path: tuple[str, ...]
    text: str


def faults(new: NewProduct) -> list[Fault]:
    return [*_product(new), *_parts(new), *_axes(new), *_skus(new)]


def _product(new: NewProduct) -> Iterator[Fault]:
    yield from _words(new)
    yield from _choices(new)
    yield from _beside(new)
    yield from _video(new)
    yield from _hem(new)
    yield from _audience(new)


def _words(new: NewProduct) -> Iterator[Fault]:
    if not any(new.name.values()):
        yield Fault(("name",), _("A product has a name."))
    if not new.item_number:
        yield Fault(("item_number",), _("A product has an item number."))
    if not re.fullmatch(r"[-\w]+", new.slug):
        yield Fault(("slug",), _("The address may have letters, digits, - and _."))
    for name, most in LENGTHS.items():
        if len(getattr(new, name)) > most:
            yield Fault((name,), _("At most %(most)s characters.") % {"most": most})
    if any(len(tag) > 40 for tag in new.tags) or len(new.tags) > 40:
        yield Fault(("tags",), _("At most 40 tags of 40 characters."))


def _choices(new: NewProduct) -> Iterator[Fault]:
    for name, choices in (("gender", GENDERS), ("age_group", AGES)):
        if getattr(new, name) not in choices:
            yield Fault(
                (name,), _("One of: %(words)s") % {"words": ", ".join(filter(None, choices))}
            )
    if new.origin and not re.fullmatch("[A-Z]{2}", new.origin):
        yield Fault(("origin",), _("A country has two letters: JP."))
    if not 0 <= new.tax_rate_bp <= 10_000:
        yield Fault(("tax_rate_bp",), _("A tax rate is between 0 and 100 percent."))
    if new.preorder_month and not is_promise(new.preorder_month):
        yield Fault(
            ("preorder_month",),
            _("2027-03, 2027-03-上旬 or 2027-03-14, not %(text)s")
            % {"text": new.preorder_month[:40]},
        )
    for name in ("made_to_order_days", "limit_per_order", "limit_per_person", "limit_days"):
        number = getattr(new, name)
        if number is not None and not 1 <= number <= 999:
            yield Fault((name,), _("Between 1 and 999."))
    if new.limit_days and not new.limit_per_person:
        yield Fault(("limit_per_person",), _("How many pieces within these days?"))
    if new.published and new.published_until and new.published_until <= new.published:
        yield Fault(("published_until",), _("The end is not after the beginning."))
    if new.is_outlet and not any(new.outlet_note.values()):
        yield Fault(("outlet_note",), _("An outlet piece says its condition."))
    for name, grade in new.scales.items():
        if name not in SCALES or grade not in (1, 2, 3):
            yield Fault(("scales",), _("A scale has the steps 1 to 3: %(name)s") % {"name": name})


def _audience(new: NewProduct) -> Iterator[Fault]:
    if not is_audience(new.audience):
        yield Fault(
            ("audience",),
            _("public, members, link, or rank: and the code of a rank, not %(text)s.")
            % {"text": new.audience[:60]},
        )


def _hem(new: NewProduct) -> Iterator[Fault]:
    given = {name: getattr(new, name) for name in HEM}
    missing = [name for name, number in given.items() if number is None]
    if missing:
        if len(missing) < len(HEM):
            yield Fault((missing[0],), _("Hemming needs lengths, step, fee and days, or none."))
        return
    start, end, step, fee, days = given.values()
    if not 100 <= start < end <= 1500:
        yield Fault(("hem_to_mm",), _("From 10 to 150 cm, the longest above the shortest."))
    if not 1 <= step <= 100 or (end - start) // step > 200:
        yield Fault(("hem_step_mm",), _("A step of 0.1 to 10 cm, and at most 200 lengths."))
    if fee > PRICE_MAX_YEN:
        yield Fault(("hem_fee_yen",), _("A price in yen."))
    if not 1 <= days <= 99:
        yield Fault(("hem_days",), _("Between 1 and 99."))


def _beside(new: NewProduct) -> Iterator[Fault]:
    if new.successor and new.successor == new.slug:
        yield Fault(("successor",), _("A product does not succeed itself."))
    for name in ("matching", "related"):
        slugs = getattr(new, name)
        if len(slugs) > BESIDE_MAX or any(len(slug) > 160 for slug in slugs):
            yield Fault((name,), _("At most 12 products, by the last part of their address."))
        if new.slug in slugs:
            yield Fault((name,), _("A product is not shown beside itself."))


def _video(new: NewProduct) -> Iterator[Fault]:
    if new.video and (len(new.video) > 500 or not is_video(new.video)):
        yield Fault(("video",), _("An MP4 or WebM by https or on this shop, or a known provider."))
    if new.video_captions and not is_captions(new.video_captions[:501], new.video):
        yield Fault(("video_captions",), _("A .vtt file on this shop or where the video is."))
    if new.video and not any(new.video_title.values()):
        yield Fault(("video_title",), _("A video has a title, for who cannot see it."))


def _parts(new: NewProduct) -> Iterator[Fault]:
    for n, part in enumerate(new.composition):
        where = ("composition", str(n))
        unknown = [fibre for fibre, _percent in part.fibres if fibre not in FIBRES]
        if unknown:
            yield Fault(where, _("No such fibre: %(name)s") % {"name": ", ".join(unknown)})
        total = sum(percent for _fibre, percent in part.fibres)
        if total != 100 or any(not 0 < percent <= 100 for _fibre, percent in part.fibres):
            yield Fault(where, _("The fibres add up to %(sum)s %%, not 100 %%.") % {"sum": total})
        if max(Counter(fibre for fibre, _percent in part.fibres).values(), default=1) > 1:
            yield Fault(where, _("A fibre stands twice."))
    for code in new.care:
        if code not in SYMBOLS:
            yield Fault(("care",), _("No such care symbol: %(code)s") % {"code": code})
    kinds = Counter(SYMBOLS[code].kind for code in new.care if code in SYMBOLS)
    if max(kinds.values(), default=1) > 1:
        yield Fault(("care",), _("Of each kind of care one symbol: two contradict each other."))
    sizes = {code for code, _label in new.sizes} | {label for _code, label in new.sizes}
    for n, worn in enumerate(new.worn):
        if worn.size not in sizes or not 50 <= worn.height_cm <= 230:
            yield Fault(("worn", str(n)), _("A height in cm, and a size of this product."))


def _axes(new: NewProduct) -> Iterator[Fault]:
    colours = Counter(colour.code for colour in new.colours)
    for colour in new.colours:
        if not colour.code or len(colour.code) > 60 or "/" in colour.code:
            yield Fault(("colour", colour.code, "code"), _("A colour has a code."))
        elif colours[colour.code] > 1:
            yield Fault(("colour", colour.code, "code"), _("This code stands twice."))
        if not any(colour.name.values()):
            yield Fault(("colour", colour.code, "name"), _("A colour has a name."))
        if colour.hex and not re.fullmatch("#[0-9a-fA-F]{6}", colour.hex):
            yield Fault(("colour", colour.code, "hex"), _("A colour value is like #1f2a44."))
        if colour.family and colour.family not in FAMILIES:
            yield Fault(("colour", colour.code, "family"), _("No such colour family."))
        if _crossed(colour.published_from, colour.published_until):
            yield Fault(
                ("colour", colour.code, "published_until"), _("The end is not after the beginning.")
            )
    sizes = Counter(code for code, _label in new.sizes)
    for code, label in new.sizes:
        if not code or len(code) > 60 or not label or len(label) > 60:
            yield Fault(("size", code, "code"), _("A size has a code and a label."))
        elif sizes[code] > 1:
            yield Fault(("size", code, "code"), _("This code stands twice."))
    if len(new.colours) * len(new.sizes) > GRID_MAX:
        yield Fault(("grid",), _("At most %(most)s SKUs in one product.") % {"most": GRID_MAX})


def _crossed(start: object, end: object) -> bool:
    return start is not None and end is not None and end <= start  # type: ignore[operator]


def _skus(new: NewProduct) -> Iterator[Fault]:
    codes = Counter(folded(sku.code) for sku in new.skus)
    gtins = Counter(sku.gtin for sku in new.skus if sku.gtin)
    colours = {colour.code for colour in new.colours}
    sizes = {code for code, _label in new.sizes}
    cells = Counter((sku.colour, sku.size) for sku in new.skus)
    for sku in new.skus:
        for name, text in _sku(sku):
            yield Fault(("sku", sku.colour, sku.size, name), text)
        if sku.colour not in colours or sku.size not in sizes or cells[sku.colour, sku.size] > 1:
            yield Fault(
                ("sku", sku.colour, sku.size, "code"), _("Each colour and size has one SKU.")
            )
        if codes[folded(sku.code)] > 1:
            yield Fault(
                ("sku", sku.colour, sku.size, "code"),
                _("This SKU stands twice (letter case does not tell)."),
            )
        if gtins[sku.gtin] > 1:
            yield Fault(("sku", sku.colour, sku.size, "gtin"), _("This JAN stands twice."))


def _sku(sku: NewSku) -> Iterator[tuple[str, str]]:
    if not sku.code or len(sku.code) > 120:
        yield "code", _("A SKU has a code of at most 120 characters.")
    if not 0 <= sku.price_yen <= PRICE_MAX_YEN:
        yield "price_yen", _("A price in yen.")
    if sku.cost_yen is not None and not 0 <= sku.cost_yen <= PRICE_MAX_YEN:
        yield "cost_yen", _("A price in yen.")
    if sku.list_price_yen is not None and sku.list_price_yen <= sku.price_yen:
        yield "list_price_yen", _("The former price must be higher than the price.")
    if sku.sale_price_yen is not None and sku.sale_price_yen >= sku.price_yen:
        yield "sale_price_yen", _("The sale price must be lower than the price.")
    if sku.sale_price_yen is not None and sku.sale_from is None:
        yield "sale_from", _("A sale has a beginning.")
    if _crossed(sku.sale_from, sku.sale_until):
        yield "sale_until", _("The end is not after the beginning.")
    if _crossed(sku.published_from, sku.published_until):
        yield "published_until", _("The end is not after the beginning.")
    if len(sku.supplier_code) > 60:
        yield "supplier_code", _("At most %(most)s characters.") % {"most": 60}
    try:
        checked_gtin(sku.gtin)
    except ValueError:
        yield (
            "gtin",
            _("A JAN has 8 or 13 digits, the last a check digit: %(text)s") % {"text": sku.gtin},
        )


def warnings(new: NewProduct, garment: str) -> list[str]:
    """What is missing before the product is shown, in sentences: 家庭用品品質表示法 wants fibres,
    care and who stands for them; buyers want sizes."""
    found = []
    if not new.colours or not new.sizes or not any(sku.active for sku in new.skus):
        found.append(_("Nothing can be bought yet: no colour and size has a SKU."))
    if garment not in UNLABELLED:
        if not new.composition:
            found.append(_("The composition is missing (家庭用品品質表示法)."))
        if not new.care:
            found.append(_("The care symbols are missing (家庭用品品質表示法)."))
    if kind := GARMENTS.get(garment):
        doubted = doubts(kind, new.sizes, new.measures)
        missing = sum(one.why == "missing" for one in doubted)
        if missing:
            found.append(_("Measured sizes: %(count)s values are missing.") % {"count": missing})
        labels = dict(new.sizes)
        found += [
            _("Measured sizes: look again at %(point)s of %(size)s.")
            % {"point": one.point.name["ja"], "size": labels[one.size]}
            for one in doubted
            if one.why != "missing"
        ]
    return found
