"""予約の引当: what comes in is had by who bought first, and by nobody else."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockstitch.catalogue.models import Product
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.fulfilment import planning
from lockstitch.fulfilment.turns import put_first
from lockstitch.inventory import holds, sheets
from lockstitch.inventory.actions import NotEnough, move
from lockstitch.inventory.grid import stock
from lockstitch.inventory.ledger import places
from lockstitch.inventory.listing import find_sheet, sheet_lines
from lockstitch.inventory.locations import keep_location
from lockstitch.inventory.models import Allocation, Allotment, Hold
from lockstitch.inventory.queries import Location, at_locations, available, disagreements
from lockstitch.inventory.rules import Counts, in_turn
from lockstitch.inventory.waiting import allotted_by, foresee, queue, waits_for
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.models import Order, OrderEvent
from lockstitch.payments import actions as payments
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.checkout.test_offers import open_checkout, place
from tests.world_stock import new_location, put

CLERK = UUID(int=7)


def coat(due: int, *, house: int = 0) -> tuple[UUID, Location]:
    """A SKU sold ahead, of which so many pieces are due."""
    sku = world.new_product(stock=house, slug="coat")[0]
    Product.objects.filter(slug="coat").update(preorder_month="2027-03")
    place = new_location("due", 0, kind="due")
    if due:
        put(sku, due, place)
    return sku, place


def ordered(sku: UUID, pieces: int) -> UUID:
    order = uuid4()
    move({sku: pieces}, reason="allocate", reference=order)
    return order


def receive(sku: UUID, pieces: int, at: Location | None = None) -> UUID:
    where = at or main_location()
    sheet = sheets.open_sheet("receipt", location_id=where.pk, pieces={sku: pieces}, by=CLERK)
    sheets.fill_in(sheet.pk, {sku: pieces})
    sheets.post(sheet.pk, CLERK)
    return sheet.pk


def main_location() -> Location:
    return places()[0]


def here(sku: UUID, place: Location) -> Counts:
    return at_locations([sku]).get(sku, {}).get(place.pk, Counts())


def test_in_turn() -> None:
    waiting = [("a", 2), ("b", 1), ("c", 3), ("d", 1)]
    assert in_turn(waiting, 4) == [("a", 2), ("b", 1), ("c", 1)]  # d is not served before c
    assert in_turn(waiting, 0) == []
    assert in_turn(waiting, 99) == waiting


def test_a_short_arrival_serves_the_first_and_names_the_others(site: Site) -> None:
    sku, due = coat(10)
    first, second, third = ordered(sku, 2), ordered(sku, 1), ordered(sku, 3)
    sheet = sheets.open_sheet("receipt", location_id=main_location().pk, pieces={sku: 6}, by=CLERK)
    sheets.fill_in(sheet.pk, {sku: 4})
    shown = find_sheet(sheet.number)
    [coming] = foresee(shown, sheet_lines(shown))
    assert (coming.pieces, coming.wanted, coming.orders, coming.short) == (4, 6, 3, 2)
    assert [(each.reference, each.short) for each in coming.unserved] == [(third, 2)]
    assert Allotment.objects.count() == 0  # looking at it changed nothing

    sheets.post(sheet.pk, CLERK)
    served = [(row.reference, row.quantity) for row in allotted_by(sheet.pk)]
    assert served == [(first, 2), (second, 1), (third, 1)]
    assert waits_for(first) == waits_for(second) == Counter()
    assert waits_for(third) == Counter({sku: 2})
    assert here(sku, main_location()) == Counts(4, 4)
    assert here(sku, due) == Counts(6, 2)  # six of ten are still to come, two of them promised
    assert available([sku]) == {sku: 4}
    assert disagreements() == []


def test_more_than_is_waited_for_is_free_and_no_longer_due(site: Site) -> None:
    sku, due = coat(10)
    ordered(sku, 3)
    receive(sku, 8)
    assert here(sku, main_location()) == Counts(8, 3)
    assert here(sku, due) == Counts(2, 0)
    receive(sku, 5)  # three more than were announced
    assert here(sku, due) == Counts(0, 0)
    assert available([sku]) == {sku: 10}


def test_a_piece_given_up_goes_to_the_next(site: Site) -> None:
    sku, due = coat(10)
    first, second, third = ordered(sku, 1), ordered(sku, 1), ordered(sku, 1)
    receive(sku, 1)
    move({sku: 1}, reason="release", reference=uuid4(), of=first)
    assert waits_for(second) == Counter()
    assert waits_for(third) == Counter({sku: 1})
    assert here(sku, due) == Counts(9, 1)  # nothing came in: as much is still due
    assert here(sku, main_location()) == Counts(1, 1)
    move({sku: 1}, reason="adjust", reference=uuid4(), at=main_location().pk)  # one more found
    assert waits_for(third) == Counter()
    assert here(sku, due) == Counts(8, 0)
    assert disagreements() == []


def test_who_buys_today_does_not_pass_those_who_wait(site: Site) -> None:
    sku, due = coat(2)
    kept = new_location("shop", 5, kind="store", sells_online=False)
    receive(sku, 5, kept)
    early = ordered(sku, 2)
    assert available([sku]) == {sku: 0}
    with pytest.raises(NotEnough):
        ordered(sku, 1)
    assert waits_for(early) == Counter({sku: 2})  # the shop's pieces are the shop's
    put(sku, 1, due)
    late = ordered(sku, 1)
    receive(sku, 2)
    assert (waits_for(early), waits_for(late)) == (Counter(), Counter({sku: 1}))


def test_safety_stock_serves_nobody(site: Site) -> None:
    sku, due = coat(5)
    keep_location("main", name={"ja": "倉庫"}, buffer=2)
    order = ordered(sku, 4)
    receive(sku, 5)
    assert waits_for(order) == Counter({sku: 1})
    assert here(sku, due) == Counts(1, 1)
    assert available([sku]) == {sku: 0}


def test_what_is_due_is_sold_only_ahead(site: Site) -> None:
    sku, _due = coat(3, house=2)
    assert available([sku]) == {sku: 5}
    assert left(sku) == 5
    Product.objects.filter(slug="coat").update(preorder_month="")
    assert available([sku]) == {sku: 2}
    assert left(sku) == 2
    with pytest.raises(NotEnough):
        ordered(sku, 3)
    with pytest.raises(NotEnough):
        holds.hold(uuid4(), {sku: 3}, minutes=10)
    assert stock([sku]) == {sku: (2, 0)}


def left(sku: UUID) -> int:
    """What the pages' and the index's own words are made from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pieces FROM search_left(%s)", [[sku]])
        return int(cursor.fetchone()[0])


def test_what_is_kept_for_a_payment_comes_in_too(site: Site) -> None:
    sku, due = coat(4)
    buyer, another = uuid4(), uuid4()
    ordered(sku, 1)
    holds.hold(buyer, {sku: 2}, minutes=10)
    holds.hold(another, {sku: 1}, minutes=10)
    receive(sku, 2)
    assert here(sku, main_location()) == Counts(2, 1, 1)
    assert here(sku, due) == Counts(2, 0, 2)
    receive(sku, 2)
    assert here(sku, main_location()) == Counts(4, 1, 3)
    assert here(sku, due) == Counts()
    assert Counter(dict(Hold.objects.values_list("holder", "quantity"))) == Counter(
        {buyer: 2, another: 1}
    )
    order = uuid4()
    move({sku: 2}, reason="allocate", reference=order, held_by=buyer)
    holds.let_go(another)
    assert here(sku, main_location()) == Counts(4, 3)
    assert disagreements() == []


def test_out_of_turn_with_a_reason(site: Site) -> None:
    sku, _due = coat(5)
    early, late = (place(open_checkout({sku: 1}, is_preorder=True)).pk for _each in range(2))
    with pytest.raises(Refused, match="why"):
        put_first(late, sku, why=" ", by=world.OPERATOR)
    put_first(late, sku, why="VIP の再手配", by=world.OPERATOR)
    [first, second], more = queue(sku, coming=1)
    assert [(first.reference, first.gets, first.is_first), second.reference, more] == [
        (late, 1, True), early, 0
    ]  # fmt: skip
    receive(sku, 1)
    assert (waits_for(late), waits_for(early)) == (Counter(), Counter({sku: 1}))
    [event] = OrderEvent.objects.filter(kind="put_first")
    assert (event.order_id, event.facts["reason"], event.by_id) == (
        late, "VIP の再手配", world.OPERATOR.id
    )  # fmt: skip
    with pytest.raises(Refused, match="does not wait"):
        put_first(late, sku, why="again", by=world.OPERATOR)


def test_the_queue_is_read_page_by_page(site: Site) -> None:
    sku, _due = coat(20)
    orders = [ordered(sku, n) for n in (2, 3, 1, 4)]
    page, after = queue(sku, coming=4, limit=3)
    rest, end = queue(sku, coming=4, after=after, limit=3)
    assert [each.reference for each in [*page, *rest]] == orders
    assert [each.gets for each in [*page, *rest]] == [2, 2, 0, 0]
    assert (after, end) == (6, 0)


def test_it_is_sent_when_it_is_here(site: Site) -> None:
    sku, _due = coat(5)
    order = place(open_checkout({sku: 2}, is_preorder=True))
    payments.receive_transfer(order.pk, world.OPERATOR)
    order = Order.objects.get(id=order.pk)
    code = order.current_lines[0].sku_code
    with pytest.raises(Refused, match=code):
        ship(order.pk)
    planned = planning.plan_batch(
        [order], carrier="yamato", ships_on=today_jst(), by=world.OPERATOR
    )
    assert planned.batch is None
    assert code in planned.refused[order.number]
    receive(sku, 1)
    with pytest.raises(Refused, match=code):
        ship(order.pk)
    [line] = order.current_lines
    parcel = planning.split_parcel(order.pk, {line.key: 1}, carrier="yamato", by=world.OPERATOR)
    assert parcel.location_id == main_location().pk
    with pytest.raises(Refused, match=code):
        planning.split_parcel(order.pk, {line.key: 1}, carrier="yamato", by=world.OPERATOR)
    receive(sku, 1)
    assert ship(order.pk).fulfilment == "shipped"
    assert here(sku, main_location()) == Counts()
    assert disagreements() == []


def ship(order_id: UUID):
    return fulfilment.ship(
        order_id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR
    )


def test_what_is_due_is_no_place(site: Site) -> None:
    sku, due = coat(3)
    with pytest.raises(Refused, match="not transferred"):
        sheets.open_sheet(
            "transfer", location_id=main_location().pk, source_id=due.pk, pieces={sku: 1}, by=CLERK
        )
    with pytest.raises(Refused, match="its kind stays"):
        keep_location("due", kind="warehouse")
    with pytest.raises(IntegrityError, match="location_due"), transaction.atomic():
        Location.objects.filter(code="due").update(buffer=1)


def test_somewhere_there_is_a_house(site: Site) -> None:
    new_location("due", 0, kind="due")
    assert [place.kind for place in places()] == ["warehouse", "due"]


steps = st.lists(
    st.tuples(
        st.sampled_from(["order", "order", "cancel", "receipt", "due", "hold", "let go", "count"]),
        st.integers(1, 4),
    ),
    max_size=30,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_in_any_history_nobody_waits_for_what_is_there(
    site: Site, history: list[tuple[str, int]]
) -> None:
    slug = f"p-{uuid4().hex[:12]}"
    sku = world.new_product(slug=slug, stock=0)[0]
    Product.objects.filter(slug=slug).update(preorder_month="2027-03")
    due = new_location("due", 0, kind="due")
    orders: list[UUID] = []
    held: list[UUID] = []
    for step, n in history:
        try:
            with transaction.atomic():
                if step == "order":
                    orders.append(ordered(sku, n))
                elif step == "cancel" and orders:
                    gone = orders.pop(n % len(orders))
                    owed = sum(
                        Allocation.objects.filter(reference=gone).values_list("quantity", flat=True)
                    )
                    move({sku: owed}, reason="release", reference=uuid4(), of=gone)
                elif step == "hold":
                    held.append(uuid4())
                    holds.hold(held[-1], {sku: n}, minutes=10)
                elif step == "let go" and held:
                    holds.let_go(held.pop())
                elif step in ("receipt", "count"):
                    reason = "receipt" if step == "receipt" else "adjust"
                    where = main_location().pk
                    move({sku: n}, reason=reason, reference=uuid4(), at=where)
                elif step == "due":
                    put(sku, n, due)
        except NotEnough:
            continue
        house, coming = here(sku, main_location()), here(sku, due)
        assert not (house.free and coming.allocated)
        assert not (house.free and coming.held)
        waiting = [waits_for(order)[sku] for order in orders]
        owed = [
            sum(Allocation.objects.filter(reference=order).values_list("quantity", flat=True))
            for order in orders
        ]
        partly = [n for n, (w, o) in enumerate(zip(waiting, owed, strict=True)) if 0 < w < o]
        assert len(partly) <= 1  # one at most is served in part: the first who waits
        whole = [n for n, w in enumerate(waiting) if w]
        assert whole == list(range(whole[0], len(orders))) if whole else True
    assert disagreements() == []


@pytest.mark.slow
def test_in_turn_while_all_buy_and_goods_come_in(site: Site) -> None:
    sku, due = coat(60)
    early = [ordered(sku, 1) for _each in range(20)]

    def work(n: int) -> None:
        try:
            with scope(site.id):
                if n % 3 == 0:
                    receive(sku, 2)
                elif n % 3 == 1:
                    ordered(sku, 1)
                else:
                    move({sku: 1}, reason="release", reference=uuid4(), of=early[n])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(work, range(18)))
    assert disagreements() == []
    house, coming = here(sku, main_location()), here(sku, due)
    assert (house.on_hand, coming.on_hand) == (12, 48)
    assert house.allocated == 12
    assert coming.allocated == 20 + 6 - 6 - 12
    rows = Allocation.objects.filter(sku_id=sku, quantity__gt=0).order_by("reference")
    waiting = set(rows.filter(location=due).values_list("reference", flat=True))
    stayed = [order for n, order in enumerate(early) if not (n < 18 and n % 3 == 2)]
    assert [order in waiting for order in stayed] == sorted(order in waiting for order in stayed)
