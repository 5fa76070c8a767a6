"""Orders a second: eight buyers over HTTP from cart to placed order, beside pgbench running the SQL
of the placing with as many connections; and what an order costs with few and with many before it.

  python -m bench.checkout [--seconds 15] [--orders 1000000] [--json]
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID

from lockstitch.cli.cluster import binaries
from lockstitch.cli.instance import ROOT
from tests.instance import Running, folder, started
from tests.shopper import Shopper

CLIENTS = 8
READY = 20_000

COPY = """
INSERT INTO orders_order SELECT r.*
FROM (SELECT * FROM orders_order ORDER BY id DESC LIMIT 1) o, generate_series({first}, {last}) n,
    LATERAL jsonb_populate_record(null::orders_order, to_jsonb(o) || jsonb_build_object(
        'id', uuidv7(), 'number', 'C' || n, 'checkout_id', gen_random_uuid(),
        'record_id', gen_random_uuid(), 'placed_at', o.placed_at - n * interval '3 seconds')) r;
INSERT INTO orders_orderline SELECT r.*
FROM (SELECT * FROM orders_orderline ORDER BY id DESC LIMIT 1) l, orders_order o,
    LATERAL jsonb_populate_record(null::orders_orderline, to_jsonb(l) || jsonb_build_object(
        'id', uuidv7(), 'order_id', o.id, 'key', uuidv7())) r
WHERE o.number LIKE 'C%' AND substr(o.number, 2)::bigint BETWEEN {first} AND {last};
INSERT INTO orders_orderevent (site_id, order_id, kind, machine, was, became, facts, by_kind, at)
SELECT site_id, id, 'placed', '', '', '', '{{}}', 'shopper', placed_at FROM orders_order
WHERE number LIKE 'C%' AND substr(number, 2)::bigint BETWEEN {first} AND {last};
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with folder() as data, started(data, "--empty") as up:
        world = json.loads(
            subprocess.run(
                [sys.executable, "-m", "tests.seed", str(data)], cwd=ROOT, check=True,
                capture_output=True, text=True,
            ).stdout
        )  # fmt: skip
        facts = measure(up, world, seconds=asked.seconds, many=asked.orders)
    print(json.dumps(facts) if asked.json else told(facts))


def measure(up: Running, world: dict, *, seconds: int, many: int) -> dict[str, float]:
    site = world["sites"]["north"]
    _sql(up, f"UPDATE inventory_stock SET on_hand = 100000000 WHERE site_id = '{site['id']}'")
    script, statements = _script(up, site)
    _buy(up, 3)  # everything has been imported and connected
    copied = _existing(up, 1, 1_000)
    few = {"http": _buy(up, seconds), "pgbench": _pgbench(up, site, script, seconds)}
    copied = _existing(up, copied + 1, many)
    lot = {"http": _buy(up, seconds), "pgbench": _pgbench(up, site, script, seconds)}
    return {
        "clients": CLIENTS, "statements": statements,
        "http_orders_per_s": few["http"], "pgbench_orders_per_s": few["pgbench"],
        "http_of_pgbench": few["http"] / few["pgbench"], "existing_few": 1_000,
        "existing_many": copied, "http_orders_per_s_many": lot["http"],
        "pgbench_orders_per_s_many": lot["pgbench"],
        "cost_ratio_many_to_few": few["http"] / lot["http"],
        "database_cost_ratio": few["pgbench"] / lot["pgbench"],
    }  # fmt: skip


def _buy(up: Running, seconds: int) -> float:
    """Orders a second of eight buyers, each with a new browser and cart each time."""
    until, placed, wrong = time.monotonic() + seconds, [0] * CLIENTS, []

    def buyer(number: int) -> None:
        while time.monotonic() < until and not wrong:
            shopper = Shopper(up.shop("north.localhost"), language="ja")
            try:
                shopper.buy("shirt", which=number % 2)
                placed[number] += 1
            except Exception as error:
                wrong.append(error)
            finally:
                shopper.close()

    crowd = [threading.Thread(target=buyer, args=(n,)) for n in range(CLIENTS)]
    began = time.monotonic()
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    if wrong:
        raise wrong[0]
    return sum(placed) / (time.monotonic() - began)


def _script(up: Running, site: dict) -> tuple[Path, int]:
    """The placing's SQL, made in a process of its own inside the instance's database."""
    path = Path(tempfile.mkdtemp(prefix="ls-bench-")) / "placing.sql"
    code = (
        "import sys; from pathlib import Path; from uuid import UUID\n"
        "from lockstitch.cli.django_door import setup\n"
        "from lockstitch.cli.instance import Instance\n"
        "setup(Instance(Path(sys.argv[1])))\n"
        "from bench import placing_sql\n"
        "from lockstitch.tenancy.scope import scope\n"
        "with scope(UUID(sys.argv[2])):\n"
        f"    pairs = placing_sql.ready([UUID(sys.argv[3])], {READY} + 1)\n"
        "    print(placing_sql.script(*pairs[0], Path(sys.argv[4])))\n"
        "    for pair in pairs[1:]: print(*pair)\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, str(up.data), site["id"], site["skus"][0], str(path)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    _sql(up, "CREATE TABLE bench_ready (n serial PRIMARY KEY, checkout_id uuid, cart_id uuid)")
    _sql(up, "CREATE SEQUENCE bench_ready_next")
    rows = ",".join("('{}','{}')".format(*line.split()) for line in made[1:])
    _sql(up, f"INSERT INTO bench_ready (checkout_id, cart_id) VALUES {rows}")
    _sql(up, "GRANT SELECT ON bench_ready TO ls_shop")
    _sql(up, "GRANT USAGE ON SEQUENCE bench_ready_next TO ls_shop")
    return path, int(made[0])


def _pgbench(up: Running, site: dict, script: Path, seconds: int) -> float:
    cluster = up.instance.cluster
    program = binaries() / "pgbench"
    said = subprocess.run(
        [str(program), "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(script),
         cluster.url("ls_shop")],
        env=os.environ | {"PGOPTIONS": f"-c lockstitch.site_ids={UUID(site['id'])}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    if said.returncode or not found:
        raise SystemExit(f"pgbench: {said.stdout}{said.stderr}"[-2000:])
    return float(found[1])


def _existing(up: Running, first: int, last: int) -> int:
    """So many more orders lie in the database, in steps that say how far they are."""
    for start in range(first, last + 1, 50_000):
        end = min(start + 49_999, last)
        _sql(up, COPY.format(first=start, last=end))
        print(f"\r{end} orders", end="", file=sys.stderr, flush=True)
    _sql(up, "ANALYZE")
    print(file=sys.stderr)
    return last


def _sql(up: Running, text: str) -> None:
    import psycopg

    with psycopg.connect(up.instance.cluster.superuser_url(), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # rows that are right already
        connection.execute(text)


def told(facts: dict[str, float]) -> str:
    return (
        f"{facts['http_orders_per_s']:.1f} orders/s over HTTP, cart to placed, {CLIENTS} clients\n"
        f"{facts['pgbench_orders_per_s']:.1f} placings/s of pgbench with the placing's"
        f" {facts['statements']} statements: {facts['http_of_pgbench']:.2f} of it\n"
        f"with {facts['existing_many']:,.0f} orders in place of {facts['existing_few']:,.0f} an"
        f" order costs {facts['cost_ratio_many_to_few']:.2f} times as much"
        f" (the database alone: {facts['database_cost_ratio']:.2f})"
    )


if __name__ == "__main__":
    main()
