"""A card is paid at a provider, with every process real: shop, desk, worker, guard and the fake."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.fakes.running import HOOKS, KEYS, Running, started
from tests.instance import wait_until
from tests.seam.conftest import STAFF, Operator, Seeded, seed
from tests.shopper import Page, Shopper
from tests.world import TRACKING

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stripe() -> Iterator[Running]:
    with started("stripe") as fake:
        yield fake


@pytest.fixture(scope="module")
def seeded(stripe: Running) -> Iterator[Seeded]:
    environment = {**STAFF, "LOCKSTITCH_PROVIDERS": f"stripe={stripe.url}"}
    with seed(environment) as made:
        stripe.knobs(url=f"{made.up.desk('north.localhost')}/hooks/stripe/", secret=HOOKS["stripe"])
        yield made


@pytest.fixture(scope="module", autouse=True)
def owner(seeded: Seeded) -> Operator:
    """Signed in once: a code is good once. Has typed the keys in at the desk."""
    operator = seeded.operator()
    connect(operator)
    return operator


def connect(operator: Operator) -> None:
    url = f"{operator.desk}/s/north/providers/"
    page = operator.get(url)
    for name, value in (("api", KEYS["stripe"]), ("webhook", HOOKS["stripe"])):
        form = next(f for f in page.forms if f.values.get("name") == name
                    and f.values.get("provider") == "stripe")  # fmt: skip
        page = operator.submit(form, value=value)
        assert value not in page.text
        assert value[-4:] in page.text
    form = next(f for f in page.forms if "methods" in f.choices
                and f.values.get("provider") == "stripe")  # fmt: skip
    assert operator.submit(form, methods=["card", "konbini"]).status == 200


def followed(shopper: Shopper, page: Page, ending: str, seconds: float = 20) -> Page:
    """As a browser without scripts does: looks again when the page says so."""
    until = time.monotonic() + seconds
    while ending not in page.url and time.monotonic() < until:
        found = re.search(r'http-equiv="refresh" content="(\d+);url=([^"]+)"', page.text)
        if not found:
            break
        time.sleep(int(found[1]))
        page = shopper.get(urljoin(page.url, found[2]))
    return page


def buy(seeded: Seeded, stripe: Running, method: str = "card") -> tuple[Shopper, Page]:
    shopper = seeded.shopper()
    desk = shopper.to_desk(shopper.into_cart("shirt"))
    waiting = shopper.place(shopper.choose(shopper.give_contact(desk), method=method))
    assert "/pay/" in waiting.url, waiting.url
    return shopper, followed(shopper, waiting, stripe.url)


def row(seeded: Seeded, number: str) -> Any:
    with seeded.database() as db:
        return db.execute(
            "SELECT status, payment, total_yen FROM orders_order WHERE number = %s", [number]
        ).fetchone()


def number_of(page: Page) -> str:
    found = re.search(r"\d{6}-[2-9A-HJKMNP-Z]{6}", page.text)
    assert found
    return found.group()


def paid(shopper: Shopper, page: Page) -> Page:
    page = shopper.submit(page.forms[0], do="card")
    page = shopper.submit(page.forms[0], do="authenticated")
    return followed(shopper, page, "/orders/")


def test_from_the_cart_to_the_captured_money(
    seeded: Seeded, stripe: Running, owner: Operator
) -> None:
    shopper, page = buy(seeded, stripe)
    assert page.url.startswith(stripe.url)
    number = number_of(page)
    assert row(seeded, number)[:2] == ("pending", "awaiting")
    order = paid(shopper, page)
    assert "/orders/" in order.url
    assert row(seeded, number)[:2] == ("placed", "authorised")
    ship(owner, number)
    wait_until(lambda: row(seeded, number)[1] == "captured")
    moved = stripe.journal(order=number)
    assert [one["kind"] for one in moved] == ["authorised", "captured"]
    assert moved[1]["yen"] == row(seeded, number)[2]


def ship(operator: Operator, number: str) -> None:
    page = operator.get(f"{operator.shop}/s/north/orders/{number}/")
    operator.submit(page.form("/ship/"), carrier="yamato", tracking_number=TRACKING)


def test_whoever_never_comes_back_is_found_by_the_bell(seeded: Seeded, stripe: Running) -> None:
    shopper, page = buy(seeded, stripe)
    number = number_of(page)
    shopper.submit(page.forms[0], do="card")
    stripe.press(page.url, "authenticated")
    wait_until(lambda: row(seeded, number)[:2] == ("placed", "authorised"), 20)
    with seeded.database() as db:
        kept = db.execute("SELECT to_jsonb(e)::text FROM payments_providerevent e").fetchall()
    assert kept
    assert not any("hanako" in text or "花子" in text for (text,) in kept)


def test_bells_lost_doubled_and_late_change_nothing(
    seeded: Seeded, stripe: Running, owner: Operator
) -> None:
    """Held back, shuffled, and each rung twice."""
    stripe.knobs(mode="hold", repeat=2)
    shopper, page = buy(seeded, stripe)
    number = number_of(page)
    paid(shopper, page)
    ship(owner, number)
    wait_until(lambda: row(seeded, number)[1] == "captured")
    stripe.knobs(mode="send")
    stripe.flush(shuffle=True)
    stripe.knobs(repeat=1)
    time.sleep(1)
    assert row(seeded, number)[:2] == ("completed", "captured")
    assert [one["kind"] for one in stripe.journal(order=number)] == ["authorised", "captured"]
    with seeded.database() as db:
        twice = db.execute(
            "SELECT event_id FROM payments_providerevent GROUP BY 1 HAVING count(*) > 1"
        ).fetchall()
    assert twice == []


def test_a_bell_with_a_wrong_signature_is_not_heard(seeded: Seeded) -> None:
    url = f"http://127.0.0.1:{seeded.up.port + 1}/hooks/stripe/"
    host = f"desk.north.localhost:{seeded.up.port + 1}"
    said = httpx.post(
        url, json={"id": "evt_forged", "type": "x", "data": {"object": {"id": "pi_1"}}},
        headers={"Host": host, "Stripe-Signature": f"t={int(time.time())},v1=00"},
    )  # fmt: skip
    assert said.status_code == 400
    with seeded.database() as db:
        found = db.execute("SELECT 1 FROM payments_providerevent WHERE event_id = 'evt_forged'")
        assert found.fetchone() is None


def test_no_process_but_the_guard_holds_the_key(seeded: Seeded, stripe: Running) -> None:
    """Neither the database's tables of the shop nor any log has it."""
    secret = KEYS["stripe"]
    with seeded.database() as db:
        tables = db.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
        for (table,) in tables:
            found = db.execute(
                f'SELECT 1 FROM "{table}" t WHERE to_jsonb(t)::text LIKE %s LIMIT 1',
                [f"%{secret}%"],
            )
            assert found.fetchone() is None, table
    for log in (seeded.up.data / "logs").iterdir():
        assert secret not in log.read_text(errors="replace")


def test_the_payments_page_is_quiet_when_all_agrees(seeded: Seeded, owner: Operator) -> None:
    page = owner.get(f"{seeded.up.shop()}/s/north/payments/")
    assert page.status == 200
    assert "None: every amount agrees." in page.text


def test_a_changed_amount_shows_within_a_minute(
    seeded: Seeded, stripe: Running, owner: Operator
) -> None:
    shopper, page = buy(seeded, stripe)
    number = number_of(page)
    paid(shopper, page)
    intent = stripe.journal(order=number)[0]["intent"]
    stripe.tamper(intent, amount=1, amount_capturable=1)
    began = time.monotonic()

    def alarmed() -> bool:
        with seeded.database() as db:
            found = db.execute("SELECT 1 FROM payments_disagreement WHERE ref = %s", [intent])
            return found.fetchone() is not None

    wait_until(alarmed, 75)
    assert time.monotonic() - began < 60
    page = owner.get(f"{seeded.up.shop()}/s/north/payments/")
    assert number in page.text
    assert "The amount held" in page.text


def test_whoever_leaves_gives_the_stock_back(seeded: Seeded, stripe: Running) -> None:
    """By the worker, with the worker's rights."""
    shopper, page = buy(seeded, stripe)
    number = number_of(page)
    with seeded.database() as db:
        db.execute(
            "UPDATE orders_order SET placed_at = placed_at - interval '31 minutes'"
            " WHERE number = %s",
            [number],
        )
    wait_until(lambda: row(seeded, number)[:2] == ("lapsed", "void"), 100)
    assert stripe.journal(order=number) == []
    assert "Your goods are back in the cart." in shopper.get(order_page(seeded, number)).text
    assert shopper.get(f"{shopper.shop}/cart/").form("/checkout/")


def order_page(seeded: Seeded, number: str) -> str:
    with seeded.database() as db:
        found = db.execute(
            "SELECT checkout_id FROM orders_order WHERE number = %s", [number]
        ).fetchone()
    assert found
    return f"{seeded.up.shop('north.localhost')}/orders/{found[0]}/"


def test_a_number_nobody_pays_cancels_the_order(seeded: Seeded, stripe: Running) -> None:
    shopper, page = buy(seeded, stripe, method="konbini")
    number = number_of(page)
    order = followed(shopper, shopper.submit(page.forms[0], do="number"), "/orders/")
    assert "123456 / 9012345" in order.text
    assert row(seeded, number)[:2] == ("placed", "awaiting")
    with seeded.database() as db:
        found = db.execute(
            "SELECT payment_ref FROM payments_attempt a JOIN payments_payment p"
            " ON p.id = a.payment_id JOIN orders_order o ON o.id = p.order_id"
            " WHERE o.number = %s",
            [number],
        ).fetchone()
    assert found
    stripe.do("run_out", found[0])
    wait_until(lambda: row(seeded, number)[:2] == ("cancelled", "void"), 60)
