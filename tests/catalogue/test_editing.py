"""A product saved whole: by its form, with its history; the older version is refused."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from lockstitch.catalogue.checks import faults, warnings
from lockstitch.catalogue.editing import Faulty, Renames, Stale, copy_of, go_back, next_gtins, save
from lockstitch.catalogue.garments import GARMENTS
from lockstitch.catalogue.listing import find_by_code, list_goods
from lockstitch.catalogue.models import Colour, Product, Revision, Sku
from lockstitch.catalogue.previewing import address_of, as_published, product_of
from lockstitch.catalogue.queries import beside, find_product
from lockstitch.catalogue.reading import find_whole, history
from lockstitch.catalogue.rules import checked_gtin
from lockstitch.catalogue.whole import NewColour, NewProduct, NewSku, Part, Worn
from lockstitch.console.goods_form import fields_of, read
from lockstitch.console.goods_page import Page, filled, with_gtins
from lockstitch.inventory.grid import first_stock_of, save_product, stock
from lockstitch.kernel.clock import JST, now
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world

BY = uuid4()
TOPS = GARMENTS["tops"]


def full(slug: str = "coat") -> NewProduct:
    """With something in every field."""
    day = dt.datetime(2026, 12, 1, 10, 30, tzinfo=JST)
    return NewProduct(
        slug, slug.upper(), {"ja": "コート", "en": "Coat"},
        [
            NewColour("01", {"ja": "白", "en": "White"}, "white", "#ffffff", [], day, None),
            NewColour("58", {"ja": "紺"}, "navy", "#27324a", ["https://x.example/1.jpg"]),
        ],
        [("S", "S"), ("M", "M")],
        [
            NewSku(c, s, f"{slug}-{c}-{s}", 4_400, 5_500, "", "sup-1", 3_300, day,
                   day + dt.timedelta(days=7), 540, 3, day, None, s == "S",
                   2_000)
            for c in ("01", "58") for s in ("S", "M")
        ],
        measures={"S": {"length": 680, "chest": 520}, "M": {"length": 700}},
        description={"ja": "<p>説明</p>", "en": "<p>text</p>"}, material={"ja": "綿"},
        brand="B", season="26AW", collection="C", kana="コート", tags=["a", "b"], gender="women",
        age_group="adult", category="tops", category_name={"ja": "トップス"},
        composition=[Part({"ja": "表地", "en": "Shell"}, [("cotton", 60), ("nylon", 40)])],
        care=["140", "200"], origin="JP", scales={"thickness": 2, "lining": 3},
        fit_note={"ja": "ゆったり"}, video="/films/coat.mp4",
        video_title={"ja": "動く姿", "en": "In motion"}, video_captions="/films/coat.vtt",
        worn=[Worn(168, "M", "58")], attributes={"sleeve": ["long"]},
        tax_rate_bp=800, preorder_month="2027-03", made_to_order_days=20, limit_per_order=2,
        limit_per_person=3, limit_days=90,
        is_giftable=False, is_final_sale=True, hem_from_mm=605, hem_to_mm=760, hem_step_mm=5,
        hem_fee_yen=550, hem_days=3, is_outlet=True,
        outlet_note={"ja": "袖口に小さな傷", "en": "A small mark at the cuff"}, audience="members",
        published=day, published_until=day + dt.timedelta(days=90), position=4,
    )  # fmt: skip


def kept(slug: str = "coat"):
    found = find_whole(slug)
    assert found is not None
    return found


def test_every_field_is_kept_and_read_again(site: Site) -> None:
    save(full(), product_id=None, version=0, by=BY)
    assert kept().new == full()
    assert kept().version == 1


def test_the_form_shows_and_reads_every_field(site: Site) -> None:
    """Sent as it was shown, it changes nothing: also not the seconds of a moment."""
    world.new_product()  # makes the category
    before = full()
    before.published = now()
    fields = fields_of(before, {})
    reading = read(fields, before.care, TOPS, before)
    assert reading.problems == {}
    reading.new.category_name = before.category_name  # of the category, not of the form
    assert reading.new == before


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(site: Site) -> None:
    fields = fields_of(full(), {}) | {
        "name_ja": "", "name_en": "", "part-0-percent-1": "39", "cell-0-0-price": "free",
        "cell-1-0-sale": "9999", "size-1-m-chest": "wide", "colour-1-hex": "blue",
        "cell-0-1-gtin": "4901234567890", "published": "tomorrow",
    }  # fmt: skip
    reading = read(fields, ["140", "150"], TOPS, full())
    reading.tell(faults(reading.new))
    assert set(reading.problems) >= {
        "name_ja", "part-0", "cell-0-0-price", "cell-1-0-sale", "size-1-m-chest", "colour-1-hex",
        "cell-0-1-gtin", "published", "care",
    }  # fmt: skip
    page = Page(fields, reading.problems, TOPS, ["140", "150"])
    assert "free" in page.cells[0].inputs
    assert page["published"].value == "tomorrow"
    assert not Product.objects.exists()


def test_goods_beside_it_are_there_and_follow_a_new_address(site: Site) -> None:
    shirt = world.new_product()
    new = full()
    new.matching, new.related = ["shirt", "nothing"], ["coat"]
    with pytest.raises(Faulty) as refused:
        save(new, product_id=None, version=0, by=BY)
    assert [fault.path for fault in refused.value.faults] == [("related",)]
    new.related = []
    with pytest.raises(Faulty) as refused:
        save(new, product_id=None, version=0, by=BY)
    assert [(f.path, "nothing" in f.text) for f in refused.value.faults] == [(("matching",), True)]
    new.matching = ["shirt"]
    save(new, product_id=None, version=0, by=BY)
    other = kept("shirt")
    other.new.slug = "blouse"
    save(other.new, product_id=other.id, version=other.version, by=BY)
    assert kept().new.matching == ["blouse"]
    product = Sku.objects.get(id=shirt[0]).product_id
    assert beside(Product.objects.get(slug="coat")).matching == [product]


def test_an_older_version_is_refused_with_what_changed(site: Site) -> None:
    save(full(), product_id=None, version=0, by=BY)
    mine, theirs = kept(), kept()
    theirs.new.brand = "Theirs"
    theirs.new.skus[0].price_yen = 4_500
    other = uuid4()
    save(theirs.new, product_id=theirs.id, version=1, by=other)
    mine.new.brand = "Mine"
    with pytest.raises(Stale) as refused:
        save(mine.new, product_id=mine.id, version=mine.version, by=BY)
    assert refused.value.by == other
    assert [(c.where, c.field, c.after) for c in refused.value.changes] == [
        ("", "brand", "Theirs"), ("sku coat-01-S", "price_yen", 4_500),
    ]  # fmt: skip
    assert kept().new.brand == "Theirs"
    save(mine.new, product_id=mine.id, version=refused.value.version, by=BY)
    assert kept().new.brand == "Mine"


def test_history_and_the_way_back(site: Site) -> None:
    world.new_product()  # without history: its first save keeps what was there before
    now_ = kept("shirt")
    now_.new.brand, now_.new.skus[0].price_yen = "New", 9_900
    now_.new.skus = now_.new.skus[:2]
    save(now_.new, product_id=now_.id, version=1, by=BY)
    steps = history(now_.id)
    assert [(step.version, step.verb) for step in steps] == [(2, "edit"), (1, "before")]
    assert {(c.where, c.field) for c in steps[0].changes} >= {
        ("", "brand"), ("sku shirt-white-S", "price_yen"),
    }  # fmt: skip
    assert Sku.objects.filter(active=True).count() == 2
    go_back(now_.id, 1, version=2, by=BY)
    assert kept("shirt").new.brand == ""
    assert Sku.objects.filter(active=True).count() == 4
    assert Sku.objects.get(code="shirt-white-S").price_yen == 4_400
    assert [step.verb for step in history(now_.id)] == ["undo", "edit", "before"]
    with pytest.raises(Refused):
        go_back(now_.id, 99, version=3, by=BY)


def test_codes_can_be_exchanged_and_skus_keep_their_stock(site: Site) -> None:
    skus = world.new_product(stock=7)
    now_ = kept("shirt")
    for colour in now_.new.colours:
        colour.code = {"white": "navy", "navy": "white"}[colour.code]
    for sku in now_.new.skus:
        sku.colour = {"white": "navy", "navy": "white"}[sku.colour]
    save(
        now_.new, product_id=now_.id, version=1, by=BY,
        renames=Renames({"white": "navy", "navy": "white"}, {}),
    )  # fmt: skip
    assert Colour.objects.get(code="navy").name == {"ja": "白", "en": "White"}
    assert Sku.objects.get(code="shirt-white-S").colour.code == "navy"
    assert stock(skus) == dict.fromkeys(skus, (7, 0))


def test_a_jan_may_move_from_one_sku_to_another(site: Site) -> None:
    world.new_product()
    now_ = kept("shirt")
    first, second = now_.new.skus[:2]
    first.gtin, second.gtin = second.gtin, first.gtin
    save(now_.new, product_id=now_.id, version=1, by=BY)
    assert Sku.objects.get(code=first.code).gtin == first.gtin


def test_another_products_codes_are_refused_at_their_field(site: Site) -> None:
    world.new_product()
    taken = Sku.objects.get(code="shirt-white-S")
    new = full()
    new.skus[0].gtin, new.skus[1].code = taken.gtin, "SHIRT-white-s"
    with pytest.raises(Faulty) as refused:
        save(new, product_id=None, version=0, by=BY)
    assert {fault.path for fault in refused.value.faults} == {
        ("sku", "01", "S", "gtin"), ("sku", "01", "M", "code"),
    }  # fmt: skip
    assert not Product.objects.filter(slug="coat").exists()
    with pytest.raises(Faulty, match="Nothing was saved"):
        save(full("shirt"), product_id=None, version=0, by=BY)


def test_a_copy_is_a_draft_with_codes_of_its_own(site: Site) -> None:
    save(full(), product_id=None, version=0, by=BY)
    made = copy_of(kept().new, slug="coat-2", item_number="COAT-2")
    save(made, product_id=None, version=0, by=BY)
    copy = kept("coat-2").new
    assert copy.published is None
    assert copy.composition == full().composition
    assert {sku.gtin for sku in copy.skus} == {""}
    assert len({sku.code for sku in copy.skus} | {sku.code for sku in kept().new.skus}) == 8


def test_in_store_jans_go_on_from_the_highest(site: Site) -> None:
    first = next_gtins(2)
    assert len(set(first)) == 2
    assert all(checked_gtin(gtin) == gtin for gtin in first)
    new = full()
    new.skus[0].gtin, new.skus[1].gtin = first
    save(new, product_id=None, version=0, by=BY)
    assert not set(next_gtins(5)) & set(first)


def test_filling_down_and_issuing_jans_save_nothing() -> None:
    given = QueryDict(mutable=True)
    given.update(fields_of(full(), {}) | {"fill-price": "6600", "fill-to": "c1"})
    made = filled(given)
    assert [made[f"cell-{i}-0-price"] for i in (0, 1)] == ["4400", "6600"]
    issued = with_gtins(made, ["a", "b"])  # two of the four cells are for sale
    assert [issued[f"cell-{i}-{j}-gtin"] for i in (0, 1) for j in (0, 1)] == ["a", "", "b", ""]


def test_warnings_before_it_is_shown() -> None:
    said = "\n".join(warnings(NewProduct("x", "X", {"ja": "x"}, [], [("S", "S")], []), "tops"))
    for word in ("composition", "care symbols", "no colour and size", "4 values"):
        assert word in said
    assert "look again" not in said
    assert "家庭用品" not in "\n".join(warnings(full(), "tops"))


def test_the_preview_of_a_draft(site: Site) -> None:
    world.new_product()
    Product.objects.update(published_from=None)
    row = Product.objects.get()
    assert find_product("shirt") is None
    address = address_of(site, row.id)
    token = address.split("/draft/")[1].strip("/")
    assert product_of(site, token) == (row.id, "shirt")
    assert product_of(site, token[:-2] + "xx") is None
    other = world.new_site()
    assert product_of(other, token) is None
    with as_published(row.id):
        assert find_product("shirt") is not None
    assert find_product("shirt") is None


def test_the_list_filters_and_a_scanner_finds_the_product(site: Site) -> None:
    world.new_product()
    save(full(), product_id=None, version=0, by=BY)
    Product.objects.filter(slug="shirt").update(brand="A")
    assert [row.product.slug for row in list_goods().rows] == ["coat", "shirt"]
    for chosen, slugs in (
        ({"state": "planned"}, ["coat"] if now() < full().published else []),
        ({"state": "draft"}, []), ({"brand": "A"}, ["shirt"]), ({"category": "tops"}, None),
        ({"q": "shirt-navy"}, ["shirt"]), ({"q": "コート"}, ["coat"]),
        ({"season": "26AW"}, ["coat"]),
    ):  # fmt: skip
        found = [row.product.slug for row in list_goods(**chosen).rows]
        assert found == (["coat", "shirt"] if slugs is None else slugs), chosen
    sku = Sku.objects.get(code="shirt-navy-M")
    assert find_by_code(sku.gtin) == ("shirt", "shirt-navy-M") == find_by_code("SHIRT-NAVY-M")
    assert find_by_code("shirt") is None
    first = list_goods(limit=1)
    assert [r.product.slug for r in list_goods(limit=1, after=first.next).rows] == ["shirt"]


def test_a_grid_of_a_thousand_costs_as_many_statements_as_a_small_one(site: Site) -> None:
    def statements(slug: str, colours: int) -> list[int]:
        new = full(slug)
        new.colours = [NewColour(f"c{n}", {"ja": f"色{n}"}) for n in range(colours)]
        new.sizes = [(f"s{n}", f"s{n}") for n in range(40)]
        new.worn, new.measures = [], {}
        new.skus = [
            NewSku(c.code, s, f"{slug}-{c.code}-{s}", 4_400)
            for c in new.colours
            for s, _l in new.sizes
        ]  # fmt: skip
        save_product(new, {}, product_id=None, version=0, by=BY)
        with CaptureQueriesContext(connection) as opened:
            found = kept(slug)
            fields = fields_of(found.new, first_stock_of([s.code for s in found.new.skus]))
            assert len(Page(fields, {}, TOPS, []).cells) == colours * 40
        reading = read(fields | {"cell-0-0-price": "9900"}, [], TOPS, found.new)
        with CaptureQueriesContext(connection) as saved:
            save_product(
                reading.new, {sku.code: 3 for sku in new.skus}, product_id=found.id, version=1,
                by=BY, renames=reading.renames,
            )  # fmt: skip
        return [len(opened), len(saved)]

    statements("warm", 1)
    assert statements("small", 1) == statements("large", 25)
    assert Revision.objects.filter(product__slug="large").count() == 2


def test_another_sites_products_are_not_there(site: Site) -> None:
    save(full(), product_id=None, version=0, by=BY)
    with scope(world.new_site().id):
        assert find_whole("coat") is None
        assert list_goods().rows == []
        assert find_by_code("coat-01-S") is None


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("hem_days", {"hem_days": None}), ("hem_to_mm", {"hem_to_mm": 600}),
        ("hem_step_mm", {"hem_step_mm": 0}), ("outlet_note", {"outlet_note": {}}),
        ("successor", {"successor": "coat"}), ("successor", {"successor": "not-there"}),
    ],
)  # fmt: skip
def test_hemming_is_whole_and_a_successor_is_there(site: Site, field: str, change: dict) -> None:
    with pytest.raises(Faulty) as refused:
        save(replace(full(), **change), product_id=None, version=0, by=BY)
    assert {fault.path for fault in refused.value.faults} == {(field,)}
    world.new_product()
    save(replace(full(), successor="shirt"), product_id=None, version=0, by=BY)
    assert kept().new.successor == "shirt"
