"""A brand's own sizes: one meaning on the page, in the filters and in the feeds."""

from typing import Any

import pytest

from lockstitch.catalogue.editing import keep_category
from lockstitch.catalogue.measuring import conversion_table, own_table
from lockstitch.catalogue.models import Category, Product, Size
from lockstitch.catalogue.own_sizes import fitting, meaning, read, written
from lockstitch.catalogue.queries import find_product
from lockstitch.catalogue.size_tables import SizeTable, keep_size_table, size_tables
from lockstitch.feeds.queries import items
from lockstitch.inventory.models import Stock
from lockstitch.kernel.errors import Refused
from lockstitch.search.actions import catch_up
from lockstitch.search.models import Goods
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.test_pages import operator, plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
LUNA = "LUNA"
TABLE = "表記\tS-XL\tJP\tIT\nS\t1S\t7\t38\nM\t2M\t9\t40\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at least one line"), ("TAG,S-XL", "at least one line"),
        ("TAG,JP\n1,7", "called S-XL"), ("TAG,S-XL\n1", "Line 2 has 1"),
        ("TAG,S-XL\n1,S\n\n1,M", "Line 4: 1 stands"),
        ("TAG,S-XL,JP,JP\n1,S,7,7", "name of its own"),
        ("TAG,S-XL\n,S", "names the size"), ("TAG,S-XL\n1,", "names the size"),
        ("TAG,S-XL\n1," + "S" * 21, "20 letters"),
        (",".join(f"c{n}" for n in range(13)) + "\n1", "At most 12"),
        ("TAG,S-XL\n" + "\n".join(f"{n},S" for n in range(61)), "60 lines"),
    ],
)  # fmt: skip
def test_a_table_that_is_none_says_why(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(text)


def test_tabs_or_commas_and_back_again() -> None:
    made = read(TABLE)
    assert made == read(TABLE.replace("\t", ", "))
    assert made.meanings == {"S": "1S", "M": "2M"}
    assert read(written(SizeTable(systems=made.systems, rows=made.rows))) == made
    assert read("cm,EU\n24,38").meanings == {"24": "24"}


def of(kind: str, gender: str) -> SizeTable:
    return SizeTable(brand=LUNA, kind=kind, gender=gender)


TABLES = [
    of("clothes", ""),
    of("clothes", "women"),
    of("knit", ""),
    of("knit", "men"),
    of("bag", ""),
]
CASES = [
    (LUNA, "women", "tops", 1), (LUNA, "men", "tops", 0), (LUNA, "", "", 0),
    (LUNA, "women", "knit", 2), (LUNA, "men", "knit", 3), (LUNA, "", "bag", 4),
    (LUNA, "women", "hat", None), (LUNA, "men", "shoes", None), ("OTHER", "women", "tops", None),
    ("", "women", "tops", None),
]  # fmt: skip


@pytest.mark.parametrize(("brand", "gender", "kind", "place"), CASES)
def test_the_most_particular_is_taken(
    brand: str, gender: str, kind: str, place: int | None
) -> None:
    assert fitting(TABLES, brand, gender, kind) is (None if place is None else TABLES[place])


def test_a_size_that_no_table_speaks_of_means_what_it_says() -> None:
    table = SizeTable(meanings={"1": "S"})
    assert [meaning(table, "1"), meaning(table, " 1 "), meaning(table, "9")] == ["S", "S", "9"]
    assert meaning(None, "M") == "M"


@pytest.fixture
def luna(site: Site) -> Product:
    """A woman's top of the brand in S, M and L."""
    world.new_product(slug="blouse")
    product = Product.objects.get(slug="blouse")
    product.brand, product.gender = LUNA, "women"
    product.save()
    return product


def keep(kind: str = "clothes", gender: str = "", text: str = TABLE) -> SizeTable:
    return keep_size_table(None, brand=LUNA, kind=kind, gender=gender, table=read(text))


def filters() -> set[str]:
    catch_up()
    rows = Goods.objects.filter(product__slug="blouse").values_list("facets", flat=True)
    return {facet[2:] for facets in rows for facet in facets if facet.startswith("z:")}


def in_feed() -> set[str]:
    return {item.size for item in items("https://x") if item.brand == LUNA}


def shown() -> Any:
    view = find_product("blouse")
    assert view is not None
    return conversion_table(view, own_table(view, size_tables()))


def test_a_size_means_the_same_on_the_page_in_filters_and_in_feeds(luna: Product) -> None:
    labels = set(Size.objects.filter(product=luna).values_list("label", flat=True))
    assert filters() == in_feed() == labels
    assert shown().systems[0] == "S-XL"
    keep()
    assert filters() == in_feed() == (labels - {"S", "M"}) | {"1S", "2M"}
    assert (shown().systems[0], shown().rows[0]) == ("表記", ("S", "1S", "7", "38"))
    keep(gender="men", text="TAG,S-XL\nS,no")
    keep(gender="women", text="TAG,S-XL\nS,yes")
    assert filters() == in_feed() == (labels - {"S"}) | {"yes"}
    SizeTable.objects.all().delete()
    assert filters() == in_feed() == labels


@pytest.mark.parametrize("case", [case for case in CASES if case[0]])
def test_the_index_takes_the_table_that_the_page_takes(
    luna: Product, case: tuple[str, str, str, int | None]
) -> None:
    brand, gender, kind, place = case
    for n, one in enumerate(TABLES):
        keep(one.kind, one.gender, f"TAG,S-XL\nS,t{n}")
    luna.brand, luna.gender = brand, gender
    luna.attributes = {"garment": [kind]} if kind else {}
    luna.category = None
    luna.save()
    assert ("S" if place is None else f"t{place}") in filters()


def test_another_kind_of_category_is_another_table(luna: Product) -> None:
    slug = Category.objects.get(id=luna.category_id).slug if luna.category_id else "tops"
    keep("knit", text="TAG,S-XL\nS,knitted")
    name = {"ja": "ニット"}
    keep_category(slug, name=name, garment="knit", parent="", position=0)
    Product.objects.filter(id=luna.id).update(category=Category.objects.get(slug=slug))
    assert "knitted" in filters()
    keep_category(slug, name=name, garment="tops", parent="", position=0)
    assert "knitted" not in filters()


def test_what_sells_out_leaves_the_filter_under_its_meaning(luna: Product) -> None:
    keep()
    assert "1S" in filters()
    for row in Stock.objects.filter(sku__product=luna, sku__size__label="S"):
        row.on_hand = 0
        row.save()
    assert "1S" not in filters()
    assert "2M" in filters()


def test_an_operator_makes_changes_and_takes_away_a_table(site: Site, luna: Product) -> None:
    owner, path = operator(site, "owner"), f"/s/{site.slug}/goods/sizes/"
    wrong = owner.post(f"{path}new/", brand=LUNA, kind="clothes", table="TAG\n1")
    assert wrong.status_code == 422
    assert "called S-XL" in wrong.content.decode()
    assert owner.post(f"{path}new/", brand=LUNA, kind="clothes", table=TABLE).status_code == 302
    twice = owner.post(f"{path}new/", brand=LUNA, kind="clothes", table=TABLE)
    assert twice.status_code == 422
    assert "already" in twice.content.decode()
    row = SizeTable.objects.get()
    body = {"brand": LUNA, "kind": "knit", "gender": "women", "table": TABLE}
    assert owner.post(f"{path}{row.id}/", **body).status_code == 302
    assert "2M" in owner.get(path).content.decode()
    row.refresh_from_db()
    assert (row.kind, row.gender) == ("knit", "women")
    seer = operator(site, "readonly")
    assert seer.get(path).status_code == 200
    assert seer.post(f"{path}{row.id}/", do="drop").status_code == 403
    assert owner.post(f"{path}{row.id}/", do="drop").status_code == 302
    assert not SizeTable.objects.exists()
