"""Goods at several locations: where an order's pieces come from, holds, sheets and files."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.inventory import feed, holds, sheets
from lockstitch.inventory.actions import NotEnough, amend, move
from lockstitch.inventory.models import Hold, Sheet
from lockstitch.inventory.queries import at_locations, available, disagreements, promises
from lockstitch.inventory.rules import plan, take_back
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.world_stock import OPERATOR, main_location, new_location, put

SKUS = [UUID(int=n) for n in range(3)]
PLACES = [UUID(int=n) for n in range(100, 104)]
pieces = st.integers(0, 5)
offers = st.dictionaries(
    st.tuples(st.sampled_from(SKUS), st.sampled_from(PLACES)), pieces, max_size=12
)
carts = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 6), min_size=1)


@given(carts, offers)
def test_a_plan_gives_exactly_what_is_wanted(wanted: dict, offered: dict) -> None:
    total = Counter(dict.fromkeys(wanted, 0))
    for (sku, _), quantity in offered.items():
        total[sku] += quantity
    found = plan(wanted, offered, PLACES)
    if any(total[sku] < quantity for sku, quantity in wanted.items()):
        assert found is None
        return
    assert found is not None
    given_out: Counter[UUID] = Counter()
    for place, quantity in found.items():
        assert 0 < quantity <= offered[place]
        given_out[place[0]] += quantity
    assert given_out == Counter(wanted)
    for place in PLACES:  # one location that has everything is one parcel
        if all(offered.get((sku, place), 0) >= q for sku, q in wanted.items()):
            assert len({where for _, where in found}) == 1
    back = take_back(wanted, found, PLACES)
    assert back == found


@pytest.mark.slow
def test_a_thousand_takings_of_ten_pieces_sell_ten(site: Site) -> None:
    """As one line, as two lines of one cart, and as a set: the caller sums by SKU."""
    shirt, other, *_rest = world.new_product(stock=10)
    move({other: 990}, reason="receipt", reference=uuid4())

    def take(number: int) -> bool:
        try:
            with scope(site.id):
                cart = Counter({shirt: 1})
                if number % 3 == 1:
                    cart += Counter({other: 1})  # a set
                move(cart, reason="allocate", reference=uuid4())
                return True
        except NotEnough:
            return False

    with ThreadPoolExecutor(24, initializer=connections.close_all) as crowd:
        sold = sum(crowd.map(take, range(1_000)))
        list(crowd.map(lambda _: connections.close_all(), range(48)))
    assert sold == 10
    assert available([shirt]) == {shirt: 0}
    assert disagreements() == []


def test_crossed_carts_do_not_deadlock(site: Site) -> None:
    skus = world.new_product(stock=100)
    second = new_location("second", 1)
    for sku in skus:
        put(sku, 100, second)

    def take(number: int) -> None:
        with scope(site.id):
            order, cart = uuid4(), skus if number % 2 else skus[::-1]
            move(dict.fromkeys(cart, 1), reason="allocate", reference=order)
            move(dict.fromkeys(cart[::-1], 1), reason="ship", reference=uuid4(), of=order)

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(take, range(120)))
        list(crowd.map(lambda _: connections.close_all(), range(24)))
    assert sum(available(skus).values()) == 4 * 80
    assert disagreements() == []


def test_one_parcel_where_one_location_has_it_all(site: Site) -> None:
    first, second, *_rest = world.new_product(stock=1)
    far = new_location("far", 9)
    put(first, 5, far)
    put(second, 5, far)
    order = uuid4()
    move({first: 2, second: 1}, reason="allocate", reference=order)
    assert promises(order) == {far.id: {first: 2, second: 1}}


def test_safety_stock_and_shops_that_do_not_sell_online(site: Site) -> None:
    sku = world.new_product(stock=2)[0]
    buffered = new_location("buffered", 1, buffer=3)
    shop = new_location("shop", 2, kind="store", sells_online=False, pickup=True)
    put(sku, 5, buffered)
    put(sku, 7, shop)
    assert available([sku]) == {sku: 2 + 2}
    with pytest.raises(NotEnough) as refused:
        move({sku: 5}, reason="allocate", reference=uuid4())
    assert refused.value.short == {sku: 4}
    fetched = uuid4()
    move({sku: 7}, reason="allocate", reference=fetched, at=shop.id)
    assert promises(fetched) == {shop.id: {sku: 7}}
    assert disagreements() == []


def test_an_order_ships_and_releases_only_what_it_was_promised(site: Site) -> None:
    sku = world.new_product(stock=9)[0]
    order, other = uuid4(), uuid4()
    move({sku: 2}, reason="allocate", reference=order)
    move({sku: 3}, reason="allocate", reference=other)
    with pytest.raises(NotEnough):
        move({sku: 3}, reason="release", reference=uuid4(), of=order)
    amend({sku: 2}, of=order, reference=uuid4())
    amend({sku: -1}, of=order, reference=uuid4())
    move({sku: 3}, reason="ship", reference=uuid4(), of=order)
    assert promises(order) == {}
    assert at_locations([sku])[sku][main_location().id].allocated == 3
    assert disagreements() == []


def test_the_number_of_statements_does_not_grow(site: Site) -> None:
    few, many = world.new_product(slug="few", stock=9)[:1], world.new_product(slug="many", stock=9)
    counts = []
    for skus in (few, many):
        order = uuid4()
        with CaptureQueriesContext(connection) as asked:
            move(dict.fromkeys(skus, 1), reason="allocate", reference=order)
            move(dict.fromkeys(skus, 1), reason="ship", reference=uuid4(), of=order)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_hold_keeps_hot_goods_until_it_runs_out(site: Site) -> None:
    sku = world.new_product(stock=3)[0]
    mine, other = uuid4(), uuid4()
    assert holds.hold(mine, {sku: 2}, minutes=0) is None
    assert holds.hold(mine, {sku: 2}, minutes=10, hot=2) is None  # three are left: not hot
    until = holds.hold(mine, {sku: 2}, minutes=10)
    assert until is not None
    assert available([sku]) == {sku: 1}
    assert available([sku], held_by=mine) == {sku: 3}
    assert [(row.holder, row.quantity) for row in holds.held([sku])] == [(mine, 2)]
    with pytest.raises(NotEnough):
        holds.hold(other, {sku: 2}, minutes=10)
    assert holds.hold(mine, {sku: 3}, minutes=10) == until  # asking again does not prolong it
    move({sku: 3}, reason="allocate", reference=uuid4(), held_by=mine)
    assert not Hold.objects.exists()
    assert disagreements() == []


def test_a_hold_frees_itself(site: Site) -> None:
    """Before the job has run it counts as free; the job only tidies."""
    sku, second, *_rest = world.new_product(stock=2)
    for holder in (uuid4(), uuid4()):
        holds.hold(holder, {sku: 1, second: 1}, minutes=10)
    assert available([sku]) == {sku: 0}
    Hold.objects.update(expires_at=now() - dt.timedelta(seconds=1))
    assert available([sku]) == {sku: 2}
    move({sku: 2}, reason="allocate", reference=uuid4())
    assert holds.free_expired() == 2
    assert holds.free_expired() == 0
    assert available([second]) == {second: 2}
    assert disagreements() == []


def test_receiving_and_moving(site: Site) -> None:
    sku = world.new_product(stock=4)[0]
    here, there = main_location(), new_location("there", 1)
    coming = sheets.open_sheet(
        "receipt", location_id=here.id, pieces={sku: 6}, by=OPERATOR, note="D-123"
    )
    sheets.fill_in(coming.pk, {sku: 5})
    sheets.post(coming.pk, OPERATOR)
    with pytest.raises(Refused):
        sheets.post(coming.pk, OPERATOR)
    assert available([sku]) == {sku: 9}
    moved = sheets.open_sheet(
        "transfer", location_id=there.id, source_id=here.id, pieces={sku: 3}, by=OPERATOR
    )
    with pytest.raises(Refused):
        sheets.post(moved.pk, OPERATOR)
    sheets.send(moved.pk, OPERATOR)
    assert available([sku]) == {sku: 6}  # on the road
    sheets.fill_in(moved.pk, {sku: 2})
    sheets.post(moved.pk, OPERATOR)
    assert at_locations([sku])[sku][there.id].on_hand == 2
    lost = sheets.open_sheet(
        "transfer", location_id=there.id, source_id=here.id, pieces={sku: 1}, by=OPERATOR
    )
    sheets.send(lost.pk, OPERATOR)
    sheets.drop(lost.pk, OPERATOR)
    assert at_locations([sku])[sku][here.id].on_hand == 6
    assert disagreements() == []


def test_a_count_is_not_fooled_by_what_is_sold_meanwhile(site: Site) -> None:
    sku, untouched, *_rest = world.new_product(stock=10)
    sheet = sheets.open_sheet(
        "count", location_id=main_location().id, pieces={}, by=OPERATOR, blind=True
    )
    sheets.fill_in(sheet.pk, {sku: 8})
    order = uuid4()
    move({sku: 3}, reason="allocate", reference=order)
    move({sku: 3}, reason="ship", reference=uuid4(), of=order)
    line = Sheet.objects.get(id=sheet.pk).lines.get(sku_id=sku)
    assert (line.expected, line.difference) == (10, -2)
    sheets.post(sheet.pk, OPERATOR)
    assert available([sku, untouched]) == {sku: 5, untouched: 10}
    assert disagreements() == []


def file(*rows: str) -> bytes:
    return "\r\n".join(("sku,location,quantity,mode", *rows)).encode()


def test_an_old_figure_does_not_overwrite_a_newer_one(site: Site) -> None:
    sku = world.new_product(stock=10)[0]
    before = now()
    order = uuid4()
    move({sku: 2}, reason="allocate", reference=order)
    move({sku: 2}, reason="ship", reference=uuid4(), of=order)
    counted = file("shirt-white-S,main,9,absolute")
    assert feed.take_in(counted, as_of=before, by=OPERATOR).changed == 1
    assert available([sku]) == {sku: 7}  # nine before two were sold
    assert feed.take_in(counted, as_of=before, by=OPERATOR).changed == 0
    older = feed.take_in(
        file("shirt-white-S,main,99,absolute"), as_of=before - dt.timedelta(hours=1), by=OPERATOR
    )
    assert (older.changed, older.older) == (0, 1)
    assert feed.take_in(file("shirt-white-S,,5,relative"), as_of=now(), by=None).changed == 1
    assert available([sku]) == {sku: 12}
    assert disagreements() == []


@pytest.mark.parametrize(("row", "problem"), [
    ("nothing,main,1,absolute", "unknown SKU"), ("shirt-white-S,moon,1,absolute", "unknown loc"),
    ("shirt-white-S,main,-1,absolute", "not a number"), ("shirt-white-S,main,x,", "not a number"),
])  # fmt: skip
def test_a_file_with_a_mistake_is_not_taken_in(site: Site, row: str, problem: str) -> None:
    _sku, second, *_rest = world.new_product(stock=10)
    taken = feed.take_in(file("shirt-white-M,main,3,absolute", row), as_of=now(), by=OPERATOR)
    assert len(taken.problems) == 1
    assert taken.problems[0].startswith("Row 3: ")
    assert problem in taken.problems[0]
    assert available([second]) == {second: 10}


def test_what_goes_out_can_come_in_again(site: Site) -> None:
    world.new_product(stock=10)
    lines = "".join(feed.give_out())
    assert lines.splitlines()[1].startswith("shirt-navy-M,main,10,0,0,10,")
    again = lines.replace("on_hand", "quantity").encode("utf-8-sig")
    taken = feed.take_in(again, as_of=now(), by=OPERATOR)
    assert (taken.changed, taken.problems) == (0, [])
