"""What is written past the state machines the database tells the watch; daily work it does not."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from guard.watch.trade import Trade
from lockstitch.cli.cluster import Cluster
from lockstitch.fulfilment.actions import cancel
from lockstitch.orders.actions import SYSTEM, By
from lockstitch.orders.models import Order
from lockstitch.orders.rules import MACHINES, may_move
from lockstitch.payments import watching
from lockstitch.payments.actions import receive_transfer
from lockstitch.payments.models import Payment
from lockstitch.tenancy.queries import Site
from tests import world
from tests.fakes.running import Running
from tests.payments.conftest import intent, paid, run_jobs
from tests.payments.test_flow import ship


@pytest.fixture
def told(site: Site) -> Iterator[Any]:
    """What the watch was told of this site."""

    def of(*kinds: str) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT kind, detail FROM guard.signal WHERE site_id = %s AND kind = ANY(%s)"
                " ORDER BY id", [site.id, list(kinds)],
            )  # fmt: skip
            return [{"kind": kind, **json.loads(detail)} for kind, detail in cursor.fetchall()]

    return of


def as_shop(database: Cluster, site: Site, query: str, values: list[Any]) -> None:
    """What whoever has taken over the shop's database role could run."""
    with psycopg.connect(database.url("ls_shop"), row_factory=dict_row) as db:
        db.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [str(site.id)])
        db.execute(query, values)


def flip(database: Cluster, site: Site, order: Order, **to: str) -> None:
    names = ", ".join(f"{name} = %s" for name in to)
    query = f"UPDATE orders_order SET {names} WHERE id = %s"
    as_shop(database, site, query, [*to.values(), order.id])


def test_a_flipped_state_is_told(database: Cluster, site: Site, told: Any) -> None:
    order = world.placed_order({world.new_product()[0]: 1}, method="bank")
    flip(database, site, order, payment="captured")
    [signal] = told("state")
    assert (signal["number"], signal["was"], signal["became"]) == (
        order.number, "awaiting", "captured",
    )  # fmt: skip


def test_an_event_beside_it_does_not_hide_an_impossible_move(
    database: Cluster, site: Site, told: Any
) -> None:
    order = world.placed_order({world.new_product()[0]: 1}, method="bank")
    forged = (
        "WITH e AS (INSERT INTO orders_orderevent (id, site_id, order_id, kind, machine, was,"
        " became, facts, by_kind, at) VALUES (%s, %s, %s, 'x', 'payment', 'awaiting', 'refunded',"
        " '{}', 'system', now())) UPDATE orders_order SET payment = 'refunded' WHERE id = %s"
    )
    as_shop(database, site, forged, [uuid4(), site.id, order.id, order.id])
    assert [signal["became"] for signal in told("state")] == ["refunded"]


def test_daily_work_is_not_told(stripe: Running, connected: Site, told: Any) -> None:
    ship(paid("card", stripe))
    cancel(paid("card", stripe).id, By("operator", uuid4()))
    receive_transfer(world.placed_order({world.new_product()[0]: 1}, method="bank").id, SYSTEM)
    run_jobs()
    watching.watch()
    assert told("state", "capture", "payment") == []


def test_the_database_knows_the_machines_of_the_code(database: Cluster) -> None:
    """Whoever changes MACHINES writes a migration for `order_may_move`."""
    with connection.cursor() as cursor:
        for machine, states in MACHINES.items():
            for was in states:
                for became in states:
                    cursor.execute("SELECT order_may_move(%s, %s, %s)", [machine, was, became])
                    assert cursor.fetchone() == (may_move(machine, was, became),), (was, became)


def test_a_capture_that_no_provider_made_is_told(
    stripe: Running, connected: Site, database: Cluster, told: Any
) -> None:
    order = paid("card", stripe)
    payment = Payment.objects.get(order=order)
    query = (
        "INSERT INTO payments_capture (site_id, payment_id, amount_yen, reference)"
        " VALUES (%s, %s, 1, 'x')"
    )
    as_shop(database, connected, query, [connected.id, payment.id])
    flip(database, connected, paid("card", stripe), payment="captured")
    assert [signal["table"] for signal in told("capture")] == ["payments_capture", "orders_order"]


def test_an_amount_changed_at_the_provider_is_told_once(
    stripe: Running, connected: Site, told: Any
) -> None:
    order = paid("card", stripe)
    stripe.tamper(intent(order), amount=1, amount_capturable=1)
    for _round in range(2):
        Payment.objects.update(checked_at=None)
        watching.watch()
    assert [(signal["there"], signal["here"]) for signal in told("payment")] == [
        (1, order.total_yen), (1, order.total_yen),
    ]  # fmt: skip


def known_to_the_guard(db: psycopg.Connection, site: Site) -> None:
    db.execute(
        "INSERT INTO guard.company VALUES (%s, 'x') ON CONFLICT DO NOTHING", [site.company_id]
    )
    db.execute(
        "INSERT INTO guard.site VALUES (%s, %s, 'x', 'x', 'x@x.example') ON CONFLICT DO NOTHING",
        [site.id, site.company_id],
    )


def found_by_the_watch(database: Cluster, site: Site) -> list[tuple[str, str]]:
    """What the guard's own role can see of this site's orders."""

    async def look() -> list[tuple[str, str]]:
        url = database.url("ls_guard")
        async with await AsyncConnection.connect(url, row_factory=dict_row) as db:
            found = await Trade().look(db)
        return [(each.rule, each.subject) for each in found if each.site_id == site.id]

    return asyncio.run(look())


def test_money_for_goods_that_do_not_leave(database: Cluster, site: Site) -> None:
    sku = world.new_product()[0]
    fresh, old = (world.placed_order({sku: 1}, method="bank") for _n in range(2))
    with psycopg.connect(database.url("postgres"), autocommit=True) as db:
        known_to_the_guard(db, site)
        receive_transfer(fresh.id, SYSTEM)
        assert found_by_the_watch(database, site) == []
        db.execute(
            "INSERT INTO payments_capture (site_id, payment_id, amount_yen, reference, at)"
            " SELECT site_id, id, 1, 'old', now() - interval '8 days' FROM payments_payment"
            " WHERE order_id = %s",
            [old.id],
        )
        db.execute("UPDATE orders_order SET payment = 'captured' WHERE id = %s", [old.id])
    assert found_by_the_watch(database, site) == [("payment.unshipped", old.number)]
    ship(Order.objects.get(id=old.id))
    assert found_by_the_watch(database, site) == []
