"""An alert: raised once, counted up while it repeats, on the record, told to those it concerns."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Json

from guard.core import Core
from guard.db import Db, one
from guard.entry import system_entry
from guard.watch.rules import RULES
from guard.watch.telling import tell

SUBJECT_MAX = 300

_SAME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"
_REPEAT = """UPDATE guard.alert SET times = times + %s, last_at = clock_timestamp()
    WHERE alert_id = (SELECT max(alert_id) FROM guard.alert WHERE rule = %s AND subject = %s
        AND site_id IS NOT DISTINCT FROM %s AND handled_at IS NULL
        AND last_at > clock_timestamp() - %s)
    RETURNING alert_id"""
_RAISE = """INSERT INTO guard.alert (rule, severity, site_id, subject, evidence, happened_at, times,
    action) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING *"""


@dataclass(frozen=True)
class Raised:
    alert_id: int
    is_new: bool


async def raise_alert(
    core: Core, db: Db, rule: str, subject: str, *, site_id: UUID | None = None,
    evidence: dict[str, Any] | None = None, happened_at: datetime | None = None,
    action: str = "", times: int = 1,
) -> Raised:  # fmt: skip
    """Raises the alert of `rule` about `subject`, in the caller's transaction and, like every
    entry of the ledger, as its last act. A repeat within the rule's cooldown of one that nobody has
    handled counts that one up. `action` is what was done by itself. Raises KeyError for a rule that
    `rules` does not name.
    """
    known, subject = RULES[rule], subject[:SUBJECT_MAX]
    await db.execute(_SAME, [f"{rule}|{subject}"])
    repeated = await one(db, _REPEAT, [times, rule, subject, site_id, known.cooldown])
    if repeated is not None:
        return Raised(repeated["alert_id"], is_new=False)
    values = [
        rule, known.severity, site_id, subject, Json(evidence or {}),
        happened_at or datetime.now(UTC), times, action,
    ]  # fmt: skip
    made = await one(db, _RAISE, values)
    if made is None:
        raise LookupError("an insert without a row")
    await tell(core, db, made)
    entry = system_entry("watch", "alert", purpose=rule, site_id=site_id)
    await core.ledger.append_in(db, [entry])
    return Raised(made["alert_id"], is_new=True)
