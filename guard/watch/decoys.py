"""Passes that open nothing. They lie where only who reads what is not theirs finds them."""

import hmac

from psycopg.types.json import Json

from guard.core import Core


async def note_decoy(core: Core, token: str) -> None:
    """Writes down that a decoy was used, if `token` is one."""
    for name, known in core.settings.decoys.items():
        if hmac.compare_digest(token.encode(), known.encode()):
            async with core.pool.connection() as db:
                await db.execute(
                    "INSERT INTO guard.signal (kind, source, detail) VALUES ('decoy', 'guard', %s)",
                    [Json({"name": name, "how": "used"})],
                )


async def note_stranger(core: Core, channel: str, uid: int) -> None:
    """Writes down that a real pass was used by a user whose it is not."""
    name = f"guard.sock: {channel} as user {uid}"
    async with core.pool.connection() as db:
        await db.execute(
            "INSERT INTO guard.signal (kind, source, detail) VALUES ('process', 'guard', %s)",
            [Json({"name": name, "uid": uid})],
        )
