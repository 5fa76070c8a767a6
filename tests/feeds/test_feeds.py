"""Feeds: what services are told of each SKU, what is left out and why, and when nothing is new."""

import csv
import datetime as dt
import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from lockstitch.catalogue.actions import keep_picture
from lockstitch.catalogue.editing import save
from lockstitch.catalogue.models import Colour, Picture, Product, Sku
from lockstitch.feeds.actions import add_column, drop_column, write_feeds
from lockstitch.feeds.models import Feed
from lockstitch.feeds.queries import find_feed
from lockstitch.feeds.rules import Free, Item, fields_of, why_refused
from lockstitch.inventory.actions import move
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.catalogue.test_editing import BY, full

G = "{http://base.google.com/ns/1.0}"
DAY = dt.timedelta(days=1)


def coat() -> None:
    """Public, published, with a picture of each colour; four SKUs, two of them for sale."""
    new = full()
    new.audience, new.published, new.preorder_month = "public", now() - DAY, ""
    new.attributes = {"google_product_category": ["5598"], "pattern": ["無地"]}
    for colour in new.colours:
        colour.published_from = None
    for sku in new.skus:
        sku.published_from = None
    new.skus[0].gtin = "4901234567894"
    save(new, product_id=None, version=0, by=BY)
    for n, colour in enumerate(Colour.objects.all()):
        picture = Picture(
            source_sha256=f"{n}" * 64,
            renditions=[{"width": 960, "type": "webp", "key": f"ab/{n}.webp"},
                        {"width": 1440, "type": "avif", "key": f"ab/{n}.avif"}],
        )  # fmt: skip
        keep_picture(colour.id, 0, picture=picture)
    move({Sku.objects.get(code="coat-01-S").id: 3}, reason="receipt")


def google(site: Site) -> dict[str, dict[str, str]]:
    write_feeds(site)
    root = ET.fromstring(bytes(find_feed("google").body))  # noqa: S314 - our own
    found = ({one.tag.removeprefix(G): one.text for one in item} for item in root.iter("item"))
    return {item["id"]: item for item in found}


def test_what_google_is_told(site: Site) -> None:
    coat()
    items = google(site)
    assert set(items) == {"coat-01-S", "coat-58-S"}
    first = items["coat-01-S"]
    day = "2026-12-01T10:30+09:00"
    assert first == {
        "id": "coat-01-S", "item_group_id": "COAT", "title": "コート 白 S", "description": "説明",
        "link": first["link"], "image_link": first["image_link"], "availability": "in_stock",
        "condition": "new", "price": first["price"], "sale_price": first["sale_price"],
        "gtin": "4901234567894", "brand": "B", "color": "白", "size": "S", "size_system": "JP",
        "size_type": "regular", "gender": "female", "age_group": "adult", "material": "綿/ナイロン",
        "pattern": "無地", "google_product_category": "5598", "product_type": "トップス",
        "shipping_weight": "540 g",
        "sale_price_effective_date": f"{day}/{day.replace('-01T', '-08T')}",
    }  # fmt: skip
    assert first["link"].endswith("/items/coat/01/")
    assert first["image_link"].endswith("/media/ab/0.webp")
    assert (first["price"], first["sale_price"]) == ("4400 JPY", "3300 JPY")
    second = items["coat-58-S"]
    assert second["availability"] == "out_of_stock"
    assert second["mpn"] == "coat-58-S"
    assert "gtin" not in second


def test_what_meta_is_told(site: Site) -> None:
    coat()
    write_feeds(site)
    rows = list(csv.DictReader(io.StringIO(bytes(find_feed("meta").body).decode())))
    assert [row["id"] for row in rows] == ["coat-01-S", "coat-58-S"]
    assert [row["availability"] for row in rows] == ["in stock", "out of stock"]
    assert rows[0]["price"] == "4400 JPY"


@pytest.mark.parametrize("hide", [
    {"audience": "members"}, {"audience": "link"}, {"published_from": None},
    {"published_until": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
])  # fmt: skip
def test_what_not_everybody_sees_is_in_no_feed(site: Site, hide: dict[str, object]) -> None:
    coat()
    Product.objects.update(**hide)
    assert google(site) == {}


def test_colours_and_skus_have_windows_of_their_own(site: Site) -> None:
    coat()
    Colour.objects.filter(code="01").update(published_from=now() + DAY)
    assert set(google(site)) == {"coat-58-S"}
    Sku.objects.filter(code="coat-58-S").update(published_until=now() - DAY)
    assert google(site) == {}


def test_what_a_service_would_refuse_is_left_out_and_named(site: Site) -> None:
    coat()
    world.new_product()  # without brand, text, gender and picture
    assert set(google(site)) == {"coat-01-S", "coat-58-S"}
    feed = find_feed("google")
    assert (feed.items, feed.refused_count) == (2, 4)
    assert feed.refused[0][0].startswith("shirt-")
    assert "image" in feed.refused[0][1]


def item(**changes: object) -> Item:
    known = Item(
        code="a", group="g", name="n", description="d", link="l", image="i", more_images=[],
        free=1, price_yen=10, sale_yen=None, sale_from=None, sale_until=None, gtin="", brand="b",
        colour="c", size="s", gender="women", age_group="adult", material="m",
    )  # fmt: skip
    return replace(known, **changes)


def test_the_rules_item_by_item() -> None:
    assert why_refused(item(), "google") == ""
    assert "gender" in why_refused(item(gender=""), "google")
    assert why_refused(item(gender=""), "meta") == ""
    assert "50" in why_refused(item(code="x" * 51), "google")
    assert "below" in why_refused(item(sale_yen=10), "google")
    made = dict(fields_of(item(preorder_month="2027-02", gtin="2000000000015")))
    assert (made["availability"], made["availability_date"]) == (
        "preorder", "2027-02-28T00:00+09:00",
    )  # fmt: skip
    assert "gtin" not in made  # an in-store code is nobody else's
    assert dict(fields_of(item(brand="")))["identifier_exists"] == "no"


def test_it_is_fetched_anew_only_when_something_changed(site: Site) -> None:
    coat()
    write_feeds(site)
    host = site.hosts[0]
    first = Client(headers={"host": host}).get("/feeds/google.xml")
    assert (first.status_code, first["Cache-Control"]) == (200, "public, max-age=900")
    write_feeds(site)
    again = Client(headers={"host": host, "If-None-Match": first["ETag"]}).get("/feeds/google.xml")
    assert (again.status_code, again.content) == (304, b"")
    Product.objects.update(brand="Other")
    write_feeds(site)
    other = Client(headers={"host": host, "If-None-Match": first["ETag"]}).get("/feeds/google.xml")
    assert other.status_code == 200
    assert Client(headers={"host": host}).get("/feeds/meta.csv").status_code == 200


def test_another_sites_feed_is_not_there(site: Site) -> None:
    coat()
    write_feeds(site)
    with scope(world.new_site().id):
        assert find_feed("google") is None
        assert not Feed.objects.exists()


def criteo() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(bytes(find_feed("criteo").body).decode())))


def test_what_criteo_is_told(site: Site) -> None:
    coat()
    add_column("criteo", Free("custom_label_0", constant="冬"))
    add_column("criteo", Free("custom_label_1", field="season"))
    write_feeds(site)
    rows = criteo()
    assert [row["id"] for row in rows] == ["coat-01-S", "coat-58-S"]
    assert (rows[0]["price"], rows[0]["sale_price"]) == ("4400", "3300")
    assert [row["availability"] for row in rows] == ["In Stock", "Out of Stock"]
    assert rows[0]["product_type"] == "トップス"
    assert (rows[0]["custom_label_0"], rows[0]["custom_label_1"]) == ("冬", "26AW")
    write_feeds(site)
    Sku.objects.filter(code="coat-01-S").update(code='coat"01')
    write_feeds(site)
    assert [row["id"] for row in criteo()] == ["coat-58-S"]
    assert "quotation" in find_feed("criteo").refused[0][1]


def test_a_column_of_the_shops_own(site: Site) -> None:
    coat()
    add_column("google", Free("custom_label_0", constant="<old>"))
    add_column("google", Free("custom_label_0", field="on_sale"))
    add_column("meta", Free("custom_label_2", constant="<b>"))
    assert google(site)["coat-01-S"]["custom_label_0"] == "sale"
    assert b"custom_label_2" in bytes(find_feed("meta").body)
    drop_column("google", "custom_label_0")
    assert "custom_label_0" not in google(site)["coat-01-S"]
    for kind, wrong in (
        ("other", Free("a", constant="x")), ("google", Free("price", constant="x")),
        ("google", Free("a>b", constant="x")), ("google", Free("A", constant="x")),
        ("google", Free("a")), ("google", Free("a", "brand", "x")),
        ("google", Free("a", field="code")), ("google", Free("a", constant="x\ny")),
        ("meta", Free("availability", field="brand")),
    ):  # fmt: skip
        with pytest.raises(Refused):
            add_column(kind, wrong)
    for n in range(19):
        add_column("meta", Free(f"c{n}", constant="x"))
    with pytest.raises(Refused):
        add_column("meta", Free("one_more", constant="x"))
