"""Containment: what stops a thief who is already in, at once and without a restart.

Harmless to repeat. A rehearsal (`dry_run`) answers the same and changes nothing.
"""

from uuid import UUID

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.refusal import Refusal
from guard.wire import Contain, Contained

EVERYWHERE = UUID(int=0)

_END = """UPDATE guard.session s SET ended_at = now() FROM guard.principal p
    WHERE p.principal_id = s.principal_id AND p.kind = 'operator'
    AND s.ended_at IS NULL AND s.expires_at > now()
    AND (%(site)s::uuid IS NULL OR %(site)s = ANY (p.site_ids))
    AND (%(principal)s::uuid IS NULL OR p.principal_id = %(principal)s)
    AND s.session_id IS DISTINCT FROM %(own)s
    RETURNING s.session_id"""


async def contain(core: Core, asker: Asker, ask: Contain) -> Contained:
    """Ends operators' sessions, or stops every look at people (or lets them look again)."""
    _need_reach(asker, ask)
    sessions = 0
    async with core.pool.connection() as db, db.transaction(force_rollback=ask.dry_run):
        if ask.action == "sessions":
            values = {
                "site": ask.site_id, "principal": ask.principal_id, "own": asker.session_id,
            }  # fmt: skip
            sessions = len(await every(db, _END, values))
        elif ask.action == "freeze":
            freeze = "INSERT INTO guard.frozen (site_id) VALUES (%s) ON CONFLICT DO NOTHING"
            await db.execute(freeze, [ask.site_id or EVERYWHERE])
        else:
            thaw = "DELETE FROM guard.frozen WHERE site_id = %s"
            await db.execute(thaw, [ask.site_id or EVERYWHERE])
        whose = ask.principal_id or ("site" if ask.site_id else "all")
        entry = asker.entry("contain", purpose=f"{ask.action}.{whose}", site_id=ask.site_id)
        frozen = await _is_frozen(db, ask.site_id)
        if not ask.dry_run:
            await core.ledger.append_in(db, [entry])
    return Contained(sessions=sessions, frozen=frozen)


def _need_reach(asker: Asker, ask: Contain) -> None:
    """An owner contains at their own sites only, one by one. What an owner's session could lift
    again would not stop whoever rides on it."""
    if asker.kind == "operator" and ask.action == "thaw":
        raise Refusal("forbidden", "the platform's staff lifts it")
    if ask.principal_id and ask.action != "sessions":
        raise Refusal("invalid", "only sessions are a person's")
    if asker.kind == "operator" and ask.site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")


async def need_thawed(db: Db, site_id: UUID | None, operator: str = "") -> None:
    """Refusal `frozen` while nobody may look at people of this site, or this operator may not."""
    held = "SELECT 1 FROM guard.frozen_operator WHERE principal_id::text = %s"
    if await _is_frozen(db, site_id) or await one(db, held, [operator]):
        raise Refusal("frozen")


async def _is_frozen(db: Db, site_id: UUID | None) -> bool:
    frozen = "SELECT 1 FROM guard.frozen WHERE site_id IN (%s, %s)"
    return await one(db, frozen, [site_id, EVERYWHERE]) is not None
