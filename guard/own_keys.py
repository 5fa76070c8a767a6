"""Keys of the guard's own that can follow one another: the root that most of the rest derives from,
the passwords' pepper, what logins are found by, and two that lapse (see guard.renewal).

Nothing of them is kept in memory: which ones stand is for the database to say, at each use and to
every guard at once, so that none is used a moment after it was destroyed.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guard.db import Db, every, one
from guard.keys import KEY_BYTES, Box, BoxError, Keys

type Purpose = Literal["root", "pepper", "accounts", "hash", "bounce"]

FIRST_VERSION = 1
FIRST_ROOT = "lockstitch.root"  # what the first root is bound to, from when there was but one
# What the first key of an older instance was derived from its root as; a pepper it had none.
FROM_BEFORE: dict[Purpose, str] = {
    "pepper": "", "accounts": "login-index", "hash": "password-pepper", "bounce": "bounce",
}  # fmt: skip

_READ = "SELECT * FROM guard.own_key WHERE purpose = %s ORDER BY version DESC"
_READ_ONE = "SELECT * FROM guard.own_key WHERE purpose = %s AND version = %s"
_ADD = """INSERT INTO guard.own_key (purpose, version, wrapped) VALUES (%s, %s, %s)
    ON CONFLICT DO NOTHING"""
_SPARE = """UPDATE guard.own_key SET spare_at = coalesce(spare_at, now())
    WHERE purpose = %s AND version < %s
    RETURNING spare_at <= now() - make_interval(secs => %s) AS long_enough"""
# One for all purposes: whoever writes under several takes them in any order.
_LOCK = "hashtextextended('lockstitch.own-key', 0)"


@dataclass(frozen=True)
class OwnKey:
    version: int
    secret: bytes

    def derived(self, label: str) -> bytes:
        hkdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"lockstitch.{label}".encode())
        return hkdf.derive(self.secret)

    def box(self, label: str) -> Box:
        return Box(self.derived(label))

    def digest(self, label: str, value: str) -> bytes:
        """A keyed hash, so that a copy of the database does not tell guesses from truths."""
        return hmac.digest(self.derived(label), value.encode(), hashlib.sha256)


class Roots(dict[int, OwnKey]):
    """Those that stand, by version. Raises BoxError for one that does not."""

    def __missing__(self, version: int) -> OwnKey:
        raise BoxError("its key is gone")


class OwnKeys:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def start(self, db: Db) -> None:
        """Makes the first ones, after the root. BoxError: the master key is not theirs."""
        used = await one(db, "SELECT EXISTS (SELECT 1 FROM guard.principal) AS used")
        root = (await self.standing(db, "root"))[-1]
        for purpose, label in FROM_BEFORE.items():
            if not await self.standing(db, purpose):
                derived = root.derived(label) if label and used and used["used"] else None
                await self.make(db, purpose, FIRST_VERSION, derived or os.urandom(KEY_BYTES))

    async def standing(self, db: Db, purpose: Purpose) -> list[OwnKey]:
        """The newest first, and after it those that are not done with."""
        return [
            self.opened(row["purpose"], row["version"], row["wrapped"])
            for row in await every(db, _READ, [purpose])
        ]

    async def roots(self, db: Db) -> Roots:
        """To open rows that were read before this, never after: see guard.renewal.GRACE."""
        return Roots({key.version: key for key in await self.standing(db, "root")})

    async def root(self, db: Db, version: int) -> OwnKey:
        """The same of one. Raises BoxError."""
        row = await one(db, _READ_ONE, ["root", version])
        if row is None:
            raise BoxError("its key is gone")
        return self.opened("root", version, row["wrapped"])

    async def root_to_write(self, db: Db) -> OwnKey:
        """The newest, see `to_write`."""
        return (await self.to_write(db, "root"))[0]

    async def to_write(self, db: Db, purpose: Purpose) -> list[OwnKey]:
        """Those standing, and they stay so until the caller's transaction ends: before the
        ledger's."""
        await db.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
        return await self.standing(db, purpose)

    async def hold(self, db: Db, purpose: Purpose) -> list[OwnKey]:
        """The same, when nobody writes under any: for who makes or destroys one."""
        await db.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        return await self.standing(db, purpose)

    async def add(self, db: Db, purpose: Purpose) -> None:
        """The next version; by who holds them."""
        newest = (await self.standing(db, purpose))[0]
        await self.make(db, purpose, newest.version + 1, os.urandom(KEY_BYTES))

    async def spare_for(self, db: Db, purpose: Purpose, seconds: float, *, before: int) -> bool:
        """Whether nothing was under the older ones for so long; by who has just seen that nothing
        is."""
        rows = await every(db, _SPARE, [purpose, before, seconds])
        return all(row["long_enough"] for row in rows)

    async def destroy(self, db: Db, purpose: Purpose, *, before: int) -> None:
        await db.execute(
            "DELETE FROM guard.own_key WHERE purpose = %s AND version < %s", [purpose, before]
        )

    async def make(self, db: Db, purpose: Purpose, version: int, secret: bytes) -> None:
        """Nothing happens when it is there."""
        # Waits for a master key that is being replaced: see guard.master.
        async with db.transaction():
            await db.execute("LOCK TABLE guard.own_key IN ROW EXCLUSIVE MODE")
            wrapped = self._keys.wrap.seal(secret, binding(purpose, version))
            await db.execute(_ADD, [purpose, version, wrapped])

    def opened(self, purpose: Purpose, version: int, wrapped: bytes) -> OwnKey:
        return OwnKey(version, self._keys.unwrap(wrapped, binding(purpose, version)))


def binding(purpose: str, version: int) -> str:
    """What a wrapped key is bound to."""
    if (purpose, version) == ("root", FIRST_VERSION):
        return FIRST_ROOT
    return f"lockstitch.own-key|{purpose}|{version}"
