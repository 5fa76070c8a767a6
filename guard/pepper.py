"""What is kept of a password: its hash, sealed under the pepper and bound to whose it is.

The pepper lies around the hash, not in it, so that a new one needs nobody's password; and a hash
that is copied to another account, or was there when its pepper was destroyed, opens nothing.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import DictRow

from guard.core import Core
from guard.db import Db, many, one
from guard.keys import Box, BoxError
from guard.own_keys import FIRST_VERSION, OwnKey

SEALED = "$sealed$"  # in front of Base64: a stolen one betrays itself as a hash does
UNSEALED = 0  # the version of hashes from before there were peppers; they stand with the first

# Both in one look: a pepper that is destroyed just now is either there with its hash or gone.
_KEPT = f"""SELECT c.*, k.version, k.wrapped FROM guard.credential c JOIN guard.own_key k
    ON k.purpose = 'pepper' AND k.version = greatest(c.key_version, {FIRST_VERSION})
    WHERE c.principal_id = %s AND c.kind = 'password'"""  # noqa: S608
_KEEP = """INSERT INTO guard.credential (principal_id, kind, value, key_version)
    VALUES (%s, 'password', %s, %s) ON CONFLICT (principal_id, kind) DO UPDATE
    SET value = excluded.value, key_version = excluded.key_version, made_at = now()"""


class KeptPassword(NamedTuple):
    hash: bytes
    made_at: datetime  # stays when the pepper changes


async def kept_password(core: Core, db: Db, principal_id: UUID) -> KeptPassword | None:
    """None also when it is under no pepper that stands."""
    row = await one(db, _KEPT, [principal_id])
    if row is None:
        return None
    hashed = opened(core.own_keys.opened("pepper", row["version"], row["wrapped"]), row)
    return KeptPassword(hashed, row["made_at"]) if hashed else None


async def keep_passwords(core: Core, db: Db, hashes: Mapping[UUID, bytes]) -> None:
    """In the caller's transaction, before its entry of the ledger."""
    newest = (await core.own_keys.to_write(db, "pepper"))[0]
    rows = [(whose, sealed(newest, whose, kept), newest.version) for whose, kept in hashes.items()]
    await many(db, _KEEP, rows)


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
