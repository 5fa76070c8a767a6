"""How many people an operator may look at, and take out alone, at each site.

An owner may ask for less than there is; more is given only by the platform's staff, so that a
stolen login of an owner cannot first widen its own way. Every change stays, with who made it.
"""

from dataclasses import astuple, dataclass
from datetime import timedelta
from uuid import UUID

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every
from guard.operators import hold_site
from guard.refusal import Refusal
from guard.retention import months_of
from guard.wire import Done, ListLimits, SetLimits, SiteLimits, SitesLimits

TEN_MINUTES, DAY = timedelta(minutes=10), timedelta(days=1)

type Spans = tuple[tuple[timedelta, int], ...]


def spans(in_ten_minutes: int, in_a_day: int) -> Spans:
    return (TEN_MINUTES, in_ten_minutes), (DAY, in_a_day)


@dataclass(frozen=True)
class Limits:
    """Distinct records in ten minutes and in a day without a fresh proof (security.md, O1); records
    of an export that needs no second person."""

    in_ten_minutes: int = 30
    in_a_day: int = 200
    alone: int = 100

    @property
    def spans(self) -> Spans:
        return spans(self.in_ten_minutes, self.in_a_day)


DEFAULT = Limits()
MOST = Limits(1_000, 10_000, 1_000)  # what staff may give at most

_LATEST = """SELECT DISTINCT ON (site_id) site_id, in_ten_minutes, in_a_day, alone
    FROM guard.site_limit WHERE site_id = ANY (%s) ORDER BY site_id, limit_id DESC"""
_SITES = """SELECT site_id, name FROM guard.site
    WHERE %(company)s::uuid IS NULL OR company_id = %(company)s ORDER BY name, site_id"""


async def of_sites(db: Db, site_ids: list[UUID]) -> dict[UUID, Limits]:
    rows = await every(db, _LATEST, [site_ids])
    known = {
        row["site_id"]: Limits(row["in_ten_minutes"], row["in_a_day"], row["alone"]) for row in rows
    }
    return {site_id: known.get(site_id, DEFAULT) for site_id in site_ids}


async def of_site(db: Db, site_id: UUID | None) -> Limits:
    """The default where nothing was set, and where a deed is of no site."""
    return (await of_sites(db, [site_id]))[site_id] if site_id else DEFAULT


async def set_limits(core: Core, asker: Asker, ask: SetLimits) -> Done:
    wanted = Limits(ask.in_ten_minutes, ask.in_a_day, ask.alone)
    if any(not 0 <= n <= most for n, most in zip(astuple(wanted), astuple(MOST), strict=True)):
        raise Refusal("invalid", f"0 to {astuple(MOST)}")
    async with core.pool.connection() as db, db.transaction():
        await hold_site(db, asker, ask.site_id)
        now = await of_site(db, ask.site_id)
        wider = any(n > had for n, had in zip(astuple(wanted), astuple(now), strict=True))
        if wider and asker.kind == "operator":
            raise Refusal("forbidden", "only the platform's staff gives more")
        await db.execute(
            "INSERT INTO guard.site_limit (site_id, in_ten_minutes, in_a_day, alone, made_by)"
            " VALUES (%s, %s, %s, %s, %s)",
            [ask.site_id, *astuple(wanted), asker.principal],
        )
        await core.ledger.append_in(
            db, [asker.entry("limits", purpose=f"site.{ask.site_id}", site_id=ask.site_id)]
        )
    return Done()


async def list_limits(core: Core, asker: Asker, _: ListLimits) -> SitesLimits:
    """Of an owner's company, or of all sites."""
    async with core.pool.connection() as db:
        sites = await every(db, _SITES, {"company": asker.company_id})
        ids = [row["site_id"] for row in sites]
        limits, months = await of_sites(db, ids), await months_of(db, ids)
    return SitesLimits(
        sites=[
            SiteLimits(
                site_id=row["site_id"], name=row["name"],
                in_ten_minutes=limits[row["site_id"]].in_ten_minutes,
                in_a_day=limits[row["site_id"]].in_a_day, alone=limits[row["site_id"]].alone,
                kept_months=months[row["site_id"]],
            )
            for row in sites
        ]
    )  # fmt: skip
