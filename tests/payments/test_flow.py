"""From the page to the money and back, at each provider: what is here agrees with what is there."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import transaction

from lockstitch.fulfilment import actions as fulfilment
from lockstitch.inventory.grid import stock
from lockstitch.kernel.clock import now
from lockstitch.orders.actions import SYSTEM, lock
from lockstitch.orders.models import Order
from lockstitch.payments import actions, watching, working
from lockstitch.payments.models import Capture, Disagreement, ProviderCall, Refund
from lockstitch.payments.queries import latest_attempt
from lockstitch.tenancy.queries import Site
from tests import world
from tests.fakes.running import Running
from tests.payments.conftest import (
    fresh,
    intent,
    look,
    page,
    paid,
    payment,
    pending,
    run_jobs,
    session,
)  # fmt: skip

BOTH = pytest.mark.parametrize("method", ["card", "link"])


@pytest.fixture
def fakes(connected: Site, stripe: Running, link: Running) -> dict[str, Running]:
    return {"card": stripe, "konbini": stripe, "link": link}


def states(order: Order) -> tuple[str, str, str]:
    found = fresh(order)
    return found.status, found.payment, found.fulfilment


def ship(order: Order) -> None:
    fulfilment.ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    run_jobs()


def give_back(order: Order, yen: int) -> None:
    with transaction.atomic():
        actions.give_back(lock(order.id), yen, world.OPERATOR, uuid4())
    run_jobs()


def late(order: Order, minutes: int) -> None:
    Order.objects.filter(id=order.id).update(placed_at=now() - dt.timedelta(minutes=minutes))


@BOTH
def test_an_order_is_placed_when_the_money_is_held(fakes: dict[str, Running], method: str) -> None:
    order = pending(method)
    assert states(order) == ("pending", "awaiting", "unshipped")
    assert page(order).startswith(fakes[method].url)
    paid_order = paid(method, fakes[method])
    assert states(paid_order) == ("placed", "authorised", "unshipped")
    held = payment(paid_order)
    assert held.authorised_yen == held.amount_yen == paid_order.total_yen
    assert held.expires_at
    assert held.expires_at > now()


@BOTH
def test_shipping_takes_the_money_once(fakes: dict[str, Running], method: str) -> None:
    order = paid(method, fakes[method])
    ship(order)
    assert states(order) == ("completed", "captured", "shipped")
    moved = fakes[method].journal(kind="captured", order=order.number)
    assert [row["yen"] for row in moved] == [order.total_yen]
    assert payment(order).captured_yen == order.total_yen
    assert Capture.objects.filter(payment__order=order).count() == 1


@BOTH
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_capture_cut_off_is_made_once(fakes: dict[str, Running], method: str, when: str) -> None:
    order = paid(method, fakes[method])
    fakes[method].trouble("capture", when, times=1)
    fulfilment.ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    run_jobs(rounds=1)
    assert states(order) == ("completed", "capturing", "shipped")
    assert ProviderCall.objects.get(attempt__payment__order=order, verb="capture").state == (
        "unknown"
    )
    run_jobs()
    assert states(order)[1] == "captured"
    assert len(fakes[method].journal(kind="captured", order=order.number)) == 1


@BOTH
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("idempotent", [True, False])
def test_a_refund_cut_off_is_made_once(
    fakes: dict[str, Running], method: str, when: str, *, idempotent: bool
) -> None:
    """Even at a provider that has forgotten our key."""
    order = paid(method, fakes[method])
    ship(order)
    fakes[method].knobs(idempotent=idempotent)
    fakes[method].trouble("refund", when, times=1)
    with transaction.atomic():
        actions.give_back(lock(order.id), 1_000, world.OPERATOR, uuid4())
    run_jobs(rounds=1)
    assert states(order)[1] == "refund_due"
    run_jobs()
    assert states(order)[1] == "captured"
    assert [row["yen"] for row in fakes[method].journal(kind="refunded", order=order.number)] == [
        1_000
    ]
    assert payment(order).refunded_yen == 1_000


@BOTH
def test_refunds_in_parts_sum_to_the_whole(fakes: dict[str, Running], method: str) -> None:
    order = paid(method, fakes[method], pieces=2)
    ship(order)
    for yen in (1_000, 2_500, order.total_yen - 3_500):
        give_back(order, yen)
    assert states(order)[1] == "refunded"
    assert payment(order).refunded_yen == order.total_yen
    refunded = fakes[method].journal(kind="refunded", order=order.number)
    assert sum(row["yen"] for row in refunded) == order.total_yen


@BOTH
def test_one_reference_gives_back_once(fakes: dict[str, Running], method: str) -> None:
    order = paid(method, fakes[method])
    ship(order)
    reference = uuid4()
    for _time in range(3):
        with transaction.atomic():
            actions.give_back(lock(order.id), 700, world.OPERATOR, reference)
        run_jobs()
    assert payment(order).refunded_yen == 700
    assert len(fakes[method].journal(kind="refunded", order=order.number)) == 1


@BOTH
def test_a_part_given_up_before_shipping_is_not_taken(
    fakes: dict[str, Running], method: str
) -> None:
    order = paid(method, fakes[method], pieces=2)
    give_back(order, 4_400)
    assert states(order)[1] == "authorised"
    ship(order)
    moved = fakes[method].journal(kind="captured", order=order.number)
    assert [row["yen"] for row in moved] == [order.total_yen - 4_400]
    assert fakes[method].journal(kind="refunded", order=order.number) == []


@BOTH
def test_a_cancelled_order_lets_the_money_go(fakes: dict[str, Running], method: str) -> None:
    order = paid(method, fakes[method])
    fulfilment.cancel(order.id, SYSTEM)
    run_jobs()
    assert states(order) == ("cancelled", "void", "stopped")
    assert len(fakes[method].journal(kind="cancelled", order=order.number)) == 1
    assert fakes[method].journal(kind="captured", order=order.number) == []


@BOTH
def test_nobody_who_leaves_the_page_is_charged(fakes: dict[str, Running], method: str) -> None:
    """The page is closed before the order lapses, and its stock is free again."""
    order = pending(method, stock=1)
    sku = order.lines.get().sku_id
    url = page(order)
    assert stock([sku]) == {sku: (1, 1)}
    late(order, 31)
    for _round in range(2):
        watching.end_pending()
        run_jobs()
    assert states(order) == ("lapsed", "void", "stopped")
    assert stock([sku]) == {sku: (1, 0)}
    fakes[method].press(url, "pay")
    assert fakes[method].journal(order=order.number, kind="authorised") == []


@BOTH
def test_whoever_paid_in_the_last_second_has_their_order(
    fakes: dict[str, Running], method: str
) -> None:
    order = pending(method)
    fake = fakes[method]
    fake.press(page(order), "card" if method == "card" else "pay", "authenticated")
    late(order, 31)  # and no bell, and the buyer did not come back
    for _round in range(2):
        watching.end_pending()
        run_jobs()
    assert states(order) == ("placed", "authorised", "unshipped")


@BOTH
def test_an_order_does_not_lapse_while_the_provider_is_away(
    fakes: dict[str, Running], method: str
) -> None:
    order = pending(method)
    fake = fakes[method]
    fake.press(page(order), "card" if method == "card" else "pay", "authenticated")
    fake.knobs(down=True)
    late(order, 90)
    for _round in range(3):
        watching.end_pending()
        run_jobs(rounds=1)
    assert states(order)[0] == "pending"
    fake.knobs(down=False)
    run_jobs()
    assert states(order) == ("placed", "authorised", "unshipped")


@BOTH
def test_after_a_refused_card_another_way_can_be_tried(
    fakes: dict[str, Running], method: str
) -> None:
    order = pending(method)
    fake = fakes[method]
    fake.press(page(order), "declined" if method == "card" else "decline")
    look(order)
    assert states(order) == ("pending", "awaiting", "unshipped")  # the page is still there
    actions.give_up(order.id)
    run_jobs()
    assert states(order) == ("pending", "failed", "unshipped")
    other = "link" if method == "card" else "card"
    with transaction.atomic():
        actions.begin(lock(order.id), method=other)
    run_jobs()
    fakes[other].press(page(order), "card" if other == "card" else "pay", "authenticated")
    look(order)
    assert states(order) == ("placed", "authorised", "unshipped")
    assert fresh(order).method == other


def test_late_news_of_a_closed_page_does_not_end_the_next_way_to_pay(
    fakes: dict[str, Running],
) -> None:
    order = pending("card")
    closed = latest_attempt(order)
    assert closed
    actions.give_up(order.id)
    run_jobs()
    with transaction.atomic():
        actions.begin(lock(order.id), method="konbini")
    run_jobs()
    working.look(closed.id)
    run_jobs()
    assert states(order) == ("pending", "awaiting", "unshipped")
    fakes["konbini"].press(page(order), "number")
    look(order)
    working.look(closed.id)
    run_jobs()
    assert states(order) == ("placed", "awaiting", "unshipped")


def test_a_konbini_number_places_the_order_and_is_paid_later(fakes: dict[str, Running]) -> None:
    order = pending("konbini")
    fakes["konbini"].press(page(order), "number")
    look(order)
    assert states(order) == ("placed", "awaiting", "unshipped")
    assert payment(order).expires_at
    fakes["konbini"].do("pay", intent(order))
    look(order)
    assert states(order) == ("placed", "captured", "unshipped")
    ship(order)
    assert states(order) == ("completed", "captured", "shipped")
    assert fakes["konbini"].journal(kind="captured", order=order.number) == []


def test_a_number_nobody_pays_frees_the_stock(fakes: dict[str, Running]) -> None:
    order = pending("konbini", stock=1)
    sku = order.lines.get().sku_id
    fakes["konbini"].press(page(order), "number")
    look(order)
    fakes["konbini"].do("run_out", intent(order))
    look(order)
    assert states(order) == ("cancelled", "void", "stopped")
    assert stock([sku]) == {sku: (1, 0)}


def test_money_that_comes_after_the_order_is_gone_goes_back(fakes: dict[str, Running]) -> None:
    order = pending("konbini")
    fakes["konbini"].press(page(order), "number")
    look(order)
    fulfilment.cancel(order.id, SYSTEM)
    run_jobs()
    fakes["konbini"].do("pay", intent(order))  # at a till that did not know
    look(order)
    assert states(order)[:2] == ("cancelled", "void")
    found = payment(order)
    assert (found.captured_yen, found.refunded_yen) == (order.total_yen, order.total_yen)
    assert found.attention == "late_money"
    assert len(fakes["konbini"].journal(kind="refunded", order=order.number)) == 1


def test_news_twice_or_late_changes_nothing(fakes: dict[str, Running]) -> None:
    order = paid("card", fakes["card"])
    for _time in range(3):
        look(order)
    ship(order)
    for _time in range(3):
        look(order)
    give_back(order, 500)
    for _time in range(3):
        look(order)
    assert Capture.objects.filter(payment__order=order).count() == 1
    assert Refund.objects.filter(payment__order=order).count() == 1
    assert Disagreement.objects.count() == 0


def test_a_refused_capture_is_seen_and_can_be_tried_again(fakes: dict[str, Running]) -> None:
    order = paid("card", fakes["card"])
    fakes["card"].tamper(intent(order), status="processing")
    ship(order)
    assert payment(order).attention == "capture_failed"
    call = ProviderCall.objects.get(attempt__payment__order=order, verb="capture")
    assert (call.state, call.error) == ("failed", "payment_intent_unexpected_state")
    assert Disagreement.objects.filter(kind="capture_failed", state="open").count() == 1
    fakes["card"].tamper(intent(order), status="requires_capture")
    actions.try_again(call.id, world.OPERATOR)
    run_jobs()
    assert states(order)[1] == "captured"
    assert payment(order).attention == ""


def test_two_pages_of_one_order_are_one(fakes: dict[str, Running]) -> None:
    order = pending("card")
    with transaction.atomic():
        first = actions.begin(lock(order.id))
    with transaction.atomic():
        again = actions.begin(lock(order.id))
    assert first.id == again.id
    run_jobs()
    assert session(order)
