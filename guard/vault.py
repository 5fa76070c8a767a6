"""The vault: people's data keys, and their records under them."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from uuid import UUID, uuid4

from guard import index
from guard.db import Db, every, many, one
from guard.keys import KEY_BYTES, Box, BoxError
from guard.sealing import pad, unpad
from guard.site_keys import SiteKey, SiteKeys
from guard.wire import FIELDS, Kind

FIELD_CHARACTERS_MAX = 2000
SEARCHED = ("order", "profile")
_ADD_BLINDS = (
    "INSERT INTO guard.blind (site_id, digest, record_id) SELECT %s, unnest(%s::bytea[]), %s"
)
_UNDER_OLDER = """SELECT person_id, data_key, key_version FROM guard.person
    WHERE site_id = %s AND key_version < %s AND data_key <> '' ORDER BY person_id LIMIT %s
    FOR NO KEY UPDATE"""


class DamagedError(BoxError):
    """A record that does not open under its own name."""

    def __init__(self, record_id: UUID) -> None:
        super().__init__("a record does not open")
        self.record_id = record_id


@dataclass(frozen=True)
class Person:
    person_id: UUID
    site_id: UUID
    box: Box
    key_version: int


@dataclass(frozen=True)
class NewRecord:
    record_id: UUID
    kind: Kind
    fields: Mapping[str, str]
    person: Person
    source: str
    access_hash: bytes | None = None
    deposited_at: datetime | None = None
    claimed_by: UUID | None = None


@dataclass(frozen=True)
class StoredRecord:
    """A record as it lies in the vault, with the wrapped key that opens it."""

    record_id: UUID
    site_id: UUID
    person_id: UUID
    kind: Kind
    sealed: bytes
    key_version: int
    access_hash: bytes | None
    claimed_by: UUID | None
    data_key: bytes
    wrap_version: int


def proper_fields(fields: Mapping[str, str]) -> bool:
    return set(fields) <= set(FIELDS) and all(
        len(value) <= FIELD_CHARACTERS_MAX for value in fields.values()
    )


class Vault:
    def __init__(self, site_keys: SiteKeys) -> None:
        self._site_keys = site_keys

    async def people(self, db: Db, site_id: UUID, records: list[Mapping[str, str]]) -> list[Person]:
        """For each record's fields its person, found or made. One person per e-mail, else phone."""
        keys = await self._site_keys.indexes(db, site_id)
        # Under each key that people may still be found by; who is new is under the newest.
        known = [[index.identity(key.secret, fields) for key in keys] for fields in records]
        found = await self._find(db, site_id, chain.from_iterable(known))
        identities = [next((each for each in some if each in found), some[0]) for some in known]
        missing = sorted({one for one in identities if one is not None and one not in found})
        # Sorted, so that two guards that make the same people do not wait for each other.
        await self._make(db, site_id, missing)
        found |= await self._find(db, site_id, missing)
        return [
            found[each] if each is not None else (await self._make(db, site_id, [None]))[0]
            for each in identities
        ]

    async def _find(
        self, db: Db, site_id: UUID, identities: Iterable[bytes | None]
    ) -> dict[bytes, Person]:
        wanted = [each for each in identities if each is not None]
        rows = await every(
            db,
            "SELECT person_id, identity_index, data_key, key_version FROM guard.person"
            " WHERE site_id = %s AND identity_index = ANY(%s)",
            [site_id, wanted],
        )
        return {
            row["identity_index"]: Person(
                row["person_id"], site_id,
                await self._box(
                    db, site_id, row["person_id"], row["data_key"], row["key_version"]
                ),
                row["key_version"],
            )
            for row in rows
        }  # fmt: skip

    async def _make(
        self, db: Db, site_id: UUID, identities: Iterable[bytes | None]
    ) -> list[Person]:
        wrap, version = await self._site_keys.wrapping(db, site_id)
        indexed = (await self._site_keys.indexes(db, site_id))[0].version
        made, rows = [], []
        for each in identities:
            person_id, key = uuid4(), os.urandom(KEY_BYTES)
            wrapped = wrap.seal(key, person_binding(site_id, person_id, version))
            rows.append([person_id, site_id, each, wrapped, version, indexed])
            made.append(Person(person_id, site_id, Box(key), version))
        await many(
            db,
            "INSERT INTO guard.person (person_id, site_id, identity_index, data_key, key_version,"
            " index_version) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            rows,
        )
        return made

    async def person(self, db: Db, person_id: UUID) -> Person:
        """Raises BoxError when their key was destroyed."""
        row = await one(db, "SELECT * FROM guard.person WHERE person_id = %s", [person_id])
        if row is None:
            raise BoxError("no such person")
        site_id, version = row["site_id"], row["key_version"]
        box = await self._box(db, site_id, person_id, row["data_key"], version)
        return Person(person_id, site_id, box, version)

    async def _box(
        self, db: Db, site_id: UUID, person_id: UUID, wrapped: bytes, version: int
    ) -> Box:
        wrap = await self._site_keys.wrapped_by(db, site_id, version)
        return Box(wrap.open(wrapped, person_binding(site_id, person_id, version)))

    async def rewrap(self, db: Db, site_id: UUID, limit: int) -> int:
        """Puts `limit` people's data keys under the newest key; how many were left to do."""
        key = await self._site_keys.newest(db, site_id, "wrap")
        rows = await every(db, _UNDER_OLDER, [site_id, key.version, limit])
        done = []
        for row in rows:
            person_id, version = row["person_id"], row["key_version"]
            wrap = await self._site_keys.wrapped_by(db, site_id, version)
            data_key = wrap.open(row["data_key"], person_binding(site_id, person_id, version))
            bound = person_binding(site_id, person_id, key.version)
            done.append([Box(key.secret).seal(data_key, bound), key.version, person_id])
        await many(
            db, "UPDATE guard.person SET data_key = %s, key_version = %s WHERE person_id = %s", done
        )
        return len(rows)

    async def store(self, db: Db, records: list[NewRecord]) -> None:
        """Records and their blind indexes, for the kinds that can be searched for."""
        blinds, rows = [], []
        for record in records:
            person = record.person
            key = (await self._site_keys.indexes(db, person.site_id))[0]
            rows.append([
                record.record_id, person.site_id, person.person_id, record.kind,
                seal_record(record), person.key_version, record.access_hash, record.source,
                record.deposited_at or datetime.now(UTC), record.claimed_by, key.version,
            ])  # fmt: skip
            if record.kind in SEARCHED:
                blinds.append(_blinds(key, record))
        await many(
            db,
            "INSERT INTO guard.record (record_id, site_id, person_id, kind, sealed, key_version,"
            " access_hash, source, deposited_at, claimed_by, index_version)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )
        await many(db, _ADD_BLINDS, blinds)

    async def replace(self, db: Db, record: NewRecord) -> None:
        """Other fields for a stored record, and their blind indexes in place of the old ones."""
        key = (await self._site_keys.indexes(db, record.person.site_id))[0]
        await db.execute(
            "UPDATE guard.record SET sealed = %s, key_version = %s, index_version = %s,"
            " stored_at = now() WHERE record_id = %s",
            [seal_record(record), record.person.key_version, key.version, record.record_id],
        )
        if record.kind in SEARCHED:
            await db.execute("DELETE FROM guard.blind WHERE record_id = %s", [record.record_id])
            await many(db, _ADD_BLINDS, [_blinds(key, record)])

    async def find(self, db: Db, record_ids: list[UUID]) -> dict[UUID, StoredRecord]:
        rows = await every(
            db,
            "SELECT r.record_id, r.site_id, r.person_id, r.kind, r.sealed, r.key_version,"
            " r.access_hash, r.claimed_by, p.data_key, p.key_version AS wrap_version"
            " FROM guard.record r JOIN guard.person p USING (person_id)"
            " WHERE r.record_id = ANY(%s)",
            [record_ids],
        )
        return {row["record_id"]: StoredRecord(**row) for row in rows}

    async def open(self, db: Db, record: StoredRecord) -> dict[str, str]:
        """The plaintext. The caller has it in the ledger first. Raises DamagedError."""
        binding = _record_binding(
            record.site_id, record.record_id, record.person_id, record.kind, record.key_version
        )
        try:
            box = await self._box(
                db, record.site_id, record.person_id, record.data_key, record.wrap_version
            )
            return unpad(box.open(record.sealed, binding))
        except BoxError:
            raise DamagedError(record.record_id) from None


def _blinds(key: SiteKey, record: NewRecord) -> list[object]:
    return [key.site_id, sorted(index.entries(key.secret, record.fields)), record.record_id]


def seal_record(record: NewRecord) -> bytes:
    person = record.person
    binding = _record_binding(
        person.site_id, record.record_id, person.person_id, record.kind, person.key_version
    )
    return person.box.seal(pad(dict(record.fields)), binding)


def _record_binding(site: UUID, record: UUID, person: UUID, kind: str, version: int) -> str:
    return f"lockstitch.record|{site}|{record}|{person}|{kind}|{version}"


def person_binding(site_id: UUID, person_id: UUID, version: int) -> str:
    """What a person's wrapped data key is bound to."""
    return f"lockstitch.person|{site_id}|{person_id}|{version}"
