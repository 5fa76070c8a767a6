"""What members and operators ask about memberships."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from guard import index
from guard.accounts import email_of, login_name, retire
from guard.asker import Asker, plain
from guard.core import Core
from guard.db import Db, every, one
from guard.letters import post_letter
from guard.pepper import kept_password
from guard.refusal import Refusal
from guard.vault import FIELD_CHARACTERS_MAX, NewRecord
from guard.wire import (
    RECORDS_MAX,
    ClaimOrders,
    CloseAccount,
    Done,
    FindMembers,
    KeepNote,
    Kept,
    MemberIds,
    RecordIds,
    SendTest,
)  # fmt: skip

SUBJECT_MAX, LETTER_MAX = 500, 200_000


async def find_members(core: Core, asker: Asker, ask: FindMembers) -> MemberIds:
    if ask.site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")
    async with core.pool.connection() as db:
        digests = await core.site_keys.digests(db, ask.site_id, ask.by, ask.value)
        rows = await every(
            db,
            "SELECT p.principal_id, r.person_id, r.record_id FROM guard.blind b"
            " JOIN guard.record r USING (record_id) JOIN guard.principal p USING (person_id)"
            " WHERE b.site_id = %s AND b.digest = ANY(%s) AND r.kind = 'profile'"
            " AND p.kind = 'member' AND p.state = 'active'"
            " ORDER BY r.deposited_at DESC, r.record_id LIMIT %s",
            [ask.site_id, digests, RECORDS_MAX],
        )
    entry = asker.entry(
        "search", purpose=f"search.{ask.by}", site_id=ask.site_id,
        records=[row["record_id"] for row in rows], persons=[row["person_id"] for row in rows],
    )  # fmt: skip
    await core.ledger.append(entry)
    return MemberIds(member_ids=[row["principal_id"] for row in rows])


async def claim_orders(core: Core, asker: Asker, _: ClaimOrders) -> RecordIds:
    """Compares in here what a guest typed with the member's profile; nothing of it is shown."""
    await core.inbox.empty(site_id=asker.site_id)
    async with core.pool.connection() as db, db.transaction():
        rows = await every(
            db,
            "SELECT record_id FROM guard.record WHERE person_id = %s AND kind = 'order'"
            " AND claimed_by IS NULL ORDER BY deposited_at DESC LIMIT %s FOR UPDATE SKIP LOCKED",
            [asker.person_id, RECORDS_MAX],
        )
        claimed = await _fitting(core, db, asker, [row["record_id"] for row in rows])
        if claimed:
            await db.execute(
                "UPDATE guard.record SET claimed_by = %s WHERE record_id = ANY(%s)",
                [asker.principal, claimed],
            )
            entry = asker.entry(
                "claim", site_id=asker.site_id, records=claimed,
                persons=[asker.person_id] if asker.person_id else [],
            )  # fmt: skip
            await core.ledger.append_in(db, [entry])
        mine = await every(
            db,
            "SELECT record_id FROM guard.record WHERE claimed_by = %s"
            " ORDER BY deposited_at DESC, record_id LIMIT %s",
            [asker.principal, RECORDS_MAX],
        )
    return RecordIds(record_ids=[row["record_id"] for row in mine])


async def _fitting(core: Core, db: Db, asker: Asker, record_ids: list[UUID]) -> list[UUID]:
    own = await one(
        db, "SELECT record_id FROM guard.record WHERE person_id = %s AND kind = 'profile'",
        [asker.person_id],
    )  # fmt: skip
    if own is None or not record_ids:
        return []
    found = await core.vault.find(db, [own["record_id"], *record_ids])
    profile = _marks(await core.vault.open(db, found[own["record_id"]]))
    return [
        record_id
        for record_id in record_ids
        if profile & _marks(await core.vault.open(db, found[record_id]))
    ]


def _marks(fields: Mapping[str, str]) -> set[tuple[str, str]]:
    """A full name, its kana or a phone number, in their normal forms."""
    marks = {("phone", index.normal_phone(fields.get("phone", "")))}
    for kind in ("name", "kana"):
        parts = [index.NORMAL[kind](fields.get(f"{part}_{kind}", "")) for part in index.PARTS]
        if all(parts):
            marks.add((kind, "|".join(parts)))
    return {mark for mark in marks if mark[1]}


async def close_account(core: Core, asker: Asker, ask: CloseAccount) -> Done:
    principal_id = UUID(asker.principal)
    async with core.pool.connection() as db:
        account = await one(
            db, "SELECT * FROM guard.principal WHERE principal_id = %s", [principal_id]
        )
        stored = await kept_password(core, db, principal_id)
        roots = await core.own_keys.roots(db)
    if account is None:
        raise Refusal("session")
    login = login_name(account["site_id"], email_of(roots, account))
    await core.throttle.attempt(account=login, address=asker.address)
    if not await core.passwords.fits(stored, ask.password[:1024]):
        raise Refusal("credentials")
    async with core.pool.connection() as db, db.transaction():
        await retire(db, principal_id)  # who returns is a new person
        gone = await every(
            db,
            "DELETE FROM guard.record WHERE person_id = %s AND kind IN ('profile', 'address')"
            " RETURNING record_id",
            [asker.person_id],
        )
        await db.execute(
            "UPDATE guard.person SET left_at = now(), identity_index = NULL WHERE person_id = %s",
            [asker.person_id],
        )
        persons = [asker.person_id] if asker.person_id else []
        records = [row["record_id"] for row in gone]
        entries = [asker.entry("leave", site_id=asker.site_id, persons=persons)]
        if records:
            entries.append(
                asker.entry("vault.forget", site_id=asker.site_id, records=records, persons=persons)
            )
        await core.ledger.append_in(db, entries)
    return Done()


async def keep_note(core: Core, asker: Asker, ask: KeepNote) -> Kept:
    text = ask.text.strip()
    if ask.site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")
    if not 1 <= len(text) <= FIELD_CHARACTERS_MAX:
        raise Refusal("invalid", "text")
    async with core.pool.connection() as db, db.transaction():
        member = await one(
            db,
            "SELECT person_id FROM guard.principal WHERE principal_id = %s AND site_id = %s"
            " AND kind = 'member' AND state = 'active'",
            [ask.member_id, ask.site_id],
        )
        if member is None:
            raise Refusal("not_found")
        person = await core.vault.person(db, member["person_id"])
        record = NewRecord(uuid4(), "note", {"note": text}, person, f"operator:{asker.principal}")
        await core.vault.store(db, [record])
        entry = asker.entry(
            "vault.store", site_id=ask.site_id, records=[record.record_id],
            persons=[person.person_id],
        )  # fmt: skip
        await core.ledger.append_in(db, [entry])
    return Kept(record_id=record.record_id)


async def send_test(core: Core, asker: Asker, ask: SendTest) -> Done:
    if ask.site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")
    if len(ask.subject) > SUBJECT_MAX or len(ask.text) + len(ask.html) > LETTER_MAX:
        raise Refusal("invalid", "too long")
    async with core.pool.connection() as db, db.transaction():
        account = await one(
            db, "SELECT * FROM guard.principal WHERE principal_id = %s", [asker.principal]
        )
        if account is None:
            raise Refusal("session")
        to = email_of(await core.own_keys.roots(db), account)
        await core.throttle.ask_for_letter(account=f"test|{to}", address=asker.address)
        await post_letter(
            core, db, "letter.test", site_id=ask.site_id, to=to, text=ask.text, html=ask.html,
            subject=plain(ask.subject, SUBJECT_MAX),
        )  # fmt: skip
        await core.ledger.append_in(db, [asker.entry("letter.test", site_id=ask.site_id)])
    return Done()
