"""A list attack: other shops' logins and passwords tried here, each once, from many addresses.

No account and no address fails often, but the shop as a whole does. While that is so, who comes
with a device not known for the account, and from an address (or a neighbourhood of addresses) that
has just failed, is turned away before a password is hashed. A known device, and the first try from
a fresh address, are not held up. Counts are flushed twice a second: an attempt costs no statement.
"""

import ipaddress
import time
from dataclasses import dataclass
from uuid import UUID

from guard.db import Pool, one
from guard.entry import system_entry
from guard.ledger import Ledger
from guard.refusal import Refusal
from guard.throttle import Throttle

TIMES_BASELINE = 3
BASELINE_MIN, BASELINE_MAX = 0.05, 0.25  # of attempts that fail on a quiet day
FAILED_MIN = 30  # in the window: below, nothing can be said
REFRESH_SECONDS = 0.5  # seen within a second
ADDRESS_FREE, NEIGHBOURS_FREE = 0, 4  # failures that are overlooked meanwhile

_FLUSH = """INSERT INTO guard.sign_in_minute AS m (site_id, minute, tried, failed, slowed)
    VALUES (%(site)s, date_trunc('minute', now()), %(tried)s, %(failed)s, %(slowed)s)
    ON CONFLICT (site_id, minute) DO UPDATE SET tried = m.tried + excluded.tried,
    failed = m.failed + excluded.failed, slowed = m.slowed + excluded.slowed"""
_LOOK = """SELECT coalesce(sum(tried) FILTER (WHERE recent), 0) AS tried,
        coalesce(sum(failed) FILTER (WHERE recent), 0) AS failed,
        coalesce(sum(slowed) FILTER (WHERE recent), 0) AS slowed,
        coalesce(sum(tried) FILTER (WHERE NOT recent AND NOT storm), 0) AS tried_before,
        coalesce(sum(failed) FILTER (WHERE NOT recent AND NOT storm), 0) AS failed_before
    FROM (SELECT *, minute > now() - interval '5 minutes' AS recent FROM guard.sign_in_minute
        WHERE site_id = %(site)s AND minute > now() - interval '1 day') counted"""
_MARK = """UPDATE guard.sign_in_minute SET storm = true WHERE site_id = %(site)s
    AND minute = date_trunc('minute', now()) AND NOT storm RETURNING minute"""


@dataclass
class _Site:
    """What was not flushed yet, and the last verdict."""

    tried: int = 0
    failed: int = 0
    slowed: int = 0
    looked_at: float = 0.0
    is_stormy: bool = False


def neighbourhood(address: str) -> str:
    """The /24 of an IPv4, the /48 of an IPv6 address."""
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def is_storm(tried: int, failed: int, *, tried_before: int, failed_before: int) -> bool:
    """Whether so many fail, of what was tried of late, as never on a quiet day."""
    usual = failed_before / tried_before if tried_before else BASELINE_MIN
    baseline = min(max(usual, BASELINE_MIN), BASELINE_MAX)
    return failed >= FAILED_MIN and failed >= TIMES_BASELINE * baseline * tried


class Storm:
    """Of each shop's members."""

    def __init__(self, pool: Pool, ledger: Ledger, throttle: Throttle) -> None:
        self._pool, self._ledger, self._throttle = pool, ledger, throttle
        self._sites: dict[UUID, _Site] = {}

    async def attempt(self, site_id: UUID, address: str, *, is_known: bool) -> None:
        """Counts one attempt. Refusal `throttled`, while a storm lasts and the device is not known
        for the account."""
        site = self._sites.setdefault(site_id, _Site())
        site.tried += 1
        if time.monotonic() - site.looked_at >= REFRESH_SECONDS:
            site.looked_at = time.monotonic()
            await self._refresh(site_id, site)
        if site.is_stormy and not is_known and await self._has_failed(address):
            site.slowed += 1
            raise Refusal("throttled")

    def failed(self, site_id: UUID) -> None:
        """Only once it has: many who sign in at the same moment, after a mail, are no attack."""
        if site_id in self._sites:
            self._sites[site_id].failed += 1

    def is_on(self, site_id: UUID) -> bool:
        """Each minute of it is one entry of the ledger; what is turned away meanwhile is none."""
        return site_id in self._sites and self._sites[site_id].is_stormy

    async def _has_failed(self, address: str) -> bool:
        failed = await self._throttle.failures(address, neighbourhood(address))
        return failed[0] > ADDRESS_FREE or failed[1] > NEIGHBOURS_FREE

    async def _refresh(self, site_id: UUID, site: _Site) -> None:
        values = {
            "site": site_id, "tried": site.tried, "failed": site.failed, "slowed": site.slowed,
        }  # fmt: skip
        site.tried = site.failed = site.slowed = 0
        async with self._pool.connection() as db, db.transaction():
            await db.execute(_FLUSH, values)
            row = await one(db, _LOOK, values) or {}
            tried, failed, slowed = row["tried"], row["failed"], row["slowed"]
            site.is_stormy = is_storm(
                tried, failed, tried_before=row["tried_before"], failed_before=row["failed_before"]
            )
            if site.is_stormy and await one(db, _MARK, values) is not None:
                purpose = f"storm.{tried}.{failed}.{slowed}"
                entry = system_entry("throttle", "login_storm", purpose=purpose, site_id=site_id)
                await self._ledger.append_in(db, [entry])
