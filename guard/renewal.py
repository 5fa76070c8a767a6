"""A new pepper, or a new key by which accounts are found: everything is put under it in batches,
then the old one is destroyed.

Each row says which key it is under and is moved in one transaction, so that it opens and is found
at every moment, by every guard, and a stop at any step loses nothing.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from guard.accounts import email_of, login_index
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.keys import BoxError
from guard.own_keys import OwnKey, Purpose
from guard.pepper import UNSEALED, opened, sealed
from guard.refusal import Refusal

BATCH = 1_000

_PASSWORDS = """SELECT principal_id, value, key_version FROM guard.credential
    WHERE kind = 'password' AND key_version < %s ORDER BY key_version LIMIT %s
    FOR UPDATE SKIP LOCKED"""
_KEEP = """UPDATE guard.credential c SET value = moved.value, key_version = %s
    FROM unnest(%s::uuid[], %s::bytea[]) AS moved (principal_id, value)
    WHERE c.principal_id = moved.principal_id AND c.kind = 'password'"""
_ACCOUNTS = """SELECT principal_id, scope, sealed, login_index FROM guard.principal
    WHERE key_version < %s ORDER BY key_version LIMIT %s FOR UPDATE SKIP LOCKED"""
_NAME = """UPDATE guard.principal p SET login_index = moved.login, key_version = %s
    FROM unnest(%s::uuid[], %s::bytea[]) AS moved (principal_id, login)
    WHERE p.principal_id = moved.principal_id"""
_LEFT = {
    "pepper": "SELECT count(*) FROM guard.credential WHERE kind = 'password' AND key_version < %s",
    "accounts": "SELECT count(*) FROM guard.principal WHERE key_version < %s",
}


async def begin(core: Core, asker: Asker, purpose: Purpose) -> None:
    """One after another. Refusal `conflict`."""
    async with core.pool.connection() as db, db.transaction():
        if len(await core.own_keys.hold(db, purpose)) > 1:
            raise Refusal("conflict", "the last one is not done: go on with it first (--resume)")
        await core.own_keys.add(db, purpose)
        entry = asker.entry("key.rotate", purpose=f"key.{purpose}")
        await core.ledger.append_in(db, [entry])


async def go_on(core: Core, asker: Asker, purpose: Purpose) -> int:
    """One batch; how much is left, with one for the old key itself."""
    async with core.pool.connection() as db, db.transaction():
        new, *old = await core.own_keys.to_write(db, purpose)
        if not old:
            return 0
        rows = await every(db, _SELECT[purpose], [new.version, BATCH])
        if rows:
            await _MOVE[purpose](core, db, new, old, rows)
    async with core.pool.connection() as db, db.transaction():
        left = await _left(db, purpose, new)
        if left:
            return 1 + left
        # Whoever wrote under the old one has done so by now, and is seen.
        await core.own_keys.hold(db, purpose)
        left = await _left(db, purpose, new)
        if left:
            return 1 + left
        await core.own_keys.destroy(db, purpose, before=new.version)
        entry = asker.entry("key.destroy", purpose=f"key.{purpose}")
        await core.ledger.append_in(db, [entry])
    return 0


async def _left(db: Db, purpose: Purpose, new: OwnKey) -> int:
    row = await one(db, _LEFT[purpose], [new.version])
    return int(row["count"]) if row else 0


async def _move_passwords(
    _core: Core, db: Db, new: OwnKey, old: list[OwnKey], rows: list[DictRow]
) -> None:
    """What the old ones do not open stays as it is: nobody signs in with it, before or after."""
    peppers = {pepper.version: pepper for pepper in old}
    values: list[bytes] = []
    for row in rows:
        pepper = peppers.get(max(row["key_version"], UNSEALED + 1))
        hashed = opened(pepper, row) if pepper else None
        values.append(sealed(new, row["principal_id"], hashed) if hashed else row["value"])
    await db.execute(_KEEP, [new.version, _ids(rows), values])


async def _move_accounts(
    core: Core, db: Db, new: OwnKey, _old: list[OwnKey], rows: list[DictRow]
) -> None:
    """Who has left has no address any more, and is found by nothing."""
    logins: list[bytes] = []
    for row in rows:
        try:
            login = login_index(new, row["scope"], email_of(core, row)) if row["sealed"] else b""
        except BoxError:  # damaged: no letter reaches them either
            login = b""
        logins.append(login or row["login_index"])
    await db.execute(_NAME, [new.version, _ids(rows), logins])


def _ids(rows: list[DictRow]) -> list[UUID]:
    return [row["principal_id"] for row in rows]


_SELECT: dict[Purpose, str] = {"pepper": _PASSWORDS, "accounts": _ACCOUNTS}
_MOVE: dict[Purpose, Callable[..., Awaitable[Any]]] = {
    "pepper": _move_passwords, "accounts": _move_accounts,
}  # fmt: skip
