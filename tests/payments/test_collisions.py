"""Return page, bell and auditor at the same moment; a killed worker; a double click. Complaints of
other systems: C2 (charged twice; return and notification collide), C11 (stock put back twice), C15
(charged, then refused because the stock went)."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from lockstitch.checkout import actions as checkout
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.grid import stock
from lockstitch.orders.actions import lock
from lockstitch.orders.models import Order, OrderEvent
from lockstitch.payments import actions, watching, working
from lockstitch.payments.models import Attempt, Capture, ProviderCall
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.fakes.running import Running
from tests.payments.conftest import fresh, intent, page, paid, payment, pending, run_jobs
from tests.payments.test_flow import late, ship, states


@pytest.fixture
def fake(connected: Site, stripe: Running) -> Running:
    return stripe


def at_once(site_id: object, *deeds: Callable[[], object]) -> None:
    """Each in a thread with a connection of its own."""
    start = threading.Barrier(len(deeds))
    faults: list[BaseException] = []

    def run(deed: Callable[[], object]) -> None:
        try:
            start.wait(30)
            with scope(site_id):  # type: ignore[arg-type]
                deed()
        except BaseException as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_return_page_and_bell_at_the_same_moment(fake: Running, connected: Site) -> None:
    """C2: one authorisation, one placing, however many tell of it at once."""
    order = pending("card")
    fake.press(page(order), "card", "authenticated")
    attempt = Attempt.objects.get(payment__order=order)
    at_once(connected.id, *[lambda: working.look(attempt.id)] * 8)
    run_jobs()
    assert states(order) == ("placed", "authorised", "unshipped")
    events = OrderEvent.objects.filter(order=order, kind="authorised")
    assert events.count() == 1
    assert len(fake.journal(kind="authorised", order=order.number)) == 1


def test_two_workers_with_one_capture(fake: Running, connected: Site) -> None:
    order = paid("card", fake)
    fulfilment.ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    call = ProviderCall.objects.get(attempt__payment__order=order, verb="capture")
    at_once(connected.id, *[lambda: working.carry_out(call.id)] * 6)
    assert Capture.objects.filter(payment__order=order).count() == 1
    assert len(fake.journal(kind="captured", order=order.number)) == 1
    assert payment(order).captured_yen == order.total_yen


def test_a_worker_killed_between_call_and_answer(
    fake: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider has done it, and the process is gone before it could write that down."""

    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    order = paid("card", fake)
    fulfilment.ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    call = ProviderCall.objects.get(attempt__payment__order=order, verb="capture")
    with monkeypatch.context() as patched:
        patched.setattr(working, "apply", dies)
        with pytest.raises(Killed):
            working.carry_out(call.id)
    assert len(fake.journal(kind="captured", order=order.number)) == 1
    assert states(order)[1] == "capturing"
    ProviderCall.objects.filter(id=call.id).update(
        tried_at=None, made_at=call.made_at - watching.LATE
    )
    watching.make_late_calls()
    assert states(order)[1] == "captured"
    assert len(fake.journal(kind="captured", order=order.number)) == 1


def test_coming_back_twice_puts_stock_back_once(fake: Running) -> None:
    """C11."""
    order = pending("card", stock=3)
    sku = order.lines.get().sku_id
    late(order, 31)
    for _round in range(4):
        watching.end_pending()
        run_jobs()
        attempt = Attempt.objects.get(payment__order=order)
        working.look(attempt.id)
    assert states(order)[0] == "lapsed"
    assert stock([sku]) == {sku: (3, 0)}


def test_the_last_piece_is_not_paid_for_twice(fake: Running) -> None:
    """C15: stock is held before anybody is sent to pay, so nobody pays for what is gone."""
    sku = world.new_product(stock=1)[0]
    slow, total = world.ready_checkout({sku: 1}, method="card")
    world.placed_order({sku: 1}, method="card")
    with pytest.raises(NotEnough):
        checkout.place(slow, shown_total_yen=total)
    run_jobs()
    assert Order.objects.count() == 1
    assert Attempt.objects.count() == 1


def test_pressing_ship_twice_captures_once(fake: Running) -> None:
    order = paid("card", fake)
    ship(order)
    for _time in range(2):
        with transaction.atomic():
            held = lock(order.id)
            actions.capture(held, held.money_yen, world.OPERATOR, held.id)
        run_jobs()
    assert len(fake.journal(kind="captured", order=order.number)) == 1


def test_cancelled_and_captured_at_the_same_moment(fake: Running, connected: Site) -> None:
    """Whoever is first wins; money and order agree."""
    order = paid("card", fake)
    fake.do("capture", intent(order))
    fulfilment.cancel(order.id, world.OPERATOR)
    run_jobs()
    found = payment(order)
    assert found.captured_yen == found.refunded_yen == order.total_yen
    assert fresh(order).status == "cancelled"
    assert sum(row["yen"] for row in fake.journal(kind="refunded", order=order.number)) == (
        order.total_yen
    )
