"""Containment: what stops a thief who is already in, at once and without a restart.

Harmless to repeat. A rehearsal (`dry_run`) answers the same and changes nothing. Where operators
may sign in from at all is another matter: `ip_rules`.
"""

import ipaddress
from collections.abc import Awaitable, Callable
from uuid import UUID

from guard.accounts import forget_credentials
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.operators import invite, void_invitations
from guard.policy import need_site
from guard.refusal import Refusal
from guard.wire import Blocked, Contain, Contained, Held, Holds, Invited, ListHolds

EVERYWHERE = UUID(int=0)
PREFIX_MIN = {4: 8, 6: 32}  # a wider network is not one source

# Whom an ask is about; whoever asks stays as they are. A program's key, once ended, has to be made
# anew: it ends where it is named, and where credentials are.
_WHO = """(p.kind = 'operator' OR p.kind = 'key'
        AND (%(keys)s OR p.principal_id = %(principal)s))
    AND (%(site)s::uuid IS NULL OR %(site)s = ANY (p.site_ids))
    AND (%(company)s::uuid IS NULL OR p.company_id = %(company)s OR p.site_ids && array(
        SELECT site_id FROM guard.site WHERE company_id = %(company)s AND p.kind = 'key'))
    AND (%(principal)s::uuid IS NULL OR p.principal_id = %(principal)s)"""
_ONE = f"SELECT 1 FROM guard.principal p WHERE {_WHO}"  # noqa: S608 - constants
_END = f"""UPDATE guard.session s SET ended_at = now() FROM guard.principal p
    WHERE p.principal_id = s.principal_id AND {_WHO}
    AND s.ended_at IS NULL AND s.expires_at > now() AND s.session_id IS DISTINCT FROM %(own)s
    RETURNING s.session_id"""  # noqa: S608 - constants
_DISARM = f"""UPDATE guard.principal p SET state = 'invited' WHERE p.state = 'active' AND {_WHO}
    AND p.kind = 'operator' AND p.principal_id::text <> %(me)s RETURNING p.principal_id, p.handle"""  # noqa: S608
_SPEND = """UPDATE guard.provider_secret SET spent_at = now()
    WHERE spent_at IS NULL AND (%(site)s::uuid IS NULL OR site_id = %(site)s)
    AND (%(company)s::uuid IS NULL OR site_id IN
        (SELECT site_id FROM guard.site WHERE company_id = %(company)s)) RETURNING name"""

type Deed = Callable[[Core, Db, Asker, Contain], Awaitable[Contained]]


async def contain(core: Core, asker: Asker, ask: Contain) -> Contained:
    """One action on one reach, written down. Refusal `invalid` for what makes no sense together."""
    _need_reach(asker, ask)
    source = _network(ask.source) if ask.action in ("block", "unblock") else ""
    async with core.pool.connection() as db, db.transaction(force_rollback=ask.dry_run):
        done = await DEEDS[ask.action](core, db, asker, ask)
        whose = ask.principal_id or source or (
            "site" if ask.site_id else f"company.{ask.company_id}" if ask.company_id else "all"
        )  # fmt: skip
        entry = asker.entry("contain", purpose=f"{ask.action}.{whose}", site_id=ask.site_id)
        if not ask.dry_run:
            await core.ledger.append_in(db, [entry])
    return done


def _need_reach(asker: Asker, ask: Contain) -> None:
    """An owner contains at their own sites only, one by one. What an owner's session could lift
    again would not stop whoever rides on it; and who is shut out is shut out of every shop."""
    if asker.kind == "operator" and ask.action in ("thaw", "block", "unblock"):
        raise Refusal("forbidden", "the platform's staff does that")
    if ask.principal_id and ask.action == "providers":
        raise Refusal("invalid", "keys are a site's")
    if ask.company_id and ask.action in ("freeze", "thaw"):
        raise Refusal("invalid", "a company's sites, one by one")
    need_site(asker, ask.site_id)


async def _sessions(_: Core, db: Db, asker: Asker, ask: Contain) -> Contained:
    ended = await every(db, _END, _whom(asker, ask))
    return Contained(sessions=len(ended), frozen=await _is_frozen(db, ask))


async def _freeze(_: Core, db: Db, asker: Asker, ask: Contain) -> Contained:
    table, whose = _place(ask)
    if ask.principal_id and await one(db, _ONE, _whom(asker, ask)) is None:
        raise Refusal("not_found", "no such operator")
    if ask.action == "freeze":
        query = f"INSERT INTO guard.{table} VALUES (%s) ON CONFLICT DO NOTHING"  # noqa: S608
    else:
        column = "site_id" if table == "frozen" else "principal_id"
        query = f"DELETE FROM guard.{table} WHERE {column} = %s"  # noqa: S608
    await db.execute(query, [whose])
    return Contained(frozen=await _is_frozen(db, ask))


async def _credentials(_: Core, db: Db, asker: Asker, ask: Contain) -> Contained:
    """Everybody but the asker: whoever saw a password or holds an authenticator is out, and comes
    back only with an invitation. Who waits for one already, keeps it."""
    ended = await every(db, _END, _whom(asker, ask))
    invited = []
    for row in await every(db, _DISARM, _whom(asker, ask)):
        await void_invitations(db, row["principal_id"])
        await forget_credentials(db, row["principal_id"])
        token = await invite(db, row["principal_id"])
        invited.append(
            Invited(operator_id=row["principal_id"], handle=row["handle"],
                    token="" if ask.dry_run else token)
        )  # fmt: skip
    return Contained(sessions=len(ended), invited=invited, frozen=await _is_frozen(db, ask))


async def _providers(_: Core, db: Db, asker: Asker, ask: Contain) -> Contained:
    return Contained(keys=len(await every(db, _SPEND, _whom(asker, ask))))


async def _block(_: Core, db: Db, asker: Asker, ask: Contain) -> Contained:
    source = _network(ask.source)
    if ask.action == "unblock":
        await db.execute("DELETE FROM guard.blocked_source WHERE source <<= %s", [source])
    else:
        await db.execute(
            "INSERT INTO guard.blocked_source (source, until, why)"
            " VALUES (%s, clock_timestamp() + make_interval(mins => %s), %s)"
            " ON CONFLICT (source) DO UPDATE SET until = excluded.until, why = excluded.why",
            [source, ask.minutes, asker.kind],
        )
    return Contained(blocked=source if ask.action == "block" else "")


DEEDS: dict[str, Deed] = {
    "sessions": _sessions, "freeze": _freeze, "thaw": _freeze, "credentials": _credentials,
    "providers": _providers, "block": _block, "unblock": _block,
}  # fmt: skip


async def list_holds(core: Core, _: Asker, __: ListHolds) -> Holds:
    async with core.pool.connection() as db:
        blocked = await every(
            db,
            "SELECT source::text, until, why FROM guard.blocked_source"
            " WHERE until IS NULL OR until > now() ORDER BY at DESC",
        )
        operators = await every(
            db,
            "SELECT f.principal_id AS operator_id, p.handle FROM guard.frozen_operator f"
            " JOIN guard.principal p USING (principal_id) ORDER BY f.at DESC",
        )
        sites = [row["site_id"] for row in await every(db, "SELECT site_id FROM guard.frozen")]
    return Holds(
        blocked=[Blocked(**row) for row in blocked],
        operators=[Held(**row) for row in operators],
        sites=[site for site in sites if site != EVERYWHERE], everywhere=EVERYWHERE in sites,
    )  # fmt: skip


def _whom(asker: Asker, ask: Contain) -> dict[str, object]:
    return {
        "site": ask.site_id, "company": ask.company_id, "principal": ask.principal_id,
        "own": asker.session_id, "me": asker.principal, "keys": ask.action == "credentials",
    }  # fmt: skip


def _network(text: str) -> str:
    """An address or a network in its one spelling. Refusal `invalid`."""
    try:
        found = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise Refusal("invalid", "source: an address or a network") from None
    if found.prefixlen < PREFIX_MIN[found.version]:
        raise Refusal("invalid", "source: that is half the internet")
    return str(found)


def _place(ask: Contain) -> tuple[str, UUID]:
    if ask.principal_id:
        return "frozen_operator", ask.principal_id
    return "frozen", ask.site_id or EVERYWHERE


async def _is_frozen(db: Db, ask: Contain) -> bool:
    table, whose = _place(ask)
    if table == "frozen":
        return await _is_site_frozen(db, whose)
    held = "SELECT 1 FROM guard.frozen_operator WHERE principal_id = %s"
    return await one(db, held, [whose]) is not None


async def need_thawed(db: Db, site_id: UUID | None, operator: str = "") -> None:
    """Refusal `frozen` while nobody may look at people of this site, or this operator may not."""
    held = "SELECT 1 FROM guard.frozen_operator WHERE principal_id::text = %s"
    if await _is_site_frozen(db, site_id) or await one(db, held, [operator]):
        raise Refusal("frozen")


async def _is_site_frozen(db: Db, site_id: UUID | None) -> bool:
    frozen = "SELECT 1 FROM guard.frozen WHERE site_id IN (%s, %s)"
    return await one(db, frozen, [site_id, EVERYWHERE]) is not None
