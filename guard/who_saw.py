"""Questions to the ledger: who saw this, and what did they see."""

from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every
from guard.refusal import Refusal
from guard.wire import Disclosure, Disclosures, WhoSaw

LIMIT_MAX = 1000
DISCLOSED = "l.verb IN ('reveal', 'export', 'deliver') AND l.outcome = 'ok'"

_BY = "guard.ledger_{0} s JOIN guard.ledger l ON l.seq = s.seq AND l.at = s.at"
_OF_PERSON = """EXISTS (SELECT 1 FROM guard.ledger_person p
    WHERE p.person_id = %(person_id)s AND p.seq = l.seq AND p.at = l.at)"""

# What may be asked about: where it is found, and in the order of which table's seq.
ABOUT = {
    "record_id": (_BY.format("record"), "s"),
    "person_id": (_BY.format("person"), "s"),
    "principal_id": ("guard.ledger l", "l"),
    "session_id": ("guard.ledger l", "l"),
    "address": ("guard.ledger l", "l"),
}


async def who_saw(core: Core, asker: Asker, ask: WhoSaw) -> Disclosures:
    about = {name: value for name in ABOUT if (value := getattr(ask, name)) is not None}
    if asker.kind == "member" and not about:
        about = {"person_id": asker.person_id}
    if len(about) != 1 or not 1 <= ask.limit <= LIMIT_MAX:
        raise Refusal("invalid", "about exactly one; limit 1 to 1000")
    name, value = next(iter(about.items()))
    async with core.pool.connection() as db:
        own = await _may_ask(db, asker, ask, name, value)
        source, table = ABOUT[name]
        where = [f"{table}.{name} = %(value)s", f"{table}.seq > %(after)s"]
        if ask.site_id is not None:
            where.append("l.site_id = %(site_id)s")
        if asker.kind == "member":
            where.append(_OF_PERSON)
        if not ask.all:
            where.append(DISCLOSED)
        values = {
            "value": value, "after": ask.after, "limit": ask.limit + 1, "site_id": ask.site_id,
            "person_id": asker.person_id,
        }  # fmt: skip
        query = f"SELECT l.* FROM {source} WHERE {' AND '.join(where)}"  # noqa: S608
        rows = await every(db, f"{query} ORDER BY {table}.seq LIMIT %(limit)s", values)
        shown = rows[: ask.limit]
        handles = await _handles(db, shown)
    return Disclosures(
        disclosures=[_disclosure(row, handles, own) for row in shown],
        more=len(rows) > ask.limit,
    )


async def _may_ask(db: Db, asker: Asker, ask: WhoSaw, name: str, value: Any) -> set[UUID] | None:
    """The record ids that may be named in the answer; None: all. Refusal."""
    if asker.kind == "operator":
        if ask.site_id is None or ask.site_id not in asker.site_ids:
            raise Refusal("not_found", "name one of your sites")
        if asker.role == "readonly" and name != "record_id":
            raise Refusal("forbidden", "by record only")
    if asker.kind != "member":
        return None
    rows = await every(
        db,
        "SELECT record_id FROM guard.record WHERE person_id = %s"
        " AND (kind <> 'order' OR claimed_by = %s)",
        [asker.person_id, asker.principal],
    )
    own = {row["record_id"] for row in rows}
    if name == "person_id" and value != asker.person_id:
        raise Refusal("not_found")
    if name == "record_id" and value not in own:
        raise Refusal("not_found")
    if name not in ("person_id", "record_id"):
        raise Refusal("forbidden", "about yourself only")
    return own


async def _handles(db: Db, rows: list[DictRow]) -> dict[str, str]:
    kinds = ("member", "operator", "staff", "key")
    ids = {row["principal_id"] for row in rows if row["principal_kind"] in kinds}
    found = await every(
        db,
        "SELECT principal_id::text AS id, handle FROM guard.principal"
        " WHERE principal_id = ANY(%s::uuid[])",
        [list(ids)],
    )
    return {row["id"]: row["handle"] for row in found}


def _disclosure(row: DictRow, handles: dict[str, str], own: set[UUID] | None) -> Disclosure:
    kind, principal = row["principal_kind"], row["principal_id"]
    handle = handles.get(principal, f"system:{principal}" if kind == "system" else kind)
    records, address, session_id = row["records"], row["address"], row["session_id"]
    if own is not None:  # a member learns of others that they looked, not where they sit
        records = [each for each in records if each in own]
        if kind not in ("member", "guest"):
            address, session_id = "", None
    return Disclosure(
        seq=row["seq"], at=row["at"], principal_kind=kind, principal_id=principal, handle=handle,
        session_id=session_id, address=address, verb=row["verb"], purpose=row["purpose"],
        site_id=row["site_id"], fields=row["fields"],
        outcome=row["outcome"], record_ids=records,
    )  # fmt: skip
