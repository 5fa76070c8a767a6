"""The sets of people, each filled by one statement. A person is in the first that takes them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guard.db import Db, every
from guard.incident.taint import Taint
from guard.wire import FIELDS, SetOfPeople

SHOWING = ["reveal", "export"]  # the verbs after which personal data leaves towards who asked
FORM_FIELDS = [name for name in FIELDS if name != "bank_account"]
SIGN_IN_FIELDS = ["email", "password"]

_KEEP = """INSERT INTO guard.assessed
    (assessment_id, person_id, site_id, kind, fields, records, orders, first_at, last_at)"""

_DISCLOSED = f"""WITH hit AS MATERIALIZED (
        SELECT seq, at, site_id, fields FROM guard.ledger
        WHERE verb = ANY(%(showing)s) AND outcome = 'ok' AND at BETWEEN %(since)s AND %(until)s
        AND (address = ANY(%(addresses)s) OR session_id = ANY(%(sessions)s)
            OR principal_id = ANY(%(principals)s))),
    seen AS (SELECT lp.person_id, array_agg(DISTINCT field) AS fields, min(hit.at) AS first_at,
            max(hit.at) AS last_at, (array_agg(hit.site_id))[1] AS site_id
        FROM hit JOIN guard.ledger_person lp USING (seq), unnest(hit.fields) field
        GROUP BY lp.person_id),
    shown AS (SELECT r.person_id, count(DISTINCT lr.record_id) AS records,
            count(DISTINCT lr.record_id) FILTER (WHERE r.kind = 'order') AS orders
        FROM hit JOIN guard.ledger_record lr USING (seq) JOIN guard.record r USING (record_id)
        GROUP BY r.person_id)
    {_KEEP} SELECT %(assessment)s, seen.person_id, coalesce(p.site_id, seen.site_id), 'disclosed',
        seen.fields, coalesce(shown.records, 0), coalesce(shown.orders, 0), first_at, last_at
    FROM seen LEFT JOIN shown USING (person_id) LEFT JOIN guard.person p USING (person_id)
    WHERE coalesce(p.site_id, seen.site_id) IS NOT NULL
    ON CONFLICT DO NOTHING"""  # noqa: S608

# Whoever filled a form, looked at their own, was looked at, or signed in while it lasted.
_PASSED = f"""WITH passed AS (
        SELECT r.person_id, %(form)s::text[] AS fields, r.deposited_at AS at, r.record_id, r.kind
        FROM guard.record r WHERE r.deposited_at BETWEEN %(since)s AND %(until)s
        UNION ALL
        SELECT lp.person_id, CASE WHEN l.fields = '{{}}' THEN %(form)s::text[] ELSE l.fields END,
            l.at, NULL, NULL
        FROM guard.ledger l JOIN guard.ledger_person lp USING (seq)
        WHERE l.at BETWEEN %(since)s AND %(until)s AND l.outcome = 'ok'
        AND l.verb NOT IN ('search', 'deliver', 'step_up')
        AND l.principal_kind IN ('member', 'guest', 'operator', 'key')
        UNION ALL
        SELECT p.person_id, %(sign_in)s::text[], l.at, NULL, NULL
        FROM guard.ledger l JOIN guard.principal p ON p.principal_id::text = l.principal_id
        WHERE l.at BETWEEN %(since)s AND %(until)s AND l.verb IN ('sign_in', 'register', 'reset')
        AND p.person_id IS NOT NULL)
    {_KEEP} SELECT %(assessment)s, person_id, p.site_id, %(kind)s, array_agg(DISTINCT field),
        count(DISTINCT record_id), count(DISTINCT record_id) FILTER (WHERE passed.kind = 'order'),
        min(at), max(at)
    FROM passed JOIN guard.person p USING (person_id), unnest(passed.fields) field
    GROUP BY person_id, p.site_id
    ON CONFLICT DO NOTHING"""  # noqa: S608

_COUNTS = """SELECT site_id, kind, count(*) AS people, sum(records) AS records,
        sum(orders) AS orders, min(first_at) AS first_at, max(last_at) AS last_at
    FROM guard.assessed WHERE assessment_id = %s GROUP BY site_id, kind"""
_FIELDS = """SELECT site_id, kind, field, count(*) AS people
    FROM guard.assessed, unnest(fields) field WHERE assessment_id = %s
    GROUP BY site_id, kind, field"""


@dataclass(frozen=True)
class Span:
    since: datetime
    until: datetime


async def keep_disclosed(db: Db, assessment_id: UUID, span: Span, taint: Taint) -> None:
    values = {
        "assessment": assessment_id, "since": span.since, "until": span.until,
        "addresses": taint.addresses, "sessions": taint.sessions, "principals": taint.principals,
        "showing": SHOWING,
    }  # fmt: skip
    await db.execute(_DISCLOSED, values)


async def keep_passed(db: Db, assessment_id: UUID, span: Span, kind: str) -> None:
    """Whose data passed through the desk in this time, in clear."""
    values = {
        "assessment": assessment_id, "since": span.since, "until": span.until, "kind": kind,
        "form": FORM_FIELDS, "sign_in": SIGN_IN_FIELDS,
    }  # fmt: skip
    await db.execute(_PASSED, values)


async def count_sets(db: Db, assessment_id: UUID) -> dict[tuple[UUID, str], SetOfPeople]:
    """By site and kind."""
    fields: dict[tuple[UUID, str], dict[str, int]] = {}
    for row in await every(db, _FIELDS, [assessment_id]):
        fields.setdefault((row["site_id"], row["kind"]), {})[row["field"]] = row["people"]
    return {
        (row["site_id"], row["kind"]): SetOfPeople(
            people=row["people"], records=row["records"], orders=row["orders"],
            fields=fields.get((row["site_id"], row["kind"]), {}),
            first_at=row["first_at"], last_at=row["last_at"],
        )
        for row in await every(db, _COUNTS, [assessment_id])
    }  # fmt: skip
