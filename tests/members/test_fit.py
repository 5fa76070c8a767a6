"""The page that lays a garment beside the sizes: keeps nothing unless the member says so."""

from uuid import UUID

from lockstitch.catalogue.models import Category, Size, Sku
from lockstitch.fulfilment.actions import ship
from lockstitch.members.queries import garments_of
from lockstitch.orders.models import Order
from lockstitch.returns.actions import Wish, ask, decide
from lockstitch.returns.queries import SENT_LEAST, sizes_sent_back
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.test_pages import Visitor, sign_in
from tests.members.test_pages import plain_files as plain_files
from tests.members.test_pages import shopper as shopper
from tests.members.world import new_member


def measured() -> list[UUID]:
    skus = world.new_product(stock=20)
    Category.objects.update(garment="shirt")
    for n, code in enumerate(("S", "M")):
        Size.objects.filter(code=code).update(measures={"chest": 500 + 30 * n, "length": 660})
    return skus


def test_what_is_typed_is_compared_and_kept_nowhere(site: Site, shopper: Visitor) -> None:
    measured()
    assert 'href="/fit/shirt/"' in shopper.get("/items/shirt/").content.decode()
    page = shopper.get("/fit/shirt/", chest="53", length="66").content.decode()
    assert "M is the nearest" in page
    assert "-3.0 cm" in page
    assert "noindex" in page
    bad = shopper.get("/fit/shirt/", chest="wide")
    assert bad.status_code == 422
    assert 'value="wide"' in bad.content.decode()
    assert shopper.get("/fit/nothing/").status_code == 404


def test_a_member_keeps_a_bought_size_by_pressing_the_button(site: Site, shopper: Visitor) -> None:
    skus, member = measured(), new_member(0)
    order = world.placed_order({skus[0]: 1})
    ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    path = f"/orders/{order.checkout_id}/keep/{skus[0]}/"
    sign_in(shopper, member)
    assert shopper.post(path).status_code == 404  # somebody else's order
    Order.objects.filter(id=order.id).update(member_id=member)
    assert shopper.post(path).status_code == 302
    [kept] = garments_of(member)
    assert (kept.kind, kept.size, kept.measures) == ("top", "S", {"length": 66.0, "chest": 50.0})
    page = shopper.get("/fit/shirt/", garment=str(kept.pk)).content.decode()
    assert "S is the nearest" in page


def test_returns_speak_once_enough_were_sent(site: Site) -> None:
    sku = measured()[0]
    product = Sku.objects.get(id=sku).product_id
    assert sizes_sent_back(product) == {}
    order = world.placed_order({sku: SENT_LEAST})
    ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    order = Order.objects.get(id=order.id)
    asked = ask(order.id, [Wish(order.current_lines[0].key, 2, "too_small")], by=world.OPERATOR)
    assert sizes_sent_back(product)["S"].small == 0
    decide(asked.pk, "approved", world.OPERATOR)
    found = sizes_sent_back(product)["S"]
    assert (found.sent, found.small, found.large) == (SENT_LEAST, 2, 0)
