"""A new root, a new pepper, or a new key by which accounts are found: everything is put under it in
batches, then the old one is destroyed.

Each row says which key it is under and is moved in one transaction, so that it opens and is found
at every moment, by every guard, and a stop at any step loses nothing. With a new root come keys
for passwords' hashes and return addresses, which nobody can make again: those before them lapse.
"""

from datetime import timedelta
from uuid import UUID

from psycopg.rows import DictRow

from guard import resealing
from guard.accounts import email_of, login_index
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.entry import system_entry
from guard.keys import BoxError
from guard.own_keys import OwnKey, Purpose
from guard.pepper import UNSEALED, opened, sealed
from guard.refusal import Refusal

BATCH = 1_000
# Longer than any call, which may have read a row before it was moved and its key not yet. A
# password or a login is read together with its key.
GRACE: dict[Purpose, float] = {"root": 30, "pepper": 0, "accounts": 0}
TOGETHER: dict[Purpose, tuple[Purpose, ...]] = {"root": ("root", "hash", "bounce")}
# Letters come back within days, and what waits for its owner has a hash in it for at most a week.
LAPSE_AFTER = timedelta(days=14)

_PASSWORDS = """SELECT principal_id, value, key_version FROM guard.credential
    WHERE kind = 'password' AND key_version < %s ORDER BY key_version LIMIT %s
    FOR UPDATE SKIP LOCKED"""
_KEEP = """UPDATE guard.credential c SET value = moved.value, key_version = %s
    FROM unnest(%s::uuid[], %s::bytea[]) AS moved (principal_id, value)
    WHERE c.principal_id = moved.principal_id AND c.kind = 'password'"""
_ACCOUNTS = """SELECT principal_id, scope, sealed, root_version, login_index
    FROM guard.principal WHERE key_version < %s ORDER BY key_version LIMIT %s
    FOR UPDATE SKIP LOCKED"""
_NAME = """UPDATE guard.principal p SET login_index = moved.login, key_version = %s
    FROM unnest(%s::uuid[], %s::bytea[]) AS moved (principal_id, login)
    WHERE p.principal_id = moved.principal_id"""
_LEFT = {
    "pepper": "SELECT count(*) FROM guard.credential WHERE kind = 'password' AND key_version < %s",
    "accounts": "SELECT count(*) FROM guard.principal WHERE key_version < %s",
}
_LAPSED = """DELETE FROM guard.own_key k WHERE purpose IN ('hash', 'bounce')
    AND EXISTS (SELECT 1 FROM guard.own_key n WHERE n.purpose = k.purpose
        AND n.version > k.version AND n.made_at < now() - %s)
    AND NOT (purpose = 'hash' AND EXISTS (SELECT 1 FROM guard.credential c
        WHERE c.kind = 'password' AND c.hash_version = k.version))
    RETURNING purpose"""


async def begin(core: Core, asker: Asker, purpose: Purpose) -> None:
    """One after another. Refusal `conflict`."""
    async with core.pool.connection() as db, db.transaction():
        if len(await core.own_keys.hold(db, purpose)) > 1:
            raise Refusal("conflict", "the last one is not done: go on with it first (--resume)")
        for each in TOGETHER.get(purpose, (purpose,)):
            await core.own_keys.add(db, each)
        entry = asker.entry("key.rotate", purpose=f"key.{purpose}")
        await core.ledger.append_in(db, [entry])


async def go_on(core: Core, asker: Asker, purpose: Purpose) -> int:
    """One batch; how much is left, with one for the old key itself."""
    async with core.pool.connection() as db, db.transaction():
        new, *old = await core.own_keys.to_write(db, purpose)
        if not old:
            return 0
        await _move(core, db, purpose, new, old)
    async with core.pool.connection() as db, db.transaction():
        left = await _left(db, purpose, new)
        if left:
            return 1 + left
        # Whoever wrote under the old one has done so by now, and is seen.
        if len(await core.own_keys.hold(db, purpose)) == 1:  # another run has destroyed it
            return 0
        left = await _left(db, purpose, new)
        if left:
            return 1 + left
        if not await core.own_keys.spare_for(db, purpose, GRACE[purpose], before=new.version):
            return 1
        await core.own_keys.destroy(db, purpose, before=new.version)
        entry = asker.entry("key.destroy", purpose=f"key.{purpose}")
        await core.ledger.append_in(db, [entry])
    return 0


async def let_lapse(core: Core) -> None:
    """What no password's hash has in it any more, or no letter comes back under."""
    async with core.pool.connection() as db, db.transaction():
        gone = {row["purpose"] for row in await every(db, _LAPSED, [LAPSE_AFTER])}
        entries = [
            system_entry("keys", "key.destroy", purpose=f"key.{each}") for each in sorted(gone)
        ]
        if entries:
            await core.ledger.append_in(db, entries)


async def _move(core: Core, db: Db, purpose: Purpose, new: OwnKey, old: list[OwnKey]) -> None:
    if purpose == "root":
        await resealing.move(db, new, old[0], BATCH)
    elif purpose == "pepper":
        await _move_passwords(db, new, old)
    else:
        await _move_accounts(core, db, new)


async def _left(db: Db, purpose: Purpose, new: OwnKey) -> int:
    if purpose == "root":
        return await resealing.left(db, new)
    row = await one(db, _LEFT[purpose], [new.version])
    return int(row["count"]) if row else 0


async def _move_passwords(db: Db, new: OwnKey, old: list[OwnKey]) -> None:
    """What the old ones do not open stays as it is: nobody signs in with it, before or after."""
    rows = await every(db, _PASSWORDS, [new.version, BATCH])
    peppers = {pepper.version: pepper for pepper in old}
    values: list[bytes] = []
    for row in rows:
        pepper = peppers.get(max(row["key_version"], UNSEALED + 1))
        hashed = opened(pepper, row) if pepper else None
        values.append(sealed(new, row["principal_id"], hashed) if hashed else row["value"])
    await db.execute(_KEEP, [new.version, _ids(rows), values])


async def _move_accounts(core: Core, db: Db, new: OwnKey) -> None:
    """Who has left has no address any more, and is found by nothing."""
    rows = await every(db, _ACCOUNTS, [new.version, BATCH])
    roots = await core.own_keys.roots(db)
    logins: list[bytes] = []
    for row in rows:
        try:
            login = login_index(new, row["scope"], email_of(roots, row)) if row["sealed"] else b""
        except BoxError:  # damaged: no letter reaches them either
            login = b""
        logins.append(login or row["login_index"])
    await db.execute(_NAME, [new.version, _ids(rows), logins])


def _ids(rows: list[DictRow]) -> list[UUID]:
    return [row["principal_id"] for row in rows]
