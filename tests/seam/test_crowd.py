"""A busy hour in a minute: buyers, operators, and processes that are killed. Nobody is charged
twice, no confirmed order is lost, and money, goods, points and books agree at the end.

LOCKSTITCH_CROWD_S=60 is the full length.
"""

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import httpx
import pytest

from lockstitch.cli.instance import ROOT
from tests.fakes.running import HOOKS, Running, started
from tests.instance import call, wait_until
from tests.seam.conftest import STAFF, Operator, Seeded, seed
from tests.seam.test_kills import Stubborn, strike
from tests.seam.test_paying import connect, followed
from tests.seed import STOCK
from tests.shopper import PERSON, Browser
from tests.world import TRACKING

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "LOCKSTITCH_CROWD_S" not in os.environ, reason="asked for by LOCKSTITCH_CROWD_S"
    ),
]

SECONDS = int(os.environ.get("LOCKSTITCH_CROWD_S", "30"))
BUYERS, OPERATORS, EVERY_S, CALM_S = 64, 8, 5.0, 45.0
VICTIMS = ("shop", "desk", "worker", "guard", "postgres")


@pytest.fixture(scope="module")
def stripe() -> Iterator[Running]:
    with started("stripe") as fake:
        yield fake


@pytest.fixture(scope="module")
def seeded(stripe: Running) -> Iterator[Seeded]:
    with seed({**STAFF, "LOCKSTITCH_PROVIDERS": f"stripe={stripe.url}"}) as made:
        stripe.knobs(url=f"{made.up.desk('north.localhost')}/hooks/stripe/", secret=HOOKS["stripe"])
        yield made


def test_a_busy_minute(seeded: Seeded, stripe: Running) -> None:
    owner = seeded.operator()
    connect(owner)
    stripe.knobs(repeat=2)
    until, over = time.monotonic() + SECONDS, threading.Event()
    confirmed: list[str] = []
    done: list[str] = []
    stumbles: list[str] = []

    def keep_on(step: Callable[[], None]) -> Callable[[], None]:
        def person() -> None:
            while not over.is_set():
                try:
                    step()
                except (httpx.HTTPError, AssertionError, LookupError, ValueError) as error:
                    stumbles.append(repr(error)[:200])  # the line was cut; they try again

        return person

    crowd = [
        threading.Thread(target=keep_on(partial(_buy, seeded, stripe, n, confirmed)))
        for n in range(BUYERS)
    ] + [
        threading.Thread(target=keep_on(partial(_work, _colleague(owner), owner, done)))
        for _n in range(OPERATORS)
    ]
    for one in crowd:
        one.start()
    while time.monotonic() < until:
        time.sleep(EVERY_S)
        strike(seeded, random.choice(VICTIMS))
    wait_until(seeded.up.is_healthy, 90)
    time.sleep(CALM_S)  # somebody also gets through without being cut off
    over.set()
    for one in crowd:
        one.join(120)
    assert len(confirmed) > 5, Counter(stumbles).most_common(5)
    assert done, Counter(stumbles).most_common(5)
    stripe.knobs(repeat=1, troubles=[])
    wait_until(lambda: _quiet(seeded), 180)
    with seeded.database() as db:
        known = {str(key) for (key,) in db.execute("SELECT checkout_id FROM orders_order")}
    assert set(confirmed) <= known
    audit = subprocess.run(
        [sys.executable, "-m", "tests.trade.audit", str(seeded.up.data), seeded.site(),
         str(STOCK), stripe.url],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert audit.returncode == 0, audit.stderr[-3000:]
    assert call(seeded.up.data, "ledger", "verify").returncode == 0


def _buy(seeded: Seeded, stripe: Running, number: int, confirmed: list[str]) -> None:
    shopper = Stubborn(seeded.up.shop("north.localhost"))
    try:
        desk = shopper.to_desk(shopper.into_cart("shirt", which=number % 2))
        person = PERSON | {"email": f"crowd-{number}@example.jp"}
        method = "card" if number % 2 else "cod"
        page = shopper.place(shopper.choose(shopper.give_contact(desk, person), method=method))
        if method == "card":
            page = followed(shopper, page, stripe.url)
            answer = stripe.press(page.url, "card", "authenticated")
            page = followed(shopper, shopper.get(answer.headers["location"]), "/orders/")
        found = re.search(r"/orders/([0-9a-f-]{36})/", page.url)
        if found and page.status == 200:
            confirmed.append(found[1])
    finally:
        shopper.close()


def _colleague(owner: Operator) -> Browser:
    """The same person on another screen: a code is good once, so the session is shared."""
    made = Browser()
    made._jars = {host: httpx.Cookies(dict(jar)) for host, jar in owner._jars.items()}
    return made


def _work(browser: Browser, owner: Operator, done: list[str]) -> None:
    base = f"{owner.shop}/s/north/orders"
    listing = browser.get(f"{base}/?status=placed&fulfilment=unshipped")
    numbers = sorted(set(re.findall(r"/orders/(\d{6}-\w{6})/", listing.text)))
    number = random.choice(numbers) if numbers else ""
    if not number:
        time.sleep(0.3)
        return
    page = browser.get(f"{base}/{number}/")
    if random.random() < 0.15:
        browser.submit(page.form("/cancel/"))
    else:
        browser.submit(page.form("/ship/"), carrier="yamato", tracking_number=TRACKING)
    done.append(number)


def _quiet(seeded: Seeded) -> bool:
    """No order waits for a provider, and no call at one is open."""
    with seeded.database() as db:
        (calls,) = db.execute(
            "SELECT count(*) FROM payments_providercall WHERE state IN ('pending', 'unknown')"
        ).fetchone()  # type: ignore[misc]
        (taking,) = db.execute(
            "SELECT count(*) FROM orders_order WHERE payment IN ('capturing', 'refund_due')"
            " AND method <> 'cod'"
        ).fetchone()  # type: ignore[misc]
    return bool(not calls and not taking)
