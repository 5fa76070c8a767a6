"""The assessment: a computation over the ledger, never a statement.

The four sets of design section 2, with their meaning of security.md D.2. While the assumptions
hold, nobody is in `cannot_be_excluded`; each that fails puts the people there whom it concerns.
"""

import asyncio
import logging
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.incident.assumptions import Grounds, examine
from guard.incident.people import Span, count_sets, keep_disclosed, keep_passed
from guard.incident.taint import Taint, find_taint
from guard.incident.timeline import find_timeline
from guard.ledger import LedgerError
from guard.refusal import Refusal
from guard.wire import (
    PEOPLE_PAGE_MAX,
    Assess,
    AssessedPeople,
    AssessedPerson,
    Assessment,
    GetAssessed,
    GetAssessment,
    Indicators,
    SetOfPeople,
    SiteSets,
)  # fmt: skip

SIGNED_SECONDS_MAX = 5

log = logging.getLogger("guard")
_running: set[asyncio.Task[None]] = set()

_SITES = """SELECT s.site_id, s.company_id, s.name, c.name AS company,
        count(p.person_id) AS people
    FROM guard.site s JOIN guard.company c USING (company_id)
    LEFT JOIN guard.person p USING (site_id)
    GROUP BY s.site_id, c.name ORDER BY s.name, s.site_id"""


async def assess(core: Core, asker: Asker, ask: Assess) -> Assessment:
    """Begins it; the answer is asked for with `GetAssessment`. Refusal `invalid`, `not_found`."""
    async with core.pool.connection() as db, db.transaction():
        await find_taint(db, ask.indicators)
        row = await one(
            db,
            "INSERT INTO guard.assessment (incident_id, asked) SELECT %(incident)s, %(asked)s"
            " WHERE %(incident)s::uuid IS NULL OR EXISTS"
            " (SELECT 1 FROM guard.incident WHERE incident_id = %(incident)s)"
            " RETURNING assessment_id",
            {
                "incident": ask.incident_id,
                "asked": msgspec.json.encode(ask.indicators).decode(),
            },
        )
        if row is None:
            raise Refusal("not_found", "no such incident")
        assessment_id: UUID = row["assessment_id"]
        entry = asker.entry("assess", purpose=f"assessment.{assessment_id}")
        await core.ledger.append_in(db, [entry])
    task = asyncio.create_task(_run(core, assessment_id, ask.indicators))
    _running.add(task)  # the loop itself keeps no hold of it
    task.add_done_callback(_running.discard)
    return Assessment(assessment_id=assessment_id, state="running", share=0)


async def resume(core: Core) -> None:
    """Those that a stop of the guard broke off, from the beginning: they change nothing."""
    async with core.pool.connection() as db:
        rows = await every(
            db, "SELECT assessment_id, asked FROM guard.assessment WHERE state = 'running'"
        )
    for row in rows:
        await _run(core, row["assessment_id"], msgspec.convert(row["asked"], Indicators))


async def _run(core: Core, assessment_id: UUID, asked: Indicators) -> None:
    try:
        await _compute(core, assessment_id, asked)
    except (psycopg.Error, PoolTimeout, LedgerError, OSError) as error:
        log.warning("assessment: %s", type(error).__name__)
        async with core.pool.connection() as db:
            await db.execute(
                "UPDATE guard.assessment SET state = 'failed', step = %s WHERE assessment_id = %s",
                [type(error).__name__, assessment_id],
            )


async def _compute(core: Core, assessment_id: UUID, asked: Indicators) -> None:
    await _say(core, assessment_id, 5, "inbox")
    await core.inbox.empty()  # who is in there has no person yet
    await _say(core, assessment_id, 10, "assumptions")
    grounds = await examine(core, asked)
    await _say(core, assessment_id, 60, "people")
    await _signed(core)
    async with core.pool.connection() as db, db.transaction():
        await db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await db.execute("DELETE FROM guard.assessed WHERE assessment_id = %s", [assessment_id])
        taint = await find_taint(db, asked)
        span = Span(asked.since, asked.until)
        await keep_disclosed(db, assessment_id, span, taint)
        if "desk" in asked.processes:
            await keep_passed(db, assessment_id, span, "in_flight")
        for gap in grounds.gaps:
            await keep_passed(db, assessment_id, gap, "cannot_be_excluded")
        answer = await _answer(db, assessment_id, asked, taint, grounds)
        await db.execute(
            "UPDATE guard.assessment SET state = 'done', share = 100, step = '', answer = %s"
            " WHERE assessment_id = %s",
            [msgspec.msgpack.encode(answer), assessment_id],
        )


async def _signed(core: Core) -> None:
    """Waits for a checkpoint over all that is asked about: the answer names what it rests on."""
    head, tries = core.ledger.size, SIGNED_SECONDS_MAX * 5
    async with core.pool.connection() as db:
        while tries and not await one(
            db, "SELECT 1 FROM guard.checkpoint WHERE size >= %s LIMIT 1", [head]
        ):
            tries -= 1
            await asyncio.sleep(0.2)


async def _answer(
    db: Db, assessment_id: UUID, asked: Indicators, taint: Taint, grounds: Grounds
) -> Assessment:
    head = await one(db, "SELECT size FROM guard.ledger_head")
    signed = await one(db, "SELECT note FROM guard.checkpoint ORDER BY size DESC LIMIT 1")
    return Assessment(
        assessment_id=assessment_id, state="done", share=100, indicators=asked,
        made_at=datetime.now(UTC), entries=head["size"] if head else 0,
        checkpoint=signed["note"] if signed else "", addresses=taint.addresses,
        sessions=taint.sessions, operators=taint.seen_with,
        sites=await _sites(db, assessment_id, asked, grounds), assumptions=grounds.assumptions,
        timeline=await find_timeline(db, asked, taint),
    )  # fmt: skip


async def _sites(
    db: Db, assessment_id: UUID, asked: Indicators, grounds: Grounds
) -> list[SiteSets]:
    """Whoever is in none of the listed sets is in the one that holds for the whole site."""
    sets = await count_sets(db, assessment_id)
    reachable = bool({"database", "backup"} & set(asked.processes))
    # What stands in clear in a copy matters when a copy was read.
    everyone = grounds.failed("A1", "A2", "A5", "A7") or (reachable and grounds.failed("A6"))
    found = []
    for row in await every(db, _SITES):
        site_id = row["site_id"]
        disclosed, in_flight, unclear = (
            sets.get((site_id, kind), SetOfPeople())
            for kind in ("disclosed", "in_flight", "cannot_be_excluded")
        )
        rest = row["people"] - disclosed.people - in_flight.people - unclear.people
        rest = max(rest, 0)  # a superuser may have taken people away: the ledger still has them
        if everyone:
            unclear, rest = msgspec.structs.replace(unclear, people=unclear.people + rest), 0
        sealed = SetOfPeople(people=rest if reachable else 0)
        found.append(
            SiteSets(
                site_id=site_id, company_id=row["company_id"], name=row["name"],
                company=row["company"], people=row["people"], disclosed=disclosed,
                in_flight=in_flight, cannot_be_excluded=unclear, sealed_only=sealed,
                untouched=rest - sealed.people,
            )
        )  # fmt: skip
    return found


async def _say(core: Core, assessment_id: UUID, share: int, step: str) -> None:
    async with core.pool.connection() as db:
        await db.execute(
            "UPDATE guard.assessment SET share = %s, step = %s WHERE assessment_id = %s",
            [share, step, assessment_id],
        )


async def get_assessment(core: Core, _: Asker, ask: GetAssessment) -> Assessment:
    async with core.pool.connection() as db:
        row = await one(
            db, "SELECT * FROM guard.assessment WHERE assessment_id = %s", [ask.assessment_id]
        )
    if row is None:
        raise Refusal("not_found")
    if row["answer"]:
        return msgspec.msgpack.decode(row["answer"], type=Assessment)
    return Assessment(
        assessment_id=row["assessment_id"], state=row["state"], share=row["share"],
        step=row["step"], indicators=msgspec.convert(row["asked"], Indicators),
    )  # fmt: skip


async def get_assessed(core: Core, _: Asker, ask: GetAssessed) -> AssessedPeople:
    limit = max(1, min(ask.limit, PEOPLE_PAGE_MAX))
    async with core.pool.connection() as db:
        rows = await every(
            db,
            "SELECT person_id, site_id, kind, fields, records, first_at, last_at"
            " FROM guard.assessed WHERE assessment_id = %s"
            " AND (%s::uuid IS NULL OR person_id > %s) ORDER BY person_id LIMIT %s",
            [ask.assessment_id, ask.after, ask.after, limit + 1],
        )
    people = [AssessedPerson(**row) for row in rows[:limit]]
    return AssessedPeople(people=people, more=len(rows) > limit)
