"""The watch of a running instance: quiet while nothing happens, and there when something does."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.filled import filled
from tests.instance import Running, call, processes, wait_until

type Filled = tuple[Running, dict[str, Any]]


@pytest.fixture(scope="module")
def seeded() -> Iterator[Filled]:
    with filled() as made:
        yield made


def sql(
    up: Running, query: str, values: Any = (), *, role: str = "postgres"
) -> list[dict[str, Any]]:
    url = up.instance.cluster.url(role)
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as db:
        done = db.execute(query, values)
        return done.fetchall() if done.description else []


def alerts(up: Running, rule: str = "") -> list[dict[str, Any]]:
    """Without the markers that a drill in another worker plants in the tree they share."""
    query = """SELECT * FROM guard.alert WHERE handled_at IS NULL AND (%s = '' OR rule = %s)
        AND coalesce(evidence->>'path', '') !~ '/drill_'"""
    return sql(up, query, [rule, rule])


def test_a_start_and_some_rest_are_no_alarm(seeded: Filled) -> None:
    up, _world = seeded
    beats = "SELECT name FROM guard.beat WHERE at > now() - interval '3 seconds'"
    wait_until(lambda: len(sql(up, beats)) == 4)
    time.sleep(7)  # longer than a sensor may be silent
    assert {row["name"] for row in sql(up, beats)} == {"shop", "desk", "worker", "files"}
    assert alerts(up) == []


def test_a_file_that_was_not_signed(seeded: Filled) -> None:
    up, _world = seeded
    planted = up.data / "static" / "shop" / "looks" / "more.js"
    planted.write_text("/* a marker */")
    wait_until(lambda: alerts(up, "file.changed"), 10)
    assert alerts(up, "file.changed")[0]["subject"] == str(planted)
    planted.unlink()


def test_a_process_that_hangs(seeded: Filled) -> None:
    up, _world = seeded
    [worker] = [
        pid
        for pid, line in processes(up.data).items()
        if line.rstrip().endswith("lockstitch.cli worker")
    ]
    os.kill(worker, signal.SIGSTOP)
    try:
        wait_until(lambda: alerts(up, "sensor.silent"), 20)
    finally:
        os.kill(worker, signal.SIGCONT)
    assert {row["subject"] for row in alerts(up, "sensor.silent")} == {"worker"}


def test_honey_is_like_any_other_order(seeded: Filled) -> None:
    up, world = seeded
    done = call(up.data, "honey", "plant", "--site", "north", "--count", "2")
    assert done.returncode == 0, done.stderr
    site = world["sites"]["north"]["id"]
    planted = {row["record_id"] for row in sql(up, "SELECT record_id FROM guard.honey")}
    orders = sql(up, "SELECT * FROM orders_order WHERE site_id = %s", [site])
    members = sql(up, "SELECT * FROM members_member WHERE site_id = %s", [site])
    assert len(planted & {row["record_id"] for row in orders}) == 2
    assert len(planted & {row["profile_id"] for row in members}) == 2
    assert {(row["status"], row["channel"]) for row in orders} == {("cancelled", "web")}
    held = "SELECT coalesce(sum(allocated + held), 0) AS n FROM inventory_stock WHERE site_id = %s"
    assert sql(up, held, [site]) == [{"n": 0}]
