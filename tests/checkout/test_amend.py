"""受注変更: another size, quantity or piece; sums, stock and what is owed agree afterwards."""

from uuid import UUID

import pytest
from django.db import transaction

from lockstitch.checkout import actions as checkout
from lockstitch.checkout.amending import Change, amend, preview
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.errors import Refused
from lockstitch.members.queries import points_of
from lockstitch.orders.actions import lock
from lockstitch.orders.queries import Order, find_order
from lockstitch.payments import actions as payments
from lockstitch.payments.queries import payment_of
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_offers import offer, open_checkout, place
from tests.members.world import new_member


def do(order: Order, change: Change) -> Order:
    shown = preview(fresh(order), change).quote.money_yen
    amend(order.id, change, shown_money_yen=shown, by=world.OPERATOR)
    return fresh(order)


def fresh(order: Order) -> Order:
    found = find_order(order.number)
    assert found
    return found


def owed(order: Order) -> int:
    payment = payment_of(order)
    assert payment
    return payment.amount_yen - payment.given_back_yen


def test_another_size_keeps_the_price_and_moves_the_stock(site: Site) -> None:
    small, medium, *_rest = world.new_product(stock=2)
    order = world.placed_order({small: 1}, method="bank")
    line = order.current_lines[0]
    after = do(order, Change(swaps={line.key: medium}))
    assert (after.total_yen, after.revision) == (order.total_yen, 2)
    assert [line.sku_id for line in after.current_lines] == [medium]
    assert after.lines.count() == 2  # the first revision stays as it was
    assert stock([small, medium]) == {small: (2, 0), medium: (2, 1)}
    assert disagreements() == []


def test_more_and_fewer_pieces_change_what_is_owed(site: Site) -> None:
    sku = world.new_product(stock=5, price_yen=4_000)[0]
    order = world.placed_order({sku: 1}, method="bank")
    key = order.current_lines[0].key
    more = do(order, Change(quantities={key: 3}))
    assert (more.items_yen, more.shipping_yen, owed(more)) == (12_000, 0, 12_000)
    less = do(more, Change(quantities={key: 2}))
    assert (less.items_yen, less.shipping_yen, owed(less)) == (8_000, 660, 8_660)
    assert stock([sku]) == {sku: (5, 2)}


def test_discounts_are_made_anew_by_the_offers_of_that_day(site: Site) -> None:
    sku = world.new_product(price_yen=4_000)[0]
    offer("quantity", pieces=2, rate_bp=1_000)
    offer("amount", "HELLO", yen=500)
    member = new_member(1_000)
    made = open_checkout({sku: 2}, member=member)
    checkout.apply_offers(made.id, coupons=["HELLO"], points_yen=1_000)
    order = place(made)
    assert order.discount_yen == 800 + 500
    after = do(order, Change(quantities={order.current_lines[0].key: 1}))
    assert (after.discount_yen, after.points_yen) == (500, 1_000)
    assert owed(after) == 4_000 - 500 + 660 - 1_000


def test_points_that_are_too_many_come_back(site: Site) -> None:
    sku, other, *_rest = world.new_product(price_yen=4_000)
    member = new_member(9_000)
    made = open_checkout({sku: 1, other: 1}, member=member)
    checkout.apply_offers(made.id, coupons=[], points_yen=8_660)
    order = place(made)
    assert order.method == "points"
    gone = next(line for line in order.current_lines if line.sku_id == other)
    after = do(order, Change(quantities={gone.key: 0}))
    assert (after.total_yen, after.points_yen, after.money_yen) == (4_660, 4_660, 0)
    assert points_of(member).balance == 9_000 - 4_660


def test_a_difference_after_payment_is_refunded_or_waited_for(site: Site) -> None:
    sku = world.new_product(price_yen=12_000)[0]
    order = world.placed_order({sku: 2}, method="bank")
    payments.receive_transfer(order.id, world.OPERATOR)
    key = order.current_lines[0].key
    less = do(order, Change(quantities={key: 1}))
    assert (less.payment, owed(less)) == ("refund_due", 12_000)
    with transaction.atomic():
        assert lock(order.id).payment == "refund_due"
    payments.record_refund(order.id, 12_000, world.OPERATOR, reference="by hand", way="bank")
    more = do(order, Change(quantities={key: 3}))
    assert (more.payment, owed(more)) == ("awaiting", 36_000)
    payments.receive_transfer(order.id, world.OPERATOR, reference=UUID(int=5))
    payment = payment_of(order)
    assert payment
    assert payment.captured_yen - payment.refunded_yen == 36_000


def test_what_is_not_there_is_not_promised(site: Site) -> None:
    sku, other, *_rest = world.new_product(stock=1)
    order = world.placed_order({sku: 1}, method="bank")
    with pytest.raises(NotEnough):
        do(order, Change(added={other: 2}))
    assert fresh(order).revision == 1
    assert stock([sku, other]) == {sku: (1, 1), other: (1, 0)}


def test_a_sum_that_was_not_shown_is_not_taken(site: Site) -> None:
    sku = world.new_product()[0]
    order = world.placed_order({sku: 1}, method="bank")
    change = Change(quantities={order.current_lines[0].key: 2})
    with pytest.raises(Refused):
        amend(order.id, change, shown_money_yen=1, by=world.OPERATOR)
    with pytest.raises(Refused):
        do(order, Change(quantities={order.current_lines[0].key: 0}))
