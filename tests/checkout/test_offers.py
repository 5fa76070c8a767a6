"""Coupons, points, presents, ranks, several recipients and pre-orders: what is shown is what is
charged, and everything an order used comes back once when it is not paid."""

from uuid import UUID, uuid4

import pytest

from lockstitch.catalogue.models import Product
from lockstitch.checkout import actions as checkout
from lockstitch.checkout import filling, settling
from lockstitch.checkout.parties import add_recipient, remove_recipient, share_out
from lockstitch.checkout.queries import Checkout, find_cart, find_checkout, show_cart, show_checkout
from lockstitch.checkout.rules import Piece
from lockstitch.fulfilment.queries import delivery_choices
from lockstitch.inventory.grid import stock
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.members.models import Member, Programme, Rank
from lockstitch.members.points import NotEnoughPoints
from lockstitch.members.queries import disagreements, points_of
from lockstitch.orders.queries import find_by_checkout
from lockstitch.pricing import actions as pricing
from lockstitch.pricing.models import Coupon
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.world import new_member


def open_checkout(
    pieces: dict[UUID, int], *, member: UUID | None = None, method: str = "bank",
    is_preorder: bool = False,
) -> Checkout:  # fmt: skip
    token = new_token()
    for sku, quantity in pieces.items():
        filling.add_to_cart(token, sku, quantity, member_id=member)
    cart = find_cart(token)
    assert cart
    made = checkout.begin_checkout(cart, member_id=member, language="ja", is_preorder=is_preorder)
    checkout.keep_contact(
        made.id, record_id=uuid4(), buyer_hint="山＊ ＊＊", prefecture="東京都", postal_zone="150"
    )
    checkout.choose_method(made.id, method)
    return made


def place(made: Checkout):
    found = find_checkout(made.id)
    assert found
    quote = show_checkout(found).quote
    checkout.place(made.id, shown_total_yen=quote.total_yen, shown_money_yen=quote.money_yen)
    order = find_by_checkout(made.id)
    assert order
    return order


def offer(kind: str, code: str = "", **values: object) -> None:
    made = pricing.save_promotion(None, name={"ja": "特典", "en": "Offer"}, kind=kind, **values)
    if code:
        pricing.save_coupon(made.id, code)


def test_coupon_and_points_pay_a_part(site: Site) -> None:
    sku = world.new_product(price_yen=11_000)[0]
    offer("amount", "THANKS", yen=1_000)
    member = new_member(3_000)
    made = open_checkout({sku: 2}, member=member)
    checkout.apply_offers(made.id, coupons=["thanks"], points_yen=2_500)
    order = place(made)
    assert (order.items_yen, order.discount_yen, order.total_yen) == (22_000, 1_000, 21_000)
    assert (order.points_yen, order.money_yen) == (2_500, 18_500)
    assert [line.net_yen for line in order.current_lines] == [21_000]
    assert order.explained[0]["saved_yen"] == 1_000
    assert points_of(member).balance == 500
    assert Coupon.objects.get(code="THANKS").used == 1
    assert disagreements() == []


def test_points_alone_leave_nothing_to_pay(site: Site) -> None:
    sku = world.new_product(price_yen=11_000)[0]
    made = open_checkout({sku: 1}, member=(member := new_member(20_000)))
    checkout.apply_offers(made.id, coupons=[], points_yen=20_000)
    order = place(made)
    assert (order.method, order.payment, order.points_yen) == ("points", "captured", 11_000)
    assert points_of(member).balance == 9_000


def test_what_cannot_be_used_is_said_and_kept_out(site: Site) -> None:
    sku = world.new_product()[0]
    made = open_checkout({sku: 1}, member=new_member(100))
    with pytest.raises(Refused, match="NOSUCH"):
        checkout.apply_offers(made.id, coupons=["nosuch"], points_yen=0)
    with pytest.raises(NotEnoughPoints):
        checkout.apply_offers(made.id, coupons=[], points_yen=101)
    found = find_checkout(made.id)
    assert found
    assert (found.coupons, found.points_yen) == ([], 0)


def test_points_spent_elsewhere_meanwhile_stop_the_order(site: Site) -> None:
    sku = world.new_product()[0]
    member = new_member(1_000)
    first, second = (open_checkout({sku: 1}, member=member) for _ in range(2))
    for made in (first, second):
        checkout.apply_offers(made.id, coupons=[], points_yen=1_000)
    found = find_checkout(second.id)
    assert found
    shown = show_checkout(found).quote
    place(first)
    with pytest.raises(checkout.QuoteChanged):
        checkout.place(second.id, shown_total_yen=shown.total_yen, shown_money_yen=shown.money_yen)
    assert points_of(member).balance == 0


def test_a_present_comes_while_there_are_any(site: Site) -> None:
    sku, gift, *_rest = world.new_product(stock=1, price_yen=12_000)
    offer("gift", gift_sku_id=gift, from_yen=10_000)
    order = place(open_checkout({sku: 1}))
    assert [(line.is_gift, line.net_yen) for line in order.current_lines] == [
        (False, 12_000), (True, 0),
    ]  # fmt: skip
    assert stock([gift]) == {gift: (1, 1)}
    other = world.new_product(stock=1, price_yen=12_000, slug="coat")[0]
    assert [line.is_gift for line in place(open_checkout({other: 1})).current_lines] == [False]


def test_a_rank_pays_less_and_the_points_are_promised(site: Site) -> None:
    sku = world.new_product(price_yen=10_000)[0]
    Programme.objects.create(rate_bp=100)
    rank = Rank.objects.create(
        code="gold", level=1, threshold=1, rate_bp=500, times_bp=20_000, name={"ja": "金"}
    )
    member = new_member()
    Member.objects.filter(id=member).update(rank=rank)
    order = place(open_checkout({sku: 2}, member=member))
    assert (order.items_yen, order.current_lines[0].unit_price_yen) == (19_000, 9_500)
    assert points_of(member).pending == 380


def test_two_recipients_each_get_their_parcel(site: Site) -> None:
    sku = world.new_product(stock=5, price_yen=4_000)[0]
    pricing.set_terms(wrappings=[{"key": "box", "yen": 550, "name": {"ja": "箱"}}])
    made = open_checkout({sku: 3})
    no = add_recipient(
        made.id, record_id=uuid4(), hint="海＊ ＊＊", prefecture="京都府", postal_zone="600",
        has_message=True,
    )  # fmt: skip
    share_out(made.id, {(no, Piece(sku)): 2})
    checkout.make_up(
        made.id, no, delivery_date=None, delivery_slot="0812", wrapping="box", hides_prices=True
    )
    order = place(made)
    assert sorted((line.destination, line.quantity) for line in order.current_lines) == [
        (1, 1), (2, 2),
    ]  # fmt: skip
    assert (order.shipping_yen, order.wrapping_yen) == (1_320, 550)
    theirs = order.destinations.get(no=2)
    assert (theirs.hint, theirs.delivery_slot, theirs.hides_prices) == ("海＊ ＊＊", "0812", True)
    assert stock([sku]) == {sku: (5, 3)}


def test_no_more_can_be_given_away_than_there_is(site: Site) -> None:
    sku = world.new_product()[0]
    made = open_checkout({sku: 1})
    no = add_recipient(
        made.id, record_id=uuid4(), hint="x", prefecture="京都府", postal_zone="600",
        has_message=False,
    )  # fmt: skip
    with pytest.raises(Refused):
        share_out(made.id, {(no, Piece(sku)): 2})
    share_out(made.id, {(no, Piece(sku)): 1})
    remove_recipient(made.id, no)
    assert [line.destination for line in place(made).current_lines] == [1]


def test_what_is_sold_ahead_is_an_order_of_its_own(site: Site) -> None:
    now_sku = world.new_product()[0]
    ahead = world.new_product(slug="coat")[0]
    Product.objects.filter(slug="coat").update(preorder_month="2027-03")
    made = open_checkout({now_sku: 1, ahead: 1})
    first = place(made)
    assert [line.preorder_month for line in first.current_lines] == [""]
    cart = made.cart
    assert [row.offer.sku_id for row in show_cart(cart, is_preorder=True).rows] == [ahead]
    later = checkout.begin_checkout(cart, member_id=None, language="ja", is_preorder=True)
    checkout.keep_contact(
        later.id, record_id=uuid4(), buyer_hint="山＊", prefecture="東京都", postal_zone="150"
    )
    with pytest.raises(Refused):
        checkout.choose_method(later.id, "cod")
    checkout.choose_method(later.id, "bank")
    day = delivery_choices("東京都")[0]
    with pytest.raises(Refused):
        checkout.make_up(later.id, 1, delivery_date=day, delivery_slot="")
    assert [line.preorder_month for line in place(later).current_lines] == ["2027-03"]


def test_saved_for_later_is_not_bought(site: Site) -> None:
    sku, other, *_rest = world.new_product()
    made = open_checkout({sku: 1, other: 1})
    filling.set_saved(made.cart, other, True)
    order = place(made)
    assert [line.sku_id for line in order.current_lines] == [sku]
    assert [row.offer.sku_id for row in show_cart(made.cart).saved] == [other]


def test_a_cart_follows_its_member(site: Site) -> None:
    sku, other, *_rest = world.new_product()
    member = new_member()
    phone, desk = new_token(), new_token()
    filling.add_to_cart(phone, sku, 2)
    filling.carry_over(phone, member, site.id)
    filling.add_to_cart(desk, sku, 1)
    filling.add_to_cart(desk, other, 1)
    for _time in range(2):
        filling.carry_over(desk, member, site.id)
    rows = show_cart(find_cart(desk)).rows
    assert sorted((row.offer.sku_id, row.quantity) for row in rows) == sorted(
        [(sku, 2), (other, 1)]
    )
    assert show_cart(find_cart(phone)).rows == []


def test_an_order_that_is_not_paid_leaves_nothing_behind(site: Site) -> None:
    sku = world.new_product(stock=3, price_yen=11_000)[0]
    offer("amount", "ONCE", yen=1_000)
    Programme.objects.create(rate_bp=100)
    member = new_member(500)
    made = open_checkout({sku: 1}, member=member)
    checkout.apply_offers(made.id, coupons=["ONCE"], points_yen=500)
    order = place(made)
    order.status = "pending"  # as it is while the buyer is at a provider
    order.save(update_fields=["status"])
    for _time in range(2):
        settling.lapse(order.id)
    assert stock([sku]) == {sku: (3, 0)}
    assert Coupon.objects.get(code="ONCE").used == 0
    assert (points_of(member).balance, points_of(member).pending) == (500, 0)
    assert [row.quantity for row in show_cart(made.cart).rows] == [1]
    assert disagreements() == []
