"""From the night deposit into the vault: open, find the person, store, index, write down."""

import asyncio
import logging
import re
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Json

from guard.db import Db, Pool, every, one
from guard.entry import system_entry
from guard.ledger import Ledger
from guard.sealing import SUITES, SealError, unseal
from guard.site_keys import SiteKeys
from guard.vault import NewRecord, Vault, proper_fields
from guard.wire import Kind

BATCH = 100
# The only kind that comes by the desk's hand; the others, from members, are kept.
KIND: Kind = "order"

MEMBER = re.compile(r"member:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

log = logging.getLogger("guard")


class BadDepositError(Exception):
    """Why a deposit is not taken: one word."""


class Inbox:
    def __init__(self, pool: Pool, site_keys: SiteKeys, vault: Vault, ledger: Ledger) -> None:
        self._pool, self._site_keys, self._vault, self._ledger = pool, site_keys, vault, ledger
        self._turn = asyncio.Lock()

    async def empty(
        self, *, record_ids: list[UUID] | None = None, site_id: UUID | None = None
    ) -> None:
        """Stores all that waits, or all that waits of these records or this site."""
        stored = BATCH
        while stored == BATCH:
            async with self._turn:  # let go after each batch, so that nobody waits for all
                stored = await self._store_batch(record_ids, site_id)

    async def _store_batch(self, record_ids: list[UUID] | None, site_id: UUID | None) -> int:
        async with self._pool.connection() as db, db.transaction():
            rows = await every(
                db,
                "SELECT * FROM guard.inbox"
                " WHERE (%(ids)s::uuid[] IS NULL OR record_id = ANY(%(ids)s))"
                " AND (%(site)s::uuid IS NULL OR site_id = %(site)s)"
                " ORDER BY deposited_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED",
                {"ids": record_ids, "site": site_id, "batch": BATCH},
            )
            if rows:
                await self._take(db, rows)
            return len(rows)

    async def _take(self, db: Db, rows: list[DictRow]) -> None:
        ids = [row["record_id"] for row in rows]
        taken = {
            row["record_id"]
            for row in await every(
                db, "SELECT record_id FROM guard.record WHERE record_id = ANY(%s)", [ids]
            )
        }
        good: dict[UUID, list[tuple[DictRow, dict[str, str]]]] = {}
        for row in rows:
            try:
                if row["record_id"] in taken:
                    raise BadDepositError("exists")
                good.setdefault(row["site_id"], []).append((row, await self._open(db, row)))
            except BadDepositError as refused:
                await self._refuse(db, row["record_id"], str(refused))
        records = [
            record
            for site_id, pairs in sorted(good.items())
            for record in await self._records(db, site_id, pairs)
        ]
        await self._vault.store(db, records)
        await db.execute("DELETE FROM guard.inbox WHERE record_id = ANY(%s)", [ids])
        entries = [
            system_entry(
                "vault", "vault.store", site_id=site_id,
                records=[record.record_id for record in of_site],
                persons=list(dict.fromkeys(record.person.person_id for record in of_site)),
            )
            for site_id in sorted(good)
            if (of_site := [each for each in records if each.person.site_id == site_id])
        ]  # fmt: skip
        if entries:
            await self._ledger.append_in(db, entries)

    async def _records(
        self, db: Db, site_id: UUID, pairs: list[tuple[DictRow, dict[str, str]]]
    ) -> list[NewRecord]:
        """An order is its address's; but a signed-in member's is theirs, whatever they typed."""
        people = await self._vault.people(db, site_id, [fields for _, fields in pairs])
        found = []
        for (row, fields), person in zip(pairs, people, strict=True):
            placed_by = await self._member(db, site_id, row["source"])
            found.append(
                NewRecord(
                    record_id=row["record_id"], kind=KIND, fields=fields,
                    person=await self._vault.person(db, placed_by[1]) if placed_by else person,
                    source=row["source"][:60], access_hash=row["access_hash"],
                    deposited_at=row["deposited_at"], claimed_by=placed_by and placed_by[0],
                )
            )  # fmt: skip
        return found

    async def _member(self, db: Db, site_id: UUID, source: str) -> tuple[UUID, UUID] | None:
        """The member's account and person that a deposit names, when they are of this site."""
        named = MEMBER.fullmatch(source)
        if named is None:
            return None
        row = await one(
            db,
            "SELECT principal_id, person_id FROM guard.principal WHERE principal_id = %s"
            " AND site_id = %s AND kind = 'member' AND state = 'active'",
            [UUID(named[1]), site_id],
        )
        return (row["principal_id"], row["person_id"]) if row else None

    async def _open(self, db: Db, row: DictRow) -> dict[str, str]:
        if row["kind"] != KIND:
            raise BadDepositError("kind")
        key = await self._site_keys.to_open(db, row["key_id"], row["site_id"])
        if key is None or key.suite not in SUITES or key.suite != row["suite"]:
            raise BadDepositError("key")
        try:
            fields = unseal(
                key.secret, key.suite, row["sealed"], site_id=row["site_id"],
                record_id=row["record_id"], kind=row["kind"], key_id=row["key_id"],
            )  # fmt: skip
        except Exception as error:
            if not isinstance(error, SealError):
                log.warning("inbox: %s", type(error).__name__)
            raise BadDepositError("seal") from None
        if not proper_fields(fields):
            raise BadDepositError("fields")
        return fields

    async def _refuse(self, db: Db, record_id: UUID, reason: str) -> None:
        log.warning("inbox: refused a deposit: %s", reason)
        await db.execute(
            "INSERT INTO guard.inbox_refused (record_id, site_id, kind, key_id, suite, sealed,"
            " access_hash, source, deposited_at, reason)"
            " SELECT record_id, site_id, kind, key_id, suite, sealed, access_hash, source,"
            " deposited_at, %s FROM guard.inbox WHERE record_id = %s",
            [reason, record_id],
        )
        detail = Json({"record": str(record_id), "reason": reason})
        await db.execute(
            "INSERT INTO guard.signal (kind, site_id, source, detail) SELECT 'deposit', site_id,"
            " 'guard', %s FROM guard.inbox WHERE record_id = %s",
            [detail, record_id],
        )
