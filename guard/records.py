"""Showing, finding and keeping personal records. Whose a record is, is decided here."""

import re
from uuid import UUID, uuid4

from guard import api_keys, budgets
from guard.accounts import hold, masked_name
from guard.asker import Asker
from guard.contain import need_thawed
from guard.core import Core
from guard.db import Db, every, one
from guard.entry import Entry
from guard.policy import allow_fields, in_order
from guard.refusal import Refusal
from guard.vault import NewRecord, StoredRecord, proper_fields
from guard.wire import (
    FIELDS,
    RECORDS_MAX,
    Done,
    Forget,
    Keep,
    Kept,
    MyRecords,
    Prove,
    RecordIds,
    Reveal,
    Revealed,
    RevealedRecord,
    Search,
)  # fmt: skip

PURPOSE = re.compile(r"[a-z]{1,30}\.[a-z]{1,30}")
KEPT_MAX = 50  # addresses of one member


async def reveal(core: Core, asker: Asker, ask: Reveal) -> Revealed:
    ids = list(dict.fromkeys(ask.record_ids))
    records = await looked_for(core, asker, ask, ids)
    if asker.kind == "key":
        await api_keys.need(core, asker, ask)
    entry = asker.entry(
        "reveal", purpose=ask.purpose, site_id=records[0].site_id,
        fields=in_order(ask.fields), records=ids,
        persons=list(dict.fromkeys(record.person_id for record in records)),
    )  # fmt: skip
    seq = await _written_down(core, asker, entry)  # before a single field is opened
    async with core.pool.connection() as db:
        opened = {record.record_id: await core.vault.open(db, record) for record in records}
    return Revealed(
        seq=seq,
        records=[
            RevealedRecord(
                record_id=record.record_id, kind=record.kind,
                fields={name: opened[record.record_id].get(name, "") for name in entry.fields},
            )
            for record in records
        ],
    )  # fmt: skip


async def _written_down(core: Core, asker: Asker, entry: Entry) -> int:
    if asker.kind not in ("operator", "key"):
        return await core.ledger.append(entry)
    async with core.pool.connection() as db, db.transaction():
        await need_thawed(db, entry.site_id, asker.principal)
        await budgets.spend(db, asker, entry)
        [seq] = await core.ledger.append_in(db, [entry])
    return seq


async def looked_for(
    core: Core, asker: Asker, ask: Reveal | Prove, ids: list[UUID], *, most: int = RECORDS_MAX
) -> list[StoredRecord]:
    """All of them, in this order, all of one site and all for this asker's eyes. Refusal."""
    if not 1 <= len(ask.record_ids) <= most or not ask.fields:
        raise Refusal("invalid", f"1 to {most} records, and fields")
    if not PURPOSE.fullmatch(ask.purpose) or not set(ask.fields) <= set(FIELDS):
        raise Refusal("invalid", "purpose or fields")
    allow_fields(asker, "reveal", ask.fields)
    async with core.pool.connection() as db:
        found = await core.vault.find(db, ids)
    if missing := [each for each in ids if each not in found]:
        await core.inbox.empty(record_ids=missing)
        async with core.pool.connection() as db:
            found |= await core.vault.find(db, missing)
    if not all(each in found and may_see(asker, found[each]) for each in ids):
        raise Refusal("not_found")
    if len({found[each].site_id for each in ids}) > 1:
        raise Refusal("invalid", "records of several sites")
    return [found[each] for each in ids]


def may_see(asker: Asker, record: StoredRecord) -> bool:
    """An operator their sites' orders, members and notes; a key its site's orders; a
    member their own; a token what was placed with it. An order is not a member's by its e-mail
    address alone: anyone can type it."""
    if not record.data_key:
        return False  # erased
    if asker.kind == "operator":
        return record.site_id in asker.site_ids and record.kind in ("order", "profile", "note")
    if asker.kind == "key":
        return record.site_id in asker.site_ids and record.kind == "order"
    if asker.kind == "member" and record.person_id == asker.person_id:
        is_own = record.kind != "order" or str(record.claimed_by) == asker.principal
        if is_own:
            return True
    return asker.guest_hash is not None and record.access_hash == asker.guest_hash


async def search(core: Core, asker: Asker, ask: Search) -> RecordIds:
    if ask.site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")
    await core.inbox.empty(site_id=ask.site_id)
    async with core.pool.connection() as db:
        digests = await core.site_keys.digests(db, ask.site_id, ask.by, ask.value)
        rows = await every(
            db,
            "SELECT r.record_id, r.person_id FROM guard.blind b JOIN guard.record r"
            " USING (record_id) WHERE b.site_id = %s AND b.digest = ANY(%s) AND r.kind = 'order'"
            " ORDER BY r.deposited_at DESC, r.record_id LIMIT %s",
            [ask.site_id, digests, RECORDS_MAX],
        )
    ids = [row["record_id"] for row in rows]
    entry = asker.entry(
        "search", purpose=f"search.{ask.by}", site_id=ask.site_id, records=ids,
        persons=list(dict.fromkeys(row["person_id"] for row in rows)),
    )  # fmt: skip
    await core.ledger.append(entry)
    return RecordIds(record_ids=ids)


async def my_records(core: Core, asker: Asker, ask: MyRecords) -> RecordIds:
    async with core.pool.connection() as db:
        rows = await every(
            db,
            "SELECT record_id FROM guard.record WHERE person_id = %s AND kind = ANY(%s)"
            " AND (kind <> 'order' OR claimed_by = %s)"
            " ORDER BY deposited_at DESC, record_id LIMIT %s",
            [asker.person_id, list(ask.kinds), asker.principal, RECORDS_MAX],
        )
    return RecordIds(record_ids=[row["record_id"] for row in rows])


async def keep(core: Core, asker: Asker, ask: Keep) -> Kept:
    if asker.person_id is None or not ask.fields or not proper_fields(ask.fields):
        raise Refusal("invalid", "fields")
    async with core.pool.connection() as db, db.transaction():
        # One member's changes one after another: there is one profile, and no endless addresses.
        await hold(db, asker.principal)
        record_id = await _replaceable(db, asker, ask)
        person = await core.vault.person(db, asker.person_id)
        record = NewRecord(record_id or uuid4(), ask.kind, ask.fields, person, "member")
        if record_id is None:
            await core.vault.store(db, [record])
        else:
            await core.vault.replace(db, record)
        if ask.kind == "profile":
            await db.execute(
                "UPDATE guard.principal SET handle = %s WHERE principal_id = %s",
                [masked_name(ask.fields), asker.principal],
            )
        verb = "vault.store" if record_id is None else "vault.replace"
        await core.ledger.append_in(db, [_own_entry(asker, verb, record.record_id)])
    return Kept(record_id=record.record_id)


async def _replaceable(db: Db, asker: Asker, ask: Keep) -> UUID | None:
    """The record to replace: the one named, or the profile there is. None: a new one."""
    rows = await every(
        db, "SELECT record_id FROM guard.record WHERE person_id = %s AND kind = %s",
        [asker.person_id, ask.kind],
    )  # fmt: skip
    own: list[UUID] = [row["record_id"] for row in rows]
    if ask.record_id is not None:
        if ask.record_id not in own:
            raise Refusal("not_found")
        return ask.record_id
    if len(own) >= KEPT_MAX:
        raise Refusal("conflict", "too many addresses")
    return own[0] if own and ask.kind == "profile" else None


async def forget(core: Core, asker: Asker, ask: Forget) -> Done:
    """A profile or an address. An order's record stays: the order is a contract."""
    async with core.pool.connection() as db, db.transaction():
        gone = await one(
            db,
            "DELETE FROM guard.record WHERE record_id = %s AND person_id = %s"
            " AND kind IN ('profile', 'address') RETURNING record_id",
            [ask.record_id, asker.person_id],
        )
        if gone is None:
            raise Refusal("not_found")
        await core.ledger.append_in(db, [_own_entry(asker, "vault.forget", ask.record_id)])
    return Done()


def _own_entry(asker: Asker, verb: str, record_id: UUID) -> Entry:
    persons = [asker.person_id] if asker.person_id else []
    return asker.entry(verb, site_id=asker.site_id, records=[record_id], persons=persons)
