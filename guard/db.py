"""The guard's database connections: a pool that outlives a restart of PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

type Db = AsyncConnection[DictRow]
type Pool = AsyncConnectionPool[AsyncConnection[DictRow]]
type Values = Sequence[Any] | Mapping[str, Any]

CONNECTIONS_MAX = 16
WAIT_SECONDS = 3.0  # for a free connection, then the call is `unavailable`


def make_pool(url: str) -> Pool:
    """Not yet open. Autocommit: what belongs together says `async with db.transaction()`."""
    return AsyncConnectionPool(
        url,
        min_size=2,
        max_size=CONNECTIONS_MAX,
        timeout=WAIT_SECONDS,
        open=False,
        check=AsyncConnectionPool.check_connection,
        kwargs={
            "autocommit": True,
            "row_factory": dict_row,
            "application_name": "guard",
            # Each question reads few rows of many partitions: starting workers takes longer.
            "options": "-c max_parallel_workers_per_gather=0 -c jit=off",
        },
        connection_class=AsyncConnection[DictRow],
    )


async def one(db: Db, query: str, values: Values = ()) -> DictRow | None:
    return await (await db.execute(query, values)).fetchone()


async def every(db: Db, query: str, values: Values = ()) -> list[DictRow]:
    return await (await db.execute(query, values)).fetchall()


async def many(db: Db, query: str, rows: Sequence[Values]) -> None:
    """The same statement for each row, in one round trip."""
    if rows:
        async with db.cursor() as cursor:
            await cursor.executemany(query, rows)
