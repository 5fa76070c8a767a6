"""Members in from another platform, and out again. For the command line only."""

from uuid import UUID

from guard.accounts import find_account, proper_email
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.foreign import UnknownHash
from guard.refusal import Refusal
from guard.registration import add_member
from guard.vault import proper_fields
from guard.wire import (
    FIELDS,
    MOVED_MAX,
    Exported,
    ExportMembers,
    Imported,
    ImportMembers,
    MemberRow,
    MovedIn,
    MovedOut,
)  # fmt: skip


async def import_members(core: Core, asker: Asker, ask: ImportMembers) -> Imported:
    """Each row by itself: a wrong one keeps no other out, and a second run finds the first's."""
    if not 1 <= len(ask.members) <= MOVED_MAX:
        raise Refusal("invalid", f"1 to {MOVED_MAX} members")
    async with core.pool.connection() as db:
        if await one(db, "SELECT 1 FROM guard.site WHERE site_id = %s", [ask.site_id]) is None:
            raise Refusal("not_found", "no such site")
    return Imported(rows=[await _row(core, asker, ask.site_id, row) for row in ask.members])


async def _row(core: Core, asker: Asker, site_id: UUID, row: MemberRow) -> MovedIn:
    try:
        email = proper_email(row.email)
    except Refusal:
        return MovedIn(outcome="email")
    if not proper_fields(row.fields):
        return MovedIn(outcome="fields")
    async with core.pool.connection() as db:
        known = await find_account(core, db, site_id, email)
        if known is not None:
            return await _known(db, known["principal_id"], "exists")
    try:
        hashed = await core.passwords.wrap(row.password_hash) if row.password_hash else b""
    except UnknownHash:
        return MovedIn(outcome="password")
    async with core.pool.connection() as db, db.transaction():
        try:
            principal_id, person_id = await add_member(
                core, db, site_id, email=email, hashed=hashed,
                fields={**row.fields, "email": email},
            )  # fmt: skip
        except Refusal:  # the same address a moment ago, in this very file
            return MovedIn(outcome="exists")
        entry = asker.entry("import", site_id=site_id, persons=[person_id])
        await core.ledger.append_in(db, [entry])
        return await _known(db, principal_id, "made")


async def _known(db: Db, principal_id: UUID, outcome: str) -> MovedIn:
    row = await one(
        db,
        "SELECT p.handle, r.record_id FROM guard.principal p LEFT JOIN guard.record r"
        " ON r.person_id = p.person_id AND r.kind = 'profile' WHERE p.principal_id = %s",
        [principal_id],
    )
    return MovedIn(
        outcome="made" if outcome == "made" else "exists", member_id=principal_id,
        profile_id=row["record_id"] if row else None, handle=row["handle"] if row else "",
    )  # fmt: skip


async def export_members(core: Core, asker: Asker, ask: ExportMembers) -> Exported:
    """Whole profiles. The ledger has every person of the answer before a field is opened."""
    limit = max(1, min(ask.limit, MOVED_MAX))
    async with core.pool.connection() as db:
        rows = await every(
            db,
            "SELECT p.principal_id, p.person_id, r.record_id FROM guard.principal p"
            " JOIN guard.record r ON r.person_id = p.person_id AND r.kind = 'profile'"
            " WHERE p.site_id = %s AND p.kind = 'member' AND p.state = 'active'"
            " AND (%s::uuid IS NULL OR p.principal_id > %s) ORDER BY p.principal_id LIMIT %s",
            [ask.site_id, ask.after, ask.after, limit + 1],
        )
    shown = rows[:limit]
    if shown:
        entry = asker.entry(
            "reveal", purpose="members.export", site_id=ask.site_id, fields=list(FIELDS),
            records=[row["record_id"] for row in shown],
            persons=[row["person_id"] for row in shown],
        )  # fmt: skip
        await core.ledger.append(entry)
    async with core.pool.connection() as db:
        found = await core.vault.find(db, [row["record_id"] for row in shown])
        out = [
            MovedOut(
                member_id=row["principal_id"],
                fields=await core.vault.open(db, found[row["record_id"]]),
            )
            for row in shown
            if row["record_id"] in found
        ]  # fmt: skip
    return Exported(rows=out, more=len(rows) > limit)
