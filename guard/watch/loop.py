"""Looks at what came since the last look, at each ring of the bell; raises what the rules find.

The ledger is read by its seq, which has no gaps; signals are marked as read. Both in the
transaction that raises the alerts: a guard that is killed looks again, and raises each once.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import psycopg
from psycopg.rows import DictRow

from guard.core import Core
from guard.db import Db, every, one
from guard.watch import doors, people, silence, tail, trade, traps
from guard.watch.acting import act
from guard.watch.alerts import raise_alert
from guard.watch.rules import Finding

BATCH = 200
SECONDS = 0.5  # between looks, when no bell rings

log = logging.getLogger("guard")

type Rule = Callable[[Db, DictRow], Awaitable[list[Finding]]]


class Watch:
    """One for each guard; several share the ledger's place and the signals."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._silence = silence.Silence(core.settings.sensors)
        self._trade, self._tail = trade.Trade(), tail.Tail()

    async def look(self) -> None:
        """Everything that waits."""
        while await self._ledger():
            pass
        while await self._signals():
            pass
        for slow in (self._silence.look, traps.touched, self._tail.look, self._trade.look):
            async with self._core.pool.connection() as db, db.transaction():
                await self._raise(db, await slow(db))

    async def _ledger(self) -> bool:
        """Whether there may be more."""
        async with self._core.pool.connection() as db, db.transaction():
            place = await one(db, "SELECT upto FROM guard.watched WHERE name = 'ledger' FOR UPDATE")
            upto = place["upto"] if place else 0
            rows = await every(
                db, "SELECT * FROM guard.ledger WHERE seq >= %s ORDER BY seq LIMIT %s",
                [upto, BATCH],
            )  # fmt: skip
            if not rows:
                return False
            findings = [found for row in rows for found in await _ask(db, people.RULES, row)]
            await db.execute(
                "UPDATE guard.watched SET upto = %s WHERE name = 'ledger'", [rows[-1]["seq"] + 1]
            )
            await self._raise(db, findings)
            return len(rows) == BATCH

    async def _signals(self) -> bool:
        async with self._core.pool.connection() as db, db.transaction():
            rows = await every(
                db,
                "UPDATE guard.signal SET read_at = now() WHERE id IN (SELECT id FROM guard.signal"
                " WHERE read_at IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *",
                [BATCH],
            )
            rows.sort(key=lambda row: row["id"])
            findings = [found for row in rows for found in await _ask(db, [doors.read], row)]
            await self._raise(db, findings)
            return len(rows) == BATCH

    async def _raise(self, db: Db, findings: list[Finding]) -> None:
        """First all that is done by itself, then all that is written down."""
        done = [(found, await act(db, found)) for found in findings]
        if done:  # their letters are sealed before the first of them is written down
            await self._core.own_keys.root_to_write(db)
        for found, action in done:
            await raise_alert(
                self._core, db, found.rule, found.subject, site_id=found.site_id,
                evidence=found.evidence, happened_at=found.happened_at, action=action,
                times=int(found.evidence.get("count", 1)),
            )  # fmt: skip


async def _ask(db: Db, rules: Sequence[Rule], row: DictRow) -> list[Finding]:
    """What they find in it. A rule that fails stops no other, and is an alert itself."""
    findings = []
    for rule in rules:
        try:
            async with db.transaction():
                findings += await rule(db, row)
        except (psycopg.DataError, ValueError, KeyError, TypeError) as error:
            name = f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
            log.error("watch: %s: %s", name, type(error).__name__)
            findings.append(
                Finding("rule.failed", name, datetime.now(UTC),
                        evidence={"error": type(error).__name__})
            )  # fmt: skip
    return findings
