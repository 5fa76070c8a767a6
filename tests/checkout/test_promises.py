"""What the catalogue promises of its goods is held to at the checkout: the pieces of a pre-order
over all orders, and what is wrapped as a present."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connections

from lockstitch.catalogue.models import Product, Sku
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.amending import Change
from lockstitch.checkout.parties import add_recipient, share_out
from lockstitch.checkout.queries import find_checkout, show_cart, show_checkout
from lockstitch.fulfilment.actions import cancel
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.errors import Refused
from lockstitch.orders.ahead import sold_ahead
from lockstitch.pricing import actions as pricing
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.checkout.test_amend import do
from tests.checkout.test_offers import open_checkout, place

BUYERS = 12


def sold_ahead_product(limit: int, *, pieces: int = 20) -> list[UUID]:
    skus = world.new_product(stock=pieces, slug="coat")
    Product.objects.filter(slug="coat").update(preorder_month="2027-03")
    Sku.objects.filter(id=skus[0]).update(preorder_limit=limit)
    return skus


def test_no_more_is_sold_ahead_than_was_said(site: Site) -> None:
    sku, other, *_rest = sold_ahead_product(3)
    first = place(open_checkout({sku: 2}, is_preorder=True))
    made = open_checkout({sku: 2, other: 1}, is_preorder=True)
    rows = {row.offer.sku_id: row for row in show_cart(made.cart, is_preorder=True).rows}
    assert (rows[sku].left, rows[sku].short, rows[other].short) == (1, True, False)
    with pytest.raises(NotEnough) as refused:
        place(made)
    assert set(refused.value.short) == {sku}
    assert stock([sku, other]) == {sku: (20, 2), other: (20, 0)}
    cancel(first.id, world.OPERATOR)
    assert place(made).current_lines[0].quantity == 2
    assert sold_ahead([sku]) == {sku: 2}


def test_an_amendment_keeps_to_the_limit(site: Site) -> None:
    sku, other, *_rest = sold_ahead_product(3)
    order = place(open_checkout({sku: 2}, is_preorder=True))
    key = order.current_lines[0].key
    assert do(order, Change(quantities={key: 3})).current_lines[0].quantity == 3
    with pytest.raises(NotEnough):
        do(order, Change(quantities={key: 4}))
    Sku.objects.filter(id=sku).update(preorder_limit=1)
    less = do(order, Change(quantities={key: 2}))
    assert less.current_lines[0].quantity == 2  # fewer than before is never refused
    assert do(less, Change(swaps={key: other})).current_lines[0].sku_id == other


def test_the_limit_ends_with_the_pre_order(site: Site) -> None:
    sku = sold_ahead_product(1)[0]
    place(open_checkout({sku: 1}, is_preorder=True))
    Product.objects.filter(slug="coat").update(preorder_month="")
    assert place(open_checkout({sku: 2})).current_lines[0].preorder_month == ""


def test_the_limit_is_exact_however_many_press_at_once(site: Site) -> None:
    sku = sold_ahead_product(5)[0]
    ready = [open_checkout({sku: 1}, is_preorder=True) for _ in range(BUYERS)]
    found = find_checkout(ready[0].id)
    assert found
    total = show_checkout(found).quote.total_yen
    together = threading.Barrier(BUYERS)

    def buy(checkout_id: UUID) -> str:
        try:
            with scope(site.id):
                together.wait()
                checkout.place(checkout_id, shown_total_yen=total)
            return "sold"
        except NotEnough:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(BUYERS) as pool:
        outcomes = list(pool.map(buy, [each.id for each in ready]))
    assert (outcomes.count("sold"), outcomes.count("refused")) == (5, BUYERS - 5)
    assert sold_ahead([sku]) == {sku: 5}
    assert stock([sku]) == {sku: (20, 5)}
    assert disagreements() == []


def test_what_is_not_wrapped_is_said_and_nothing_is_kept(site: Site) -> None:
    pricing.set_terms(wrappings=[{"key": "box", "yen": 550, "name": {"ja": "箱"}}])
    plain, boxed = world.new_product()[0], world.new_product(slug="coat")[0]
    Product.objects.filter(slug="shirt").update(is_giftable=False)
    made = open_checkout({plain: 1, boxed: 1})
    wish = {"delivery_date": None, "delivery_slot": "", "wrapping": "box"}
    with pytest.raises(Refused, match=r"Cannot be gift-wrapped|ラッピング"):
        checkout.make_up(made.id, 1, **wish)
    found = find_checkout(made.id)
    assert found
    assert found.wrapping == ""
    no = add_recipient(
        made.id, record_id=uuid4(), hint="x", prefecture="京都府", postal_zone="600",
        has_message=False,
    )  # fmt: skip
    share_out(made.id, {(no, boxed): 1})
    checkout.make_up(made.id, no, **wish)  # only the coat goes there
    assert place(made).wrapping_yen == 550


def test_what_came_into_the_cart_after_the_wrapping_was_chosen(site: Site) -> None:
    pricing.set_terms(wrappings=[{"key": "box", "yen": 550, "name": {"ja": "箱"}}])
    sku = world.new_product()[0]
    made = open_checkout({sku: 1})
    checkout.make_up(made.id, 1, delivery_date=None, delivery_slot="", wrapping="box")
    order = place(made)
    again = open_checkout({sku: 1})
    checkout.make_up(again.id, 1, delivery_date=None, delivery_slot="", wrapping="box")
    Product.objects.filter(slug="shirt").update(is_giftable=False)
    with pytest.raises(Refused):
        place(again)
    key = order.current_lines[0].key
    assert do(order, Change(quantities={key: 2})).wrapping_yen == 550  # bought before it was so
    coat = world.new_product(slug="coat")[0]
    Product.objects.filter(slug="coat").update(is_giftable=False)
    with pytest.raises(Refused):
        do(order, Change(added={coat: 1}))
