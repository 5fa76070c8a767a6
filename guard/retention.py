"""Who left is erased by itself, once the law asks for none of their orders any more.

Invoices and books are kept for seven years from the day on which the tax return of their year is
due (法人税法施行規則第59条, 所得税法施行規則第63条, 消費税法施行令第50条): up to 12 months of that
year and 3 until the return. Nine months more are for what was ordered long before it was sent:
together nine years from the order. Who has a loss to carry forward keeps ten (the same rule,
第26条の3): a site may set more, never less. Who left without an order is erased at the next look.
"""

from datetime import datetime
from uuid import UUID

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every
from guard.entry import system_entry
from guard.erasure import erase_one
from guard.operators import hold_site
from guard.refusal import Refusal
from guard.wire import Done, SetRetention

MONTHS, MONTHS_MAX = 108, 180
BATCH = 200  # people looked for at once; each is erased in a transaction of their own

_MONTHS = """SELECT DISTINCT ON (site_id) site_id, months FROM guard.site_retention
    WHERE site_id = ANY (%s) ORDER BY site_id, retention_id DESC"""
_DUE = """SELECT p.person_id, p.site_id, p.left_at FROM guard.person p
    WHERE p.left_at IS NOT NULL AND p.data_key <> ''
    AND (p.left_at, p.person_id) > (%(left_at)s, %(person_id)s) AND NOT EXISTS (
        SELECT 1 FROM guard.record r WHERE r.person_id = p.person_id AND r.kind = 'order'
        AND r.deposited_at > now() - make_interval(months => coalesce((
            SELECT months FROM guard.site_retention s WHERE s.site_id = p.site_id
            ORDER BY retention_id DESC LIMIT 1), %(months)s)))
    ORDER BY p.left_at, p.person_id LIMIT %(batch)s"""


# How far a look has come; the next look begins anew, and finds nobody twice.
type Place = tuple[datetime | str, UUID]
BEGIN: Place = ("-infinity", UUID(int=0))


async def erase_due(core: Core) -> None:
    await core.inbox.empty()
    place: Place | None = BEGIN
    while place:
        place = await _erase_batch(core, place)


async def _erase_batch(core: Core, place: Place) -> Place | None:
    """Where to go on; None: there was nobody more."""
    values = {
        "left_at": place[0], "person_id": place[1], "months": MONTHS, "batch": BATCH,
    }  # fmt: skip
    async with core.pool.connection() as db:
        rows = await every(db, _DUE, values)
    for row in rows:
        entry = system_entry(
            "retention", "vault.erase", purpose="erase.retention", site_id=row["site_id"]
        )
        async with core.pool.connection() as db, db.transaction():
            await erase_one(core, db, row["site_id"], row["person_id"], entry)
    return (rows[-1]["left_at"], rows[-1]["person_id"]) if rows else None


async def months_of(db: Db, site_ids: list[UUID]) -> dict[UUID, int]:
    known = {row["site_id"]: row["months"] for row in await every(db, _MONTHS, [site_ids])}
    return {site_id: known.get(site_id, MONTHS) for site_id in site_ids}


async def set_retention(core: Core, asker: Asker, ask: SetRetention) -> Done:
    if not MONTHS <= ask.months <= MONTHS_MAX:
        raise Refusal("invalid", f"{MONTHS} to {MONTHS_MAX} months")
    async with core.pool.connection() as db, db.transaction():
        await hold_site(db, asker, ask.site_id)
        if (await months_of(db, [ask.site_id]))[ask.site_id] == ask.months:
            return Done()
        await db.execute(
            "INSERT INTO guard.site_retention (site_id, months, made_by) VALUES (%s, %s, %s)",
            [ask.site_id, ask.months, asker.principal],
        )
        entry = asker.entry("retention", purpose=f"months.{ask.months}", site_id=ask.site_id)
        await core.ledger.append_in(db, [entry])
    return Done()
