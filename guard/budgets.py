"""How many people an operator may look at before they must prove anew who they are.

Counted from the ledger itself: there is nothing else that could be lost, set back or written by
another program. What was proven for (`step_up`) does not count; it is good for minutes, in the
same session, for the purpose, fields and records that were named, and for nothing else.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from guard import limits
from guard.accounts import hold
from guard.asker import Asker
from guard.db import Db, every, one
from guard.entry import Entry
from guard.refusal import Refusal

PROVEN_FOR = timedelta(minutes=5)

# From the entries alone, and each bounded by time: the partitions of the last day are read.
_PROVEN = """SELECT DISTINCT unnest(records) AS record_id FROM guard.ledger
    WHERE principal_id = %(principal)s AND verb = 'step_up' AND outcome = 'ok' AND at > %(since)s
    AND session_id = %(session)s AND purpose = %(purpose)s AND fields @> %(fields)s"""

_SEEN = """SELECT r.record_id, max(l.at) AS at
    FROM guard.ledger l, unnest(l.records) r (record_id)
    WHERE l.principal_id = %(principal)s AND l.verb = 'reveal' AND l.outcome = 'ok'
    AND l.at > %(since)s AND NOT EXISTS (
        SELECT 1 FROM guard.ledger s
        WHERE s.principal_id = %(principal)s AND s.verb = 'step_up' AND s.outcome = 'ok'
        AND s.session_id = l.session_id AND s.purpose = l.purpose AND s.fields @> l.fields
        AND s.at > %(proven_since)s AND s.at BETWEEN l.at - %(proven_for)s AND l.at
        AND r.record_id = ANY (s.records))
    GROUP BY r.record_id"""


async def spend(db: Db, asker: Asker, entry: Entry) -> None:
    """Before `entry` is appended in the same transaction. Refusal `budget`.

    An operator's looks, and a key's, come one after another from here to the commit: two at once
    can not both take the last of a budget.
    """
    await hold(db, asker.principal)
    now = datetime.now(UTC)
    values = {
        "principal": asker.principal, "since": now - PROVEN_FOR, "session": asker.session_id,
        "purpose": entry.purpose, "fields": entry.fields,
    }  # fmt: skip
    proven = await every(db, _PROVEN, values)
    wanted = set(entry.records) - {row["record_id"] for row in proven}
    if not wanted:
        return
    seen = await _seen(db, asker.principal, now)
    for span, most in await spans_of(db, asker.kind, asker.principal, entry.site_id):
        within = {record_id for record_id, at in seen.items() if at > now - span}
        if len(within | wanted) > most:
            raise Refusal("budget", f"{most} records in {span}")


async def used(db: Db, principal: str, spans: limits.Spans, now: datetime) -> list[int]:
    """How much of each of these budgets was used."""
    seen = await _seen(db, principal, now)
    return [sum(at > now - span for at in seen.values()) for span, _most in spans]


async def spans_of(db: Db, kind: str, principal: str, site_id: UUID | None) -> limits.Spans:
    """An operator's budgets at that site; a program's key has its own."""
    if kind != "key":
        return (await limits.of_site(db, site_id)).spans
    row = await one(
        db, "SELECT in_ten_minutes, in_a_day FROM guard.api_key WHERE principal_id = %s",
        [UUID(principal)],
    )  # fmt: skip
    return limits.spans(row["in_ten_minutes"], row["in_a_day"]) if row else limits.spans(0, 0)


async def _seen(db: Db, principal: str, now: datetime) -> dict[UUID, datetime]:
    """The records looked at within the longest budget, and when for the last time."""
    since = now - limits.DAY
    values = {
        "principal": principal, "since": since, "proven_for": PROVEN_FOR,
        "proven_since": since - PROVEN_FOR,
    }  # fmt: skip
    return {row["record_id"]: row["at"] for row in await every(db, _SEEN, values)}
