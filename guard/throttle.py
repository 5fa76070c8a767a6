"""Slowing down guesses: a count for each account and each address, which survives a restart.

A new root begins all counts anew: whose they are is a keyed hash, and they count for minutes."""

from guard.db import Db, Pool, every, one
from guard.own_keys import OwnKey, OwnKeys
from guard.refusal import Refusal

FREE_OF_ACCOUNT = 5
FREE_OF_ADDRESS = 20  # one address may be a whole office or a mobile carrier
FREE_LETTERS_OF_ADDRESS = 100
FREE_CHALLENGES_OF_ADDRESS = 500
NEVER = 1_000_000_000
FIRST_BLOCK_SECONDS = 10
BLOCK_SECONDS_MAX = 600
FORGOTTEN_AFTER_SECONDS = 900

# Counted before the check, and in one statement, so that many guesses at once count as many.
_COUNT = """
INSERT INTO guard.throttle AS t (bucket, failures, failed_at) VALUES (%(bucket)s, 1, now())
ON CONFLICT (bucket) DO UPDATE SET
    failures = CASE WHEN t.failed_at < now() - make_interval(secs => %(forgotten)s)
        THEN 1 ELSE t.failures + 1 END,
    failed_at = now(),
    blocked_until = CASE WHEN t.failed_at >= now() - make_interval(secs => %(forgotten)s)
            AND t.failures + 1 >= %(free)s
        THEN now() + make_interval(secs => least(%(most)s,
            %(first)s * power(2, least(t.failures + 1 - %(free)s, 20)))) END
WHERE t.blocked_until IS NULL OR t.blocked_until <= now()
RETURNING failures"""
_FAILURES = """SELECT bucket, failures FROM guard.throttle
    WHERE failed_at >= now() - make_interval(secs => %s) AND bucket = ANY (%s)"""


class Throttle:
    def __init__(self, pool: Pool, own_keys: OwnKeys) -> None:
        self._pool, self._own_keys = pool, own_keys

    async def attempt(self, *, account: str = "", address: str = "", neighbours: str = "") -> None:
        """Counts one attempt as failed until `passed` says otherwise. Refusal `throttled`; never
        for the sake of `neighbours` alone, whose failures are counted for `Storm`."""
        async with self._pool.connection() as db, db.transaction():
            root = await self._root(db)
            if account:
                await _count(db, root, f"account|{account}", FREE_OF_ACCOUNT)
            if address:
                await _count(db, root, f"address|{address}", FREE_OF_ADDRESS)
            if neighbours:
                await _count(db, root, f"neighbours|{neighbours}", NEVER)

    async def failures(self, address: str, neighbours: str) -> tuple[int, int]:
        """Of late, of this address and of all its neighbours."""
        async with self._pool.connection() as db:
            root = await self._root(db)
            buckets = [
                _bucket(root, f"address|{address}"),
                _bucket(root, f"neighbours|{neighbours}"),
            ]
            rows = await every(db, _FAILURES, [FORGOTTEN_AFTER_SECONDS, buckets])
        found = {row["bucket"]: int(row["failures"]) for row in rows}
        return found.get(buckets[0], 0), found.get(buckets[1], 0)

    async def ask_for_letter(self, *, account: str, address: str) -> None:
        """Letters to one account are few, whoever asks for them. Refusal `throttled`."""
        async with self._pool.connection() as db, db.transaction():
            root = await self._root(db)
            await _count(db, root, f"letter|{account}", FREE_OF_ACCOUNT)
            if address:
                await _count(db, root, f"letters|{address}", FREE_LETTERS_OF_ADDRESS)

    async def ask_for_challenge(self, address: str) -> None:
        """Each is a row until it is too old. Refusal `throttled`."""
        async with self._pool.connection() as db, db.transaction():
            name = f"challenges|{address}"
            await _count(db, await self._root(db), name, FREE_CHALLENGES_OF_ADDRESS)

    async def passed(
        self, db: Db, *, account: str = "", address: str = "", neighbours: str = ""
    ) -> None:
        """The attempt was none: the account's count ends, the others' go back by one."""
        root = await self._root(db)
        await db.execute(
            "DELETE FROM guard.throttle WHERE bucket = %s", [_bucket(root, f"account|{account}")]
        )
        await db.execute(
            "UPDATE guard.throttle SET failures = greatest(failures - 1, 0), blocked_until = NULL"
            " WHERE bucket = ANY (%s)",
            [[_bucket(root, f"address|{address}"), _bucket(root, f"neighbours|{neighbours}")]],
        )

    async def _root(self, db: Db) -> OwnKey:
        return (await self._own_keys.standing(db, "root"))[0]


async def _count(db: Db, root: OwnKey, name: str, free: int) -> None:
    values = {
        "bucket": _bucket(root, name), "free": free, "first": FIRST_BLOCK_SECONDS,
        "most": BLOCK_SECONDS_MAX, "forgotten": FORGOTTEN_AFTER_SECONDS,
    }  # fmt: skip
    if await one(db, _COUNT, values) is None:
        raise Refusal("throttled")


def _bucket(root: OwnKey, name: str) -> bytes:
    return root.digest("throttle", name)
