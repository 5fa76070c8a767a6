"""Products as the CSV that Shopify imports, and what such a file gives: so that what goes out comes
in again the same. Pure. A file of Shopify's has one language, one price a SKU, and no more."""

from collections.abc import Iterator, Mapping
from typing import Any

from lockstitch.catalogue.sheet import Given, GivenSku, in_order
from lockstitch.catalogue.whole import NewProduct, NewSku
from lockstitch.kernel.text import Text

HEAD = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Qty",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Barcode",
    "Cost per item",
    "Image Src",
    "Image Position",
    "Variant Image",
    "Status",
]
NO_COLOUR, NO_SIZE = "—", "FREE"
PRODUCT = ("name", "description", "brand", "category", "category_name", "tags", "item_number",
           "position")  # fmt: skip
SKU = ("code", "price_yen", "list_price_yen", "gtin", "weight_g")


def given_of(new: NewProduct, pieces: Mapping[str, int], row: int, *, is_new: bool) -> Given:
    """What a product of a Shopify file says. A product that is there keeps when it was published:
    the file knows only whether it is."""
    product: dict[str, Any] = {name: getattr(new, name) for name in PRODUCT}
    if is_new or new.published is None:
        product["published"] = new.published
    return Given(
        new.slug, row, product,
        {
            c.code: {"name": c.name, "family": c.family, "hex": c.hex,
                     "picture_urls": c.picture_urls}
            for c in new.colours
        },
        {code: {"label": label} for code, label in new.sizes},
        [
            GivenSku(row, sku.colour, sku.size, _given(sku))
            for sku in new.skus
        ],
        {code: n for code, n in pieces.items() if any(sku.code == code for sku in new.skus)},
        all_skus=True,
    )  # fmt: skip


def fit(given: Given, old: NewProduct) -> None:
    """Such a file knows neither colour codes nor item numbers, and names them after texts: what a
    product that is there calls by other codes is found by its SKUs, else by its names."""
    cells = {sku.code: (sku.colour, sku.size) for sku in old.skus}
    colours = {_one(colour.name): colour.code for colour in old.colours}
    sizes = {label: code for code, label in old.sizes}
    of_colour = {
        code: colours[name]
        for code, row in given.colours.items()
        if (name := _one(row["name"])) in colours
    }
    of_size = {
        code: sizes[row["label"]] for code, row in given.sizes.items() if row["label"] in sizes
    }
    for sku in given.skus:
        if sku.values["code"] in cells:
            of_colour[sku.colour], of_size[sku.size] = cells[sku.values["code"]]
    for sku in given.skus:
        sku.colour = of_colour.get(sku.colour, sku.colour)
        sku.size = of_size.get(sku.size, sku.size)
    given.colours = {of_colour.get(code, code): row for code, row in given.colours.items()}
    given.sizes = {of_size.get(code, code): row for code, row in given.sizes.items()}
    for code in {colour.code for colour in old.colours} & set(given.colours):
        for derived in ("family", "hex"):  # from the name, by a guess
            given.colours[code].pop(derived, None)
    for derived in ("item_number", "position"):
        given.product.pop(derived, None)
    if _one(given.product.get("category_name", {})) == _one(old.category_name):
        given.product.pop("category", None)
        given.product.pop("category_name", None)


def rows_of(new: NewProduct, stock: Mapping[str, int]) -> Iterator[list[str]]:
    """The rows of one product, the first with what is the product's."""
    colours = {colour.code: _one(colour.name) for colour in new.colours}
    sizes = dict(new.sizes)
    axes = _axes(colours, sizes)
    skus = [sku for sku in in_order(new) if sku.active]
    first = new.colours[0] if new.colours else None
    pictures = list(first.picture_urls) if first else []
    others = {c.code: list(c.picture_urls) for c in new.colours[1:]}
    for number, sku in enumerate(skus):
        row = {"Handle": new.slug, **_options(axes, colours[sku.colour], sizes[sku.size], number)}
        if number == 0:
            row |= _product(new)
        row |= _sku(sku, stock)
        if number < len(pictures):
            row |= {"Image Src": pictures[number], "Image Position": str(number + 1)}
        if own := others.get(sku.colour):
            row["Variant Image"] = own.pop(0)
        yield [row.get(name, "") for name in HEAD]
    for number in range(len(skus), len(pictures)):
        row = {"Handle": new.slug, "Image Src": pictures[number], "Image Position": str(number + 1)}
        yield [row.get(name, "") for name in HEAD]
    for code, urls in others.items():
        for url in urls:
            row = {"Handle": new.slug, "Variant Image": url}
            row |= {
                f"{axis} Value": colours[code] for axis, word in axes.items() if word == "Color"
            }
            yield [row.get(name, "") for name in HEAD]


def _one(text: Text) -> str:
    return text.get("ja") or text.get("en") or ""


def _axes(colours: Mapping[str, str], sizes: Mapping[str, str]) -> dict[str, str]:
    """Option1 and Option2 -> what they are; none for a product without options."""
    words = []
    if set(colours.values()) != {NO_COLOUR}:
        words.append("Color")
    if set(sizes.values()) != {NO_SIZE}:
        words.append("Size")
    return dict(zip(("Option1", "Option2"), words, strict=False))


def _given(sku: NewSku) -> dict[str, Any]:
    """Without a cost the file says nothing of it: most exports leave it out."""
    given = {name: getattr(sku, name) for name in SKU}
    return given if sku.cost_yen is None else {**given, "cost_yen": sku.cost_yen}


def _options(axes: Mapping[str, str], colour: str, size: str, number: int) -> dict[str, str]:
    if not axes:
        return {"Option1 Name": "Title", "Option1 Value": "Default Title"}
    named = {f"{axis} Name": word for axis, word in axes.items()} if number == 0 else {}
    value = {"Color": colour, "Size": size}
    return named | {f"{axis} Value": value[word] for axis, word in axes.items()}


def _product(new: NewProduct) -> dict[str, str]:
    is_shown = new.published is not None
    return {
        "Title": _one(new.name), "Body (HTML)": _one(new.description), "Vendor": new.brand,
        "Type": _one(new.category_name), "Tags": ", ".join(new.tags),
        "Published": "TRUE" if is_shown else "FALSE", "Status": "active" if is_shown else "draft",
    }  # fmt: skip


def _sku(sku: NewSku, stock: Mapping[str, int]) -> dict[str, str]:
    return {
        "Variant SKU": sku.code, "Variant Grams": str(sku.weight_g),
        "Variant Inventory Qty": str(stock.get(sku.code, 0)), "Variant Price": str(sku.price_yen),
        "Variant Compare At Price": str(sku.list_price_yen or ""), "Variant Barcode": sku.gtin,
        "Cost per item": "" if sku.cost_yen is None else str(sku.cost_yen),
    }  # fmt: skip
