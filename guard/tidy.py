"""Throwing away what has served: codes, counts and old letters hold, or hint at, addresses."""

from guard.core import Core

_OLD = (
    "DELETE FROM guard.pending WHERE expires_at < now() - interval '1 day'",
    "DELETE FROM guard.challenge WHERE expires_at < now()",
    "DELETE FROM guard.sign_in_minute WHERE minute < now() - interval '2 days'",
    "DELETE FROM guard.device WHERE seen_at < now() - interval '400 days'",
    "DELETE FROM guard.throttle WHERE failed_at < now() - interval '1 day'",
    "DELETE FROM guard.signal WHERE read_at < now() - interval '1 day'",
    "DELETE FROM guard.blocked_source WHERE until < now()",
    # A key that nobody approved: see guard.second.GOOD_FOR.
    "UPDATE guard.second SET ended_at = now(), sealed = '' WHERE ended_at IS NULL"
    " AND asked_at < now() - interval '1 day'",
    "DELETE FROM guard.letter WHERE state <> 'waiting' AND posted_at < now() - interval '30 days'",
)


async def tidy(core: Core) -> None:
    async with core.pool.connection() as db:
        for statement in _OLD:
            await db.execute(statement)
