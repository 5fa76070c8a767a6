"""Cases: what is open, what people found out about it, and the letters to those it concerns."""

from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.refusal import Refusal
from guard.wire import (
    GetIncidents,
    GetNotices,
    Incident,
    Incidents,
    NoticeFigures,
    NoticeRun,
    OpenIncident,
    SendNotices,
    StateFacts,
)  # fmt: skip

FACT_CHARACTERS_MAX = 4_000
PURPOSE = "incident.notice"

_CASE = """SELECT i.*, (SELECT a.assessment_id FROM guard.assessment a
        WHERE a.incident_id = i.incident_id AND a.state = 'done'
        ORDER BY a.assessment_id DESC LIMIT 1) AS assessment_id
    FROM guard.incident i"""

# The best record of each person: their profile, else their latest order.
_REACHED = """FROM guard.assessed a LEFT JOIN LATERAL (
        SELECT r.record_id FROM guard.record r WHERE r.person_id = a.person_id
        AND r.kind IN ('profile', 'order')
        ORDER BY (r.kind = 'profile') DESC, r.deposited_at DESC LIMIT 1) best ON true
    WHERE a.assessment_id = %(assessment)s AND a.site_id = %(site)s AND a.kind = ANY(%(kinds)s)"""
_POST = f"""INSERT INTO guard.postbox
        (site_id, record_id, purpose, subject, body_text, dedupe_key)
    SELECT %(site)s, best.record_id, %(purpose)s, %(subject)s,
        replace(replace(%(body)s, '[[fields]]', (
            SELECT string_agg(coalesce(%(words)s::jsonb ->> field, field), %(comma)s)
            FROM unnest(a.fields) field)),
        '[[times]]', to_char(a.first_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS')
            || CASE WHEN a.last_at > a.first_at THEN
            ' - ' || to_char(a.last_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS')
            ELSE '' END || ' (JST)'),
        %(purpose)s || ':' || %(incident)s || ':' || a.person_id
    {_REACHED} AND best.record_id IS NOT NULL
    ON CONFLICT (site_id, dedupe_key) DO NOTHING"""  # noqa: S608
_UNREACHABLE = f"SELECT count(*) AS people {_REACHED} AND best.record_id IS NULL"
_RUN = """SELECT p.site_id, p.state, count(*) AS letters, count(r.record_id) AS returned
    FROM guard.postbox p LEFT JOIN guard.returned r USING (record_id)
    WHERE p.dedupe_key >= %(start)s AND p.dedupe_key < %(end)s AND p.purpose = %(purpose)s
    GROUP BY p.site_id, p.state"""


async def open_incident(core: Core, asker: Asker, ask: OpenIncident) -> Incidents:
    title = ask.title.strip()
    if not 1 <= len(title) <= 200:
        raise Refusal("invalid", "the title")
    async with core.pool.connection() as db, db.transaction():
        row = await one(
            db,
            "INSERT INTO guard.incident (title, opened_by) VALUES (%s, %s) RETURNING incident_id",
            [title, asker.handle or asker.kind],
        )
        incident_id = row["incident_id"] if row else None
        entry = asker.entry("incident.open", purpose=f"incident.{incident_id}")
        await core.ledger.append_in(db, [entry])
        return await _cases(db, "WHERE i.incident_id = %s", [incident_id])


async def get_incidents(core: Core, _: Asker, ask: GetIncidents) -> Incidents:
    limit = max(1, min(ask.limit, 200))
    async with core.pool.connection() as db:
        if ask.incident_id is not None:
            return await _one_case(db, ask.incident_id)
        found = await _cases(
            db,
            "WHERE %s::uuid IS NULL OR i.incident_id < %s ORDER BY i.incident_id DESC LIMIT %s",
            [ask.before, ask.before, limit + 1],
        )
    return Incidents(incidents=found.incidents[:limit], more=len(found.incidents) > limit)


async def state_facts(core: Core, asker: Asker, ask: StateFacts) -> Incidents:
    if any(len(text) > FACT_CHARACTERS_MAX for text in ask.facts.values()):
        raise Refusal("invalid", f"at most {FACT_CHARACTERS_MAX} characters each")
    async with core.pool.connection() as db, db.transaction():
        await db.execute(
            "UPDATE guard.incident SET facts = (facts || %s) - %s::text[] WHERE incident_id = %s",
            [
                Jsonb({name: text.strip() for name, text in ask.facts.items() if text.strip()}),
                [name for name, text in ask.facts.items() if not text.strip()], ask.incident_id,
            ],
        )  # fmt: skip
        entry = asker.entry("incident.facts", purpose=f"incident.{ask.incident_id}")
        await core.ledger.append_in(db, [entry])
        return await _one_case(db, ask.incident_id)


async def send_notices(core: Core, asker: Asker, ask: SendNotices) -> NoticeRun:
    """Puts the letters into the post; `GetNotices` tells how far they are. Refusal `invalid` when
    there is no finished assessment."""
    async with core.pool.connection() as db, db.transaction(force_rollback=ask.dry_run):
        [case] = (await _one_case(db, ask.incident_id)).incidents
        if case.assessment_id is None:
            raise Refusal("invalid", "assess first")
        values = {
            "assessment": case.assessment_id, "site": ask.site_id, "kinds": list(ask.kinds),
            "purpose": PURPOSE, "incident": str(ask.incident_id), "subject": ask.subject,
            "body": ask.body, "words": Jsonb(ask.words), "comma": "、",
        }  # fmt: skip
        await db.execute(_POST, values)
        if not ask.dry_run:
            entry = asker.entry(
                "incident.notify", purpose=f"incident.{ask.incident_id}", site_id=ask.site_id
            )
            await core.ledger.append_in(db, [entry])
        run = await _figures(db, ask.incident_id)
        missing = await one(db, _UNREACHABLE, values)
    unreachable = missing["people"] if missing else 0
    found = [row for row in run if row["site_id"] == ask.site_id] or [{}]
    return NoticeRun(sites=[_figure({"site_id": ask.site_id, **found[0]}, unreachable)])


async def get_notices(core: Core, _: Asker, ask: GetNotices) -> NoticeRun:
    async with core.pool.connection() as db:
        return NoticeRun(sites=[_figure(row, 0) for row in await _figures(db, ask.incident_id)])


async def _figures(db: Db, incident_id: UUID) -> list[DictRow]:
    start = f"{PURPOSE}:{incident_id}:"
    values = {"start": start, "end": f"{start}~", "purpose": PURPOSE}
    found: dict[UUID, DictRow] = {}
    for row in await every(db, _RUN, values):
        site = found.setdefault(row["site_id"], {"site_id": row["site_id"], "returned": 0})
        site[row["state"]] = row["letters"]
        site["returned"] += row["returned"]
    return list(found.values())


def _figure(row: DictRow, unreachable: int) -> NoticeFigures:
    counts = {name: row.get(name, 0) for name in ("waiting", "sent", "failed", "returned")}
    return NoticeFigures(site_id=row["site_id"], unreachable=unreachable, **counts)


async def _one_case(db: Db, incident_id: UUID) -> Incidents:
    found = await _cases(db, "WHERE i.incident_id = %s", [incident_id])
    if not found.incidents:
        raise Refusal("not_found", "no such incident")
    return found


async def _cases(db: Db, where: str, values: list[Any]) -> Incidents:
    rows = await every(db, f"{_CASE} {where}", values)
    return Incidents(incidents=[Incident(**row) for row in rows])
