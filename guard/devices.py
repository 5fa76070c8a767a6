"""What a browser says it is: in words for people, and whether a person has come with it before."""

import re
from typing import Any
from uuid import UUID

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.letters import write_letter

# The first that is found: each names itself after those below it as well.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Line/", "LINE"),
    ("CriOS", "Chrome"), ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
SESSIONS_LOOKED_AT = 200


def words(agent: str) -> str:
    """Chrome, Windows. Empty when it says nothing that is known."""
    found = (
        next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, found))


def kind(agent: str) -> str:
    """The same after an update of browser or system."""
    return re.sub(r"[\d._]+", "", agent)


async def what_is_new(db: Db, account: dict[str, Any], asker: Asker) -> str:
    """`new_device`, `new_address` (not of a member: phones move) or nothing. Before the session is
    started. Who signs in for the first time has nothing to compare with."""
    rows = await every(
        db,
        "SELECT address, agent FROM guard.session WHERE principal_id = %s"
        " ORDER BY started_at DESC LIMIT %s",
        [account["principal_id"], SESSIONS_LOOKED_AT],
    )
    if not rows:
        return ""
    if kind(asker.agent) not in {kind(row["agent"]) for row in rows}:
        return "new_device"
    is_new = asker.address not in {row["address"] for row in rows}
    return "new_address" if is_new and account["kind"] != "member" else ""


async def tell(core: Core, db: Db, account: dict[str, Any], asker: Asker, to: str) -> None:
    """A letter to who signed in: if it was not them, they are the one to know."""
    values = {"device": words(asker.agent) or "?", "address": asker.address or "?"}
    await write_letter(
        core, db, "account.new_sign_in", site_id=account["site_id"], to=to,
        person_id=account["person_id"], values=values,
    )  # fmt: skip


async def is_known(db: Db, principal_id: UUID, device_hash: bytes) -> bool:
    """Whether this person has signed in with this very browser before."""
    query = "SELECT 1 FROM guard.device WHERE principal_id = %s AND device_hash = %s"
    return await one(db, query, [principal_id, device_hash]) is not None


async def remember(db: Db, principal_id: UUID, device_hash: bytes) -> None:
    await db.execute(
        "INSERT INTO guard.device (principal_id, device_hash) VALUES (%s, %s)"
        " ON CONFLICT (principal_id, device_hash) DO UPDATE SET seen_at = now()",
        [principal_id, device_hash],
    )
