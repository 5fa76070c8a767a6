"""The product's page as a form: what is kept, as fields; what was typed, as a product. Every field
has a name of its own, so that whatever was typed can be shown again, with what is wrong beside."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from lockstitch.catalogue import promise, typed
from lockstitch.catalogue.checks import Fault
from lockstitch.catalogue.editing import Renames
from lockstitch.catalogue.garments import Garment
from lockstitch.catalogue.rules import sku_code
from lockstitch.catalogue.sizing import cm_of, mm_of
from lockstitch.catalogue.whole import HEM, NewColour, NewProduct, NewSku, Part, Worn
from lockstitch.kernel.text import LANGUAGES, Text

Typed = Mapping[str, str]  # a form, or what would be one
FIBRES_A_PART = 4
TEXTS = ("name", "description", "material", "fit_note", "video_title", "outlet_note")
PLAIN = (
    "slug", "item_number", "brand", "season", "collection", "kana", "gender", "age_group",
    "category", "origin", "audience", "video",
    "video_captions", "successor",
)  # fmt: skip
SCALE = ("thickness", "sheer", "stretch", "lining")
READ: dict[str, Callable[[str], Any]] = {
    "tags": typed.words, "matching": typed.words, "related": typed.words,
    "tax_rate_bp": typed.percent_bp, "made_to_order_days": typed.whole,
    "limit_per_order": typed.whole, "limit_per_person": typed.whole, "limit_days": typed.whole,
    "published": typed.moment, "published_until": typed.moment, "preorder_month": promise.read,
    "hem_from_mm": typed.cm, "hem_to_mm": typed.cm, "hem_step_mm": typed.cm,
    "hem_fee_yen": typed.whole, "hem_days": typed.whole,
    "position": lambda text: typed.whole(text) or 0,
}  # fmt: skip
# cell's field -> (attribute of the SKU, how it is read)
CELL: dict[str, tuple[str, Callable[[str], Any]]] = {
    "code": ("code", typed.plain), "price": ("price_yen", typed.number),
    "list": ("list_price_yen", typed.whole), "sale": ("sale_price_yen", typed.whole),
    "salefrom": ("sale_from", typed.moment), "saleuntil": ("sale_until", typed.moment),
    "gtin": ("gtin", typed.gtin), "supplier": ("supplier_code", typed.plain),
    "cost": ("cost_yen", typed.whole),
    "weight": ("weight_g", lambda text: typed.whole(text) or 0),
    "limit": ("preorder_limit", typed.whole), "from": ("published_from", typed.moment),
    "until": ("published_until", typed.moment),
}  # fmt: skip
OF_ATTRIBUTE = {attribute: name for name, (attribute, _read) in CELL.items()}


@dataclass
class Reading:
    """What was typed, read. `problems` are sentences by the name of their field."""

    new: NewProduct
    counts: dict[str, int] = field(default_factory=dict)  # SKU code -> pieces more or fewer
    renames: Renames = field(default_factory=lambda: Renames({}, {}))
    problems: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, ...], str] = field(default_factory=dict)  # path -> field's name

    def tell(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.problems.setdefault(self._name(fault.path), fault.text)

    def _name(self, path: tuple[str, ...]) -> str:
        if path[0] == "sku":
            cell = self.places.get(("cell", path[1], path[2]), "grid")
            return f"{cell}-{OF_ATTRIBUTE.get(path[3], 'code')}"
        if path in self.places:
            return self.places[path]
        if path[:2] in self.places:
            name = {"name": "ja", "published_until": "until"}.get(path[2], path[2])
            return f"{self.places[path[:2]]}-{name}"
        return {
            "name": "name_ja",
            "video_title": "video_title_ja",
            "outlet_note": "outlet_note_ja",
        }.get(path[0], path[0])


def rows(given: Typed, kind: str) -> int:
    """How many rows of this kind the form has."""
    text = given.get(f"{kind}s", "0")
    return min(int(text), 300) if text.isascii() and text.isdigit() else 0


def read(
    given: Typed, care: list[str], garment: Garment | None, base: NewProduct | None
) -> Reading:
    """`base` is what is kept, for what the form does not show: attributes, picture addresses, and
    measures of points that this garment does not have."""
    new = NewProduct("", "", {}, [], [], [])
    reading = Reading(new)
    for name in TEXTS:
        setattr(new, name, _text(given, name))
    for name in PLAIN:
        setattr(new, name, given.get(name, "").strip())
    for name, parse in READ.items():
        try:
            setattr(new, name, parse(given.get(name, "")))
        except ValueError as error:
            reading.problems[name] = str(error)
    new.slug = new.slug or slugify(new.item_number, allow_unicode=True)
    new.care = care
    new.scales = {n: int(g) for n in SCALE if (g := given.get(f"scale-{n}", "")) in ("1", "2", "3")}
    new.is_giftable = bool(given.get("is_giftable", ""))
    new.is_final_sale = bool(given.get("is_final_sale", ""))
    new.is_outlet = bool(given.get("is_outlet", ""))
    new.attributes = {k: v for k, v in (base.attributes if base else {}).items() if k != "garment"}
    if garment_ := given.get("kind", ""):
        new.attributes["garment"] = [garment_]
    _composition(given, reading)
    _axes(given, reading, garment, base)
    _worn(given, reading)
    _cells(given, reading)
    if base:
        _exact(new, base, reading.renames)
    return reading


def _exact(new: NewProduct, base: NewProduct, renames: Renames) -> None:
    """A moment whose minute was not changed keeps its seconds: it is no change."""

    def same(now: Any, before: Any, *names: str) -> None:
        for name in names:
            if typed.shown(getattr(now, name)) == typed.shown(getattr(before, name)):
                setattr(now, name, getattr(before, name))

    same(new, base, "published", "published_until")
    colours = {renames.colours.get(c.code): c for c in base.colours}
    for colour in new.colours:
        if before := colours.get(colour.code):
            same(colour, before, "published_from", "published_until")
    cells = {
        (renames.colours.get(sku.colour), renames.sizes.get(sku.size)): sku for sku in base.skus
    }
    for sku in new.skus:
        if cell := cells.get((sku.colour, sku.size)):
            same(sku, cell, "sale_from", "sale_until", "published_from", "published_until")


def _text(given: Typed, name: str) -> Text:
    texts = {code: given.get(f"{name}_{code}", "").strip() for code in LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def _composition(given: Typed, reading: Reading) -> None:
    for n in range(rows(given, "part")):
        fibres = []
        for k in range(FIBRES_A_PART):
            fibre = given.get(f"part-{n}-fibre-{k}", "")
            if not fibre:
                continue
            try:
                fibres.append((fibre, typed.number(given.get(f"part-{n}-percent-{k}", ""))))
            except ValueError as error:
                reading.problems[f"part-{n}"] = str(error)
        if not fibres:
            continue
        texts = {code: given.get(f"part-{n}-{code}", "").strip() for code in LANGUAGES}
        part = Part({code: text for code, text in texts.items() if text}, fibres)
        reading.places["composition", str(len(reading.new.composition))] = f"part-{n}"
        reading.new.composition.append(part)


def _worn(given: Typed, reading: Reading) -> None:
    for n in range(rows(given, "worn")):
        height, size = given.get(f"worn-{n}-height", ""), given.get(f"worn-{n}-size", "")
        if not height.strip():
            continue
        try:
            worn = Worn(typed.number(height), size.strip(), given.get(f"worn-{n}-colour", ""))
        except ValueError as error:
            reading.problems[f"worn-{n}"] = str(error)
            continue
        reading.places["worn", str(len(reading.new.worn))] = f"worn-{n}"
        reading.new.worn.append(worn)


def _placed(given: Typed, kind: str) -> Iterator[int]:
    """The rows that are filled in, in the order of their place numbers, then as they stand."""

    def place(n: int) -> tuple[int, int]:
        text = given.get(f"{kind}-{n}-place", "")
        return (int(text) if text.isascii() and text.isdigit() and len(text) < 6 else n + 1, n)

    filled = ("code", "ja", "en") if kind == "colour" else ("code", "label")
    for n in sorted(range(rows(given, kind)), key=place):
        if any(given.get(f"{kind}-{n}-{name}", "").strip() for name in filled):
            yield n


def _axes(given: Typed, reading: Reading, garment: Garment | None, base: NewProduct | None) -> None:
    new, colours, sizes = reading.new, {}, {}
    urls = {c.code: c.picture_urls for c in base.colours} if base else {}
    for n in _placed(given, "colour"):
        at = f"colour-{n}"
        name = {code: given.get(f"{at}-{code}", "").strip() for code in LANGUAGES}
        was, code = given.get(f"{at}-was", ""), given.get(f"{at}-code", "").strip()
        colour = NewColour(
            code, {key: text for key, text in name.items() if text}, given.get(f"{at}-family", ""),
            given.get(f"{at}-hex", "").strip(), urls.get(was, []),
        )  # fmt: skip
        for field_, attribute in (("from", "published_from"), ("until", "published_until")):
            try:
                setattr(colour, attribute, typed.moment(given.get(f"{at}-{field_}", "")))
            except ValueError as error:
                reading.problems[f"{at}-{field_}"] = str(error)
        if was:
            colours[was] = code
        reading.places.setdefault(("colour", code), at)
        new.colours.append(colour)
    for n in _placed(given, "size"):
        at = f"size-{n}"
        label = given.get(f"{at}-label", "").strip()
        code = given.get(f"{at}-code", "").strip() or slugify(label, allow_unicode=True)
        if was := given.get(f"{at}-was", ""):
            sizes[was] = code
        reading.places.setdefault(("size", code), at)
        new.sizes.append((code, label or code))
        kept = base.measures.get(was, {}) if base else {}
        new.measures[code] = _measures(given, at, garment, kept, reading)
    new.measures = {code: own for code, own in new.measures.items() if own}
    reading.renames = Renames(colours, sizes)


def _measures(
    given: Typed, at: str, garment: Garment | None, kept: Mapping[str, int], reading: Reading
) -> dict[str, int]:
    points = garment.points if garment else ()
    found = {code: mm for code, mm in kept.items() if code not in {p.code for p in points}}
    for point in points:
        name = f"{at}-m-{point.code}"
        try:
            mm = mm_of(given.get(name, ""))
        except ValueError:
            reading.problems[name] = _("Centimetres with one decimal, such as 68.5.")
            continue
        if mm is not None:
            found[point.code] = mm
    return found


def _cells(given: Typed, reading: Reading) -> None:
    """A cell that is off and was never kept is no SKU; one that was kept goes off sale."""
    new = reading.new
    for colour in new.colours:
        for size, _label in new.sizes:
            i = reading.places["colour", colour.code].partition("-")[2]
            j = reading.places["size", size].partition("-")[2]
            at = f"cell-{i}-{j}"
            on = bool(given.get(f"{at}-on", ""))
            if not on and not given.get(f"{at}-kept", ""):
                continue
            sku = NewSku(colour.code, size, "", 0, active=on)
            for name, (attribute, parse) in CELL.items():
                try:
                    setattr(sku, attribute, parse(given.get(f"{at}-{name}", "")))
                except ValueError as error:
                    reading.problems[f"{at}-{name}"] = str(error)
            sku.code = sku.code or sku_code(new.item_number, colour.code, size)
            reading.places["cell", colour.code, size] = at
            new.skus.append(sku)
            try:
                count = typed.whole(given.get(f"{at}-stock", "")) or 0
                was = typed.whole(given.get(f"{at}-was", "")) or 0
                reading.counts[sku.code] = count - was
            except ValueError as error:
                reading.problems[f"{at}-stock"] = str(error)


def fields_of(new: NewProduct, stocks: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    """What is kept, as the form's fields. `stocks`: SKU code -> (on hand, promised)."""
    made = {name: getattr(new, name) for name in PLAIN}
    made |= {f"{n}_{code}": getattr(new, n).get(code, "") for n in TEXTS for code in LANGUAGES}
    made |= {
        **{name: ", ".join(getattr(new, name)) for name in ("tags", "matching", "related")},
        "tax_rate_bp": f"{new.tax_rate_bp / 100:g}",
        "made_to_order_days": _shown(new.made_to_order_days),
        "limit_per_order": _shown(new.limit_per_order),
        "limit_per_person": _shown(new.limit_per_person), "limit_days": _shown(new.limit_days),
        "preorder_month": promise.typed(new.preorder_month),
        "published": typed.shown(new.published),
        "published_until": typed.shown(new.published_until), "position": str(new.position),
        "kind": next(iter(new.attributes.get("garment", [])), ""),
        "is_giftable": "1" * new.is_giftable, "is_final_sale": "1" * new.is_final_sale,
        "is_outlet": "1" * new.is_outlet,
        **{n: typed.shown_cm(getattr(new, n)) for n in HEM[:3]},
        **{n: _shown(getattr(new, n)) for n in HEM[3:]},
        "parts": str(len(new.composition)), "worns": str(len(new.worn)),
        "colours": str(len(new.colours)), "sizes": str(len(new.sizes)),
    }  # fmt: skip
    made |= {f"scale-{name}": str(grade) for name, grade in new.scales.items()}
    for n, part in enumerate(new.composition):
        made |= {f"part-{n}-{code}": text for code, text in part.part.items()}
        for k, (fibre, percent) in enumerate(part.fibres):
            made |= {f"part-{n}-fibre-{k}": fibre, f"part-{n}-percent-{k}": str(percent)}
    for n, worn in enumerate(new.worn):
        made |= {
            f"worn-{n}-height": str(worn.height_cm), f"worn-{n}-size": worn.size,
            f"worn-{n}-colour": worn.colour,
        }  # fmt: skip
    colours, sizes = {}, {}
    for n, colour in enumerate(new.colours):
        colours[colour.code] = n
        made |= {f"colour-{n}-{code}": text for code, text in colour.name.items()}
        made |= {
            f"colour-{n}-was": colour.code, f"colour-{n}-code": colour.code,
            f"colour-{n}-family": colour.family, f"colour-{n}-hex": colour.hex,
            f"colour-{n}-from": typed.shown(colour.published_from),
            f"colour-{n}-until": typed.shown(colour.published_until),
            f"colour-{n}-place": str(n + 1),
        }  # fmt: skip
    for n, (code, label) in enumerate(new.sizes):
        sizes[code] = n
        made |= {
            f"size-{n}-was": code, f"size-{n}-code": code, f"size-{n}-label": label,
            f"size-{n}-place": str(n + 1),
        }  # fmt: skip
        made |= {f"size-{n}-m-{p}": cm_of(mm) for p, mm in new.measures.get(code, {}).items()}
    for sku in new.skus:
        at = f"cell-{colours[sku.colour]}-{sizes[sku.size]}"
        on_hand, _promised = stocks.get(sku.code, (0, 0))
        for name, (attribute, parse) in CELL.items():
            value = getattr(sku, attribute)
            made[f"{at}-{name}"] = typed.shown(value) if parse is typed.moment else _shown(value)
        made |= {
            f"{at}-kept": "1", f"{at}-on": "1" * sku.active, f"{at}-stock": str(on_hand),
            f"{at}-was": str(on_hand),
        }  # fmt: skip
    return made


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
