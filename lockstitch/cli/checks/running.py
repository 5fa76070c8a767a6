"""What can be asked only while `up` runs: the two ports and the guard."""

import asyncio
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import psycopg

from lockstitch.cli import django_door
from lockstitch.cli.checks import Finding, finding
from lockstitch.cli.child import answers
from lockstitch.cli.instance import Instance
from lockstitch.cli.prepare import check_ports

if TYPE_CHECKING:
    from guard.wire import HealthReport

STALE_SECONDS = 60
BEAT_SECONDS = 10


def check_stopped(instance: Instance) -> Iterator[Finding]:
    yield Finding("running", "note", "no: start it with bin/up")
    try:
        check_ports(instance.existing().port)
    except click.ClickException as error:
        yield Finding("ports free", "failed", error.message, "bin/up --port N")
    else:
        yield Finding("ports free", "ok")


def check(instance: Instance) -> Iterator[Finding]:
    port = instance.existing().port
    for name, number in (("shop", port), ("desk", port + 1)):
        well = asyncio.run(answers(number)) or (_has_no_network() and _beats(instance, name))
        log = instance.data / "logs" / f"{name}.log"
        yield finding(
            f"{name} answers", None if well else f"nothing healthy at port {number}", f"see {log}"
        )
    yield from _guard(instance)


def _has_no_network() -> bool:
    """As the database's container: the others' ports are elsewhere."""
    return [name for _, name in socket.if_nameindex()] == ["lo"]


def _beats(instance: Instance, name: str) -> bool:
    """Whether the process has said in the database that it lives."""
    query = "SELECT FROM guard.beat WHERE name = %s AND at > now() - make_interval(secs => %s)"
    with psycopg.connect(instance.cluster.url("ls_owner"), connect_timeout=5) as db:
        return db.execute(query, [name, BEAT_SECONDS]).fetchone() is not None


def _guard(instance: Instance) -> Iterator[Finding]:
    django_door.setup(instance)
    from lockstitch.kernel.errors import Refused
    from lockstitch.sealed.reading import Caller, Health, ask

    try:
        health = ask(Caller(), Health())
    except Refused as refused:
        log = instance.data / "logs" / "guard.log"
        yield Finding("guard answers", "failed", str(refused), f"see {log}")
        return
    yield Finding("guard answers", "ok", f"{health.ledger_size} ledger entries")
    refused_rows = health.inbox_refused
    yield finding(
        "every deposit was accepted",
        f"{refused_rows} were refused" if refused_rows else None,
        "look at guard.inbox_refused: each is somebody's order without an address",
    )
    yield finding(
        "every letter was sent",
        f"{health.postbox_failed} failed" if health.postbox_failed else None,
        "look at last_error in guard.postbox, and check LOCKSTITCH_MAIL_URL",
    )
    yield from _witnesses(health)


def _witnesses(health: "HealthReport") -> Iterator[Finding]:
    if not health.witnesses:
        yield Finding("ledger witnessed", "note", "by nobody: see docs/ledger.md")
        return
    age = health.witness_age
    yield finding(
        "ledger witnessed",
        "not by all" if age is None else f"last {age:.0f} s ago" if age > STALE_SECONDS else None,
        "look whether every witness runs and is reached: guard.log says which is not",
        detail=f"by {health.witnesses}",
    )
    yield finding(
        "witnesses agree",
        "one has seen another history of the ledger" if health.witnesses_disagree else None,
        "was the database restored from an old copy? if not, somebody rewrote it: guard.witness",
    )
