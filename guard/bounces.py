"""Letters that come back. Each leaves with a return address of its own (VERP), so that what comes
back names its letter even when the other side quotes nothing; the address has a short MAC, so that
nobody can make letters of others come back.

The mail server delivers that mailbox into a Maildir, `guard/returns`. Read are delivery status
notifications (RFC 3464); what failed for good is remembered, the rest is thrown away.
"""

import asyncio
import email
import hashlib
import hmac
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from guard.core import Core
from guard.db import Db, one
from guard.entry import system_entry
from guard.own_keys import OwnKey

MAC_CHARACTERS = 12
BATCH = 100
_RETURN = re.compile(r"\+([0-9a-f]{32})-([0-9a-f]{12})@", re.I)
_STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")
_WHERE = ("Delivered-To", "X-Original-To", "To", "Original-Recipient")


async def envelope_of(core: Core, db: Db, letter_id: UUID) -> str:
    """bounces+<letter>-<mac>@shop.example; empty when there is no such mailbox."""
    local, _, domain = core.settings.bounces.partition("@")
    if not domain:
        return ""
    newest = (await core.own_keys.standing(db, "bounce"))[0]
    return f"{local}+{letter_id.hex}-{_mac(newest, letter_id)}@{domain}"


def _mac(key: OwnKey, letter_id: UUID) -> str:
    mac = hmac.digest(key.secret, letter_id.hex.encode(), hashlib.sha256)
    return mac.hex()[:MAC_CHARACTERS]


async def read_returns(core: Core) -> None:
    """Reads and removes what lies in the Maildir."""
    paths = await asyncio.to_thread(_files, core.settings.returns)
    if not paths:
        return
    async with core.pool.connection() as db:
        keys = await core.own_keys.standing(db, "bounce")
    for path in paths:
        message = await asyncio.to_thread(_read, path)
        letter_id = _letter(keys, message) if message else None
        status = failed_status(message) if message else ""
        if letter_id is not None and status:
            async with core.pool.connection() as db, db.transaction():
                await keep_returned(db, letter_id, status)
                entry = system_entry("returns", "deliver.returned", outcome=f"failed:{status}")
                await core.ledger.append_in(db, [entry])
        await asyncio.to_thread(path.unlink, missing_ok=True)


def _files(folder: Path) -> list[Path]:
    found = [path for part in ("new", "cur") for path in (folder / part).glob("[!.]*")]
    return sorted(found)[:BATCH]


def _read(path: Path) -> EmailMessage | None:
    try:
        return email.message_from_bytes(path.read_bytes(), policy=policy.default)
    except (OSError, ValueError):
        return None


def _letter(keys: list[OwnKey], message: EmailMessage) -> UUID | None:
    """The letter whose return address this came to; None when the MAC is not ours."""
    for text in _addresses(message):
        for found in _RETURN.finditer(text):
            letter_id = UUID(found[1])
            if found[2].lower() in {_mac(key, letter_id) for key in keys}:
                return letter_id
    return None


def _addresses(message: EmailMessage) -> Iterator[str]:
    for name in _WHERE:
        for value in message.get_all(name, []):
            yield str(value)


def failed_status(message: EmailMessage) -> str:
    """The status of a delivery that failed for good, such as 5.1.1; empty when none did."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, str):
                continue
            action = str(block.get("Action", "")).strip().lower()
            status = _STATUS.search(str(block.get("Status", "")))
            if action == "failed" and status:
                return status[0]
    return ""


async def keep_returned(db: Db, letter_id: UUID, reason: str) -> None:
    """That the letter of this row of guard.postbox came back for good."""
    await db.execute(
        "INSERT INTO guard.returned (record_id, site_id, person_id, reason)"
        " SELECT r.record_id, r.site_id, r.person_id, %s FROM guard.postbox p"
        " JOIN guard.record r USING (record_id) WHERE p.id = %s ON CONFLICT DO NOTHING",
        [reason, letter_id],
    )


async def has_returned(db: Db, person_id: UUID) -> bool:
    row = await one(db, "SELECT 1 FROM guard.returned WHERE person_id = %s", [person_id])
    return row is not None
