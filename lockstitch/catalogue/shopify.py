"""Reading the product CSV that Shopify exports, in its old and new column names. Pure.

Columns: help.shopify.com, "Using CSV files to import and export products". A product's rows share
a handle; a row with a price is a variant, one without is a further picture. A product with a
faulty row is refused whole, with the row's number, so that nothing is half there.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TextIO

from django.utils.text import slugify

from lockstitch.catalogue.actions import NewColour, NewProduct, NewSku
from lockstitch.catalogue.colours import family_of, hex_of
from lockstitch.catalogue.rules import checked_gtin, sku_code
from lockstitch.catalogue.typed import words
from lockstitch.kernel.text import Text, folded

NAMES: dict[str, tuple[str, ...]] = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "body": ("Body (HTML)", "Description"),
    "vendor": ("Vendor",),
    "type": ("Type", "Product category", "Product Category"),
    "tags": ("Tags",),
    "published": ("Published", "Published on online store"),
    "status": ("Status",),
    "option1": ("Option1 Name", "Option1 name"),
    "value1": ("Option1 Value", "Option1 value"),
    "option2": ("Option2 Name", "Option2 name"),
    "value2": ("Option2 Value", "Option2 value"),
    "option3": ("Option3 Name", "Option3 name"),
    "value3": ("Option3 Value", "Option3 value"),
    "sku": ("Variant SKU", "SKU"),
    "price": ("Variant Price", "Price"),
    "compare": ("Variant Compare At Price", "Compare-at price"),
    "quantity": ("Variant Inventory Qty", "Inventory quantity"),
    "grams": ("Variant Grams", "Weight value (grams)"),
    "barcode": ("Variant Barcode", "Barcode"),
    "cost": ("Cost per item",),
    "image": ("Image Src", "Product image URL"),
    "variant_image": ("Variant Image", "Variant image URL"),
}
SIZE_NAMES = {"size", "サイズ", "shoe size"}
ONLY = "Default Title"
PICTURES_MAX = 100


@dataclass(frozen=True)
class Note:
    row: int  # of the record, the header being row 1
    text: str


@dataclass
class Report:
    """`refused` names rows whose product was left out; `notes` what was mended on the way."""

    rows: int = 0
    products: int = 0
    variants: int = 0
    refused: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Unreadable(ValueError):
    """The file is not such a CSV at all; the text says why."""


@dataclass
class _Row:
    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "").strip()


def read(
    file: TextIO, *, rate: Decimal = Decimal(1), published: dt.datetime | None = None
) -> tuple[list[NewProduct], dict[str, int], Report]:
    """(products, SKU code -> pieces, report). `rate` is yen for one unit of the file's prices."""
    report = Report()
    products: list[NewProduct] = []
    pieces: dict[str, int] = {}
    codes: set[str] = set()
    for rows in _by_handle(_rows(file, report)):
        reader = _Product(rows, rate, published, report)
        try:
            product, counts = reader.read()
            clash = next((s.code for s in product.skus if folded(s.code) in codes), None)
            if clash:
                raise _Fault(rows[0].number, f"SKU {clash!r} stands in an earlier product too")
        except _Fault as fault:
            report.refused.append(Note(fault.row, f"{rows[0]['handle']}: {fault}"))
            continue
        codes |= {folded(sku.code) for sku in product.skus}
        products.append(product)
        pieces |= counts
        report.products += 1
        report.variants += len(product.skus)
    for position, product in enumerate(products):
        product.position = position
    return products, pieces, report


class _Fault(ValueError):
    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.row = row


def _rows(file: TextIO, report: Report) -> Iterator[_Row]:
    reader = csv.DictReader(file, strict=True)
    columns = {
        name: next((c for c in (reader.fieldnames or []) if c in known), None)
        for name, known in NAMES.items()
    }
    missing = [NAMES[n][0] for n in ("handle", "title", "price") if columns[n] is None]
    if missing:
        raise Unreadable(f"not a product CSV: no column {', '.join(missing)}")
    try:
        for number, record in enumerate(reader, start=2):
            report.rows += 1
            cells = {name: record.get(c) or "" for name, c in columns.items() if c}
            yield _Row(number, cells)
    except csv.Error as error:
        raise Unreadable(f"row {report.rows + 2}: {error}") from None


def _by_handle(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """Rows of one handle together, also when the file has them apart."""
    groups: dict[str, list[_Row]] = {}
    for row in rows:
        groups.setdefault(row["handle"], []).append(row)
    yield from groups.values()


class _Product:
    """One product's rows on their way to a NewProduct."""

    def __init__(
        self, rows: list[_Row], rate: Decimal, published: dt.datetime | None, report: Report
    ) -> None:
        self.rows, self.rate, self.published, self.report = rows, rate, published, report
        self.first = rows[0]
        self.axes = self._axes()

    def read(self) -> tuple[NewProduct, dict[str, int]]:
        first = self.first
        handle = slugify(first["handle"], allow_unicode=True)
        if not handle:
            raise _Fault(first.number, "no handle")
        if not first["title"]:
            raise _Fault(first.number, "no title")
        if first["option3"] and first["value3"]:
            raise _Fault(first.number, "three options; colour and size are what a SKU can have")
        variants = [row for row in self.rows if row["price"]]
        if not variants:
            raise _Fault(first.number, "no row with a price")
        product = NewProduct(
            slug=handle, item_number=handle[:60], name=_text(first["title"]),
            description=_text(first["body"]), brand=first["vendor"][:120], colours=[], sizes=[],
            skus=[], category=slugify(first["type"], allow_unicode=True)[:60],
            category_name=_text(first["type"]), published=self._published(),
            tags=[tag[:40] for tag in words(first["tags"])][:40],
        )  # fmt: skip
        counts: dict[str, int] = {}
        for row in variants:
            sku = self._variant(row, product)
            counts[sku.code] = self._pieces(row)
        self._pictures(product)
        return product, counts

    def _axes(self) -> tuple[str, str]:
        """Which of the two options is the colour, which the size; "" for none."""
        options = [(f"value{n}", folded(self.first[f"option{n}"])) for n in (1, 2)]
        real = [(v, name) for v, name in options if name and name != "title"]
        size = next((v for v, name in real if name in SIZE_NAMES), "")
        colour = next((v for v, _name in real if v != size), "")
        return colour, size

    def _variant(self, row: _Row, product: NewProduct) -> NewSku:
        colour_axis, size_axis = self.axes
        colour_name = (row[colour_axis] if colour_axis else "") or "—"
        size_label = (row[size_axis] if size_axis else "") or "FREE"
        if size_label == ONLY:
            size_label = "FREE"
        colour_code = slugify(colour_name, allow_unicode=True) or "one"
        size_code = slugify(size_label, allow_unicode=True) or "one"
        if all(colour.code != colour_code for colour in product.colours):
            product.colours.append(
                NewColour(
                    colour_code, _text(colour_name), family_of(colour_name), hex_of(colour_name)
                )
            )
        if all(code != size_code for code, _label in product.sizes):
            product.sizes.append((size_code, size_label[:60]))
        if any(s.colour == colour_code and s.size == size_code for s in product.skus):
            raise _Fault(row.number, f"colour {colour_name!r} size {size_label!r} stands twice")
        price, compare = self._yen(row, "price"), self._yen(row, "compare")
        try:
            gtin = checked_gtin(row["barcode"].lstrip("'"))
        except ValueError as error:
            raise _Fault(row.number, str(error)) from None
        sku = NewSku(
            colour_code, size_code, self._code(row, product, colour_code, size_code), price,
            compare if compare > price else None, gtin, weight_g=self._grams(row),
            cost_yen=self._yen(row, "cost") if row["cost"] else None,
        )  # fmt: skip
        product.skus.append(sku)
        return sku

    def _code(self, row: _Row, product: NewProduct, colour: str, size: str) -> str:
        code = row.cells.get("sku", "").strip()
        joined = re.sub(r"\s*[\r\n]+\s*", "", code)
        if joined != code:
            self.report.notes.append(
                Note(row.number, f"SKU {joined!r} had a line break in it, which was taken out")
            )
        code = joined or sku_code(product.item_number, colour, size)
        if len(code) > 120:
            raise _Fault(row.number, "the SKU has more than 120 characters")
        if any(folded(s.code) == folded(code) for s in product.skus):
            raise _Fault(row.number, f"SKU {code!r} stands twice (letter case does not tell)")
        return code

    def _yen(self, row: _Row, name: str) -> int:
        text = row[name].replace(",", "")
        if not text:
            return 0
        try:
            exact = Decimal(text) * self.rate
        except InvalidOperation:
            raise _Fault(row.number, f"{text!r} is not a price") from None
        if not exact.is_finite() or not 0 <= exact < 1_000_000_000:
            raise _Fault(row.number, f"{text!r} is not a price")
        yen = exact.quantize(Decimal(1), ROUND_HALF_UP)
        if yen != exact and name == "price":
            self.report.notes.append(
                Note(row.number, f"price {text} became ¥{yen:,}: a yen has no fractions")
            )
        return int(yen)

    def _pieces(self, row: _Row) -> int:
        text = row["quantity"]
        return max(0, int(text)) if re.fullmatch(r"-?\d{1,7}", text) else 0

    def _grams(self, row: _Row) -> int:
        hit = re.fullmatch(r"(\d{1,7})(?:\.\d*)?", row["grams"])
        return int(hit[1]) if hit else 0

    def _pictures(self, product: NewProduct) -> None:
        """Pictures belong to the first colour, unless a variant names its own."""
        urls = [row["image"] for row in self.rows if row["image"]]
        by_colour: dict[str, list[str]] = {}
        colour_axis, _size = self.axes
        for row in self.rows:
            if row["variant_image"] and colour_axis and row[colour_axis]:
                code = slugify(row[colour_axis], allow_unicode=True) or "one"
                by_colour.setdefault(code, []).append(row["variant_image"])
        for n, colour in enumerate(product.colours):
            own = by_colour.get(colour.code, [])
            rest = [url for url in urls if url not in own] if n == 0 else []
            colour.picture_urls = list(dict.fromkeys(own + rest))[:PICTURES_MAX]

    def _published(self) -> dt.datetime | None:
        status, shown = self.first["status"].lower(), self.first["published"].lower()
        return self.published if shown != "false" and status in {"", "active"} else None


def _text(text: str) -> Text:
    """Under the language it seems to be written in; readers of the other see it all the same."""
    text = text.strip()
    japanese = re.search(r"[ぁ-ヿ一-鿿]", text)
    return {"ja" if japanese else "en": text} if text else {}
