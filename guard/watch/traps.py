"""Traps: what nobody has a reason to touch. The decoy table counts its readers in sequences, which
no rollback takes back; a stolen table of logins betrays itself when its content is shown as a key.
"""

import base64
from binascii import Error as Base64Error
from datetime import UTC, datetime
from uuid import UUID

from guard.core import Core
from guard.db import Db, every, one
from guard.pepper import SEALED
from guard.watch.noting import note
from guard.watch.rules import Finding

TABLE = "guard.customer_export"
READERS = ("shop", "desk", "worker")
_COUNTS = " UNION ALL ".join(
    f"SELECT 'touched.{who}' AS name, CASE WHEN is_called THEN last_value ELSE 0 END AS times"  # noqa: S608
    f" FROM guard.touched_{who}"
    for who in READERS
)
_STOLEN = """SELECT session_id FROM guard.session
    WHERE token_hash = %(digest)s OR session_id = %(id)s LIMIT 1"""


async def touched(db: Db) -> list[Finding]:
    """Who read the decoy table since the last look."""
    found = []
    known = {
        row["name"]: row["upto"]
        for row in await every(db, "SELECT * FROM guard.watched WHERE name LIKE 'touched.%%'")
    }
    for row in await every(db, _COUNTS):
        name, times = row["name"], row["times"] - known.get(row["name"], 0)
        if times <= 0:
            continue
        await db.execute(
            "INSERT INTO guard.watched (name, upto) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET upto = excluded.upto",
            [name, row["times"]],
        )
        who = name.partition(".")[2]
        evidence = {"path": TABLE, "count": times, "source": f"ls_{who}"}
        found.append(
            Finding("decoy.touched", f"{TABLE} ls_{who}", datetime.now(UTC), None, evidence)
        )
    return found


async def note_token(core: Core, token: str, address: str) -> None:
    """A token that opens nothing: is it what lies in the table of sessions, a digest or an id?"""
    digest, session = _digest(token), _uuid(token)
    if digest is None and session is None:
        return
    async with core.pool.connection() as db:
        row = await one(db, _STOLEN, {"digest": digest, "id": session})
    if row:
        await note(core, "stolen", address, what="session", session=str(row["session_id"]))


async def note_password(core: Core, password: str, address: str) -> None:
    """A password hash, as it is kept or in the clear, in place of a password."""
    if password.startswith((SEALED, "$argon2")):
        await note(core, "stolen", address, what="password")


def _digest(token: str) -> bytes | None:
    """The 32 bytes that it writes in hexadecimal or Base64, if it does."""
    text = token.removeprefix("\\x")
    if len(text) == 64:
        try:
            return bytes.fromhex(text)
        except ValueError:
            return None
    if len(text) in (43, 44):
        try:
            found = base64.b64decode(text.rstrip("=") + "=", altchars=b"-_")
        except (Base64Error, ValueError):
            return None
        return found if len(found) == 32 else None
    return None


def _uuid(token: str) -> UUID | None:
    try:
        return UUID(token) if len(token) in (32, 36) else None
    except ValueError:
        return None
