"""Power cuts: whatever dies while orders are placed, none that was confirmed is lost, none is
doubled, stock is what was sold, every buyer gets a mail, and the ledger is whole."""

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.instance import call, processes, wait_until
from tests.seam.conftest import Seeded
from tests.seed import STOCK
from tests.shopper import PERSON, Page, Shopper

pytestmark = pytest.mark.slow

ORDERS, SHOPPERS, KILLS = int(os.environ.get("LOCKSTITCH_ORDERS", "80")), 4, 10
VICTIMS = ("shop", "desk", "worker", "guard", "postgres")


def pids_of(seeded: Seeded, victim: str) -> list[int]:
    """The process that the supervisor started under this name."""
    if victim == "postgres":
        pidfile = seeded.up.data / "pg" / "cluster" / "postmaster.pid"
        return [int(pidfile.read_text().split()[0])] if pidfile.exists() else []
    found = []
    for pid in processes(seeded.up.data):
        try:
            told = Path(f"/proc/{pid}/environ").read_bytes()
            if os.getpgid(pid) != pid:
                continue
        except OSError:
            continue
        surface = b"LOCKSTITCH_MAIL_URL=" if victim == "guard" else f"SURFACE={victim}\0".encode()
        if surface in told:
            found.append(pid)
    return found


def strike(seeded: Seeded, victim: str) -> None:
    for pid in pids_of(seeded, victim):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


class Stubborn(Shopper):
    """Tries each step again until it is answered, as a person with a bad line does."""

    def get(self, url: str) -> Page:
        return self._again(lambda: super(Stubborn, self).get(url))

    def submit(self, form, button=None, **values: str) -> Page:
        return self._again(lambda: super(Stubborn, self).submit(form, button, **values))

    def _again(self, step) -> Page:
        until = time.monotonic() + 120
        while True:
            try:
                page = step()
                if page.status < 500:
                    return page
            except httpx.HTTPError:
                pass
            assert time.monotonic() < until, "nothing answered for two minutes"
            time.sleep(0.2)


def buy(seeded: Seeded, number: int) -> str:
    """The checkout's id, once its order was confirmed to the buyer. Every step may be repeated."""
    shopper = Stubborn(seeded.up.shop("north.localhost"))
    person = PERSON | {"email": f"buyer-{number}@example.jp"}
    for _attempt in range(20):
        cart = shopper.into_cart("shirt")
        if "/checkout/" not in str([form.action for form in cart.forms]):
            continue
        desk = shopper.to_desk(cart)
        if "/contact/" not in desk.url:
            continue
        delivery = shopper.give_contact(desk, person)
        if "/checkout/" not in delivery.url:
            continue
        confirm = shopper.choose(delivery)
        if not confirm.url.endswith("/confirm/"):
            continue
        placed = shopper.place(confirm)
        match = re.search(r"/orders/([0-9a-f-]{36})/", placed.url)
        if placed.status == 200 and match:
            return match.group(1)
    raise AssertionError("twenty attempts, no order")


def test_kills(seeded: Seeded) -> None:
    confirmed: list[str] = []
    failures: list[BaseException] = []
    strikes = dict(zip(
        sorted(random.sample(range(5, ORDERS - 5), KILLS)),
        random.sample(VICTIMS * (KILLS // len(VICTIMS)), KILLS), strict=True,
    ))  # fmt: skip

    def crowd(own: range) -> None:
        try:
            for number in own:
                confirmed.append(buy(seeded, number))
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=crowd, args=(range(first, ORDERS, SHOPPERS),))
        for first in range(SHOPPERS)
    ]
    for thread in threads:
        thread.start()
    for when, victim in sorted(strikes.items()):
        while len(confirmed) < when and any(thread.is_alive() for thread in threads):
            time.sleep(0.02)
        time.sleep(random.random() * 0.3)
        strike(seeded, victim)
    for thread in threads:
        thread.join()
    assert failures == []
    wait_until(seeded.up.is_healthy, 60)
    _check_books(seeded, confirmed)


def _check_books(seeded: Seeded, confirmed: list[str]) -> None:
    with seeded.database() as db:
        rows = db.execute("SELECT checkout_id::text, id FROM orders_order").fetchall()
        orders = Counter(checkout for checkout, _id in rows)
        assert len(set(confirmed)) == ORDERS
        assert set(orders.values()) == {1}
        assert set(confirmed) <= set(orders)
        # A buyer whose answer was lost may have ordered once more; each is one order, with stock.
        sold = db.execute("SELECT coalesce(sum(quantity), 0) FROM orders_orderline").fetchone()
        stock = db.execute(
            "SELECT sum(on_hand), sum(allocated) FROM inventory_stock s"
            " JOIN catalogue_sku k ON k.id = s.sku_id WHERE k.code LIKE 'shirt%%'"
            " AND s.site_id = %s",
            [seeded.site()],
        ).fetchone()
        assert stock == (4 * STOCK, sold[0])
        (moved,) = db.execute(
            "SELECT sum(allocated_delta) FROM inventory_movement WHERE site_id = %s",
            [seeded.site()],
        ).fetchone()
        assert moved == sold[0]
        wait_until(lambda: _mailed(db) == len(rows), 90)
        (inbox,) = db.execute("SELECT count(*) FROM guard.inbox").fetchone()
        assert inbox == 0
    done = call(seeded.up.data, "ledger", "verify")
    assert done.returncode == 0, done.stdout


def _mailed(db) -> int:
    return db.execute("SELECT count(*) FROM guard.postbox WHERE state = 'sent'").fetchone()[0]


def test_an_order_is_taken_while_the_guard_is_away(seeded: Seeded) -> None:
    """Stopped, not killed, so that the supervisor does not bring it back before we look."""
    with seeded.database() as db:
        before = _mailed(db)
        (guard,) = pids_of(seeded, "guard")
        os.kill(guard, signal.SIGSTOP)
        try:
            page = seeded.shopper().buy("shirt", person=PERSON | {"email": "late@example.jp"})
            assert page.status == 200
            time.sleep(3)
            assert _mailed(db) == before
        finally:
            os.kill(guard, signal.SIGCONT)
        wait_until(lambda: _mailed(db) == before + 1, 30)
    mails = b"".join(
        path.read_bytes() for path in (seeded.up.data / "guard" / "mailbox").rglob("*")
        if path.is_file()
    )  # fmt: skip
    assert mails.count(b"To: late@example.jp") == 1
