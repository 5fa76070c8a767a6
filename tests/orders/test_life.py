"""An order's three states move together with its money and its goods, or not at all."""

import pytest
from django.db import IntegrityError, connection, transaction

from lockstitch.fulfilment.actions import cancel, ship
from lockstitch.fulfilment.queries import shipment_of
from lockstitch.fulfilment.rules import checked_tracking_number
from lockstitch.inventory.grid import stock
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import Order, Wanted, counts, find_order, find_orders
from lockstitch.orders.rules import MACHINES
from lockstitch.payments.actions import receive_transfer
from lockstitch.payments.queries import captured_yen
from lockstitch.tenancy.queries import Site
from tests import world


def leave(order: Order) -> Order:
    return ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)


def states(order: Order) -> tuple[str, str, str]:
    now = find_order(order.number)
    assert now
    return now.status, now.payment, now.fulfilment


def test_shipping_captures_and_takes_the_goods(site: Site) -> None:
    sku = world.new_product(stock=5)[0]
    order = world.placed_order({sku: 2})
    leave(order)
    assert states(order) == ("completed", "captured", "shipped")
    assert stock([sku]) == {sku: (3, 0)}
    assert captured_yen() == order.total_yen
    parcel = shipment_of(order)
    assert parcel
    assert parcel.tracking_number == world.TRACKING


def test_a_parcel_leaves_once(site: Site) -> None:
    order = world.placed_order({world.new_product()[0]: 1})
    leave(order)
    with pytest.raises(Refused):
        leave(order)
    assert captured_yen() == order.total_yen


def test_a_transfer_is_awaited_before_shipping(site: Site) -> None:
    order = world.placed_order({world.new_product()[0]: 1}, method="bank")
    with pytest.raises(Refused):
        leave(order)
    receive_transfer(order.id, world.OPERATOR)
    with pytest.raises(Refused):
        receive_transfer(order.id, world.OPERATOR)
    leave(order)
    assert states(order) == ("completed", "captured", "shipped")
    assert captured_yen() == order.total_yen


@pytest.mark.parametrize(("method", "paid", "ends"), [
    ("cod", False, "void"), ("bank", False, "void"), ("bank", True, "refund_due"),
])  # fmt: skip
def test_cancelling_gives_goods_and_money_back(
    site: Site, method: str, paid: bool, ends: str
) -> None:
    sku = world.new_product(stock=4)[0]
    order = world.placed_order({sku: 1}, method=method)
    if paid:
        receive_transfer(order.id, world.OPERATOR)
    cancel(order.id, world.OPERATOR)
    assert states(order) == ("cancelled", ends, "stopped")
    assert stock([sku]) == {sku: (4, 0)}
    for late in (leave, lambda order: cancel(order.id, world.OPERATOR)):
        with pytest.raises(Refused):
            late(order)


def test_every_change_is_an_event(site: Site) -> None:
    order = world.placed_order({world.new_product()[0]: 1})
    leave(order)
    found = find_order(order.number)
    assert found
    moves = {(e.machine, e.was, e.became) for e in found.events.all() if e.machine}
    assert moves == {
        ("payment", "authorised", "captured"), ("fulfilment", "unshipped", "shipped"),
        ("status", "placed", "completed"),
    }  # fmt: skip
    shipped_by = {e.by_id for e in found.events.all() if e.by_kind == "operator"}
    assert shipped_by == {world.OPERATOR.id}


@pytest.mark.parametrize("wrong", [
    "fulfilment = 'shipped'",  # not captured
    "payment = 'paid'",  # no such state
    "total_yen = total_yen + 1",  # not the sum of its parts
])  # fmt: skip
def test_the_database_refuses_a_wrong_order(site: Site, wrong: str) -> None:
    order = world.placed_order({world.new_product()[0]: 1})
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(f"UPDATE orders_order SET {wrong} WHERE id = %s", [order.id])


def test_the_list_pages_by_key(site: Site) -> None:
    sku = world.new_product(stock=9)[0]
    numbers = [world.placed_order({sku: 1}).number for _ in range(5)]
    seen: list[str] = []
    after = ""
    while True:
        page = find_orders(Wanted(), after=after, limit=2)
        seen += [order.number for order in page.orders]
        after = page.next
        if not after:
            break
    assert seen == numbers[::-1]
    assert find_orders(Wanted(), after="nonsense").orders == []
    assert counts() == {"to_ship": 5, "unpaid": 0, "today": 5}


def test_machines_end(site: Site) -> None:
    """From each state an end is reached, and every target is a known state."""
    for machine in MACHINES.values():
        assert all(target in machine for targets in machine.values() for target in targets)
        assert any(not targets for targets in machine.values())


@pytest.mark.parametrize("text", ["1234-5678-9013", "１２３４ ５６７８ ９０１３"])
def test_tracking_numbers_are_forgiven_their_form(text: str) -> None:
    assert checked_tracking_number(text) == "123456789013"


@pytest.mark.parametrize("text", ["", "123456789012", "12345678901", "12345678901a"])
def test_tracking_numbers_are_checked(text: str) -> None:
    with pytest.raises(ValueError, match="digit"):
        checked_tracking_number(text)
