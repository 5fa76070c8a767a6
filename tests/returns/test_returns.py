"""返品・交換: what was paid goes back once, and only the difference of an exchange moves."""

import datetime as dt
from uuid import UUID

import pytest

from lockstitch.catalogue.models import Sku
from lockstitch.checkout import actions as checkout
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.errors import Refused
from lockstitch.members.models import Programme
from lockstitch.members.queries import disagreements as point_disagreements
from lockstitch.members.queries import points_of
from lockstitch.orders.actions import SHOPPER
from lockstitch.orders.models import OrderEvent
from lockstitch.orders.queries import Order, find_order
from lockstitch.payments.queries import payment_of
from lockstitch.returns.actions import Verdict, Wish, ask, decide, inspect
from lockstitch.returns.queries import find_return
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_offers import offer, open_checkout, place
from tests.members.world import new_member


def fresh(order: Order) -> Order:
    found = find_order(order.number)
    assert found
    return found


def send(order: Order) -> Order:
    fulfilment.ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    return fresh(order)


def take_back(order: Order, wishes: list[Wish], *, to: str = "restock", at_once: bool = False):
    made = ask(order.id, wishes, by=SHOPPER)
    decide(made.id, "approved", world.OPERATOR, at_once=at_once)
    found = find_return(made.id)
    assert found
    verdicts = {line.pk: Verdict(line.quantity, to) for line in found.lines.all()}
    return inspect(made.id, verdicts, world.OPERATOR)


def test_any_sequence_of_returns_sums_to_what_was_paid(site: Site) -> None:
    sku = world.new_product(price_yen=3_333)[0]
    offer("amount", "ODD", yen=1_000)
    Programme.objects.create(rate_bp=100)
    member = new_member(777)
    made = open_checkout({sku: 4}, member=member, method="cod")
    checkout.apply_offers(made.id, coupons=["ODD"], points_yen=777)
    order = send(place(made))
    key = order.current_lines[0].key
    parts = [take_back(order, [Wish(key, n, "too_small")]) for n in (1, 2, 1)]
    after = fresh(order)
    assert sum(part.total_yen for part in parts) == order.items_yen - 1_000
    assert after.net_yen == order.charges_yen
    assert (after.points_back_yen, points_of(member).balance) == (
        sum(part.points for part in parts), sum(part.points for part in parts),
    )  # fmt: skip
    assert points_of(member).owed == points_of(member).pending == 0
    payment = payment_of(order)
    assert payment
    assert payment.amount_yen - payment.given_back_yen == after.money_yen
    assert stock([sku]) == {sku: (10, 0)}
    assert disagreements() == point_disagreements() == []


def test_exchange_by_size_moves_no_money(site: Site) -> None:
    small, medium, *_rest = world.new_product(stock=2)
    order = send(world.placed_order({small: 1}))
    key = order.current_lines[0].key
    made = ask(order.id, [Wish(key, 1, "too_small", "shoulder", medium)], by=SHOPPER)
    assert stock([medium]) == {medium: (2, 1)}  # put aside at once
    decide(made.id, "approved", world.OPERATOR)
    line = find_return(made.id).lines.get()
    inspect(made.id, {line.pk: Verdict(1, "restock")}, world.OPERATOR)
    after = fresh(order)
    assert (after.status, after.fulfilment, after.payment) == ("placed", "part", "captured")
    assert [(each.sku_id, each.open) for each in after.current_lines] == [(small, 0), (medium, 1)]
    assert (after.net_yen, after.money_yen) == (order.net_yen, order.money_yen)
    assert stock([small, medium]) == {small: (2, 0), medium: (2, 1)}
    sent = send(after)
    assert (sent.status, sent.fulfilment) == ("completed", "shipped")
    assert stock([medium]) == {medium: (1, 0)}
    payment = payment_of(order)
    assert payment
    assert (payment.captured_yen, payment.refunded_yen) == (order.total_yen, 0)


@pytest.mark.parametrize(("price", "state"), [(5_000, "authorised"), (4_000, "refund_due")])
def test_only_the_difference_of_an_exchange_is_settled(site: Site, price: int, state: str) -> None:
    small, medium, *_rest = world.new_product(price_yen=4_400)
    order = send(world.placed_order({small: 1}))
    Sku.objects.filter(id=medium).update(price_yen=price)
    take_back(order, [Wish(order.current_lines[0].key, 1, "too_small", "", medium)])
    after = fresh(order)
    assert after.payment == state
    assert after.money_yen - order.money_yen == price - 4_400


def test_an_exchange_may_leave_at_once(site: Site) -> None:
    small, medium, *_rest = world.new_product(stock=1)
    order = send(world.placed_order({small: 1}))
    key = order.current_lines[0].key
    made = ask(order.id, [Wish(key, 1, "too_small", "", medium)], by=SHOPPER)
    decide(made.id, "approved", world.OPERATOR, at_once=True)
    assert send(fresh(order)).status == "completed"
    line = find_return(made.id).lines.get()
    inspect(made.id, {line.pk: Verdict(1, "restock")}, world.OPERATOR)
    assert stock([small, medium]) == {small: (1, 0), medium: (0, 0)}
    assert fresh(order).net_yen == order.net_yen


def test_what_is_scrapped_does_not_come_back_on_sale(site: Site) -> None:
    sku = world.new_product(stock=2)[0]
    order = send(world.placed_order({sku: 1}))
    take_back(order, [Wish(order.current_lines[0].key, 1, "faulty")], to="scrap")
    assert stock([sku]) == {sku: (1, 0)}
    assert disagreements() == []


def test_withdrawing_lets_the_other_piece_go(site: Site) -> None:
    small, medium, *_rest = world.new_product(stock=1)
    order = send(world.placed_order({small: 1}))
    key = order.current_lines[0].key
    made = ask(order.id, [Wish(key, 1, "too_small", "", medium)], by=SHOPPER)
    with pytest.raises(Refused):
        ask(order.id, [Wish(key, 1, "too_small")], by=SHOPPER)
    decide(made.id, "withdrawn", SHOPPER)
    assert stock([medium]) == {medium: (1, 0)}
    with pytest.raises(Refused):
        decide(made.id, "approved", world.OPERATOR)


def _asked(order: Order, reason: str, key: UUID | None = None) -> None:
    ask(order.id, [Wish(key or order.current_lines[0].key, 1, reason)], by=SHOPPER)


def test_the_rules_of_the_shop(site: Site) -> None:
    sku = world.new_product()[0]
    fresh_order = world.placed_order({sku: 1})
    with pytest.raises(Refused):
        _asked(fresh_order, "too_small")  # not sent yet
    order = send(fresh_order)
    with pytest.raises(Refused):
        _asked(order, "because")
    with pytest.raises(Refused):
        _asked(order, "too_small", UUID(int=1))
    _age(order, 12)
    with pytest.raises(Refused):
        _asked(order, "too_small")  # 3 days on the way and 8 to think
    _asked(order, "faulty")  # the law gives longer


def _age(order: Order, days: int) -> None:
    """As if the order's events had happened so much earlier; the table itself is append-only."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_orderevent DISABLE TRIGGER append_only")
        OrderEvent.objects.filter(order=order).update(at=order.placed_at - dt.timedelta(days=days))
        cursor.execute("ALTER TABLE orders_orderevent ENABLE TRIGGER append_only")
