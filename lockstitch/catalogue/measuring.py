"""What a product page shows of sizes, composition and care, from a product that was read already:
no query of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lockstitch.catalogue.care import FIBRES, ORIGINS, SCALES, Symbol, ordered
from lockstitch.catalogue.own_sizes import fitting, rows_of
from lockstitch.catalogue.queries import ProductView
from lockstitch.catalogue.size_tables import SizeTable
from lockstitch.catalogue.sizing import Conversion, Table, conversion, garment_code, table
from lockstitch.kernel.text import Text


@dataclass(frozen=True)
class Worn:
    height_cm: int
    size: str
    colour: Text


@dataclass(frozen=True)
class Care:
    composition: list[tuple[Text, list[tuple[Text, int]]]]
    symbols: list[Symbol]
    origin: Text
    scales: list[tuple[Text, Text]]
    worn: list[Worn]


def _kind(view: ProductView) -> str:
    of_category = view.category.garment if view.category else ""
    return garment_code(view.product.attributes, of_category)


def measure_table(view: ProductView) -> Table | None:
    """採寸, or None where nothing was measured."""
    kind = _kind(view)
    sizes = [(size.code, size.label) for size in view.sizes]
    return table(kind, sizes, {size.code: size.measures for size in view.sizes})


def own_table(view: ProductView, tables: Iterable[SizeTable]) -> SizeTable | None:
    """Of the product's brand, for such goods; out of the site's."""
    product = view.product
    return fitting(tables, product.brand, product.gender, _kind(view))


def conversion_table(view: ProductView, own: SizeTable | None) -> Conversion | None:
    """The brand's own, else the common one."""
    labels = [size.label for size in view.sizes]
    if own is not None:
        rows = rows_of(own, labels)
        return Conversion(tuple(own.systems), rows, _("The brand's own table")) if rows else None
    return conversion(view.product.gender, _kind(view), labels)


def care_of(view: ProductView) -> Care:
    product = view.product
    colours = {one.colour.code: one.colour.name for one in view.colours}
    labels = {size.code: size.label for size in view.sizes}
    return Care(
        [
            (part["part"], [(FIBRES.get(f, {"ja": f}), percent) for f, percent in part["fibres"]])
            for part in product.composition
        ],
        ordered(product.care),
        ORIGINS.get(product.origin, {"ja": product.origin} if product.origin else {}),
        [
            (name, steps[product.scales[code] - 1])
            for code, (name, steps) in SCALES.items()
            if product.scales.get(code) in (1, 2, 3)
        ],
        [
            Worn(one["height_cm"], labels.get(one["size"], one["size"]),
                 colours.get(one.get("colour", ""), {}))
            for one in product.worn
        ],
    )  # fmt: skip
