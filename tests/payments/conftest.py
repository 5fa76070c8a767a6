"""Payments against the fakes, in this process: the outbox is emptied by hand, so that a test says
when."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from lockstitch.orders.models import Order
from lockstitch.payments import working
from lockstitch.payments.gateways import Unknown, gateway_of
from lockstitch.payments.models import Connection, Payment
from lockstitch.payments.queries import latest_attempt
from lockstitch.tenancy.queries import Site
from lockstitch.wiring import FOLLOWS
from tests import world
from tests.fakes.running import Running, direct, started


@pytest.fixture(scope="package")
def stripe() -> Iterator[Running]:
    with started("stripe") as fake:
        yield fake


@pytest.fixture(scope="package")
def link() -> Iterator[Running]:
    with started("link") as fake:
        yield fake


@pytest.fixture
def connected(
    site: Site, stripe: Running, link: Running, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """The site with both providers."""
    Connection.objects.create(provider="stripe", methods=["card", "konbini"])
    Connection.objects.create(provider="link", methods=["link"])
    transport = direct({"stripe": stripe.url, "link": link.url})
    monkeypatch.setattr(working, "make_gateway", lambda name: gateway_of(name, transport))
    for row in Connection.objects.all():  # other tests' payments are at the same fakes
        row.cursor = working.make_gateway(row.provider).changes("")[1]
        row.save()
    yield site
    for fake in (stripe, link):
        fake.knobs(down=False, idempotent=True)


def run_jobs(*, rounds: int = 6) -> list[str]:
    """Follows the payment facts that are queued for this site, as the worker would; those that
    get no answer stay queued. What was followed."""
    followed = []
    for _round in range(rounds):
        queued = _queued()
        for job, fact, ids in queued:
            try:
                for follower in FOLLOWS[fact]:
                    follower(**{name: UUID(value) for name, value in ids.items()})
            except Unknown:
                continue
            followed.append(fact)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job])
        if not queued:
            break
    return followed


def _queued() -> list[tuple[int, str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, args->>'fact', args->'ids' FROM procrastinate_jobs"
            " WHERE args->>'fact' LIKE 'payment.%%' AND status = 'todo'"
            " AND args->>'site_id' = current_setting('lockstitch.site_ids') ORDER BY id"
        )
        rows = cursor.fetchall()
    import json

    return [
        (job, fact, ids if isinstance(ids, dict) else json.loads(ids)) for job, fact, ids in rows
    ]


def pending(method: str = "card", *, pieces: int = 1, stock: int = 10) -> Order:
    """An order whose buyer is on the way to the provider's page."""
    sku = world.new_product(stock=stock)[0]
    order = world.placed_order({sku: pieces}, method=method)
    run_jobs()
    return order


def fresh(order: Order) -> Order:
    found: Order = Order.objects.get(id=order.id)
    return found


def payment(order: Order) -> Payment:
    found: Payment = Payment.objects.get(order=order)
    return found


def page(order: Order) -> str:
    attempt = latest_attempt(order)
    assert attempt
    return attempt.url


def session(order: Order) -> str:
    attempt = latest_attempt(order)
    assert attempt
    return attempt.session_ref


def intent(order: Order) -> str:
    attempt = latest_attempt(order)
    assert attempt
    return attempt.payment_ref


def paid(method: str, fake: Running, *, pieces: int = 1) -> Order:
    """An order whose card was authorised, as the buyer's return tells."""
    order = pending(method, pieces=pieces)
    fake.press(page(order), "card" if fake.provider == "stripe" else "pay", "authenticated")
    look(order)
    return fresh(order)


def look(order: Order) -> None:
    attempt = latest_attempt(order)
    assert attempt
    working.look(attempt.id)
    run_jobs()
