"""A new index key for a site: what is found by the old one is put under the new, then it is gone.

While it runs, look-ups ask for the digests of both. Each row says which key it is under, and is
moved in one transaction, so it is found exactly once at every moment and a stop loses nothing.
"""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from guard import index
from guard.accounts import email_of
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.refusal import Refusal
from guard.site_keys import SiteKey
from guard.vault import DamagedError, StoredRecord

BATCH = 500
BREATH = 25  # records opened before others have their turn
AGE_SECONDS = 30.0  # by then every guard knows the new key, and no call of before it still runs

_AGE = """SELECT coalesce(max(version), 0) AS version,
    coalesce(max(made_at) < now() - make_interval(secs => %s), false) AS is_old
    FROM guard.site_key WHERE site_id = %s AND purpose = 'index'"""
_RECORDS = """SELECT record_id FROM guard.record WHERE site_id = %s AND index_version < %s
    AND kind IN ('order', 'profile') AND sealed <> '' ORDER BY index_version LIMIT %s
    FOR NO KEY UPDATE SKIP LOCKED"""
_PEOPLE = """SELECT person_id FROM guard.person WHERE site_id = %s AND index_version < %s
    AND identity_index IS NOT NULL ORDER BY index_version LIMIT %s FOR NO KEY UPDATE SKIP LOCKED"""
_LEFT = """SELECT (SELECT count(*) FROM guard.record WHERE site_id = %s AND index_version < %s
    AND kind IN ('order', 'profile') AND sealed <> '')
    + (SELECT count(*) FROM guard.person WHERE site_id = %s AND index_version < %s
    AND identity_index IS NOT NULL) AS count"""
# Of two that would become one, the one that a newer deposit made has the name.
_MOVE_PEOPLE = """UPDATE guard.person p SET identity_index = new, index_version = %s
    FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) AS moved (person_id, old, new)
    WHERE p.person_id = moved.person_id AND p.identity_index = moved.old
    AND NOT EXISTS (SELECT 1 FROM guard.person o WHERE o.site_id = p.site_id
        AND o.identity_index = moved.new)"""
_ADD = """INSERT INTO guard.blind (site_id, digest, record_id)
    SELECT %s, digest, record_id FROM unnest(%s::bytea[], %s::uuid[]) AS b (digest, record_id)"""


async def begin(core: Core, db: Db, site_id: UUID) -> None:
    """One after another. Refusal `conflict`."""
    if len(await core.site_keys.indexes(db, site_id, fresh=True)) > 1:
        raise Refusal("conflict", "the last one is not done: go on with it first (--resume)")


async def go_on(core: Core, asker: Asker, site_id: UUID) -> int:
    """One batch; how much is left, with one for the old key itself. Refusal `not_found`."""
    async with core.pool.connection() as db, db.transaction():
        row = await one(db, _AGE, [AGE_SECONDS, site_id])
        if row is None or not row["version"]:
            raise Refusal("not_found", "no such site")
        new, *old = await core.site_keys.indexes(db, site_id, fresh=True)
        if not old:
            return 0
        if row["is_old"] and not await _move(core, db, new, old):
            await _destroy(core, db, asker, new)
    async with core.pool.connection() as db:
        if len(await core.site_keys.indexes(db, site_id, fresh=True)) == 1:
            return 0
        row = await one(db, _LEFT, [site_id, new.version] * 2)
    return 1 + int(row["count"] if row else 0)


async def _move(core: Core, db: Db, new: SiteKey, old: list[SiteKey]) -> int:
    """How many were moved: records first, and by what they say the people whose they are."""
    rows = await every(db, _RECORDS, [new.site_id, new.version, BATCH])
    if rows:
        ids = [row["record_id"] for row in rows]
        await _move_records(core, db, new, old, await core.vault.find(db, ids))
        return len(ids)
    rows = await every(db, _PEOPLE, [new.site_id, new.version, BATCH])
    await _move_people(core, db, new, old, [row["person_id"] for row in rows])
    return len(rows)


async def _move_records(
    core: Core, db: Db, new: SiteKey, old: list[SiteKey], found: dict[UUID, StoredRecord]
) -> None:
    digests: list[bytes] = []
    of: list[UUID] = []
    named: list[tuple[UUID, bytes, bytes]] = []
    for count, (record_id, record) in enumerate(found.items()):
        if count % BREATH == 0:
            await asyncio.sleep(0)
        try:
            fields = await core.vault.open(db, record)
        except DamagedError:  # nobody can open it, so nobody need find it
            continue
        under = index.entries(new.secret, fields)
        digests += under
        of += [record_id] * len(under)
        named += _names(record.person_id, fields, new, old)
    await db.execute("DELETE FROM guard.blind WHERE record_id = ANY(%s)", [list(found)])
    await db.execute(_ADD, [new.site_id, digests, of])
    await db.execute(
        "UPDATE guard.record SET index_version = %s WHERE record_id = ANY(%s)",
        [new.version, list(found)],
    )
    await _rename(db, new, named)


async def _move_people(
    core: Core, db: Db, new: SiteKey, old: list[SiteKey], people: list[UUID]
) -> None:
    """Those whom no record names: by their account. Whom nothing here names, nobody asks for."""
    accounts = await every(
        db,
        "SELECT principal_id, person_id, sealed, root_version FROM guard.principal"
        " WHERE person_id = ANY(%s) AND kind = 'member' AND sealed <> ''",
        [people],
    )
    roots = await core.own_keys.roots(db)
    named = [
        each for account in accounts
        for each in _names(account["person_id"], {"email": email_of(roots, account)}, new, old)
    ]  # fmt: skip
    await _rename(db, new, named)
    await db.execute(
        "UPDATE guard.person SET identity_index = NULL, index_version = %s"
        " WHERE person_id = ANY(%s) AND index_version < %s",
        [new.version, people, new.version],
    )


def _names(
    person_id: UUID, fields: dict[str, str], new: SiteKey, old: list[SiteKey]
) -> Iterable[tuple[UUID, bytes, bytes]]:
    """By mail and by phone each: of a later record, the person may have the one that was first."""
    for kind in ("email", "phone"):
        only = {kind: fields.get(kind, "")}
        now = index.identity(new.secret, only)
        for key in old:
            before = index.identity(key.secret, only)
            if now is not None and before is not None:
                yield person_id, before, now


async def _rename(db: Db, new: SiteKey, named: list[tuple[UUID, bytes, bytes]]) -> None:
    if named:
        ids, before, now = (list(each) for each in zip(*dict.fromkeys(named), strict=True))
        await db.execute(_MOVE_PEOPLE, [new.version, ids, before, now])


async def _destroy(core: Core, db: Db, asker: Asker, new: SiteKey) -> None:
    """The older keys, when nothing at all is under one of them."""
    await one(db, "SELECT 1 FROM guard.site WHERE site_id = %s FOR UPDATE", [new.site_id])
    left = await one(db, _LEFT, [new.site_id, new.version] * 2)
    if left is None or left["count"]:
        return
    await db.execute(
        "DELETE FROM guard.site_key WHERE site_id = %s AND purpose = 'index' AND version < %s",
        [new.site_id, new.version],
    )
    entry = asker.entry("key.destroy", purpose="key.index", site_id=new.site_id)
    await core.ledger.append_in(db, [entry])
