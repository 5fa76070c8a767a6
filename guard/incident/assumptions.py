"""What an assessment stands on. Each is looked at anew, and named when it does not hold.

The words after a dash say what this cannot show: no program proves that nobody copied a key.
"""

import asyncio
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guard.core import Core
from guard.db import Db, every, one
from guard.incident import copies
from guard.incident.people import Span
from guard.verify import verify
from guard.wire import Assumption, Indicators

STATEMENTS = {
    "A1": "The guard's own process was not taken over.",
    "A2": "The ledger is whole, as its checkpoints and witnesses have it.",
    "A3": "No sensor was silent.",
    "A4": "Every deposit was taken, and is there.",
    "A5": "The keys were not copied.",
    "A6": "Copies of the database hold only sealed records.",
    "A7": "The clocks are right within a second.",
}
GUARDED = ("master.key", "master.key.old", "ledger.key", "ledger.key.next", "cli.token")
CLOCK_SECONDS_MAX = 1.0

_SILENT = """SELECT subject, happened_at, coalesce(handled_at, last_at) AS ended_at
    FROM guard.alert WHERE rule = 'sensor.silent'
    AND happened_at <= %s AND coalesce(handled_at, last_at) >= %s ORDER BY happened_at"""
_INTAKE = """SELECT
    (SELECT count(*) FROM guard.inbox_refused WHERE deposited_at BETWEEN %s AND %s) AS refused,
    (SELECT count(*) FROM guard.inbox WHERE deposited_at < now() - interval '1 minute')
        AS waiting"""
_BACKWARDS = """SELECT count(*) AS times FROM (
        SELECT at, lag(at) OVER (ORDER BY seq) AS before FROM guard.ledger
        WHERE at BETWEEN %s AND %s) pairs WHERE at < before - interval '1 second'"""


@dataclass(frozen=True)
class Grounds:
    """`gaps`: when a sensor was silent; `lost`: deposits of people nobody knows."""

    assumptions: list[Assumption]
    gaps: list[Span]
    lost: int

    def failed(self, *ids: str) -> bool:
        return any(each.holds is False and each.id in ids for each in self.assumptions)


async def examine(core: Core, asked: Indicators) -> Grounds:
    """Recomputes the whole ledger: minutes when it is long."""
    span = Span(asked.since, asked.until)
    findings = await asyncio.to_thread(verify, core.settings.database_url, core.settings.folder)
    async with core.pool.connection() as db:
        gaps, silent = await _silence(db, span)
        lost, intake = await _intake(db, span)
        found = [
            _guard(asked), await _ledger(db, findings), silent, intake,
            _keys(core.settings.folder), await _copies(core, db, asked), await _clock(db, span),
        ]  # fmt: skip
    said = [_with(each, asked.failed.get(each.id)) for each in found]
    return Grounds(said, gaps or [span] * ("A3" in asked.failed), lost)


def _with(found: Assumption, said: str | None) -> Assumption:
    """What investigators found out outweighs what the machine sees."""
    if said is None:
        return found
    return Assumption(id=found.id, statement=found.statement, holds=False, evidence=said)


def _made(id: str, holds: bool | None, evidence: str) -> Assumption:
    return Assumption(id=id, statement=STATEMENTS[id], holds=holds, evidence=evidence)


def _guard(asked: Indicators) -> Assumption:
    if "guard" in asked.processes:
        return _made("A1", False, "named among the processes that were taken over")
    return _made("A1", True, "not among the processes named - its memory is not looked into")


async def _ledger(db: Db, findings: list[str]) -> Assumption:
    split = [
        f"{row['url']}: {row['refused_why']}"
        for row in await every(db, "SELECT * FROM guard.witness WHERE refused_at IS NOT NULL")
    ]
    head = await one(db, "SELECT size FROM guard.ledger_head")
    if findings or split:
        return _made("A2", False, "; ".join([*split, *findings[:5]]))
    return _made("A2", True, f"all {head['size'] if head else 0} entries recomputed")


async def _silence(db: Db, span: Span) -> tuple[list[Span], Assumption]:
    rows = await every(db, _SILENT, [span.until, span.since])
    if not rows:
        return [], _made("A3", True, "no alert of a silent sensor in this time")
    gaps = [
        Span(max(row["happened_at"], span.since), min(row["ended_at"], span.until)) for row in rows
    ]
    said = "; ".join(
        f"{row['subject']} silent from {row['happened_at']:%Y-%m-%d %H:%M:%S} UTC" for row in rows
    )
    return gaps, _made("A3", False, said)


async def _intake(db: Db, span: Span) -> tuple[int, Assumption]:
    row = await one(db, _INTAKE, [span.since, span.until]) or {"refused": 0, "waiting": 0}
    if lost := row["refused"] + row["waiting"]:
        return lost, _made("A4", False, f"refused {row['refused']}, waiting {row['waiting']}")
    return 0, _made("A4", True, "none refused, none waiting")


def _keys(folder: Path) -> Assumption:
    open_to = [
        name for name in GUARDED
        if (path := folder / name).exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]  # fmt: skip
    if open_to:
        return _made("A5", False, f"others may read {', '.join(open_to)}")
    return _made("A5", True, "only the guard's user may read them - root could, unseen")


async def _copies(core: Core, db: Db, asked: Indicators) -> Assumption:
    taken = [name for name in ("database", "backup") if name in asked.processes]
    async with db.transaction():  # the function's setting ends with it
        holds, evidence = await copies.look(core, db)
    return _made("A6", holds, f"{' and '.join(taken)} read: {evidence}" if taken else evidence)


async def _clock(db: Db, span: Span) -> Assumption:
    row = await one(db, "SELECT clock_timestamp() AS now")
    off = abs((datetime.now(UTC) - row["now"]) / timedelta(seconds=1)) if row else 0.0
    backwards = await one(db, _BACKWARDS, [span.since, span.until])
    times = backwards["times"] if backwards else 0
    said = (
        f"database and guard differ by {off:.3f} s; {times} entries are older than the one before"
    )
    return _made("A7", off <= CLOCK_SECONDS_MAX and not times, said)
