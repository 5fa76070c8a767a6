"""Rules over the ledger: who signs in from where, who looks at whom."""

from datetime import timedelta

from psycopg.rows import DictRow

from guard import budgets
from guard.auth import PASSKEY_NEEDED
from guard.db import Db, every, one
from guard.watch.rules import Finding

OVERLAP_WITHIN = timedelta(hours=24)
WORKING = ("operator", "key")
NEW = ("new_device", "new_address")
PROBING = 20  # refused looks in a minute, of whoever is not signed in or names what is not theirs
_REFUSED = """SELECT count(*) AS times FROM guard.ledger WHERE seq > %s - 500 AND seq <= %s
    AND at > %s - interval '1 minute' AND verb IN ('reveal', 'search')
    AND outcome IN ('refused:session', 'refused:not_found', 'refused:forbidden')"""


def _finding(rule: str, row: DictRow, subject: str = "", **evidence: object) -> Finding:
    """About the entry's principal, unless another `subject` is given."""
    return Finding(
        rule, subject or row["principal_id"] or row["principal_kind"], row["at"], row["site_id"],
        {"seq": row["seq"], "session": str(row["session_id"] or ""), "address": row["address"],
         **evidence},
        operator=row["principal_id"] if row["principal_kind"] in WORKING else "",
        source=row["address"],
    )  # fmt: skip


def _is_export(row: DictRow) -> bool:
    as_reveal = row["verb"] == "reveal" and str(row["purpose"]).endswith(".export")
    return row["outcome"] == "ok" and (row["verb"] == "export" or as_reveal)


async def new_place(_: Db, row: DictRow) -> list[Finding]:
    """An operator or staff member signs in from a device or an address not seen before."""
    if row["verb"] != "sign_in" or row["outcome"] != "ok" or row["principal_kind"] == "member":
        return []
    return [_finding(f"operator.{new}", row) for new in NEW if new in row["purpose"]]


async def budget(db: Db, row: DictRow) -> list[Finding]:
    """Half of what an operator or a key may look at is used, or all of it."""
    if row["verb"] != "reveal" or row["principal_kind"] not in WORKING:
        return []
    if row["outcome"] == "refused:budget":
        return [_finding("budget.full", row)]
    if row["outcome"] != "ok":
        return []
    who = row["principal_id"]
    spans = await budgets.spans_of(db, row["principal_kind"], who, row["site_id"])
    counted = await budgets.used(db, who, spans, row["at"])
    for (_span, most), used in zip(spans, counted, strict=True):
        if used >= most:
            return [_finding("budget.full", row, used=used, most=most)]
        if used * 2 >= most:
            return [_finding("budget.half", row, used=used, most=most)]
    return []


async def key(_: Db, row: DictRow) -> list[Finding]:
    """A program's key is made; is used from where its program does not sit, and so is stolen; or
    asks for what it is not for."""
    if row["verb"] == "key.make":
        return [_finding("key.made", row)]
    if row["principal_kind"] != "key" or not row["outcome"].startswith("refused:"):
        return []
    if row["verb"] == "elsewhere":
        return [_finding("key.elsewhere", row)]
    is_astray = row["outcome"] == "refused:forbidden"
    return [_finding("key.astray", row, what=row["purpose"])] if is_astray else []


async def step_up(_: Db, row: DictRow) -> list[Finding]:
    """A fresh proof was asked for and not given: somebody else may sit there."""
    refused = row["verb"] == "step_up" and row["outcome"].startswith("refused:")
    return [_finding("step_up.refused", row, outcome=row["outcome"])] if refused else []


async def password_known(_: Db, row: DictRow) -> list[Finding]:
    """Somebody has an operator's password, and not the passkey."""
    is_it = row["verb"] == "sign_in" and row["purpose"] == PASSKEY_NEEDED
    return [_finding("operator.password_known", row)] if is_it else []


async def right_refused(_: Db, row: DictRow) -> list[Finding]:
    """The worker or the file watch asks for what they never ask: somebody else speaks for them."""
    is_it = row["principal_kind"] == "system" and row["outcome"] == "refused:forbidden"
    return [_finding("right.refused", row, what=row["purpose"] or row["verb"])] if is_it else []


async def probing(db: Db, row: DictRow) -> list[Finding]:
    """Through the desk, many looks that are refused: by whoever has no session, or tries ids."""
    if row["verb"] not in ("reveal", "search") or not row["outcome"].startswith("refused:"):
        return []
    counted = await one(db, _REFUSED, [row["seq"], row["seq"], row["at"]])
    times = counted["times"] if counted else 0
    return [_finding("reveal.probing", row, "desk", times=times)] if times >= PROBING else []


async def honey(db: Db, row: DictRow) -> list[Finding]:
    """A record of nobody was opened. The guard's own letters and searches open none."""
    if row["outcome"] != "ok" or row["verb"] not in ("reveal", "export"):
        return []
    opened = await every(
        db, "SELECT record_id FROM guard.honey WHERE record_id = ANY(%s)", [row["records"]]
    )
    if not opened:
        return []
    rule = "honey.exported" if _is_export(row) else "honey.opened"
    return [_finding(rule, row, records=[str(each["record_id"]) for each in opened[:20]])]


async def export(db: Db, row: DictRow) -> list[Finding]:
    """People leave in a file; and the same people for a second time within a day."""
    if row["verb"] == "export.ask" and row["outcome"] == "ok":
        return [_finding("export.requested", row)]
    if not _is_export(row):
        return []
    found = [_finding("export.requested", row, count=1, records=len(row["records"]))]
    earlier = await one(
        db,
        "SELECT seq FROM guard.ledger WHERE verb = 'export' AND outcome = 'ok'"
        " AND site_id IS NOT DISTINCT FROM %s AND at > %s AND seq < %s AND records && %s"
        " ORDER BY seq DESC LIMIT 1",
        [row["site_id"], row["at"] - OVERLAP_WITHIN, row["seq"], row["records"]],
    )
    if earlier and row["verb"] == "export":
        found.append(_finding("export.overlap", row, earlier=earlier["seq"]))
    return found


async def login_storm(_: Db, row: DictRow) -> list[Finding]:
    """Far more failing sign-ins than usual; counted where they are throttled."""
    if row["verb"] != "login_storm":
        return []
    return [_finding("login.storm", row, str(row["site_id"] or "console"))]


RULES = [
    new_place, password_known, right_refused, probing, budget, key, step_up, honey, export,
    login_storm,
]  # fmt: skip
