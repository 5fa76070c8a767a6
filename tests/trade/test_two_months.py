"""Two months of a shop's trade, day by day, closed every night; then Beancount's own checker reads
the journal. LOCKSTITCH_ORDERS=15581 gives the seed's number of orders.
"""

import contextlib
import datetime as dt
import os
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from beancount import loader
from django.db import connections

from lockstitch.accounting import actions, queries
from lockstitch.accounting.exports import PROGRAMS
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.models import Cart, CartLine, Checkout
from lockstitch.checkout.queries import find_checkout, show_checkout
from lockstitch.cli.cluster import Cluster
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.kernel.clock import JST, midnight, now, today_jst
from lockstitch.kernel.ids import digest
from lockstitch.members import points
from lockstitch.members.models import Programme
from lockstitch.orders.models import Order
from lockstitch.payments import actions as payments
from lockstitch.payments.models import Payment
from lockstitch.returns.actions import Verdict, Wish, ask, decide, inspect
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import current_site_id, scope
from tests import world
from tests.checkout.test_offers import offer
from tests.members.world import new_member

ORDERS = int(os.environ.get("LOCKSTITCH_ORDERS", "61"))
DAYS, PROCESSES = 61, 2
STAMPED = (
    "orders_orderevent", "members_pointentry", "payments_capture", "payments_refund",
    "orders_reduction", "inventory_movement",
)  # fmt: skip


@pytest.mark.slow
def test_two_months_close(site: Site, database: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(2016)
    first = today_jst() - dt.timedelta(days=DAYS)
    skus = [
        sku
        for n, price in enumerate((3_333, 4_400, 12_800, 980))
        for sku in world.new_product(slug=f"p{n}", price_yen=price, stock=ORDERS)
    ]
    offer("rate", "AUTUMN", rate_bp=1_500)
    offer("n_for", pieces=3, yen=8_999)
    Programme.objects.create(rate_bp=100)
    members = [new_member(1_500) for _n in range(max(4, ORDERS // 20))]
    with _owner(database) as owner:
        _move_to(owner, first, dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
        for n in range(DAYS):
            day, began = first + dt.timedelta(days=n), now()
            evening = midnight(day + dt.timedelta(days=1)) - dt.timedelta(minutes=1)
            monkeypatch.setattr(actions, "now", lambda moment=evening: moment)
            count = ORDERS * (n + 1) // DAYS - ORDERS * n // DAYS
            _a_day(chance, skus, members, count)
            _move_to(owner, day, began)
            closed = actions.close_day(day)
            assert closed.disagreements == [], (day, closed.disagreements)
    assert Order.objects.count() == ORDERS
    assert sum(row.yen for row in queries.trial_balance()) == 0
    text = "".join(PROGRAMS["beancount"][0](queries.entries(first, today_jst())))
    _entries, errors, _options = loader.load_string(text)
    assert errors == []
    assert len({close.day for close in queries.closes()}) == DAYS


def _a_day(chance: random.Random, skus: list[UUID], members: list[UUID], count: int) -> None:
    _side_by_side(_place, _ready(chance, skus, members, count))
    _work(chance)


def _side_by_side(task: Callable[[Iterable[UUID]], None], ids: list[UUID]) -> None:
    """One process does it when they are few."""
    if ORDERS < 1_000:
        task(ids)
        return
    site_id = current_site_id()
    connections.close_all()
    children = []
    for n in range(PROCESSES):
        if not (child := os.fork()):
            failed = 1
            with contextlib.suppress(BaseException), scope(site_id):
                task(ids[n::PROCESSES])
                failed = 0
            os._exit(failed)
        children.append(child)
    with scope(site_id):  # a new connection is told the site
        assert [os.waitpid(child, 0)[1] for child in children] == [0] * PROCESSES


def _place(ids: Iterable[UUID]) -> None:
    for checkout_id in ids:
        found = find_checkout(checkout_id)
        assert found
        quote = show_checkout(found).quote
        checkout.place(checkout_id, shown_total_yen=quote.total_yen)


def _ready(chance: random.Random, skus: list[UUID], members: list[UUID], count: int) -> list[UUID]:
    carts = Cart.objects.bulk_create(
        Cart.here(token_digest=digest(str(uuid4()))) for _n in range(count)
    )
    CartLine.objects.bulk_create(
        CartLine.here(cart=cart, sku_id=sku, quantity=chance.randint(1, 2), price_seen_yen=0)
        for cart in carts
        for sku in chance.sample(skus, chance.randint(1, 3))
    )
    made = Checkout.objects.bulk_create(
        Checkout.here(
            cart=cart, record_id=uuid4(), buyer_hint="山＊ ＊＊", prefecture="東京都",
            postal_zone="150", method=chance.choice(["cod", "bank"]),
            member_id=(member := chance.choice([None, *members])),
            coupons=["AUTUMN"] if chance.random() < 0.2 else [],
            points_yen=chance.choice([0, 0, 300]) if member else 0,
        )
        for cart in carts
    )  # fmt: skip
    return [each.pk for each in made]


def _work(chance: random.Random) -> None:
    """What the shop's people do in the evening: money in, parcels out, some things back."""
    awaited = Order.objects.filter(payment="awaiting").values_list("id", flat=True)
    _side_by_side(_receive, [each for each in awaited if chance.random() < 0.8])
    ready = Order.objects.filter(
        status="placed", fulfilment="unshipped", payment__in=["authorised", "captured"]
    )
    ids = [each for each in ready.values_list("id", flat=True) if chance.random() < 0.9]
    _side_by_side(_cancel, ids[::20])
    _side_by_side(_ship, [each for n, each in enumerate(ids) if n % 20])
    sent = list(Order.objects.filter(fulfilment="shipped", reduced_yen=0).order_by("id")[:400])
    for order in chance.sample(sent, min(len(sent), max(1, ORDERS // 1_200))):
        line = next((each for each in order.current_lines if each.kept), None)
        if line is not None:
            made = ask(order.pk, [Wish(line.key, 1, "too_small")], by=world.OPERATOR)
            decide(made.pk, "approved", world.OPERATOR)
            row = made.lines.get()
            inspect(made.pk, {row.pk: Verdict(1, "restock")}, world.OPERATOR)
    for order in Order.objects.filter(payment="refund_due"):
        _refund(order)


def _receive(ids: Iterable[UUID]) -> None:
    for order_id in ids:
        payments.receive_transfer(order_id, world.OPERATOR)


def _cancel(ids: Iterable[UUID]) -> None:
    for order_id in ids:
        fulfilment.cancel(order_id, world.OPERATOR)


def _ship(ids: Iterable[UUID]) -> None:
    for order_id in ids:
        fulfilment.ship(
            order_id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR
        )
        points.settle(order_id)


def _refund(order: Order) -> None:
    paid = Payment.objects.get(order=order)
    due = paid.captured_yen - paid.refunded_yen - (paid.amount_yen - paid.given_back_yen)
    payments.record_refund(order.pk, due, world.OPERATOR, reference=str(uuid4()), way="bank")


@contextmanager
def _owner(database: Cluster) -> Iterator[psycopg.Connection]:
    """May set the clock back: without triggers and fences."""
    with psycopg.connect(database.superuser_url(), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def _move_to(owner: psycopg.Connection, day: dt.date, since: dt.datetime) -> None:
    """What was written since then happened on that day, in the afternoon."""
    noon = dt.datetime.combine(day, dt.time(15), JST)
    for table in STAMPED:
        owner.execute(f"UPDATE {table} SET at = %s WHERE at >= %s", [noon, since])
    owner.execute("UPDATE orders_order SET placed_at = %s WHERE placed_at >= %s", [noon, since])
