"""The append-only record of what was disclosed and decided. Nothing leaves before it is in here."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from guard.db import Db, Pool, many, one
from guard.entry import Entry, canonical
from guard.merkle import grow, leaf_hash

BATCH_MAX = 256
RING_AFTER_SECONDS = 0.02  # by then the caller has mostly committed; the watch looks again anyway

_INSERT = """INSERT INTO guard.ledger (seq, at, verb, principal_kind, principal_id, session_id,
    address, purpose, site_id, fields, outcome, records, persons, entry, leaf_hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s, %s::uuid[], %s::uuid[], %s, %s)"""

_INSERT_RECORD = "INSERT INTO guard.ledger_record (seq, record_id) VALUES (%s, %s)"
_INSERT_PERSON = "INSERT INTO guard.ledger_person (seq, person_id) VALUES (%s, %s)"
_MOVE_HEAD = "UPDATE guard.ledger_head SET size = %s, frontier = %s"


class LedgerError(Exception):
    """It could not be written down, so it may not be answered."""


class Ledger:
    """Appends entries. The head's row lock puts all writers, of all guards, into one order."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[Entry, asyncio.Future[int]]] = []
        self.size = 0  # as last seen here
        self.bell = asyncio.Event()  # something was written; of `append_in`, will be in a moment

    async def append(self, entry: Entry) -> int:
        """Returns the entry's seq once it is committed. Raises LedgerError.

        Whoever's turn it is writes for all who wait: one commit for many.
        """
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        async with self._turn:
            if not future.done():
                await self._write_waiting()
        return await future

    async def append_in(self, db: Db, entries: list[Entry]) -> list[int]:
        """In the caller's transaction, and as its last statements: the head stays locked."""
        head = await one(db, "SELECT size, frontier FROM guard.ledger_head FOR UPDATE")
        if head is None:
            raise LedgerError("the ledger has no head")
        size, frontier = head["size"], head["frontier"]
        rows, seqs = [], []
        for drafted in entries:
            entry = msgspec.structs.replace(drafted, at=datetime.now(UTC))
            body = canonical(entry)
            leaf = leaf_hash(body)
            rows.append([size, *msgspec.structs.astuple(entry)[1:], body, leaf])
            seqs.append(size)
            frontier, size = grow(frontier, size, leaf), size + 1
        async with db.pipeline():  # one round trip while everybody waits for the head
            await many(db, _INSERT, rows)
            await many(db, _INSERT_RECORD, _pairs(seqs, [entry.records for entry in entries]))
            await many(db, _INSERT_PERSON, _pairs(seqs, [entry.persons for entry in entries]))
            await db.execute(_MOVE_HEAD, [size, frontier])
        self.size = size
        asyncio.get_running_loop().call_later(RING_AFTER_SECONDS, self.bell.set)
        return seqs

    async def _write_waiting(self) -> None:
        batch = self._waiting[:BATCH_MAX]
        del self._waiting[:BATCH_MAX]
        try:
            async with self._pool.connection() as db, db.transaction():
                seqs = await self.append_in(db, [entry for entry, _ in batch])
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(LedgerError("the ledger cannot be written"))
            if not isinstance(error, (psycopg.Error, PoolTimeout)):
                raise
        else:
            for (_, future), seq in zip(batch, seqs, strict=True):
                if not future.done():
                    future.set_result(seq)


def _pairs(seqs: list[int], ids: list[list[UUID]]) -> list[tuple[int, UUID]]:
    """Each seq with each of its ids, once."""
    return [
        (seq, each) for seq, some in zip(seqs, ids, strict=True) for each in dict.fromkeys(some)
    ]
