"""What the catalogue promises of its goods is held to at the checkout: the pieces of a pre-order
over all orders, what is wrapped as a present, and when it is sent."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from lockstitch.catalogue.models import Product, Sku
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.amending import Change
from lockstitch.checkout.models import CartLine
from lockstitch.checkout.parties import add_recipient, share_out
from lockstitch.checkout.queries import find_checkout, show_cart, show_checkout
from lockstitch.checkout.rules import Piece
from lockstitch.fulfilment.actions import cancel
from lockstitch.fulfilment.queries import delivery_choices
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.ahead import sold_ahead
from lockstitch.pricing import actions as pricing
from lockstitch.tenancy.queries import Site
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
    placed, refused = world.place_at_once(site, [(each.id, total) for each in ready])
    assert (len(placed), len(refused)) == (5, BUYERS - 5)
    assert all(isinstance(error, NotEnough) for error in refused)
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
    share_out(made.id, {(no, Piece(boxed)): 1})
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


def made_to_order(days: int) -> UUID:
    sku = world.new_product(slug="coat")[0]
    Product.objects.filter(slug="coat").update(made_to_order_days=days)
    return sku


def test_the_day_it_is_sent_is_promised_and_kept(site: Site) -> None:
    sku, plain = made_to_order(20), world.new_product()[0]
    made = open_checkout({sku: 1, plain: 1})
    view = show_cart(made.cart)
    promised = {row.offer.sku_id: row.ships_on for row in view.rows}
    day = promised[sku]
    assert day is not None
    assert day >= today_jst() + dt.timedelta(days=20)
    assert (promised[plain], view.ships_on) == (None, day)
    order = place(made)
    assert {line.sku_id: line.ships_on for line in order.current_lines} == promised
    Product.objects.filter(slug="coat").update(made_to_order_days=90)
    keys = {line.sku_id: line.key for line in order.current_lines}
    after = do(order, Change(quantities={keys[plain]: 2}))
    assert {line.sku_id: line.ships_on for line in after.current_lines} == promised


def test_a_piece_added_later_has_its_own_day(site: Site) -> None:
    order = place(open_checkout({world.new_product()[0]: 1}))
    sku = made_to_order(20)
    after = do(order, Change(added={sku: 1}))
    days = {line.sku_id: line.ships_on for line in after.current_lines}
    assert days[sku] is not None
    assert [day for key, day in days.items() if key != sku] == [None]


def test_no_day_can_be_wished_for_before_it_is_made(site: Site) -> None:
    plain = world.new_product()[0]
    soon = delivery_choices("東京都")[0]
    made = open_checkout({plain: 1, (sku := made_to_order(20)): 1})
    with pytest.raises(Refused):
        checkout.make_up(made.id, 1, delivery_date=soon, delivery_slot="")
    later = delivery_choices("東京都", making=20)[0]
    assert later > soon
    checkout.make_up(made.id, 1, delivery_date=later, delivery_slot="")
    assert place(made).first.delivery_date == later
    early = open_checkout({plain: 1})
    checkout.make_up(early.id, 1, delivery_date=soon, delivery_slot="")
    CartLine.objects.create(cart=early.cart, sku_id=sku, quantity=1, price_seen_yen=4_400)
    with pytest.raises(Refused):
        place(early)


def test_a_pre_order_has_its_month_and_no_day(site: Site) -> None:
    sku = made_to_order(20)
    Product.objects.filter(slug="coat").update(preorder_month="2027-03")
    line = place(open_checkout({sku: 1}, is_preorder=True)).current_lines[0]
    assert (line.preorder_month, line.ships_on) == ("2027-03", None)
