"""A site's own keys: to open its deposits, to index, to wrap its people's data keys."""

import os
from dataclasses import dataclass
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from guard.db import Db, every, one
from guard.keys import KEY_BYTES, Box, Keys
from guard.sealing import generate

SUITE = 1
FIRST_VERSION = 1


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
        self._known: dict[tuple[UUID, str], SiteKey] = {}
        self._seals: dict[UUID, SiteKey] = {}

    async def make(self, db: Db, site_id: UUID) -> tuple[UUID, int]:
        """A new site's three keys, and the public one published: its id and suite."""
        public, private = generate(SUITE)
        secrets = {"seal": private, "index": os.urandom(KEY_BYTES), "wrap": os.urandom(KEY_BYTES)}
        ids = {purpose: uuid4() for purpose in secrets}
        for purpose, secret in secrets.items():
            binding = _binding(site_id, purpose, ids[purpose], FIRST_VERSION)
            await db.execute(
                "INSERT INTO guard.site_key (key_id, site_id, purpose, version, suite, wrapped)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [
                    ids[purpose], site_id, purpose, FIRST_VERSION,
                    SUITE if purpose == "seal" else None, self._keys.wrap.seal(secret, binding),
                ],
            )  # fmt: skip
        await db.execute(
            "INSERT INTO guard.site_public_key (key_id, site_id, suite, public_key)"
            " VALUES (%s, %s, %s, %s)",
            [ids["seal"], site_id, SUITE, public],
        )
        return ids["seal"], SUITE

    async def newest(self, db: Db, site_id: UUID, purpose: str) -> SiteKey:
        """Raises LookupError when there is no such site."""
        known = self._known.get((site_id, purpose))
        if known is None:
            query = (
                "SELECT * FROM guard.site_key WHERE site_id = %s AND purpose = %s"
                " ORDER BY version DESC LIMIT 1"
            )
            row = await one(db, query, [site_id, purpose])
            if row is None:
                raise LookupError("no such site")
            known = self._known[site_id, purpose] = self._unwrap(row)
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

    async def index(self, db: Db, site_id: UUID) -> bytes:
        return (await self.newest(db, site_id, "index")).secret

    async def wrapping(self, db: Db, site_id: UUID) -> tuple[Box, int]:
        """The box for data keys, and its version."""
        key = await self.newest(db, site_id, "wrap")
        return Box(key.secret), key.version

    async def check(self, db: Db) -> None:
        """Raises BoxError when this master key is not the one that wrapped what is stored."""
        for row in await every(db, "SELECT * FROM guard.site_key ORDER BY made_at LIMIT 3"):
            self._unwrap(row)

    def _unwrap(self, row: DictRow) -> SiteKey:
        site_id, key_id, version = row["site_id"], row["key_id"], row["version"]
        binding = _binding(site_id, row["purpose"], key_id, version)
        secret = self._keys.wrap.open(row["wrapped"], binding)
        return SiteKey(key_id, site_id, version, row["suite"], secret)


def _binding(site_id: UUID, purpose: str, key_id: UUID, version: int) -> str:
    return f"lockstitch.site-key|{site_id}|{purpose}|{key_id}|{version}"
