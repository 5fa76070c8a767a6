"""What the pages say of hemming, of outlet goods, and of goods that are gone."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.test import Client

from lockstitch.catalogue.models import Product
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.models import Checkout
from lockstitch.coordinates.issues import Written, keep_issue
from lockstitch.coordinates.models import Coordinate
from lockstitch.inventory.models import Stock
from lockstitch.kernel.clock import now, today_jst
from lockstitch.orders.models import OrderLine
from lockstitch.search.successors import successors
from tests import world
from tests.checkout.test_hemming import trousers
from tests.coordinates import world as coordinates

pytestmark = pytest.mark.usefixtures("database")


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def ended(slug: str, successor: str = "") -> None:
    Product.objects.filter(slug=slug).update(
        published_from=now() - dt.timedelta(days=9), published_until=now() - dt.timedelta(days=1),
        successor=successor,
    )  # fmt: skip


def test_lengths_stand_beside_the_sizes(site, client_of) -> None:
    trousers()
    world.new_product()
    shop = client_of(site)
    text = page(shop, "/items/trousers/")
    lengths = re.findall(
        r'<option value="(\d*)">', text.partition('name="hem"')[2].partition("</select>")[0]
    )
    assert lengths[0] == ""
    assert (lengths[1], lengths[-1], len(lengths)) == ("600", "720", 26)
    assert re.findall(r'data-hem-most="(\d+)"', text) == ["700", "720"]
    assert "S: 70 cm / M: 72 cm" in text
    assert 'name="hem"' not in page(shop, "/items/shirt/")


def test_without_a_script_the_whole_way(site, client_of) -> None:
    sku = trousers()[0]
    shop = client_of(site)
    for wrong in ("705", "x", "-5"):
        answer = shop.post("/cart/add/", {"sku": str(sku), "hem": wrong})
        assert answer.status_code == 422
    assert "60 to 70 cm" in shop.post("/cart/add/", {"sku": sku, "hem": "705"}).content.decode()
    assert shop.post("/cart/add/", {"sku": sku, "hem": "655"}).status_code == 302
    assert shop.post("/cart/add/", {"sku": sku, "hem": ""}).status_code == 302
    text = page(shop, "/cart/")
    assert "65.5 cm" in text
    assert "¥4,950" in text
    shop.post("/cart/set/", {"sku": f"{sku}/655", "quantity": "2"})
    shop.post("/cart/set/", {"sku": str(sku), "quantity": "0"})
    assert "¥9,900" in page(shop, "/cart/")
    assert shop.post("/checkout/", {}).status_code == 302
    made = Checkout.objects.get()
    checkout.keep_contact(
        made.id, record_id=uuid4(), buyer_hint="山＊ ＊＊", prefecture="東京都", postal_zone="150"
    )
    checkout.choose_method(made.id, "bank")
    confirm = f"/checkout/{made.id}/confirm/"
    text = page(shop, confirm)
    assert 'name="hem_agreed"' in text
    sums = dict(re.findall(r'name="(total|money)" value="(\d+)"', text))
    assert shop.post(confirm, sums).status_code == 409
    assert not OrderLine.objects.exists()
    assert shop.post(confirm, {**sums, "hem_agreed": "1"}).status_code == 302
    [line] = OrderLine.objects.all()
    assert (line.hem_mm, line.quantity) == (655, 2)
    assert "65.5 cm" in page(shop, f"/orders/{made.id}/")


def test_an_outlet_piece_says_its_condition_everywhere(site, client_of) -> None:
    sku = world.new_product()[0]
    note = {"ja": "傷あり", "en": "A small mark"}
    Product.objects.update(is_outlet=True, outlet_note=note)
    shop = client_of(site)
    assert "A small mark" in page(shop, "/items/shirt/")
    assert ">Outlet<" in page(shop, "/items/")
    shop.post("/cart/add/", {"sku": sku})
    assert "A small mark" in page(shop, "/cart/")
    order = world.placed_order({sku: 1})
    Product.objects.update(is_outlet=False)
    assert order.current_lines[0].outlet_note == note


def test_goods_that_are_gone_lead_to_what_came_after(site, client_of) -> None:
    for slug in ("first", "second", "third"):
        world.new_product(slug=slug)
    shop = client_of(site)
    ended("first")
    page(shop, "/items/first/", 404)
    ended("first", "second")
    text = page(shop, "/items/first/", 410)
    assert "/items/second/" in text
    assert 'content="noindex"' in text
    ended("second", "third")
    assert "/items/third/" in page(shop, "/items/first/white/", 410)
    ended("third", "first")  # a ring
    page(shop, "/items/first/", 404)
    Product.objects.filter(slug="third").update(published_until=None)
    Product.objects.filter(slug="third").update(slug="fourth")
    assert successors(["third"])["third"].slug == "fourth"
    assert "/items/fourth/" in page(shop, "/items/first/", 410)
    Product.objects.filter(slug="first").update(audience="members")
    page(shop, "/items/first/", 404)


def test_what_has_sold_out_names_its_successor_and_what_has_not_does_not(site, client_of) -> None:
    world.new_product()
    world.new_product(slug="coat")
    Product.objects.filter(slug="shirt").update(successor="coat")
    shop = client_of(site)
    assert 'id="heirs"' not in page(shop, "/items/shirt/")
    Stock.objects.filter(sku__product__slug="shirt").update(on_hand=0)
    assert "/items/coat/" in page(shop, "/items/shirt/").partition('id="heirs"')[2]


def test_coordinates_and_issues_name_the_successor_of_what_is_gone(site, client_of) -> None:
    skus = world.new_product()
    world.new_product(slug="coat")
    row = coordinates.shown(skus)
    Coordinate.objects.update(issue="12")
    keep_issue(None, Written("12", today_jst()))
    Product.objects.filter(slug="shirt").update(successor="coat")
    shop = client_of(site)
    for path in (f"/coordinates/{row.number}/", "/magazine/12/"):
        assert "/items/coat/" not in page(shop, path)
    ended("shirt", "coat")
    for path in (f"/coordinates/{row.number}/", "/magazine/12/"):
        assert "/items/coat/" in page(shop, path)
