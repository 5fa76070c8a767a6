"""The append-only record of what was disclosed and decided. Nothing leaves before it is in here."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from guard.db import Db, Pool, many, one
from guard.entry import BYTES_MAX, Entry, canonical
from guard.merkle import grow, leaf_hash
from guard.refusal import Refusal

BATCH_MAX = 256
WITNESS_SECONDS = 5.0
RING_AFTER_SECONDS = 0.02  # by then the caller has mostly committed; the watch looks again anyway

_INSERT = """INSERT INTO guard.ledger (seq, at, verb, principal_kind, principal_id, session_id,
    address, purpose, site_id, fields, outcome, records, persons, entry, leaf_hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s, %s::uuid[], %s::uuid[], %s, %s)"""

_INSERT_RECORD = "INSERT INTO guard.ledger_record (seq, at, record_id) VALUES (%s, %s, %s)"
_INSERT_PERSON = "INSERT INTO guard.ledger_person (seq, at, person_id) VALUES (%s, %s, %s)"
_WITNESSED = (
    "SELECT count(*) AS count FROM guard.witness WHERE url = ANY(%s::text[]) AND last_size > %s"
)
_MOVE_HEAD = "UPDATE guard.ledger_head SET size = %s, frontier = %s"


class LedgerError(Exception):
    """It could not be written down, so it may not be answered."""


class Ledger:
    """Appends entries. The head's row lock puts all writers, of all guards, into one order."""

    def __init__(self, pool: Pool, witnesses: Sequence[str] = ()) -> None:
        """`witnesses`: the addresses of those whose cosignatures are waited for."""
        self._pool, self._witnesses = pool, list(witnesses)
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
        rows: list[list[Any]] = []
        seqs = []
        for drafted in entries:
            entry = msgspec.structs.replace(drafted, at=datetime.now(UTC))
            body = canonical(entry)
            if len(body) > BYTES_MAX:
                raise LedgerError("an entry is too long: see in_parts")
            leaf = leaf_hash(body)
            rows.append([size, *msgspec.structs.astuple(entry)[1:], body, leaf])
            seqs.append(size)
            frontier, size = grow(frontier, size, leaf), size + 1
        async with db.pipeline():  # one round trip while everybody waits for the head
            await many(db, _INSERT, rows)
            await many(db, _INSERT_RECORD, _each(rows, [entry.records for entry in entries]))
            await many(db, _INSERT_PERSON, _each(rows, [entry.persons for entry in entries]))
            await db.execute(_MOVE_HEAD, [size, frontier])
        self.size = size
        asyncio.get_running_loop().call_later(RING_AFTER_SECONDS, self.bell.set)
        return seqs

    async def need_witnessed(self, seq: int) -> None:
        """Until every witness has cosigned a checkpoint with entry `seq`. Refusal `unavailable`
        after WITNESS_SECONDS: what is bulk goes out only when no second history can follow."""
        until = asyncio.get_running_loop().time() + WITNESS_SECONDS
        while self._witnesses:
            async with self._pool.connection() as db:
                row = await one(db, _WITNESSED, [self._witnesses, seq])
            if row and row["count"] == len(self._witnesses):
                return
            if asyncio.get_running_loop().time() > until:
                raise Refusal("unavailable", "a witness has not cosigned")
            await asyncio.sleep(0.1)

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


def _each(rows: list[list[Any]], ids: list[list[UUID]]) -> list[tuple[int, datetime, UUID]]:
    """Each row's seq and time with each of its ids, once."""
    return [
        (row[0], row[1], each)
        for row, some in zip(rows, ids, strict=True)
        for each in dict.fromkeys(some)
    ]


async def make_months(pool: Pool) -> None:
    """This month's and the next three's partitions: without them nothing can be written down."""
    async with pool.connection() as db:
        await db.execute("SELECT guard.make_months()")
