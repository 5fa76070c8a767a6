"""Placing: once, at the price shown, with stock taken; or not at all."""

from uuid import UUID

import pytest
from django.db import connection

from lockstitch.catalogue.models import Product
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.filling import add_to_cart
from lockstitch.checkout.queries import find_cart, show_cart
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import available, disagreements
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import new_token
from lockstitch.orders.queries import Wanted, find_orders
from lockstitch.payments.queries import payment_of
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world


def jobs(fact: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args->>'fact' = %s"
            " AND args->>'site_id' = current_setting('lockstitch.site_ids')",
            [fact],
        )
        return int(cursor.fetchone()[0])


def test_an_order_takes_stock_and_promises_money(site: Site) -> None:
    sku, other, *_rest = world.new_product(stock=5)
    order = world.placed_order({sku: 2, other: 1})
    assert (order.items_yen, order.shipping_yen, order.total_yen) == (13_200, 0, 13_860)
    assert order.fee_yen == 660
    assert stock([sku, other]) == {sku: (5, 2), other: (5, 1)}
    payment = payment_of(order)
    assert payment
    assert payment.amount_yen == 13_860
    assert [line.quantity for line in order.lines.order_by("quantity")] == [1, 2]
    assert jobs("order.placed") == 1


def test_placing_twice_gives_one_order(site: Site) -> None:
    sku = world.new_product(stock=5)[0]
    checkout_id, total = world.ready_checkout({sku: 1})
    first = checkout.place(checkout_id, shown_total_yen=total)
    again = checkout.place(checkout_id, shown_total_yen=total)
    assert first.number == again.number
    assert available([sku]) == {sku: 4}
    assert jobs("order.placed") == 1


def test_the_price_shown_is_the_price_charged(site: Site) -> None:
    sku = world.new_product(stock=5, price_yen=4_400)[0]
    checkout_id, total = world.ready_checkout({sku: 1})
    world.new_product(stock=5, price_yen=5_500)  # the same product at another price
    with pytest.raises(checkout.QuoteChanged):
        checkout.place(checkout_id, shown_total_yen=total)
    assert find_orders(Wanted()).orders == []
    assert available([sku]) == {sku: 5}


def test_what_is_gone_is_not_sold(site: Site) -> None:
    sku = world.new_product(stock=1)[0]
    late, total = world.ready_checkout({sku: 1})
    world.placed_order({sku: 1})
    with pytest.raises(NotEnough):
        checkout.place(late, shown_total_yen=total)
    assert len(find_orders(Wanted()).orders) == 1
    assert available([sku]) == {sku: 0}


def test_steps_cannot_be_skipped(site: Site) -> None:
    sku = world.new_product()[0]
    token = new_token()
    add_to_cart(token, sku)
    cart = find_cart(token)
    assert cart
    bare = checkout.begin_checkout(cart, member_id=None, language="ja")
    with pytest.raises(Refused):
        checkout.place(bare.id, shown_total_yen=show_cart(cart).quote.total_yen)


def test_contact_cannot_change_after_placing(site: Site) -> None:
    sku = world.new_product()[0]
    checkout_id, total = world.ready_checkout({sku: 1})
    checkout.place(checkout_id, shown_total_yen=total)
    with pytest.raises(Refused):
        checkout.keep_contact(
            checkout_id, record_id=UUID(int=1), buyer_hint="x", prefecture="東京都",
            postal_zone="100",
        )  # fmt: skip


def test_cash_on_delivery_has_a_limit(site: Site) -> None:
    sku = world.new_product(price_yen=90_000)[0]
    checkout_id, _total = world.ready_checkout({sku: 1}, method="bank")
    with pytest.raises(Refused):
        world.ready_checkout({sku: 2}, method="cod")
    checkout.choose_method(checkout_id, "cod")


def test_another_sites_goods_are_not_there(site: Site) -> None:
    sku = world.new_product()[0]
    with scope(world.new_site().id), pytest.raises(NotFound):
        add_to_cart(new_token(), sku)


def test_thirty_two_buyers_and_five_pieces(site: Site) -> None:
    """Each with a connection of their own, all at once."""
    sku = world.new_product(stock=5)[0]
    ready = [world.ready_checkout({sku: 1}) for _ in range(32)]
    placed, refused = world.place_at_once(site, ready)
    assert (len(placed), len(refused)) == (5, 27)
    assert all(isinstance(error, NotEnough) for error in refused)
    assert stock([sku]) == {sku: (5, 5)}
    assert len(find_orders(Wanted()).orders) == 5
    assert disagreements() == []


def test_one_order_has_no_more_of_a_product_than_it_may(site: Site) -> None:
    white, _m, navy, _n = world.new_product(stock=9)
    token = new_token()
    checkout_id, total = world.ready_checkout({white: 2, navy: 1})
    Product.objects.update(limit_per_order=2)  # meanwhile
    with pytest.raises(Refused, match="than you can buy"):
        checkout.place(checkout_id, shown_total_yen=total)
    assert available([white]) == {white: 9}
    for sku in (white, navy):
        add_to_cart(token, sku, 1)
    assert show_cart(find_cart(token)).can_proceed
    add_to_cart(token, navy, 1)
    view = show_cart(find_cart(token))
    assert [row.over for row in view.rows] == [True, True]
    assert not view.can_proceed
