"""What is kept of a password: its hash, sealed under the pepper and bound to whose it is.

The pepper lies around the hash, not in it, so that a new one needs nobody's password; and a hash
that is copied to another account, or was there when its pepper was destroyed, opens nothing.
"""

import base64
from collections.abc import Mapping
from uuid import UUID

from psycopg.rows import DictRow

from guard import foreign
from guard.core import Core
from guard.db import Db, many, one
from guard.keys import Box, BoxError
from guard.own_keys import FIRST_VERSION, OwnKey
from guard.passwords import Hashed, KeptPassword

SEALED = "$sealed$"  # in front of Base64: a stolen one betrays itself as a hash does
UNSEALED = 0  # the version of hashes from before there were peppers; they stand with the first

# All in one look: a key that is destroyed just now is either there with its hash or gone.
_KEPT = f"""SELECT c.*, k.version, k.wrapped, h.wrapped AS hash_wrapped,
    c.hash_version < (SELECT max(version) FROM guard.own_key WHERE purpose = 'hash') AS is_due
    FROM guard.credential c JOIN guard.own_key k
    ON k.purpose = 'pepper' AND k.version = greatest(c.key_version, {FIRST_VERSION})
    JOIN guard.own_key h ON h.purpose = 'hash' AND h.version = c.hash_version
    WHERE c.principal_id = %s AND c.kind = 'password'"""  # noqa: S608
_KEEP = """INSERT INTO guard.credential (principal_id, kind, value, key_version, hash_version)
    VALUES (%s, 'password', %s, %s, %s) ON CONFLICT (principal_id, kind) DO UPDATE
    SET value = excluded.value, key_version = excluded.key_version,
        hash_version = excluded.hash_version, made_at = now()"""
_RENEW = """UPDATE guard.credential SET value = %s, key_version = %s, hash_version = %s
    WHERE principal_id = %s AND kind = 'password'"""


async def hash_password(core: Core, password: str) -> Hashed:
    """No connection is held while it takes long."""
    return await core.passwords.hash(password, await _newest(core))


async def wrap_foreign(core: Core, foreign_hash: str) -> Hashed:
    """Raises foreign.UnknownHash."""
    return await core.passwords.wrap(foreign_hash, await _newest(core))


async def _newest(core: Core) -> OwnKey:
    async with core.pool.connection() as db:
        return (await core.own_keys.standing(db, "hash"))[0]


async def kept_password(core: Core, db: Db, principal_id: UUID) -> KeptPassword | None:
    """None also when it is under a key that is gone."""
    row = await one(db, _KEPT, [principal_id])
    if row is None:
        return None
    hashed = opened(core.own_keys.opened("pepper", row["version"], row["wrapped"]), row)
    if hashed is None:
        return None
    inner = core.own_keys.opened("hash", row["hash_version"], row["hash_wrapped"])
    is_due = row["is_due"] or hashed.startswith(foreign.MARK)
    return KeptPassword(hashed, inner.secret, row["made_at"], is_due)


async def keep_passwords(core: Core, db: Db, hashes: Mapping[UUID, Hashed]) -> None:
    """In the caller's transaction, before its entry of the ledger."""
    newest = (await core.own_keys.to_write(db, "pepper"))[0]
    rows = [
        (whose, sealed(newest, whose, kept.value), newest.version, kept.version)
        for whose, kept in hashes.items()
    ]
    await many(db, _KEEP, rows)


async def renew_hash(core: Core, db: Db, principal_id: UUID, hashed: Hashed) -> None:
    """The same password, hashed anew: whoever signs in with it at this moment does."""
    newest = (await core.own_keys.to_write(db, "pepper"))[0]
    value = sealed(newest, principal_id, hashed.value)
    await db.execute(_RENEW, [value, newest.version, hashed.version, principal_id])


def sealed(pepper: OwnKey, principal_id: UUID, hashed: bytes) -> bytes:
    kept = Box(pepper.secret).seal(hashed, _binding(principal_id))
    return SEALED.encode() + base64.b64encode(kept)


def opened(pepper: OwnKey, row: DictRow) -> bytes | None:
    """The hash in a row; None when nobody can say it any more."""
    value = bytes(row["value"])
    if row["key_version"] == UNSEALED:
        return value
    try:
        kept = base64.b64decode(value.removeprefix(SEALED.encode()), validate=True)
        return Box(pepper.secret).open(kept, _binding(row["principal_id"]))
    except (ValueError, BoxError):
        return None


def _binding(principal_id: UUID) -> str:
    return f"lockstitch.password|{principal_id}"
