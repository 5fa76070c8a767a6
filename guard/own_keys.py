"""Keys of the guard's own that can follow one another: the passwords' pepper, and what logins are
found by.

Nothing of them is kept in memory: which ones stand is for the database to say, at each sign-in and
to every guard at once, so that none is used a moment after it was destroyed.
"""

import os
from dataclasses import dataclass
from typing import Literal

from guard.db import Db, every, one
from guard.keys import KEY_BYTES, Keys

type Purpose = Literal["pepper", "accounts"]

FIRST_VERSION = 1
FROM_BEFORE = "login-index"  # what the first accounts key of an older instance was derived as
_READ = "SELECT * FROM guard.own_key WHERE purpose = %s ORDER BY version DESC"
_ADD = """INSERT INTO guard.own_key (purpose, version, wrapped) VALUES (%s, %s, %s)
    ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class OwnKey:
    version: int
    secret: bytes


class OwnKeys:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def start(self, db: Db) -> None:
        """Makes the first ones. Raises BoxError when the master key is not theirs."""
        used = await one(db, "SELECT EXISTS (SELECT 1 FROM guard.principal) AS used")
        derived = self._keys.derived(FROM_BEFORE) if used and used["used"] else None
        first: dict[Purpose, bytes | None] = {"pepper": None, "accounts": derived}
        for purpose, secret in first.items():
            if not await self.standing(db, purpose):
                await self._add(db, purpose, FIRST_VERSION, secret or os.urandom(KEY_BYTES))

    async def standing(self, db: Db, purpose: Purpose) -> list[OwnKey]:
        """The newest first, and after it the one that is not done with."""
        return [
            self.opened(row["purpose"], row["version"], row["wrapped"])
            for row in await every(db, _READ, [purpose])
        ]

    async def to_write(self, db: Db, purpose: Purpose) -> list[OwnKey]:
        """The same, and they stay so until the caller's transaction ends: before the ledger's."""
        await db.execute(f"SELECT pg_advisory_xact_lock_shared({_lock(purpose)})")
        return await self.standing(db, purpose)

    async def hold(self, db: Db, purpose: Purpose) -> list[OwnKey]:
        """The same, when nobody writes under any: for who makes or destroys one."""
        await db.execute(f"SELECT pg_advisory_xact_lock({_lock(purpose)})")
        return await self.standing(db, purpose)

    async def add(self, db: Db, purpose: Purpose) -> None:
        """The next version; by who holds them."""
        newest = (await self.standing(db, purpose))[0]
        await self._add(db, purpose, newest.version + 1, os.urandom(KEY_BYTES))

    async def destroy(self, db: Db, purpose: Purpose, *, before: int) -> None:
        await db.execute(
            "DELETE FROM guard.own_key WHERE purpose = %s AND version < %s", [purpose, before]
        )

    async def _add(self, db: Db, purpose: Purpose, version: int, secret: bytes) -> None:
        # Waits for a master key that is being replaced: see guard.master.
        async with db.transaction():
            await db.execute("LOCK TABLE guard.own_key IN ROW EXCLUSIVE MODE")
            wrapped = self._keys.wrap.seal(secret, binding(purpose, version))
            await db.execute(_ADD, [purpose, version, wrapped])

    def opened(self, purpose: Purpose, version: int, wrapped: bytes) -> OwnKey:
        return OwnKey(version, self._keys.unwrap(wrapped, binding(purpose, version)))


def binding(purpose: str, version: int) -> str:
    """What a wrapped key is bound to."""
    return f"lockstitch.own-key|{purpose}|{version}"


def _lock(purpose: str) -> str:
    return f"hashtextextended('lockstitch.own-key.{purpose}', 0)"
