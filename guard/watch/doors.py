"""Rules over signals: what shop, desk, worker and the guard itself noticed at their doors."""

from psycopg.rows import DictRow

from guard.db import Db
from guard.watch.rules import Finding

SCAN = 20  # distinct addresses that are not there, from one source
# kind of signal -> rule; what the alert is about is the source, or a word of the detail.
ABOUT = {
    "method": ("edge.method", ""),
    "missing": ("edge.scan", ""),
    "scanner": ("edge.scanner", ""),
    "host": ("edge.host", ""),
    "framing": ("edge.framing", ""),
    "report": ("page.report", "what"),
    "script": ("input.script", "form"),
    "state": ("order.state", "number"),
    "capture": ("payment.unanswered", "number"),
    "payment": ("payment.differs", "ref"),
    "page": ("page.changed", "page"),
    "deposit": ("deposit.refused", "record"),
    "damaged": ("record.damaged", "record"),
    "stolen": ("credential.stolen", "what"),
    "file": ("file.changed", "path"),
    "process": ("process.refused", "name"),
}
UPLOADS = {True: "upload.hostile", False: "upload.odd"}
DECOYS = {"used": "decoy.used", "touched": "decoy.touched"}


async def read(_: Db, row: DictRow) -> list[Finding]:
    """The rule that a kind of signal belongs to."""
    detail, kind = dict(row["detail"]), row["kind"]
    if kind == "missing" and int(detail.get("distinct", 0)) < SCAN:
        return []
    if kind == "decoy":
        rule, subject = DECOYS[str(detail["how"])], str(detail["name"])
    elif kind == "upload":  # about whoever sent it: a hundred bad files are one alert
        rule, subject = UPLOADS[bool(detail["grave"])], str(detail["by"])
    else:
        rule, name = ABOUT[kind]
        subject = str(detail[name]) if name else row["source"] or "unknown"
    # A dead link is no crime: only who also asked for what scanners ask for is shut out.
    hostile = kind == "stolen" or (kind == "missing" and int(detail.get("hostile", 0)) > 0)
    evidence = {"signal": row["id"], "source": row["source"], **detail}
    return [
        Finding(rule, subject, row["at"], row["site_id"], evidence,
                source=row["source"] if hostile else "")
    ]  # fmt: skip
