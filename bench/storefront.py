"""Pages a second, beside what the same server and the database could do at most.

  python -m bench.storefront [--products 1000,100000] [--sites 1,53] [--seconds 5] [--json]

For each size: a product page from the cache and anew, a list with filters and a search anew,
against the same server answering one constant page of the same size (`bench.constant`), and
PostgreSQL answering the page's own queries alone, one connection. Loopback only.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from bench import goods_sql
from bench.load import constant, hit
from lockstitch.cli.instance import ROOT
from tests.instance import Running, folder, started

STEP = 2_000
OTHERS = 100  # products of each of the other shops


@dataclass
class Stage:
    """Pages a second, milliseconds at the 50th and 99th hundredth, bytes; the constant page's a
    second; and the page's own queries a second in PostgreSQL alone (0: not asked)."""

    name: str
    sites: int
    products: int
    per_s: float
    p50_ms: float
    p99_ms: float
    bytes: int
    constant_per_s: float = 0.0
    queries: int = 0
    database_per_s: float = 0.0

    @property
    def of_constant(self) -> float:
        return self.per_s / self.constant_per_s if self.constant_per_s else 0.0


def main(only: str = "", text: str | None = __doc__) -> None:
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--products", default="1000,100000")
    parser.add_argument("--sites", default="1,53")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sizes = sorted(int(n) for n in asked.products.split(","))
    sites = sorted(int(n) for n in asked.sites.split(","))
    with folder() as data, started(data, "--empty") as up:
        stages = measure(up, sizes, sites, asked.seconds, only)
    print(json.dumps([asdict(s) for s in stages]) if asked.json else told(stages) + slower(stages))


def measure(
    up: Running, sizes: list[int], sites: list[int], seconds: float, only: str = ""
) -> list[Stage]:
    stages, filled, many = [], 0, 1
    main_site = _site(up, 1)
    for count in sizes:
        filled = _fill(up, main_site, filled, count)
        for n in sites if count == sizes[-1] else sites[:1]:
            for number in range(many + 1, n + 1):
                _fill(up, _site(up, number), 0, OTHERS)
            many = max(many, n)
            _sql(up, "ANALYZE")
            stages += _stages(up, main_site, n, count, seconds=seconds, only=only)
    return stages


def _stages(
    up: Running, site: str, sites: int, count: int, *, seconds: float, only: str
) -> list[Stage]:
    host = "b1.localhost"
    slugs = [f"/items/bench-{1 + n * 7919 % count}/" for n in range(200)]
    anew = "anew=1"  # a parameter that the pages do not know: never from what is kept
    lists = [  # a category, a colour, a size, an order
        f"/items/c/bench-{1 + n % 10}/?f={f}&z={z}&sort={s}&anew=1"
        for n, (f, z, s) in enumerate(
            (f, z, s) for f in ("navy", "white", "red") for z in ("M", "L") for s in ("new", "low")
        )
    ]
    words = [
        "シャツ", "ネイビー コート", "リネン シャツ", "ｽﾆｰｶｰ", "shirt", "しろい シャツ",
        "brand 7", "B-777", "サテン ワンピース", "白いシャツ", "チェスタコト", "navy pants",
    ]  # fmt: skip
    paths = {
        "product page, from the cache": slugs[:1],
        "product page, anew": [f"{path}?{anew}" for path in slugs],
        "list with filters, anew": lists, "whole list, anew": [f"/items/?{anew}"],
        "search, anew": [f"/items/?q={w}&{anew}" for w in words],
    }  # fmt: skip
    found = []
    naive = _naive(up, site)
    print(f"its filters counted by GROUP BY: {naive:.2f}/s", file=sys.stderr)
    for name, asked in ((n, p) for n, p in paths.items() if n.startswith(only)):
        hit(up.port, host, asked[:1], 1, {})
        load = hit(up.port, host, asked, seconds, {})
        stage = Stage(name, sites, count, load.per_s, load.p50_ms, load.p99_ms, load.bytes)
        stage.constant_per_s = constant(load.bytes, seconds).per_s
        stage.queries, stage.database_per_s = _queries(up, host, asked[0], site)
        print(told([stage]), file=sys.stderr, flush=True)
        found.append(stage)
    return found


def _queries(up: Running, host: str, path: str, site: str) -> tuple[int, float]:
    """The page's own queries, noted in a process beside the instance, then run alone."""
    code = (
        "import sys, json; from pathlib import Path\n"
        "from lockstitch.cli.django_door import setup\n"
        "from lockstitch.cli.instance import Instance\n"
        "setup(Instance(Path(sys.argv[1])), 'shop', 'ls_shop')\n"
        "from bench.load import alone\n"
        "print(json.dumps(alone(sys.argv[2], sys.argv[3], sys.argv[4])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(up.data), host, path, site], cwd=ROOT, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        print(done.stderr[-1500:], file=sys.stderr)
        return 0, 0.0
    count, per_s = json.loads(done.stdout.splitlines()[-1])
    return count, per_s


def _naive(up: Running, site: str) -> float:
    """How often a second PostgreSQL could count the filters of the whole list by grouping."""
    with psycopg.connect(up.instance.cluster.superuser_url(), autocommit=True) as connection:
        began, rounds = time.monotonic(), 0
        while time.monotonic() - began < 2:
            connection.execute(goods_sql.NAIVE, {"site": site}).fetchall()
            rounds += 1
        return rounds / (time.monotonic() - began)


def _site(up: Running, number: int) -> str:
    with psycopg.connect(up.instance.cluster.superuser_url(), autocommit=True) as connection:
        return str(connection.execute(goods_sql.SITE, {"n": number}).fetchone()[0])


def _fill(up: Running, site: str, have: int, want: int) -> int:
    with psycopg.connect(up.instance.cluster.superuser_url()) as connection:
        for first in range(have + 1, want + 1, STEP):
            values: dict[str, Any] = {
                "site": site, "first": first, "last": min(first + STEP - 1, want)
            }  # fmt: skip
            connection.execute("SET LOCAL session_replication_role = replica")
            for statement in re.split(r";\n", goods_sql.MADE):
                if statement.strip():
                    connection.execute(statement, values)
            connection.execute(goods_sql.REFRESH, values)
            connection.commit()
            print(f"\r{values['last']} products", end="", file=sys.stderr, flush=True)
    return want


def _sql(up: Running, text: str) -> None:
    with psycopg.connect(up.instance.cluster.superuser_url(), autocommit=True) as connection:
        connection.execute(text)


def slower(stages: list[Stage]) -> str:
    """How much a search's p99 grows from the fewest goods to the most."""
    found = [s for s in stages if s.name.startswith("search") and s.sites == stages[0].sites]
    if len(found) < 2:
        return ""
    few, many = found[0], found[-1]
    return (
        f"\nsearch p99 at {many.products:,} products is {many.p99_ms / few.p99_ms:.2f} times that"
        f" at {few.products:,}"
    )


def told(stages: list[Stage]) -> str:
    return "\n".join(
        f"{s.name:30} {s.sites:4} sites {s.products:7,} products: {s.per_s:8.1f}/s,"
        f" p50 {s.p50_ms:7.1f} ms, p99 {s.p99_ms:7.1f} ms, {s.bytes:6,} B;"
        f" {s.of_constant:.3f} of the constant page's {s.constant_per_s:.0f}/s;"
        f" its {s.queries} queries alone {s.database_per_s:.1f}/s"
        for s in stages
    )


if __name__ == "__main__":
    main()
