"""The product file of one row a SKU (docs/products.md): its rows as products, products as its rows.
Only the columns that a file has are given; what it does not name stays as it is. Pure."""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import batched
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from lockstitch.catalogue.columns import BY_NAME, COLUMNS, Column, value_of
from lockstitch.catalogue.files import Unreadable
from lockstitch.catalogue.rules import sku_code
from lockstitch.catalogue.whole import NewColour, NewProduct, NewSku
from lockstitch.kernel.text import folded

# Empty in these means "as it is", because no product is without one.
STAYS = {"slug", "item_number", "age_group", "audience", "tax_rate_bp", "is_giftable",
         "is_final_sale", "is_outlet", "position", "active", "weight_g", "label"}  # fmt: skip
RESOLVED_ROWS = 500


@dataclass
class Fault:
    row: int  # of the file, the heading being row 1
    column: str
    text: str


@dataclass
class GivenSku:
    row: int
    colour: str
    size: str
    values: dict[str, Any]


@dataclass
class Given:
    """What a file says of one product. Texts are by language, and only of those it names."""

    slug: str
    row: int
    product: dict[str, Any] = field(default_factory=dict)
    colours: dict[str, dict[str, Any]] = field(default_factory=dict)
    sizes: dict[str, dict[str, Any]] = field(default_factory=dict)
    skus: list[GivenSku] = field(default_factory=list)
    pieces: dict[str, int] = field(default_factory=dict)  # SKU code -> first stock
    faults: list[Fault] = field(default_factory=list)
    all_skus: bool = False  # what is not listed goes off sale


# SKU codes as typed -> the slug of their product, for files that name no product.
Resolve = Callable[[list[str]], dict[str, str]]


def read(rows: Iterator[list[str]], resolve: Resolve) -> Iterator[Given]:
    """Products as the file has them, one by one. Raises Unreadable."""
    head = [BY_NAME.get(cell.strip().removeprefix("\ufeff")) for cell in next(rows, [])]
    names = {column.name for column in head if column}
    if not names & {"slug", "item_number", "sku"}:
        raise Unreadable("no product file: it has neither slug, item_number nor sku")
    if doubled := len([c for c in head if c]) - len(names):
        raise Unreadable(f"{doubled} columns stand twice")
    numbered = (
        (number, cells)
        for number, row in enumerate(rows, start=2)
        if (
            cells := {
                c.name: cell for c, cell in zip(head, row, strict=False) if c and cell.strip()
            }
        )
    )
    columns = [column for column in head if column]
    if names & {"slug", "item_number"}:
        yield from _grouped(numbered, columns)
    else:
        yield from _resolved(numbered, columns, resolve)


Numbered = Iterable[tuple[int, dict[str, str]]]


def _grouped(rows: Numbered, columns: list[Column]) -> Iterator[Given]:
    given: Given | None = None
    seen: set[str] = set()
    for number, cells in rows:
        slug = cells.get("slug", "").strip() or slugify(cells.get("item_number", ""), True)
        if given is None or (slug and slug != given.slug):
            if given is not None:
                yield given
            given = Given(slug, number)
            if not slug or slug in seen:
                why = _("The rows of a product stand together.") if slug else _("Whose row is it?")
                given.faults.append(Fault(number, "slug", why))
            seen.add(slug)
        _take(given, number, cells, columns)
    if given is not None:
        yield given


def _resolved(rows: Numbered, columns: list[Column], resolve: Resolve) -> Iterator[Given]:
    for chunk in batched(rows, RESOLVED_ROWS, strict=False):
        known = resolve([cells.get("sku", "") for _number, cells in chunk])
        made: dict[str, Given] = {}
        for number, cells in chunk:
            slug = known.get(cells.get("sku", ""), "")
            given = made.setdefault(slug or f"?{number}", Given(slug, number))
            if not slug:
                given.faults.append(Fault(number, "sku", _("There is no such SKU.")))
            _take(given, number, cells, columns)
        yield from made.values()


Values = dict[str, dict[str, Any]]


def _take(given: Given, number: int, cells: dict[str, str], columns: list[Column]) -> None:
    """One row into the product that it is of."""
    values = _values(given, number, cells, columns)
    if not given.product and number == given.row:
        given.product.update(values["product"])
    else:
        _settle(given, given.product, values["product"], number)
    for kind, rows in (("colour", given.colours), ("size", given.sizes)):
        code = values[kind].get("code", "")
        if code in rows:
            _settle(given, rows[code], values[kind], number)
        elif code:
            rows[code] = values[kind]
    sku = values["sku"]
    if "sku" in cells or "price" in cells:
        colour, size = values["colour"].get("code", ""), values["size"].get("code", "")
        given.skus.append(GivenSku(number, colour, size, sku))
        if values["stock"].get("stock") is not None and sku.get("code"):
            given.pieces[sku["code"]] = values["stock"]["stock"]


def _values(given: Given, number: int, cells: dict[str, str], columns: list[Column]) -> Values:
    """What the row says, by what it is of. What cannot be read is a fault."""
    values: Values = {"product": {}, "colour": {}, "size": {}, "sku": {}, "stock": {}}
    for column in columns:
        text = cells.get(column.name, "")
        if not text and column.field in STAYS:
            continue
        try:
            value = column.read(text)
        except ValueError as error:
            if text or (column.of == "sku" and "sku" in cells):
                given.faults.append(Fault(number, column.name, str(error)))
            continue
        if column.text:
            values[column.of].setdefault(column.field, {})[column.text] = value
        else:
            values[column.of][column.field] = value
    return values


def _settle(given: Given, kept: dict[str, Any], new: dict[str, Any], number: int) -> None:
    """The first row counts; a later one may be empty, or say the same again."""
    for name, value in new.items():
        if name == "code" or value in ("", None, [], {}) or value == kept.get(name):
            continue
        if isinstance(value, dict) and not any(value.values()):
            continue
        given.faults.append(
            Fault(number, name, _("An earlier row of this product says something else."))
        )


def merge(old: NewProduct | None, given: Given) -> NewProduct:
    """The product as the file wants it: what it does not name is as before."""
    new = deepcopy(old) if old else NewProduct(given.slug, "", {}, [], [], [])
    for name, value in given.product.items():
        setattr(new, name, _texted(getattr(new, name), value))
    new.slug = given.slug
    new.item_number = new.item_number or given.slug[:60]
    colours = {colour.code: colour for colour in new.colours}
    for code, values in given.colours.items():
        if code not in colours:
            colours[code] = NewColour(code, {})
            new.colours.append(colours[code])
        for name, value in values.items():
            setattr(colours[code], name, _texted(getattr(colours[code], name), value))
    labels = dict(new.sizes)
    for code, values in given.sizes.items():
        labels[code] = values.get("label") or labels.get(code) or code
        if "measures" in values:
            new.measures[code] = values["measures"]
    new.sizes = list(labels.items())
    new.measures = {code: own for code, own in new.measures.items() if own}
    if given.all_skus:
        new.skus = [replace(sku, active=False) for sku in new.skus]
    _merge_skus(new, given)
    return new


def _texted(before: Any, value: Any) -> Any:
    if isinstance(value, dict) and set(value) <= {"ja", "en"} and isinstance(before, dict):
        return {code: text for code, text in {**before, **value}.items() if text}
    return value


def _merge_skus(new: NewProduct, given: Given) -> None:
    cells = {(sku.colour, sku.size): sku for sku in new.skus}
    codes = {folded(sku.code): sku for sku in new.skus}
    for row in given.skus:
        code = row.values.get("code", "")
        sku = cells.get((row.colour, row.size)) if row.colour or row.size else None
        if sku is None and not (row.colour and row.size):
            sku = codes.get(folded(code))
        if sku is None:
            if not row.colour or not row.size:
                given.faults.append(
                    Fault(row.row, "sku", _("A new SKU needs a colour and a size."))
                )
                continue
            if "price_yen" not in row.values:
                given.faults.append(Fault(row.row, "price", _("A number is missing.")))
                continue
            sku = NewSku(row.colour, row.size, "", 0)
            cells[row.colour, row.size] = sku
            new.skus.append(sku)
        if given.all_skus:
            sku.active = True
        for name, value in row.values.items():
            if name != "code" or value:
                setattr(sku, name, value)
        sku.code = sku.code or sku_code(new.item_number, sku.colour, sku.size)


def headings(language: str = "en") -> list[str]:
    return [column.ja if language == "ja" else column.name for column in COLUMNS]


def rows_of(new: NewProduct, stock: dict[str, int]) -> Iterator[list[str]]:
    """A product as rows. A colour or a size without a SKU has a row of its own."""
    colours = {colour.code: colour for colour in new.colours}
    sizes = [_Size(code, label, new.measures.get(code, {})) for code, label in new.sizes]
    by_code = {size.code: size for size in sizes}
    seen: set[str] = set()
    used = {sku.colour for sku in new.skus}, {sku.size for sku in new.skus}
    lines: list[tuple[NewColour | None, _Size | None, NewSku | None]] = [
        (colours[sku.colour], by_code[sku.size], sku) for sku in in_order(new)
    ]
    lines += [(colour, None, None) for colour in new.colours if colour.code not in used[0]]
    lines += [(None, size, None) for size in sizes if size.code not in used[1]]
    for colour, size, sku in lines or [(None, None, None)]:
        cells = []
        for column in COLUMNS:
            row: Any = {"product": new, "colour": colour, "size": size, "sku": sku}.get(column.of)
            key = f"{column.of} {getattr(row, 'code', '')}"
            again = column.of != "sku" and key in seen and column.name not in ALWAYS
            if column.of == "stock" and sku is not None:
                cells.append(str(stock.get(sku.code, 0)))
            else:
                cells.append("" if row is None or again else value_of(column, row))
        seen |= {
            "product ",
            f"colour {colour.code}" if colour else "",
            f"size {size.code}" if size else "",
        }
        yield cells


ALWAYS = {"slug", "item_number", "colour_code", "size_code", "size_label"}


@dataclass(frozen=True)
class _Size:
    code: str
    label: str
    measures: dict[str, int]


def in_order(new: NewProduct) -> list[NewSku]:
    """SKUs so that colours and sizes both come up first in their own order: whoever reads the rows
    finds the same orders again, also in a grid with holes."""
    used = {sku.colour for sku in new.skus}, {sku.size for sku in new.skus}
    colours = {code: n for n, code in enumerate(c.code for c in new.colours if c.code in used[0])}
    sizes = {code: n for n, code in enumerate(code for code, _l in new.sizes if code in used[1])}
    left = sorted(new.skus, key=lambda sku: (colours[sku.colour], sizes[sku.size]))
    done: list[NewSku] = []
    seen_colours, seen_sizes = 0, 0
    while left:
        fits = next(
            (s for s in left if colours[s.colour] <= seen_colours and sizes[s.size] <= seen_sizes),
            left[0],
        )
        left.remove(fits)
        done.append(fits)
        seen_colours = max(seen_colours, colours[fits.colour] + 1)
        seen_sizes = max(seen_sizes, sizes[fits.size] + 1)
    return done
