"""What a rule does by itself: to one operator or one source, never to a site or to all."""

import ipaddress
from datetime import timedelta
from uuid import UUID

from guard.db import Db
from guard.sessions import end_sessions
from guard.watch.rules import RULES, Finding

BLOCKED_FOR = timedelta(minutes=10)


async def act(db: Db, finding: Finding) -> str:
    """Does what the finding's rule says, in the caller's transaction; what was done, in short words
    (`sessions freeze`), empty when there was nobody to stop."""
    done = []
    for deed in RULES[finding.rule].deeds:
        if deed == "block":
            done += ["block"] if await _block(db, finding) else []
        elif finding.operator:
            done += [deed] if await _stop(db, deed, UUID(finding.operator)) else []
    return " ".join(done)


async def _stop(db: Db, deed: str, operator: UUID) -> bool:
    if deed == "sessions":
        return await end_sessions(db, operator) > 0
    await db.execute(
        "INSERT INTO guard.frozen_operator (principal_id) VALUES (%s) ON CONFLICT DO NOTHING",
        [operator],
    )
    return True


async def _block(db: Db, finding: Finding) -> bool:
    source = one_source(finding.source)
    if source is None:
        return False
    await db.execute(
        "INSERT INTO guard.blocked_source AS b (source, until, why)"
        " VALUES (%s, clock_timestamp() + %s, %s) ON CONFLICT (source) DO UPDATE"
        " SET until = CASE WHEN b.until IS NOT NULL THEN greatest(b.until, excluded.until) END",
        [source, BLOCKED_FOR, finding.rule],
    )
    return True


def one_source(text: str) -> str | None:
    """The network that one visitor has: an IPv4 address, or the /64 of an IPv6 one. None for what
    is no address, or for one of this machine or its neighbours: a proxy's would shut everybody out.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.is_loopback or (address.is_private and text not in _DOCUMENTATION):
        return None
    prefix = 32 if address.version == 4 else 64
    return str(ipaddress.ip_network((address, prefix), strict=False))


class _Documentation:
    """RFC 5737 and RFC 3849: Python calls them private, and examples are made of them."""

    networks = tuple(
        map(
            ipaddress.ip_network,
            ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"),
        )
    )

    def __contains__(self, text: str) -> bool:
        address = ipaddress.ip_address(text)
        return any(address in network for network in self.networks)


_DOCUMENTATION = _Documentation()
