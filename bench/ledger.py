"""What the ledger costs with few and with many entries: who saw whom, and one more look.

The entries between are made by SQL, with leaf hashes of nothing: an append needs only the frontier.
They spread over two years, and are of 500 operators, who sign in from one of 5,000 addresses.

  python -m bench.ledger [--entries 10000000] [--json]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from hashlib import md5
from random import Random
from uuid import UUID

import psycopg

from guard.tiles import CHECKPOINT, HASH_BYTES, WIDTH, tile_path
from guard.wire import WhoSaw
from lockstitch.cli.cluster import Cluster
from tests.guard.conftest import Guard, Site, make_guard
from tests.guard.test_ledger import reveal
from tests.instance import folder

FEW, QUESTIONS = 10_000, 200
BLOCKS, LOOKS = 10, 50  # the quietest block counts: other work on the machine only adds
OPERATORS, ADDRESSES, LOOKS_A_SESSION = 500, 5_000, 100
STEP = 250_000
ALIGNED = WIDTH * WIDTH  # to here only whole tiles are needed by what follows

FILL = """
INSERT INTO guard.ledger SELECT n,
    now() - interval '2 years' * ({last} - n) / ({last} - {first} + 1),
    (ARRAY['reveal','reveal','reveal','deliver','search'])[1 + n % 5], 'operator',
    md5('operator' || n % {operators})::uuid::text, md5('session' || n / {looks})::uuid,
    'a' || n / {looks} * 7919 % {addresses}, 'order.ship', md5('site' || n % 50)::uuid,
    '{{family_name,given_name,street}}', 'ok', ARRAY[md5('record' || n / 4)::uuid],
    ARRAY[md5('person' || n / 8)::uuid], decode(repeat('5a', 160), 'hex'),
    sha256(n::text::bytea) FROM generate_series({first}::bigint, {last}) n
    WHERE n BETWEEN {low} AND {high};
INSERT INTO guard.ledger_record SELECT records[1], seq, at FROM guard.ledger
    WHERE seq BETWEEN {low} AND {high};
INSERT INTO guard.ledger_person SELECT persons[1], seq, at FROM guard.ledger
    WHERE seq BETWEEN {low} AND {high};
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with folder() as data:
        data.mkdir(mode=0o755)
        cluster = Cluster(data / "pg")
        cluster.start()
        try:
            facts = measure(cluster, make_guard(cluster, data), asked.entries)
        finally:
            cluster.stop()
    print(json.dumps(facts) if asked.json else told(facts))


def measure(cluster: Cluster, guard: Guard, entries: int) -> dict[str, dict[str, float]]:
    guard.start()
    site = guard.site()
    guard.stop()
    few_at = fill(guard, FEW)
    few = ask(guard, site, few_at)
    many_at = fill(guard, -(-entries // ALIGNED) * ALIGNED)
    skip_tiles(guard, many_at)
    many = ask(guard, site, many_at)
    return {"few": few, "many": many}


def fill(guard: Guard, size: int) -> int:
    """Entries up to `size`; how many there are then."""
    with psycopg.connect(guard.url("postgres"), autocommit=True) as db:
        db.execute("SET session_replication_role = replica")  # no foreign keys: they are sound
        db.execute("SET synchronous_commit = off")
        db.execute("SET timezone = 'UTC'")
        for month in range(26):
            db.execute(f"SELECT guard.make_month((now() - interval '{month} months')::date)")
        [first] = db.execute("SELECT size FROM guard.ledger_head").fetchone() or [0]
        for low in range(first, size, STEP):
            high = min(low + STEP, size) - 1
            db.execute(
                FILL.format(
                    first=first, last=size - 1, low=low, high=high, operators=OPERATORS,
                    addresses=ADDRESSES, looks=LOOKS_A_SESSION,
                )
            )  # fmt: skip
        frontier = [bytes(HASH_BYTES)] * size.bit_count()
        db.execute("UPDATE guard.ledger_head SET size = %s, frontier = %s", [size, frontier])
        db.execute("UPDATE guard.watched SET upto = %s", [size])  # it has seen them long ago
        db.execute("VACUUM (ANALYZE) guard.ledger, guard.ledger_record, guard.ledger_person")
        db.execute("CHECKPOINT")
    return size


def skip_tiles(guard: Guard, size: int) -> None:
    """As if the files had been written, so that writing them is not measured."""
    log = guard.data / "guard" / "log"
    for number in range(size // ALIGNED):
        path = log / tile_path(1, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(WIDTH * HASH_BYTES))
    (log / CHECKPOINT).write_text(f"lockstitch/bench\n{size}\n\n")


def ask(guard: Guard, site: Site, size: int) -> dict[str, float]:
    """Milliseconds."""
    guard.start()
    session, _ = guard.operator(site, "orders")  # a new one: theirs are counted for the budget
    record_id = guard.deposit(site)
    some, facts = Random(size), {"entries": float(size)}
    desk, cli = guard.desk, guard.cli

    def made(what: str, of: int) -> UUID:
        return UUID(md5(f"{what}{of}".encode(), usedforsecurity=False).hexdigest())

    questions: dict[str, Callable[[], WhoSaw]] = {
        "record": lambda: WhoSaw(record_id=made("record", some.randrange(1000, size) // 4)),
        "person": lambda: WhoSaw(person_id=made("person", some.randrange(1000, size) // 8)),
        "session": lambda: WhoSaw(
            session_id=made("session", some.randrange(1000, size) // LOOKS_A_SESSION)
        ),
        "principal": lambda: WhoSaw(principal_id=str(made("operator", some.randrange(OPERATORS)))),
        "address": lambda: WhoSaw(address=f"a{some.randrange(ADDRESSES)}"),
    }
    for name, question in questions.items():
        answered = []
        times = timed(QUESTIONS, lambda: answered.append(cli.call(question())))  # noqa: B023
        facts[f"who_saw_{name}_p50"] = statistics.median(times)
        facts[f"who_saw_{name}_p99"] = statistics.quantiles(times, n=100)[98]
        facts[f"who_saw_{name}_rows"] = statistics.mean(len(a.disclosures) for a in answered)
    facts["reveal_p50"] = min(
        statistics.median(timed(LOOKS, lambda: desk.call(reveal(record_id), session=session)))
        for _ in range(BLOCKS)
    )
    guard.stop()
    return facts


def timed(times: int, work: Callable[[], object]) -> list[float]:
    """Milliseconds each."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def told(facts: dict[str, dict[str, float]]) -> str:
    few, many = facts["few"], facts["many"]
    lines = [f"{'ms':24}{few['entries']:>14,.0f}{many['entries']:>14,.0f}   ratio"]
    lines += [
        f"{name:24}{few[name]:14.2f}{many[name]:14.2f}{many[name] / max(few[name], 1e-9):8.2f}"
        for name in few
        if name != "entries"
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
