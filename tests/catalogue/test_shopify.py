"""The product CSV that Shopify exports: both generations of names, and every fault by its row."""

import io
from decimal import Decimal
from pathlib import Path

import pytest

from lockstitch.catalogue import shopify
from lockstitch.catalogue.models import Colour, Picture, Product, Sku
from lockstitch.catalogue.queries import find_product
from lockstitch.inventory.intake import take_in
from lockstitch.inventory.queries import available
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from tests import world

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
OLD = (
    "Handle,Title,Vendor,Type,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    "Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Qty,Variant Barcode,"
    "Image Src\n"
)
NEW = (
    "URL handle,Title,Vendor,Type,Published on online store,Option1 name,Option1 value,"
    "Option2 name,Option2 value,SKU,Price,Compare-at price,Inventory quantity,Barcode,"
    "Product image URL\n"
)
COAT = (
    "coat,Wool Coat,Maker,Coats,TRUE,Size,S,Color,Navy,CO-NV-S,300,0.00,3,4901234567894,http://x/1\n"
    "coat,,,,,,M,,Navy,CO-NV-M,300,400,0,,http://x/2\n"
    "coat,,,,,,S,,Camel,CO-CA-S,300.50,,1,,\n"
)


def read(text: str, rate: int = 1) -> tuple[list, dict[str, int], shopify.Report]:
    return shopify.read(io.StringIO(text, newline=""), rate=Decimal(rate), published=now())


@pytest.mark.parametrize("header", [OLD, NEW])
def test_a_grid_of_colour_and_size(header: str) -> None:
    (product,), pieces, report = read(header + COAT, rate=100)
    assert (report.products, report.variants, report.refused) == (1, 3, [])
    assert [colour.name["en"] for colour in product.colours] == ["Navy", "Camel"]
    assert [label for _code, label in product.sizes] == ["S", "M"]
    assert [sku.price_yen for sku in product.skus] == [30_000, 30_000, 30_050]
    assert [sku.list_price_yen for sku in product.skus] == [None, 40_000, None]
    assert product.skus[0].gtin == "4901234567894"
    assert pieces == {"CO-NV-S": 3, "CO-NV-M": 0, "CO-CA-S": 1}
    assert product.colours[0].picture_urls


@pytest.mark.parametrize(("row", "why"), [
    ("a,A,,,TRUE,Size,S,,,A-1,free,,1,,\n", "price"),
    ("a,A,,,TRUE,Size,S,,,A-1,-5,,1,,\n", "price"),
    ("a,A,,,TRUE,Size,S,,,A-1,5,,1,4901234567890,\n", "check digit"),
    ("a,A,,,TRUE,Size,S,,,A-1,5,,1,,\na,,,,,,S,,,A-2,5,,1,,\n", "twice"),
])  # fmt: skip
def test_a_fault_is_named_by_its_row_and_refuses_its_product_only(row: str, why: str) -> None:
    products, _pieces, report = read(OLD + row + COAT)
    assert [product.slug for product in products] == ["coat"]
    (note,) = report.refused
    assert note.row in (2, 3)
    assert why in note.text


def test_not_such_a_file() -> None:
    with pytest.raises(shopify.Unreadable):
        read("name,colour\nshirt,blue\n")


def test_taking_in_twice_changes_nothing(site: Site) -> None:
    products, pieces, _report = read(OLD + COAT)
    for _time in range(2):
        take_in(products, pieces)
    assert (Product.objects.count(), Colour.objects.count(), Sku.objects.count()) == (1, 2, 3)
    assert Picture.objects.filter(renditions=[]).count() == 2  # addresses, recorded once
    stock = available(Sku.objects.values_list("id", flat=True))
    assert sorted(stock.values()) == [1, 3]


def test_a_sku_that_is_no_longer_listed_goes_off_sale(site: Site) -> None:
    products, pieces, _report = read(OLD + COAT)
    take_in(products, pieces)
    fewer, _pieces, _report = read(OLD + COAT.rsplit("coat,", 1)[0])
    take_in(fewer, {})
    assert set(Sku.objects.filter(active=True).values_list("code", flat=True)) == {
        "CO-NV-S", "CO-NV-M",
    }  # fmt: skip


def test_nothing_is_half_imported(site: Site) -> None:
    """The second product takes a SKU code that belongs to a product of the shop already."""
    world.new_product(slug="shirt")
    products, pieces, _report = read(OLD + COAT + "x,X,,,TRUE,Size,S,,,shirt-white-S,5,,1,,\n")
    with pytest.raises(Refused, match="shirt-white-S"):
        take_in(products, pieces)
    assert Product.objects.count() == 1


@pytest.mark.skipif(not SHARED.exists(), reason="the sample files are not on this machine")
@pytest.mark.parametrize(("name", "products", "variants"), [
    ("apparel.csv", 20, 22), ("jewelery.csv", 20, 23), ("shoes-size-colour.csv", 30, 147),
])  # fmt: skip
def test_real_files_come_in_whole(site: Site, name: str, products: int, variants: int) -> None:
    with (SHARED / name).open(encoding="utf-8-sig", newline="") as file:
        read_products, pieces, report = shopify.read(file, rate=Decimal(150), published=now())
    take_in(read_products, pieces)
    refused = len(report.refused)
    assert Product.objects.count() == products - refused
    assert refused == 0
    assert Sku.objects.count() == variants
    assert all(find_product(product.slug) for product in read_products)
