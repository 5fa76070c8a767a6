"""Answers about alerts, and taking in what the file watch reports."""

from datetime import UTC, datetime
from socket import AddressFamily
from typing import Any

from psycopg.types.json import Json

from guard.asker import Asker, plain
from guard.core import Core
from guard.db import every, many, one
from guard.refusal import Refusal
from guard.wire import ALERTS_MAX, Alert, Alerts, Barred, Done, HandleAlert, ListAlerts, Sensed
from guard.wire_watch import NOTE_MAX

PATH_MAX = 400

_WHERE = """WHERE (%(all)s OR site_id = ANY(%(sites)s))
    AND (%(site)s::uuid IS NULL OR site_id = %(site)s)
    AND (%(severity)s::text IS NULL OR severity = %(severity)s)
    AND (%(rule)s = '' OR rule = %(rule)s)
    AND (%(id)s::bigint IS NULL OR alert_id = %(id)s)"""
_LIST = f"""SELECT alert_id, rule, severity, site_id, subject, evidence, happened_at, raised_at,
    last_at, times, action, handled_at, handled_by, handled_note FROM guard.alert {_WHERE}
    AND (%(handled)s OR handled_at IS NULL)
    AND (%(before)s::bigint IS NULL OR alert_id < %(before)s)
    ORDER BY alert_id DESC LIMIT %(limit)s"""  # noqa: S608 - two constants
_OPEN = f"SELECT count(*) AS n FROM guard.alert {_WHERE} AND handled_at IS NULL"  # noqa: S608


async def list_alerts(core: Core, asker: Asker, ask: ListAlerts) -> Alerts:
    limit = max(1, min(ask.limit, ALERTS_MAX))
    values: dict[str, Any] = {
        "all": asker.kind in ("staff", "cli"), "sites": asker.site_ids, "site": ask.site_id,
        "severity": ask.severity, "rule": ask.rule, "id": ask.alert_id,
        "handled": ask.handled or ask.alert_id is not None, "before": ask.before,
        "limit": limit + 1,
    }  # fmt: skip
    async with core.pool.connection() as db:
        rows = await every(db, _LIST, values)
        count = await one(db, _OPEN, values)
    alerts = [Alert(**row) for row in rows[:limit]]
    return Alerts(alerts=alerts, more=len(rows) > limit, open=count["n"] if count else 0)


async def handle_alert(core: Core, asker: Asker, ask: HandleAlert) -> Done:
    """The first who has seen to it stands there. Refusal `not_found` for another's."""
    note = plain(ask.note, NOTE_MAX)
    async with core.pool.connection() as db, db.transaction():
        row = await one(
            db,
            "SELECT site_id, rule, handled_at FROM guard.alert WHERE alert_id = %s FOR UPDATE",
            [ask.alert_id],
        )
        is_own = row and (asker.kind in ("staff", "cli") or row["site_id"] in asker.site_ids)
        if row is None or not is_own:
            raise Refusal("not_found")
        if row["handled_at"] is not None:
            return Done()
        await db.execute(
            "UPDATE guard.alert SET handled_at = %s, handled_by = %s, handled_note = %s"
            " WHERE alert_id = %s",
            [datetime.now(UTC), asker.principal, note, ask.alert_id],
        )
        purpose = f"{row['rule']}.{ask.alert_id}"
        entry = asker.entry("alert.handled", purpose=purpose, site_id=row["site_id"])
        await core.ledger.append_in(db, [entry])
    return Done()


async def sensed(core: Core, asker: Asker, ask: Sensed) -> Done:
    """A sign of life, and what was seen; the watch makes alerts of it."""
    rows = [
        [
            each.what, asker.principal,
            Json({
                "path": plain(each.path, PATH_MAX), "was": each.was[:64], "now": each.now[:64],
                "uid": each.uid, "how": "touched", "name": plain(each.path, PATH_MAX),
            }),
        ]
        for each in ask.sightings[:ALERTS_MAX]
    ]  # fmt: skip
    rows += [["process", asker.principal, Json(_refused(each))] for each in ask.barred[:ALERTS_MAX]]
    async with core.pool.connection() as db, db.transaction():
        await db.execute(
            "INSERT INTO guard.beat (name, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [asker.principal],
        )
        await many(db, "INSERT INTO guard.signal (kind, source, detail) VALUES (%s, %s, %s)", rows)
    return Done()


def _refused(barred: Barred) -> dict[str, Any]:
    told: dict[str, Any] = {
        "process": barred.process[:20], "pid": barred.pid,
        "call": barred.call[:40], "number": barred.number,
    }  # fmt: skip
    name = f"{barred.process}: {barred.call}"
    if barred.family >= 0:
        told["family"] = barred.family
        known = barred.family in set(AddressFamily)
        name += f" {AddressFamily(barred.family).name if known else barred.family}"
    return {**told, "name": plain(name, PATH_MAX)}
