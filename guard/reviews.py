"""Each quarter a site's owners look through who works there, and say of each: still, or no more.

They are told by letter when the quarter begins. Who has not looked by the end of `WITHIN` finds it
on the page of the team and in the watch's list. What was confirmed, and by whom, is in the ledger.
"""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from psycopg.rows import DictRow

from guard.accounts import answerable, email_of, masked_email
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.entry import Entry, system_entry
from guard.letters import write_letter
from guard.operators import hold_site, void_invitations
from guard.refusal import Refusal
from guard.sessions import end_sessions
from guard.watch.alerts import raise_alert
from guard.wire import (
    ConfirmReview,
    Done,
    GetReviews,
    ReviewedRight,
    ReviewPerson,
    Reviews,
    SiteReview,
)

JST = timezone(timedelta(hours=9))
QUARTERS = (1, 4, 7, 10)  # the months that they begin with, in Japan
WITHIN = timedelta(days=30)

# A site that is younger than the quarter has been set up just now.
_TELL = """INSERT INTO guard.rights_review (site_id, began)
    SELECT site_id, %(began)s FROM guard.site s WHERE registered_at < %(began)s AND NOT EXISTS (
        SELECT 1 FROM guard.rights_review r WHERE r.site_id = s.site_id AND r.began = %(began)s)
    ORDER BY site_id LIMIT 1 ON CONFLICT DO NOTHING RETURNING site_id, told_at"""
_LATE = """UPDATE guard.rights_review SET late_at = now() WHERE (site_id, began) = (
        SELECT site_id, began FROM guard.rights_review
        WHERE done_at IS NULL AND late_at IS NULL AND told_at < %(before)s AND began = %(began)s
        ORDER BY told_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING site_id, told_at"""
_SITES = """SELECT s.site_id, s.company_id, s.name, r.told_at, r.done_at, p.handle AS done_by
    FROM guard.site s
    LEFT JOIN guard.rights_review r ON r.site_id = s.site_id AND r.began = %(began)s
    LEFT JOIN guard.principal p ON p.principal_id = r.done_by
    WHERE (%(company)s::uuid IS NULL OR s.company_id = %(company)s)
    AND (%(site)s::uuid IS NULL OR s.site_id = %(site)s) ORDER BY s.name, s.site_id"""
_PEOPLE = """SELECT p.*,
        (SELECT max(started_at) FROM guard.session s WHERE s.principal_id = p.principal_id)
            AS signed_in_at,
        (SELECT count(*) FROM guard.passkey k WHERE k.principal_id = p.principal_id) AS passkeys,
        EXISTS (SELECT 1 FROM guard.credential c
            WHERE c.principal_id = p.principal_id AND c.kind = 'totp') AS totp
    FROM guard.principal p WHERE company_id = %s AND kind = 'operator'
    AND state IN ('invited', 'active') AND %s = ANY (site_ids) ORDER BY made_at, principal_id"""
# What disclosed something, word for word as the index on it has it.
_USED = """SELECT principal_id, verb, sum(cardinality(records)) AS records FROM guard.ledger
    WHERE principal_id = ANY (%s) AND site_id = %s AND at >= %s
    AND verb IN ('reveal', 'export', 'deliver') AND outcome = 'ok' GROUP BY principal_id, verb"""
_DONE = """INSERT INTO guard.rights_review (site_id, began, done_at, done_by)
    VALUES (%(site)s, %(began)s, now(), %(me)s)
    ON CONFLICT (site_id, began) DO UPDATE SET done_at = now(), done_by = %(me)s"""


def quarter_of(at: datetime) -> datetime:
    """When the quarter of that moment began."""
    local = at.astimezone(JST)
    begun = [month for month in QUARTERS if month <= local.month]
    year, month = (local.year, begun[-1]) if begun else (local.year - 1, QUARTERS[-1])
    return datetime(year, month, 1, tzinfo=JST)


def _before(began: datetime) -> datetime:
    return quarter_of(began - timedelta(days=1))


def _name(began: datetime) -> str:
    return f"review.{began.astimezone(JST):%Y-%m}"


async def remind(core: Core) -> None:
    """A site at a time, each in its own transaction: whoever is interrupted goes on later."""
    began = quarter_of(datetime.now(UTC))
    while await _tell_next(core, began):
        pass
    while await _late_next(core, began):
        pass


async def _tell_next(core: Core, began: datetime) -> bool:
    async with core.pool.connection() as db, db.transaction():
        row = await one(db, _TELL, {"began": began})
        if row is None:
            return False
        due = (row["told_at"] + WITHIN).astimezone(JST)
        accounts = await answerable(db, row["site_id"])
        roots = await core.own_keys.roots(db)
        for account in accounts:
            await write_letter(
                core, db, "site.review", site_id=row["site_id"], to=email_of(roots, account),
                values={"due": f"{due:%Y-%m-%d}"},
            )  # fmt: skip
        entry = system_entry("reviews", "review.due", purpose=_name(began), site_id=row["site_id"])
        await core.ledger.append_in(db, [entry])
    return True


async def _late_next(core: Core, began: datetime) -> bool:
    async with core.pool.connection() as db, db.transaction():
        before = datetime.now(UTC) - WITHIN
        row = await one(db, _LATE, {"began": began, "before": before})
        if row is None:
            return False
        await raise_alert(
            core, db, "rights.review", _name(began), site_id=row["site_id"],
            evidence={"told": row["told_at"].isoformat()}, happened_at=row["told_at"] + WITHIN,
        )  # fmt: skip
    return True


async def get_reviews(core: Core, asker: Asker, ask: GetReviews) -> Reviews:
    now = datetime.now(UTC)
    began = quarter_of(now)
    values = {"began": began, "company": asker.company_id, "site": ask.site_id}
    async with core.pool.connection() as db:
        rows = await every(db, _SITES, values)
        if ask.site_id and not rows:
            raise Refusal("not_found", "no such site")
        people = await _people(core, db, rows[0], _before(began)) if ask.site_id else []
    return Reviews(reviews=[_shown(row, began, now, people) for row in rows])


def _shown(
    row: DictRow, began: datetime, now: datetime, people: list[ReviewPerson]
) -> SiteReview:  # fmt: skip
    due = row["told_at"] + WITHIN if row["told_at"] else None
    return SiteReview(
        site_id=row["site_id"], name=row["name"], began=began, since=_before(began), due_at=due,
        late=bool(due and row["done_at"] is None and due < now), done_at=row["done_at"],
        done_by=row["done_by"] or "", people=people,
    )  # fmt: skip


async def _people(core: Core, db: Db, site: DictRow, since: datetime) -> list[ReviewPerson]:
    rows = await every(db, _PEOPLE, [site["company_id"], site["site_id"]])
    ids, roots = [str(row["principal_id"]) for row in rows], await core.own_keys.roots(db)
    used = {
        (row["principal_id"], row["verb"]): int(row["records"])
        for row in await every(db, _USED, [ids, site["site_id"], since])
    }
    return [
        ReviewPerson(
            operator_id=row["principal_id"], handle=row["handle"], role=row["role"],
            masked_email=masked_email(email_of(roots, row)), state=row["state"],
            signed_in_at=row["signed_in_at"], passkeys=row["passkeys"], totp=row["totp"],
            seen=used.get((str(row["principal_id"]), "reveal"), 0),
            taken_out=used.get((str(row["principal_id"]), "export"), 0),
        )
        for row in rows
    ]  # fmt: skip


async def confirm_review(core: Core, asker: Asker, ask: ConfirmReview) -> Done:
    began = quarter_of(datetime.now(UTC))
    values = {"began": began, "company": asker.company_id, "site": ask.site_id}
    async with core.pool.connection() as db, db.transaction():
        await hold_site(db, asker, ask.site_id)
        [site] = await every(db, _SITES, values)
        there = await every(db, f"{_PEOPLE} FOR UPDATE OF p", [site["company_id"], ask.site_id])
        named = [(each.operator_id, each.role) for each in ask.people]
        if sorted(named) != sorted((row["principal_id"], row["role"]) for row in there):
            raise Refusal("conflict", "others work there now")
        taken = [row for row in there if _is_taken(row, ask.people)]
        if any(str(row["principal_id"]) == asker.principal for row in taken):
            raise Refusal("invalid", "nobody takes their own rights away")
        if site["done_at"] and not taken:
            return Done()  # sent twice
        entries = [await _take(db, asker, row, ask.site_id) for row in taken]
        await db.execute(
            _DONE, {"site": ask.site_id, "began": began, "me": asker.principal}
        )  # fmt: skip
        said = [f"{each.operator_id}:{each.role if each.keep else '-'}" for each in ask.people]
        done = asker.entry("review", purpose=_name(began), site_id=ask.site_id, fields=said)
        await core.ledger.append_in(db, [*entries, done])
    return Done()


def _is_taken(row: DictRow, people: list[ReviewedRight]) -> bool:
    return any(each.operator_id == row["principal_id"] and not each.keep for each in people)


async def _take(db: Db, asker: Asker, row: DictRow, site_id: UUID) -> Entry:
    """Nothing at this site from now on; an account that has no other site is disabled."""
    operator_id, left = row["principal_id"], [each for each in row["site_ids"] if each != site_id]
    if left:
        await db.execute(
            "UPDATE guard.principal SET site_ids = %s::uuid[] WHERE principal_id = %s",
            [left, operator_id],
        )
    else:
        await db.execute(
            "UPDATE guard.principal SET state = 'disabled' WHERE principal_id = %s", [operator_id]
        )
        await void_invitations(db, operator_id)
    # Also where other sites are left: the console learns of these at the next sign-in.
    await end_sessions(db, operator_id)
    verb = "operator.update" if left else "operator.disable"
    return asker.entry(verb, purpose=f"operator.{operator_id}")
