"""Exports. Who asks names the records and proves who they are; a second person, who sees what the
guard counted, lets it happen; then it is written down whole, and streamed once.

Where a shop has nobody else, half an hour passes in place of the second, and its owners and the
platform's staff are told at once and can stop it (security.md, EXP-1).
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from psycopg.rows import DictRow

from guard import export_marks, limits, passkeys
from guard.asker import Asker, plain
from guard.contain import need_thawed
from guard.core import Core
from guard.db import Db, every, one
from guard.entry import in_parts
from guard.export_letters import tell_of_export
from guard.policy import allow_fields, in_order, need_site
from guard.proving import need_proof
from guard.records import may_see
from guard.refusal import Refusal
from guard.sessions import digest as token_digest
from guard.wire import (
    EXPORT_MAX,
    EXPORT_PAGE,
    FIELDS,
    ApproveExport,
    AskExport,
    CancelExport,
    Done,
    ExportRows,
    Exports,
    ExportState,
    ExportStep,
    GetExports,
    NextRows,
    OpenedExport,
    OpenExport,
    RevealedRecord,
    Trace,
)  # fmt: skip

MAY_EXPORT = ("owner", "orders")
GOOD_FOR = timedelta(hours=24)  # from asking to opening
OPEN_FOR = timedelta(minutes=15)
LISTED, PROVIDED_MAX = 50, 5_000
PAGE_BYTES = 500_000  # of personal data in one page: an answer has its limit

_OTHERS = """SELECT 1 FROM guard.principal WHERE kind = 'operator' AND state = 'active'
    AND role = ANY(%s) AND %s = ANY (site_ids) AND principal_id <> %s LIMIT 1"""
# Not the records themselves: there may be tens of thousands.
_SHOWN = """SELECT e.export_id, e.site_id, e.purpose, e.fields, e.persons, e.digest, e.asked_by,
        e.session_id, e.address, e.agent, e.asked_at, e.needs_second, e.proven_at, e.ready_at,
        e.opened_at, e.basis, e.given_to, e.token_hash, e.sent, e.ended_at,
        e.root_version,
        cardinality(e.records) AS size,
        a.handle AS asker, b.handle AS approver
    FROM guard.export e JOIN guard.principal a ON a.principal_id = e.asked_by
    LEFT JOIN guard.principal b ON b.principal_id = e.approved_by"""
_ONE = f"{_SHOWN} WHERE e.export_id = %s"
_LATEST = f"{_SHOWN} WHERE e.site_id = %s ORDER BY e.export_id DESC LIMIT %s"
_PROVIDED = f"""{_SHOWN} WHERE e.site_id = %s AND e.basis IN ('consent', 'law')
    AND e.opened_at IS NOT NULL ORDER BY e.export_id DESC LIMIT %s"""
_LOCKED = f"{_ONE} FOR UPDATE OF e"
_PAGE = """SELECT records[%(from)s + 1 : %(from)s + %(most)s] AS ids FROM guard.export
    WHERE export_id = %(export)s"""


async def ask_export(core: Core, asker: Asker, ask: AskExport) -> ExportState:
    ids = list(dict.fromkeys(ask.record_ids))
    if not 1 <= len(ids) <= EXPORT_MAX or not ask.fields or not set(ask.fields) <= set(FIELDS):
        raise Refusal("invalid", f"1 to {EXPORT_MAX} records, and fields")
    allow_fields(asker, "export", ask.fields)
    given_to = plain(ask.given_to, 200)
    if (ask.basis == "inside") != (given_to == ""):
        raise Refusal("invalid", "whom it is given to")
    if ask.site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")
    await core.inbox.empty(site_id=ask.site_id)
    async with core.pool.connection() as db, db.transaction():
        await need_thawed(db, ask.site_id, asker.principal)
        owners = await _owners(core, db, asker, ask.site_id, ids)
        row = await one(
            db,
            "INSERT INTO guard.export (site_id, purpose, fields, records, persons, digest,"
            " asked_by, session_id, address, agent, needs_second, basis, given_to)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING export_id",
            [
                ask.site_id, ask.purpose, in_order(ask.fields), ids, len(set(owners.values())),
                hashlib.sha256("\n".join(sorted(map(str, ids))).encode()).digest(),
                asker.principal, asker.session_id, asker.address, asker.agent,
                len(ids) > (await limits.of_site(db, ask.site_id)).alone, ask.basis, given_to,
            ],
        )  # fmt: skip
        export_id: UUID = row["export_id"] if row else UUID(int=0)
        entry = asker.entry("export.ask", purpose=f"export.{export_id}", site_id=ask.site_id)
        await core.ledger.append_in(db, [entry])
    return await _state(core, asker, export_id)


async def get_exports(core: Core, asker: Asker, ask: GetExports) -> Exports:
    need_site(asker, ask.site_id)
    if ask.export_id is not None:
        found = await _state(core, asker, ask.export_id)
        if found.site_id != ask.site_id:
            raise Refusal("not_found")
        return Exports(exports=[found])
    async with core.pool.connection() as db:
        rows = await every(
            db, _PROVIDED if ask.provided else _LATEST,
            [ask.site_id, PROVIDED_MAX if ask.provided else LISTED],
        )  # fmt: skip
    return Exports(exports=[_shown(asker, row) for row in rows])


async def approve_export(core: Core, asker: Asker, ask: ApproveExport) -> ExportState:
    """The asker's own proof first, then the second person's."""
    async with core.pool.connection() as db:
        row = await _find(db, asker, ask.export_id)
    step, mine = step_of(row), str(row["asked_by"]) == asker.principal
    if step not in ("asked", "waits") or mine != (step == "asked"):
        raise Refusal("forbidden", f"it is {step}")
    if not mine:
        _need_other_device(row, asker)
    await need_proof(core, asker, ask.proof, _facts(row))
    async with core.pool.connection() as db, db.transaction():
        row = await _find(db, asker, ask.export_id, lock=True)
        if step_of(row) != step:
            raise Refusal("conflict")
        verb = "export.prove" if mine else "export.approve"
        ready = await _proven(core, db, row) if mine else datetime.now(UTC)
        await db.execute(
            "UPDATE guard.export SET proven_at = coalesce(proven_at, now()), ready_at = %s,"
            " approved_by = %s WHERE export_id = %s",
            [ready, None if mine else asker.principal, ask.export_id],
        )
        entry = asker.entry(verb, purpose=f"export.{ask.export_id}", site_id=row["site_id"])
        await core.ledger.append_in(db, [entry])
    return await _state(core, asker, ask.export_id)


async def _proven(core: Core, db: Db, row: DictRow) -> datetime | None:
    """When it may be opened: at once, after a delay, or (None) once somebody else says so."""
    if not row["needs_second"]:
        return datetime.now(UTC)
    if await one(db, _OTHERS, [list(MAY_EXPORT), row["site_id"], row["asked_by"]]):
        return None
    ready = datetime.now(UTC) + core.settings.export_delay
    await tell_of_export(core, db, row, ready)
    return ready


async def cancel_export(core: Core, asker: Asker, ask: CancelExport) -> Done:
    async with core.pool.connection() as db, db.transaction():
        row = await _find(db, asker, ask.export_id, lock=True)
        is_other = asker.kind == "operator" and str(row["asked_by"]) != asker.principal
        if is_other and asker.role != "owner":
            raise Refusal("forbidden")
        if row["ended_at"] is None:
            await db.execute(
                "UPDATE guard.export SET ended_at = now() WHERE export_id = %s", [ask.export_id]
            )
            purpose = f"export.{ask.export_id}"
            entry = asker.entry("export.cancel", purpose=purpose, site_id=row["site_id"])
            await core.ledger.append_in(db, [entry])
    return Done()


async def open_export(core: Core, asker: Asker, ask: OpenExport) -> OpenedExport:
    """Every record is in the ledger, and its checkpoint with every witness, before the token is."""
    token = secrets.token_urlsafe(32)
    async with core.pool.connection() as db, db.transaction():
        row = await _find(db, asker, ask.export_id, lock=True)
        if step_of(row) != "ready" or row["session_id"] != asker.session_id:
            raise Refusal("forbidden", f"it is {step_of(row)}, or was asked for elsewhere")
        await need_thawed(db, row["site_id"], asker.principal)
        ids = await _page(db, row, most=row["size"])
        owners = await _owners(core, db, asker, row["site_id"], ids)
        root = await core.own_keys.root_to_write(db)
        await export_marks.remember(root, db, ask.export_id, export_marks.count(row["size"]))
        await db.execute(
            "UPDATE guard.export SET opened_at = now(), token_hash = %s, root_version = %s"
            " WHERE export_id = %s",
            [token_digest(token), root.version, ask.export_id],
        )
        entry = asker.entry(
            "export", purpose=row["purpose"], site_id=row["site_id"], fields=row["fields"],
            records=ids,
        )  # fmt: skip
        seqs = await core.ledger.append_in(db, in_parts(entry, owners))
    await core.ledger.need_witnessed(seqs[-1])
    return OpenedExport(token=token)


async def next_rows(core: Core, asker: Asker, ask: NextRows) -> ExportRows:
    async with core.pool.connection() as db, db.transaction():
        row = await _find(db, asker, ask.export_id, lock=True)
        is_its = row["token_hash"] is not None and secrets.compare_digest(
            row["token_hash"], token_digest(ask.token)
        )
        if step_of(row) != "open" or not is_its or row["session_id"] != asker.session_id:
            raise Refusal("forbidden", f"it is {step_of(row)}")
        await need_thawed(db, row["site_id"], asker.principal)
        root = await core.own_keys.root(db, row["root_version"])
        first, whole = row["sent"], row["size"]
        ids = await _page(db, row, most=EXPORT_PAGE)
        found = await core.vault.find(db, ids)
        records, size, read = [], 0, 0
        for each in ids:
            if size > PAGE_BYTES:
                break
            read += 1
            if each in found and found[each].data_key:  # not erased since it was asked for
                fields = _only(await core.vault.open(db, found[each]), row["fields"])
                size += sum(len(value.encode()) for value in fields.values())
                records.append(RevealedRecord(record_id=each, kind=found[each].kind, fields=fields))
        await db.execute(
            "UPDATE guard.export SET sent = sent + %(read)s, ended_at ="
            " CASE WHEN sent + %(read)s = cardinality(records) THEN now() END"
            " WHERE export_id = %(export)s",
            {"read": read, "export": ask.export_id},
        )
    marks = [
        export_marks.invented(root, ask.export_id, number, row["fields"])
        for number in range(export_marks.count(whole))
        if first <= number * whole // export_marks.count(whole) < first + read
    ]
    return ExportRows(records=records, marks=marks, more=first + read < whole)


async def trace(core: Core, asker: Asker, ask: Trace) -> Exports:
    async with core.pool.connection() as db, db.transaction():
        ids = await export_marks.exports_with(core, db, ask.value)
        rows = await every(db, f"{_SHOWN} WHERE e.export_id = ANY(%s)", [ids])
    return Exports(exports=[_shown(asker, row) for row in rows])


def step_of(row: DictRow) -> ExportStep:
    now = datetime.now(UTC)
    if row["opened_at"] and row["sent"] == row["size"]:
        return "done"
    if row["ended_at"]:
        return "cancelled"
    limit = row["opened_at"] + OPEN_FOR if row["opened_at"] else row["asked_at"] + GOOD_FOR
    if now > limit:
        return "expired"
    if row["opened_at"]:
        return "open"
    if row["proven_at"] is None:
        return "asked"
    return "ready" if row["ready_at"] and row["ready_at"] <= now else "waits"


def _facts(row: DictRow) -> passkeys.Facts:
    return {
        "purpose": row["purpose"], "export": str(row["export_id"]), "digest": row["digest"].hex(),
        "records": row["size"], "fields": row["fields"], "basis": row["basis"],
        "given_to": row["given_to"],
    }  # fmt: skip


def _need_other_device(row: DictRow, asker: Asker) -> None:
    """Whoever rides on one browser must not approve in it what it asked for."""
    same_place = (row["address"], row["agent"]) == (asker.address, asker.agent)
    if row["session_id"] == asker.session_id or same_place:
        raise Refusal("forbidden", "approve it on another device")
    may = asker.kind == "staff" or asker.role in MAY_EXPORT
    if not may:
        raise Refusal("forbidden")


async def _owners(
    core: Core, db: Db, asker: Asker, site_id: UUID, ids: list[UUID]
) -> dict[UUID, UUID]:
    """Whose each record is. Refusal `not_found` unless all are this site's and for these eyes."""
    found = await core.vault.find(db, ids)
    fits = (
        each in found and found[each].site_id == site_id and may_see(asker, found[each])
        for each in ids
    )  # fmt: skip
    if not all(fits):
        raise Refusal("not_found")
    return {each: found[each].person_id for each in ids}


async def _find(db: Db, asker: Asker, export_id: UUID, *, lock: bool = False) -> DictRow:
    row = await one(db, _LOCKED if lock else _ONE, [export_id])
    if row is None or (asker.kind == "operator" and row["site_id"] not in asker.site_ids):
        raise Refusal("not_found")
    return row


async def _page(db: Db, row: DictRow, *, most: int) -> list[UUID]:
    """The next records that were not sent yet."""
    values = {"from": row["sent"], "most": most, "export": row["export_id"]}
    page = await one(db, _PAGE, values)
    return list(page["ids"]) if page else []


async def _state(core: Core, asker: Asker, export_id: UUID) -> ExportState:
    """With the options of what this asker is to prove next, if anything."""
    async with core.pool.connection() as db:
        row = await _find(db, asker, export_id)
    shown = _shown(asker, row)
    options = ""
    if asker.principal != "cli" and shown.step == ("asked" if shown.mine else "waits"):
        options = await passkeys.ask_for_assertion(core, asker, _facts(row))
    return _shown(asker, row, options)


def _shown(asker: Asker, row: DictRow, options: str = "") -> ExportState:
    return ExportState(
        export_id=row["export_id"], site_id=row["site_id"], step=step_of(row),
        records=row["size"], people=row["persons"], fields=row["fields"],
        digest=row["digest"].hex(), asked_by=row["asker"], asked_at=row["asked_at"],
        mine=str(row["asked_by"]) == asker.principal, needs_second=row["needs_second"],
        basis=row["basis"], given_to=row["given_to"], opened_at=row["opened_at"],
        approved_by=row["approver"] or "", ready_at=row["ready_at"], sent=row["sent"],
        options=options,
    )  # fmt: skip


def _only(fields: dict[str, str], names: list[str]) -> dict[str, str]:
    return {name: fields.get(name, "") for name in names}
