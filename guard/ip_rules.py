"""From which network addresses operators may work: none listed for somebody means from anywhere.

A list may belong to an operator, a site or a company. Whoever works for several must come from an
address that every list of theirs has; it is looked up at signing in and again at each call.
"""

import ipaddress
from typing import Any
from uuid import UUID

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, many, one
from guard.refusal import Refusal
from guard.wire import Done, IpList, IpLists, ListIpRules, SetIpRules

RANGES_MAX = 200


def proper_ranges(ranges: list[str]) -> list[str]:
    """Each range in its one spelling, once. Refusal `invalid`."""
    try:
        networks = [ipaddress.ip_network(each.strip(), strict=False) for each in ranges]
    except ValueError:
        raise Refusal("invalid", "not a network") from None
    if len(networks) > RANGES_MAX:
        raise Refusal("invalid", f"more than {RANGES_MAX} networks")
    return [str(network) for network in dict.fromkeys(networks)]


def subjects(account: dict[str, Any]) -> list[UUID]:
    """Whose lists count for this row of guard.principal."""
    of_company = [account["company_id"]] if account["company_id"] else []
    return [account["principal_id"], *of_company, *account["site_ids"]]


async def need_allowed(db: Db, account: dict[str, Any], address: str) -> None:
    """Refusal `address`."""
    row = await one(
        db, "SELECT guard.may_come_from(%s, %s) AS may", [subjects(account), address]
    )  # fmt: skip
    if row is None or not row["may"]:
        raise Refusal("address")


async def replace(db: Db, subject_id: UUID, ranges: list[str], by: str) -> None:
    """The whole list of one company, site or operator, in the caller's transaction: `ranges` as
    `proper_ranges` gives them, none to lift it. Whoever is elsewhere is refused their next call."""
    await db.execute("DELETE FROM guard.ip_rule WHERE subject_id = %s", [subject_id])
    await many(
        db, "INSERT INTO guard.ip_rule (subject_id, range, made_by) VALUES (%s, %s, %s)",
        [[subject_id, each, by] for each in ranges],
    )  # fmt: skip


async def set_ip_rules(core: Core, asker: Asker, ask: SetIpRules) -> Done:
    ranges = proper_ranges(ask.ranges)
    async with core.pool.connection() as db, db.transaction():
        known = await one(db, _SUBJECTS, {"company": asker.company_id, "subject": ask.subject_id})
        if known is None:
            raise Refusal("not_found")
        await replace(db, ask.subject_id, ranges, asker.principal)
        if asker.kind == "operator":  # staff and the command line can let themselves in again
            me = await one(
                db, "SELECT * FROM guard.principal WHERE principal_id = %s", [asker.principal]
            )
            try:
                await need_allowed(db, me or {}, asker.address)
            except Refusal:
                raise Refusal("conflict", "it would lock you out yourself") from None
        purpose = f"{known['kind']}.{ask.subject_id}"
        await core.ledger.append_in(db, [asker.entry("address_rule", purpose=purpose)])
    return Done()


async def list_ip_rules(core: Core, asker: Asker, _: ListIpRules) -> IpLists:
    """All that the asker may change, those without a restriction too."""
    async with core.pool.connection() as db:
        rows = await every(
            db,
            f"SELECT s.*, (SELECT coalesce(array_agg(range::text ORDER BY range), '{{}}')"  # noqa: S608
            f" FROM guard.ip_rule r WHERE r.subject_id = s.subject_id) AS ranges FROM ({_SUBJECTS}"
            ") s",
            {"company": asker.company_id, "subject": None},
        )
    return IpLists(
        lists=[
            IpList(
                kind=row["kind"], subject_id=row["subject_id"], name=row["name"],
                ranges=row["ranges"],
            )
            for row in rows
        ]
    )  # fmt: skip


# Companies, sites and people: of one company, or of all; one of them, or all.
_SUBJECTS = """SELECT kind, subject_id, name FROM (
        SELECT 1 AS level, 'company' AS kind, company_id AS subject_id, name, company_id
        FROM guard.company
        UNION ALL SELECT 2, 'site', site_id, name, company_id FROM guard.site
        UNION ALL SELECT 3, 'operator', principal_id, handle, company_id FROM guard.principal
        WHERE kind IN ('operator', 'staff') AND state <> 'disabled') each
    WHERE (%(company)s::uuid IS NULL OR company_id = %(company)s)
    AND (%(subject)s::uuid IS NULL OR subject_id = %(subject)s) ORDER BY level, name, subject_id"""
