"""A site's own keys: to open its deposits, to index, to wrap its people's data keys."""

import os
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from guard.db import Db, every, one
from guard.index import sought
from guard.keys import KEY_BYTES, Box, Keys
from guard.sealing import generate

SUITE = 1
FIRST_VERSION = 1
NEWEST_SECONDS = 5.0


@dataclass(frozen=True)
class SiteKey:
    key_id: UUID
    site_id: UUID
    version: int
    suite: int | None
    secret: bytes


class SiteKeys:
    """Kept wrapped by the master key; what was opened stays in memory, for it never changes."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._newest: dict[tuple[UUID, str], tuple[float, SiteKey]] = {}
        self._versions: dict[tuple[UUID, str, int], SiteKey] = {}
        self._seals: dict[UUID, SiteKey] = {}
        self._indexes: dict[UUID, tuple[float, list[SiteKey]]] = {}

    async def make(self, db: Db, site_id: UUID) -> tuple[UUID, int]:
        """A new site's three keys, and the public one published: its id and suite."""
        for purpose in ("index", "wrap"):
            await self.add(db, site_id, purpose, FIRST_VERSION)
        return await self.add(db, site_id, "seal", FIRST_VERSION), SUITE

    async def add(self, db: Db, site_id: UUID, purpose: str, version: int | None = None) -> UUID:
        """A new key, by default of the next version; of two seal keys the older is retired.

        LookupError when there is no such site.
        """
        # Waits for a master key that is being replaced: see guard.master.
        await db.execute("LOCK TABLE guard.site_key IN ROW EXCLUSIVE MODE")
        if version is None:
            version = (await self._read_newest(db, site_id, purpose)).version + 1
        key_id, secret, suite = uuid4(), os.urandom(KEY_BYTES), None
        if purpose == "seal":
            suite = SUITE
            public, secret = generate(SUITE)
        sealed = self._keys.wrap.seal(secret, binding(site_id, purpose, key_id, version))
        await db.execute(
            "INSERT INTO guard.site_key (key_id, site_id, purpose, version, suite, wrapped)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [key_id, site_id, purpose, version, suite, sealed],
        )
        if purpose == "seal":
            await db.execute(
                "UPDATE guard.site_public_key SET retired_at = now()"
                " WHERE site_id = %s AND retired_at IS NULL",
                [site_id],
            )
            await db.execute(
                "INSERT INTO guard.site_public_key (key_id, site_id, suite, public_key)"
                " VALUES (%s, %s, %s, %s)",
                [key_id, site_id, SUITE, public],
            )
        return key_id

    async def newest(self, db: Db, site_id: UUID, purpose: str) -> SiteKey:
        """As of a moment ago: another guard may have made one. LookupError: no such site."""
        at, known = self._newest.get((site_id, purpose), (0.0, None))
        if known is None or time.monotonic() - at > NEWEST_SECONDS:
            known = await self._read_newest(db, site_id, purpose)
            self._newest[site_id, purpose] = (time.monotonic(), known)
        return known

    def forget_newest(self, site_id: UUID) -> None:
        """After one was made."""
        self._newest = {known: at for known, at in self._newest.items() if known[0] != site_id}
        self._indexes.pop(site_id, None)

    async def _read_newest(self, db: Db, site_id: UUID, purpose: str) -> SiteKey:
        query = (
            "SELECT * FROM guard.site_key WHERE site_id = %s AND purpose = %s"
            " ORDER BY version DESC LIMIT 1"
        )
        row = await one(db, query, [site_id, purpose])
        if row is None:
            raise LookupError("no such site")
        return self._unwrap(row)

    async def version(self, db: Db, site_id: UUID, purpose: str, version: int) -> SiteKey:
        """Raises LookupError when there is none."""
        known = self._versions.get((site_id, purpose, version))
        if known is None:
            query = (
                "SELECT * FROM guard.site_key WHERE site_id = %s AND purpose = %s AND version = %s"
            )
            row = await one(db, query, [site_id, purpose, version])
            if row is None:
                raise LookupError("no such key")
            known = self._versions[site_id, purpose, version] = self._unwrap(row)
        return known

    async def to_open(self, db: Db, key_id: UUID, site_id: UUID) -> SiteKey | None:
        """The key a deposit names, if it is this site's."""
        if key_id not in self._seals:
            row = await one(
                db, "SELECT * FROM guard.site_key WHERE key_id = %s AND purpose = 'seal'", [key_id]
            )
            if row is None:
                return None
            self._seals[key_id] = self._unwrap(row)
        known = self._seals[key_id]
        return known if known.site_id == site_id else None

    async def indexes(self, db: Db, site_id: UUID, *, fresh: bool = False) -> list[SiteKey]:
        """The newest first, and after it those that are not done with. LookupError: no such site.

        As of a moment ago, or `fresh`.
        """
        at, known = self._indexes.get(site_id, (0.0, []))
        if fresh or not known or time.monotonic() - at > NEWEST_SECONDS:
            query = (
                "SELECT * FROM guard.site_key WHERE site_id = %s AND purpose = 'index'"
                " ORDER BY version DESC"
            )
            known = [self._unwrap(row) for row in await every(db, query, [site_id])]
            if not known:
                raise LookupError("no such site")
            self._indexes[site_id] = (time.monotonic(), known)
        return known

    async def digests(self, db: Db, site_id: UUID, by: str, value: str) -> list[bytes]:
        """What to look for: under each key that something may still be found by."""
        found = [sought(key.secret, by, value) for key in await self.indexes(db, site_id)]
        return [each for each in found if each is not None]

    async def wrapped_by(self, db: Db, site_id: UUID, version: int) -> Box:
        """The box for data keys of this version."""
        return Box((await self.version(db, site_id, "wrap", version)).secret)

    async def wrapping(self, db: Db, site_id: UUID) -> tuple[Box, int]:
        """The box for new data keys, and its version."""
        key = await self.newest(db, site_id, "wrap")
        return Box(key.secret), key.version

    async def check(self, db: Db) -> None:
        """Raises BoxError when this master key is not the one that wrapped what is stored."""
        for row in await every(db, "SELECT * FROM guard.site_key ORDER BY made_at LIMIT 3"):
            self._unwrap(row)

    def _unwrap(self, row: DictRow) -> SiteKey:
        site_id, key_id, version = row["site_id"], row["key_id"], row["version"]
        bound = binding(site_id, row["purpose"], key_id, version)
        secret = self._keys.unwrap(row["wrapped"], bound)
        return SiteKey(key_id, site_id, version, row["suite"], secret)


def binding(site_id: UUID, purpose: str, key_id: UUID, version: int) -> str:
    """What a wrapped site key is bound to."""
    return f"lockstitch.site-key|{site_id}|{purpose}|{key_id}|{version}"
