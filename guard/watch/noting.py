"""What the guard itself notices, told to its watch."""

from psycopg.types.json import Json

from guard.core import Core


async def note(core: Core, kind: str, source: str = "guard", **detail: object) -> None:
    """`detail` is short, and like all that the watch keeps no personal datum."""
    async with core.pool.connection() as db:
        await db.execute(
            "INSERT INTO guard.signal (kind, source, detail) VALUES (%s, %s, %s)",
            [kind, source, Json(detail)],
        )
