"""What happened, in the order of time: the ledger and the alerts, merged by the minute."""

from psycopg.rows import DictRow

from guard.db import Db, every
from guard.incident.taint import Taint
from guard.wire import Indicators, Moment

LINES_MAX = 500

# What was done from where the break-in was, and what was done against it.
_LEDGER = """SELECT min(at) AS at, max(at) AS until, 'ledger' AS source,
        CASE outcome WHEN 'ok' THEN verb ELSE verb || ' ' || outcome END AS what,
        principal_kind || ' ' || left(principal_id, 8) AS who, purpose, address,
        count(*) AS times, sum(cardinality(persons))::integer AS people, min(seq) AS first_seq,
        max(seq) AS last_seq
    FROM guard.ledger WHERE at BETWEEN %(since)s AND %(until)s
    AND (address = ANY(%(addresses)s) OR session_id = ANY(%(sessions)s)
        OR principal_id = ANY(%(principals)s) OR verb = 'contain')
    GROUP BY date_trunc('minute', at), verb, outcome, principal_kind, principal_id, purpose, address
    ORDER BY 1 LIMIT %(limit)s"""
_ALERTS = """SELECT happened_at AS at, last_at AS until, 'alert' AS source, rule AS what,
        subject AS who, severity AS purpose, '' AS address, times, 0 AS people,
        NULL::bigint AS first_seq, NULL::bigint AS last_seq
    FROM guard.alert WHERE happened_at BETWEEN %(since)s AND %(until)s
    ORDER BY 1 LIMIT %(limit)s"""


async def find_timeline(db: Db, asked: Indicators, taint: Taint) -> list[Moment]:
    """The first `LINES_MAX` lines."""
    values = {
        "since": asked.since, "until": asked.until, "addresses": taint.addresses,
        "sessions": taint.sessions, "principals": taint.principals, "limit": LINES_MAX,
    }  # fmt: skip
    rows: list[DictRow] = [
        *await every(db, _LEDGER, values), *await every(db, _ALERTS, values)
    ]  # fmt: skip
    rows.sort(key=lambda row: row["at"])
    return [Moment(**row) for row in rows[:LINES_MAX]]
