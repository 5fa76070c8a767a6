"""How long from what happens to the alert that can be read: of each source of the watch so many
times, in a running instance. Limit: 1 s at the 99th percentile.

  python -m bench.watch [--times 100] [--json]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg

from guard.client import GuardClient
from guard.wire import ExportMembers
from tests.filled import filled
from tests.instance import Running, call

LIMIT_MS = 1000.0
LOOK_EVERY_S = 0.002


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with filled() as (up, world):
        facts = measure(up, UUID(world["sites"]["north"]["id"]), asked.times)
    if asked.json:
        print(json.dumps(facts))
        return
    print(f"{'rule':<18} {'n':>4} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}   limit {LIMIT_MS:.0f}")
    for rule, found in facts.items():
        print(f"{rule:<18} {found['n']:>4} {found['p50_ms']:>8} {found['p99_ms']:>8}"
              f" {found['max_ms']:>8}")  # fmt: skip


def measure(up: Running, site: UUID, times: int) -> dict[str, dict[str, float]]:
    facts = {}
    with _connected(up, "postgres") as db, _connected(up, "ls_shop") as shop:
        shop.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [str(site)])
        for rule, (happens, about) in _events(up, db, shop, site, times).items():
            taken = sorted(_seconds(db, rule, happens, about, n) for n in range(times))
            facts[rule] = {
                "n": times, "p50_ms": round(statistics.median(taken) * 1000, 1),
                "p99_ms": round(taken[max(0, int(times * 0.99) - 1)] * 1000, 1),
                "max_ms": round(taken[-1] * 1000, 1),
            }  # fmt: skip
    return facts


type Event = tuple[Callable[[int], object], Callable[[int], str]]


def _events(
    up: Running, db: psycopg.Connection[Any], shop: psycopg.Connection[Any], site: UUID, times: int
) -> dict[str, Event]:
    """rule -> what makes it fire for the n-th time, and the alert's subject then."""
    done = call(up.data, "honey", "plant", "--site", "north", "--count", str(times))
    assert done.returncode == 0, done.stderr
    orders = db.execute("SELECT id, number FROM orders_order ORDER BY id").fetchall()
    client = GuardClient(
        up.instance.guard_socket, (up.data / "guard" / "cli.token").read_text().strip()
    )
    mark = uuid4().hex[:8]
    static = up.data / "static" / "shop"

    def knock(n: int) -> None:
        transport = httpx.HTTPTransport(local_address=f"127.0.{1 + n // 250}.{1 + n % 250}")
        with httpx.Client(transport=transport) as visitor:
            visitor.put(f"http://127.0.0.1:{up.port}/", headers={"Host": "north.localhost"})

    def flip(n: int) -> None:
        shop.execute("UPDATE orders_order SET status = 'placed' WHERE id = %s", [orders[n][0]])

    def tell(n: int) -> None:
        shop.execute(
            "INSERT INTO guard.signal (kind, site_id, detail) VALUES ('payment', %s, %s)",
            [site, json.dumps({"ref": f"{mark}-{n}"})],
        )

    return {
        "edge.method": (knock, lambda n: f"127.0.{1 + n // 250}.{1 + n % 250}"),
        "payment.differs": (tell, lambda n: f"{mark}-{n}"),
        "order.state": (flip, lambda n: str(orders[n][1])),
        "export.requested": (lambda _n: client.call(ExportMembers(site_id=site)), lambda _n: "cli"),
        "honey.exported": (lambda _n: client.call(ExportMembers(site_id=site)), lambda _n: "cli"),
        "file.changed": (
            lambda n: (static / f"{mark}-{n}.js").write_text("x"),
            lambda n: str(static / f"{mark}-{n}.js"),
        ),
    }


def _seconds(
    db: psycopg.Connection[Any], rule: str, happens: Callable[[int], object],
    about: Callable[[int], str], n: int,
) -> float:  # fmt: skip
    """Until the alert can be read, or has been counted up."""
    count = "SELECT coalesce(sum(times), 0) FROM guard.alert WHERE rule = %s AND subject = %s"
    values = [rule, about(n)]
    before = db.execute(count, values).fetchone()
    began = time.perf_counter()
    happens(n)
    while db.execute(count, values).fetchone() == before:
        if time.perf_counter() - began > 30:
            raise SystemExit(f"{rule}: no alert in 30 s")
        time.sleep(LOOK_EVERY_S)
    return time.perf_counter() - began


@contextmanager
def _connected(up: Running, role: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(up.instance.cluster.url(role), autocommit=True) as db:
        yield db


if __name__ == "__main__":
    main()
