"""Records of people who do not exist. To everybody but the guard they look like any other."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, one
from guard.entry import Entry, system_entry
from guard.refusal import Refusal
from guard.vault import NewRecord, proper_fields
from guard.wire import Kept, PlantHoney


async def plant_honey(core: Core, asker: Asker, ask: PlantHoney) -> Kept:
    """An order's record of an invented person, or the profile of a member made before."""
    if not proper_fields(ask.fields):
        raise Refusal("invalid", "fields")
    entries: list[Entry] = []
    async with core.pool.connection() as db, db.transaction():
        if ask.member_id:
            record_id = await _profile(db, ask)
        else:
            record = await _order(core, db, ask)
            record_id = record.record_id
            # As of any deposit: a record without this entry would be a forged one.
            entries.append(
                system_entry("vault", "vault.store", site_id=ask.site_id, records=[record_id],
                             persons=[record.person.person_id])
            )  # fmt: skip
        await db.execute(
            "INSERT INTO guard.honey (record_id, site_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [record_id, ask.site_id],
        )
        entries.append(asker.entry("honey.plant", site_id=ask.site_id, records=[record_id]))
        await core.ledger.append_in(db, entries)
    return Kept(record_id=record_id)


async def _profile(db: Db, ask: PlantHoney) -> UUID:
    row = await one(
        db,
        "SELECT r.record_id FROM guard.principal p JOIN guard.record r USING (person_id)"
        " WHERE p.principal_id = %s AND p.site_id = %s AND r.kind = 'profile'",
        [ask.member_id, ask.site_id],
    )
    if row is None:
        raise Refusal("not_found", "no such member")
    found: UUID = row["record_id"]
    return found


async def _order(core: Core, db: Db, ask: PlantHoney) -> NewRecord:
    [person] = await core.vault.people(db, ask.site_id, [ask.fields])
    record = NewRecord(
        record_id=uuid4(), kind="order", fields=ask.fields, person=person, source="desk",
        deposited_at=datetime.now(UTC),
    )  # fmt: skip
    await core.vault.store(db, [record])
    return record


async def is_honey(db: Db, record_id: UUID) -> bool:
    """No letter goes to nobody: the invented address may be somebody's."""
    query = "SELECT 1 FROM guard.honey WHERE record_id = %s"
    return await one(db, query, [record_id]) is not None
