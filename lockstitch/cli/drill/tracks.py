"""S18, and what an assessment says when its ground gives way."""

import os
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg

from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.pages import buy
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.incident import assessed
from lockstitch.sealed.reading import Assessment, Indicators

_GONE = "DELETE FROM guard.ledger WHERE seq = %s"


def tracks(ground: Ground, stage: Stage) -> None:
    """S18: the ledger cut or rewritten by each role and by the superuser; a sensor held still."""
    for role in ("ls_shop", "ls_desk", "ls_worker", "ls_guard", "ls_owner"):
        with ground.database(role) as db:
            for statement in ("DELETE FROM guard.ledger WHERE seq = 0",
                              "UPDATE guard.ledger SET purpose = 'x' WHERE seq = 0",
                              "TRUNCATE guard.ledger"):  # fmt: skip
                try:
                    with db.transaction():
                        db.execute(statement)
                        raise psycopg.Rollback
                except psycopg.Error as error:
                    stage.stopped(f"{role}: {statement}", f"append only ({type(error).__name__})")
                else:
                    stage.leaked(f"{role}: {statement}")
    time.sleep(2)  # the watch has seen the end of the ledger as it is
    with removed(ground):
        at, began = stage.now(), time.perf_counter()
        stage.see("ledger.fork", at, began, within="D2")
    with held_still(ground):
        at, began = stage.now(), time.perf_counter()
        buy(ground, ground.visitor(18), ground.person(91_000))
        stage.see("sensor.silent", at, began, about="files", within="D2")


def trust(ground: Ground, since: datetime) -> list[dict[str, Any]]:
    """Each ground taken away in turn: the assumption that has to fail, and who can then not be
    excluded."""
    found = []
    cases: list[tuple[str, str, Any, dict[str, Any]]] = [
        ("the guard's own process is named", "A1", nothing, {"processes": ["guard"]}),
        ("a row of the ledger is gone", "A2", removed, {}),
        ("a witness disagrees", "A2", disagreeing, {}),
        ("a sensor was held still (S18)", "A3", nothing, {}),
        ("others may read the master key", "A5", exposed, {}),
    ]
    for what, wanted, broken, more in cases:
        with broken(ground):
            said = assess(ground, since, **more)
        failed = [each.id for each in said.assumptions if each.holds is False]
        unclear = sum(site.cannot_be_excluded.people for site in said.sites)
        found.append({
            "what": what, "assumption": wanted, "failed": failed,
            "cannot_be_excluded": unclear, "holds": wanted in failed and unclear > 0,
        })  # fmt: skip
    return found


def assess(ground: Ground, since: datetime, **indicators: Any) -> Assessment:
    """Until now. Raises ClickException when the guard cannot."""
    until = indicators.pop("until", None) or ground.now()
    return assessed(Indicators(since=since, until=until, **indicators), None, quiet=True)


@contextmanager
def nothing(_: Ground) -> Iterator[None]:
    yield


@contextmanager
def removed(ground: Ground) -> Iterator[None]:
    """The last row but a few, as only a superuser can; put back afterwards."""
    with ground.database("postgres") as db:
        db.execute("SET session_replication_role = replica")  # no trigger stops it
        row = db.execute("SELECT max(seq) - 3 AS seq FROM guard.ledger").fetchone()
        seq = row["seq"] if row else 0
        db.execute("CREATE TEMP TABLE kept AS SELECT * FROM guard.ledger WHERE seq = %s", [seq])
        db.execute(_GONE, [seq])
        try:
            yield
        finally:
            db.execute("INSERT INTO guard.ledger SELECT * FROM kept")
            db.execute("DROP TABLE kept")


@contextmanager
def disagreeing(ground: Ground) -> Iterator[None]:
    url = f"https://witness-{ground.run.lower()}.drill.invalid"
    with ground.database("postgres") as db:
        db.execute(
            "INSERT INTO guard.witness (url, last_size, last_at, refused_at, refused_why)"
            " VALUES (%s, 1, now(), now(), 'DRILL: it has another root')", [url],
        )  # fmt: skip
        try:
            yield
        finally:
            db.execute("DELETE FROM guard.witness WHERE url = %s", [url])


@contextmanager
def exposed(ground: Ground) -> Iterator[None]:
    path = ground.instance.data / "guard" / "master.key"
    was = stat.S_IMODE(path.stat().st_mode)
    path.chmod(0o644)
    try:
        yield
    finally:
        path.chmod(was)


@contextmanager
def held_still(ground: Ground) -> Iterator[None]:
    """The file watch, stopped as a process is."""
    pid = ground.pid_of(b"guard\0watch-files")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
