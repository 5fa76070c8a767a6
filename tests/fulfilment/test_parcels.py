"""Orders sent in parts: every parcel takes its goods and its money, and all sum to the order."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockstitch.fulfilment import delivering, pickups, planning
from lockstitch.fulfilment.actions import cancel, ship, ship_parcel
from lockstitch.fulfilment.models import Parcel, ParcelEvent
from lockstitch.fulfilment.queries import (
    find_by_reference,
    late,
    parcels_of,
    reference_of,
    to_send,
    waiting_pickups,
)
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import at_locations, available, disagreements
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.orders.models import Order
from lockstitch.payments.models import Payment
from lockstitch.tenancy.queries import Site
from tests import world
from tests.world_parcels import order_of, tracking
from tests.world_stock import new_location, put


def again(order: Order) -> Order:
    found: Order = Order.objects.prefetch_related("lines", "destinations").get(id=order.pk)
    return found


def send(order: Order, pieces: dict[UUID, int] | None = None) -> None:
    ship(order.pk, carrier="yamato", tracking_number=tracking(), by=world.OPERATOR, pieces=pieces)


def captured(order: Order) -> int:
    return int(Payment.objects.get(order=order).captured_yen)


def test_two_parcels_take_their_own_money(site: Site) -> None:
    first, second, *_rest = world.new_product(stock=5)
    order = order_of([(first, 2, 3_000, 1), (second, 1, 2_000, 1)], shipping_yen=660)
    keys = [line.key for line in again(order).current_lines]
    send(order, {keys[0]: 1})
    assert (again(order).fulfilment, again(order).status) == ("part", "placed")
    assert captured(order) == 3_660
    send(order)
    assert (again(order).fulfilment, again(order).status) == ("shipped", "completed")
    assert captured(order) == 8_660
    assert [(p.no, p.money_yen) for p in parcels_of(order)] == [(1, 3_660), (2, 5_000)]
    assert stock([first, second]) == {first: (3, 0), second: (4, 0)}
    with pytest.raises(Refused):
        send(order)
    assert disagreements() == []


steps = st.lists(
    st.tuples(st.booleans(), st.integers(0, 2), st.integers(1, 2)), max_size=6
)  # fmt: skip


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps, st.integers(0, 9_000), st.sampled_from(["cod", "bank"]))
def test_any_sequence_of_parts_agrees(
    site: Site, history: Sequence[tuple[bool, int, int]], points: int, method: str
) -> None:
    """Ship and cancel pieces in any order: money, points and goods are those of what was sent."""
    from lockstitch.payments.actions import receive_transfer

    skus = world.new_product(slug=f"p-{uuid4().hex[:12]}", stock=9)
    order = order_of(
        [(skus[0], 2, 3_333, 1), (skus[1], 3, 1_001, 1), (skus[2], 1, 2_000, 1)],
        method=method, shipping_yen=660, discount_yen=500,
    )  # fmt: skip
    if method == "bank":
        receive_transfer(order.pk, world.OPERATOR)
    for sending, number, pieces in history:
        line = again(order).current_lines[number]
        if pieces > line.open or again(order).status != "placed":
            continue
        if sending:
            send(order, {line.key: pieces})
        else:
            cancel(order.pk, world.OPERATOR, pieces={line.key: pieces})
    last = again(order)
    if any(line.open for line in last.current_lines) and last.status == "placed":
        send(order)
    ended = again(order)
    sent = [line for line in ended.current_lines if line.shipped]
    if sent:
        assert ended.status == "completed"
        payment = Payment.objects.get(order=order)
        assert payment.captured_yen - max(0, payment.captured_yen - ended.money_yen) == (
            ended.money_yen
        )
        if method == "cod":
            assert payment.captured_yen == ended.money_yen
    assert {
        sku: 9 - line.shipped for sku, line in zip(skus, ended.current_lines, strict=False)
    } == {sku: on_hand for sku, (on_hand, _) in stock(skus[:3]).items()}
    assert disagreements() == []


def test_cancelling_a_part_gives_back_once(site: Site) -> None:
    first, second, *_rest = world.new_product(stock=5)
    order = order_of([(first, 2, 3_000, 1), (second, 1, 2_000, 1)])
    key = again(order).current_lines[0].key
    once = uuid4()
    cancel(order.pk, world.OPERATOR, pieces={key: 1}, reference=once)
    assert available([first, second]) == {first: 4, second: 4}
    assert again(order).money_yen == 5_000
    cancel(order.pk, world.OPERATOR, pieces={key: 1}, reference=once)
    assert again(order).money_yen == 5_000
    cancel(order.pk, world.OPERATOR, reason="buyer")
    assert (again(order).status, again(order).money_yen) == ("cancelled", 0)
    assert available([first, second]) == {first: 5, second: 5}
    assert disagreements() == []


def test_an_order_on_hold_does_not_leave(site: Site) -> None:
    order = order_of([(world.new_product()[0], 1, 3_000, 1)])
    Order.objects.filter(id=order.pk).update(on_hold=True, flag="fraud")
    with pytest.raises(Refused, match="on hold"):
        send(order)
    assert to_send() == ([], "")


def batch(*orders: Order, carrier: str = "yamato") -> planning.Planned:
    return planning.plan_batch(
        list(orders), carrier=carrier, ships_on=dt.date(2026, 12, 1), by=world.OPERATOR
    )


def test_a_parcel_for_each_recipient_and_location(site: Site) -> None:
    first, second, *_rest = world.new_product(stock=3)
    far = new_location("far", 5)
    put(first, 9, far)
    order = order_of([(first, 11, 1_000, 1), (second, 1, 2_000, 2)], shipping_yen=500)
    planned = batch(order)
    assert planned.refused == {}
    made = [(p.destination, p.location.code) for p in parcels_of(order)]
    assert sorted(made) == [(1, "far"), (1, "main"), (2, "main")]
    assert sum(parcel.money_yen for parcel in parcels_of(order)) == 13_500
    assert batch(order).parcels == 0  # nothing is left to plan
    for parcel in parcels_of(order):
        number = tracking()
        assert ship_parcel(parcel.pk, tracking_number=number, by=world.OPERATOR)
        assert not ship_parcel(parcel.pk, tracking_number=number, by=world.OPERATOR)
    assert again(order).status == "completed"
    assert captured(order) == 13_500
    assert disagreements() == []


def test_what_cannot_be_in_a_batch_is_named(site: Site) -> None:
    sku = world.new_product(stock=9)[0]
    good = order_of([(sku, 1, 1_000, 1)])
    unpaid = order_of([(sku, 1, 1_000, 1)], method="bank")
    other = order_of([(sku, 1, 1_000, 1)], wishes={1: {"carrier": "sagawa"}})
    done = batch(good, unpaid, other)
    assert done.parcels == 1
    assert set(done.refused) == {unpaid.number, other.number}
    assert batch(unpaid).batch is None


def test_a_label_of_an_order_that_changed_is_not_shipped(site: Site) -> None:
    sku, second, *_rest = world.new_product(stock=9)
    order = order_of([(sku, 2, 1_000, 1), (second, 1, 500, 1)])
    batch(order)
    (parcel,) = parcels_of(order)
    cancel(order.pk, world.OPERATOR, pieces={again(order).current_lines[0].key: 1})
    with pytest.raises(Refused):
        ship_parcel(parcel.pk, tracking_number=tracking(), by=world.OPERATOR)
    assert parcels_of(order) == []
    batch(order)
    (anew,) = parcels_of(order)
    assert (anew.no, anew.money_yen) == (2, 1_500)


def test_references_find_their_parcels(site: Site) -> None:
    order = order_of([(world.new_product()[0], 1, 1_000, 1)])
    batch(order)
    (parcel,) = parcels_of(order)
    assert len(reference_of(parcel)) == 15
    assert find_by_reference([reference_of(parcel).lower(), "x"]) == {reference_of(parcel): parcel}


def test_late_parcels_are_listed(site: Site) -> None:
    order = order_of([(world.new_product()[0], 1, 1_000, 1)])
    batch(order)
    assert late() == []
    Parcel.objects.update(planned_at=now() - dt.timedelta(days=3))
    assert late() == parcels_of(order)


def test_delivered_when_the_last_parcel_is(site: Site) -> None:
    sku = world.new_product(stock=9)[0]
    order = order_of([(sku, 2, 1_000, 1)])
    key = again(order).current_lines[0].key
    send(order, {key: 1})
    send(order)
    one, two = parcels_of(order)
    moment = now()
    assert delivering.away(one.pk, moment)
    assert not delivering.away(one.pk, moment)
    assert delivering.delivered(one.pk, moment)
    assert again(order).fulfilment == "shipped"
    assert delivering.delivered(two.pk, moment)
    assert not delivering.delivered(two.pk, moment)
    assert again(order).fulfilment == "delivered"
    with pytest.raises(Refused):
        delivering.sent_back(two.pk)


@pytest.fixture
def fetched(site: Site) -> Order:
    sku = world.new_product(stock=0)[0]
    shop = new_location("shop", 3, kind="store", sells_online=False, pickup=True, pickup_days=5)
    put(sku, 2, shop)
    return order_of([(sku, 2, 4_000, 1)], pickup_at=shop.pk)


def test_fetching_at_a_shop(fetched: Order) -> None:
    parcel = pickups.make_ready(fetched.pk, world.OPERATOR)
    assert parcel.waits_until == today_jst() + dt.timedelta(days=5)
    assert waiting_pickups() == [parcel]
    with pytest.raises(Refused):
        pickups.make_ready(fetched.pk, world.OPERATOR)
    with pytest.raises(NotFound):
        pickups.hand_over("WRONGX", world.OPERATOR)
    pickups.hand_over(parcel.code.lower(), world.OPERATOR)
    with pytest.raises(NotFound):
        pickups.hand_over(parcel.code, world.OPERATOR)
    order = again(fetched)
    assert (order.status, order.payment, order.fulfilment) == ("completed", "captured", "delivered")
    assert captured(fetched) == 8_000
    assert disagreements() == []


def test_nobody_comes(fetched: Order) -> None:
    parcel = pickups.make_ready(fetched.pk, world.OPERATOR)
    assert pickups.overdue(today_jst()) == 0
    assert pickups.overdue(today_jst() + dt.timedelta(days=6)) == 1
    assert pickups.overdue(today_jst() + dt.timedelta(days=6)) == 0
    assert (again(fetched).status, again(fetched).payment) == ("cancelled", "void")
    kinds = list(ParcelEvent.objects.filter(parcel=parcel).values_list("kind", flat=True))
    assert sorted(kinds) == ["dropped", "missed", "planned"]
    line = again(fetched).current_lines[0]
    assert [c.free for c in at_locations([line.sku_id])[line.sku_id].values()] == [2]
    assert disagreements() == []
