"""Sessions: an opaque token of 256 bits, of which only the digest is kept."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from guard.asker import Asker, Channel
from guard.db import Db, one
from guard.wire import Identity, SignedIn

MEMBER_AGE = timedelta(days=30)
OPERATOR_AGE = timedelta(hours=8)
OPERATOR_IDLE_SECONDS = 900
SEEN_EVERY_SECONDS = 30  # so that not each call is a write

_FIND = """SELECT s.session_id, s.expires_at, p.*,
        s.seen_at < now() - make_interval(secs => %s) AS stale,
        p.kind = 'member' OR guard.may_come_from(CASE p.kind WHEN 'key' THEN array[p.principal_id]
            ELSE array[p.principal_id, p.company_id] || p.site_ids END, %s) AS allowed
    FROM guard.session s JOIN guard.principal p USING (principal_id)
    WHERE s.token_hash = %s AND s.ended_at IS NULL AND s.expires_at > now() AND p.state = 'active'
    AND (s.idle_seconds IS NULL OR s.seen_at + make_interval(secs => s.idle_seconds) > now())"""


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def start_session(db: Db, principal: dict[str, Any], asker: Asker) -> tuple[SignedIn, Asker]:
    """A new session for this row of guard.principal: the reply, and the asker from now on."""
    member = principal["kind"] == "member"
    token = secrets.token_urlsafe(32)
    row = await one(
        db,
        "INSERT INTO guard.session (token_hash, principal_id, address, agent, idle_seconds,"
        " expires_at) VALUES (%s, %s, %s, %s, %s, %s) RETURNING session_id, expires_at",
        [
            digest(token), principal["principal_id"], asker.address, asker.agent,
            None if member else OPERATOR_IDLE_SECONDS,
            datetime.now(UTC) + (MEMBER_AGE if member else OPERATOR_AGE),
        ],
    )  # fmt: skip
    now = _asker({**principal, **(row or {})}, asker.channel, asker.address, asker.agent)
    return SignedIn(session=token, identity=identity(now)), now


async def find_asker(
    db: Db, token: str, *, channel: Channel, address: str, agent: str
) -> Asker | None:
    """Whose session this is, if it is one and still good."""
    row = await one(db, _FIND, [SEEN_EVERY_SECONDS, address, digest(token)])
    if row is None:
        return None
    if row["stale"]:
        await db.execute(
            "UPDATE guard.session SET seen_at = now() WHERE session_id = %s", [row["session_id"]]
        )
    return _asker(row, channel, address, agent)


async def end_sessions(db: Db, principal_id: UUID, *, only: UUID | None = None) -> int:
    """How many there were."""
    ended = await db.execute(
        "UPDATE guard.session SET ended_at = now() WHERE principal_id = %s AND ended_at IS NULL"
        " AND (%s::uuid IS NULL OR session_id = %s)",
        [principal_id, only, only],
    )
    return ended.rowcount


def identity(asker: Asker) -> Identity:
    """Raises ValueError for an asker without a session."""
    if asker.session_id is None or asker.expires_at is None:
        raise ValueError("no session")
    return Identity(
        kind=asker.kind, principal_id=UUID(asker.principal), session_id=asker.session_id,
        handle=asker.handle, expires_at=asker.expires_at, person_id=asker.person_id,
        site_id=asker.site_id, company_id=asker.company_id, site_ids=asker.site_ids,
        role=asker.role,
    )  # fmt: skip


def _asker(row: dict[str, Any], channel: Channel, address: str, agent: str) -> Asker:
    return Asker(
        channel=channel, kind=row["kind"], address=address, agent=agent,
        principal=str(row["principal_id"]), session_id=row["session_id"], handle=row["handle"],
        expires_at=row["expires_at"], person_id=row["person_id"], site_id=row["site_id"],
        company_id=row["company_id"], site_ids=row["site_ids"], role=row["role"],
        is_allowed_here=row.get("allowed", True),
    )  # fmt: skip
