"""The words for what the watch finds, and for what it does by itself."""

from django.utils.translation import gettext_lazy as _

RULE_WORDS = {
    "operator.new_device": _("Signed in from a new device"),
    "operator.new_address": _("Signed in from a new address"),
    "budget.half": _("Half of a budget of looks is used"),
    "budget.full": _("A budget of looks is used up"),
    "step_up.refused": _("A fresh proof was refused"),
    "operator.password_known": _("An operator's password is known to somebody"),
    "credential.stolen": _("Content of the table of logins was shown as a key"),
    "right.refused": _("A process asked for what it never asks"),
    "reveal.probing": _("Many looks at people are refused"),
    "key.made": _("An API key was made"),
    "key.elsewhere": _("An API key was used from elsewhere, and ended"),
    "key.astray": _("An API key asked for what it is not for"),
    "honey.opened": _("A planted record was opened"),
    "honey.exported": _("A planted record left in an export"),
    "export.requested": _("People were exported"),
    "export.overlap": _("The same people were exported again"),
    "login.storm": _("Many sign-ins fail"),
    "edge.method": _("A method that is not allowed"),
    "edge.scan": _("Many addresses that are not there"),
    "edge.scanner": _("Asked for what only scanners ask for"),
    "edge.host": _("An unknown host"),
    "edge.framing": _("A request that is too long or ambiguous"),
    "page.report": _("A browser blocked something on a page"),
    "page.changed": _("A watched page has changed"),
    "input.script": _("A script in a form"),
    "upload.hostile": _("A file that was sent is an attack"),
    "upload.odd": _("A file that was sent is not what it says"),
    "deposit.refused": _("A sealed record could not be taken in"),
    "record.damaged": _("A stored record does not open"),
    "decoy.used": _("A decoy pass was used"),
    "decoy.touched": _("A decoy was opened"),
    "rights.review": _("The quarterly review of rights is overdue"),
    "order.state": _("An order changed past its rules"),
    "payment.unanswered": _("Money written down that no provider confirmed"),
    "payment.differs": _("The provider says otherwise"),
    "payment.unshipped": _("Paid and not shipped"),
    "file.changed": _("A file is not as it was signed"),
    "process.refused": _("A process asked for what it may not have"),
    "sensor.silent": _("A sensor is silent"),
    "rule.failed": _("A rule of the watch failed"),
    "ledger.fork": _("The ledger has two histories"),
    "ledger.witness": _("A witness disagrees with the ledger"),
}
SEVERITY_WORDS = {"notice": _("Notice"), "warning": _("Warning"), "critical": _("Critical")}
DEED_WORDS = {
    "sessions": _("signed out"), "freeze": _("looks stopped"), "block": _("source blocked"),
}  # fmt: skip
EVIDENCE_WORDS = {
    "seq": _("Entry of the ledger"), "session": _("Session"), "address": _("IP address"),
    "source": _("Source"), "records": _("Records"), "count": _("Times"), "used": _("Used"),
    "most": _("At most"), "was": _("Before"), "now": _("Now"), "uid": _("Owner of the file"),
    "path": _("Path"), "number": _("Order number"), "form": _("Form"), "field": _("Field"),
    "page": _("Page"), "what": _("What"), "method": _("Method"), "signal": _("Signal"),
    "here": _("Here"), "there": _("There"), "seconds": _("Seconds"),
    "distinct": _("Different addresses"), "earlier": _("The earlier entry"),
    "process": _("Process"), "pid": _("Number of the process"), "call": _("Call"),
    "upload": _("File"), "found": _("Found"),
    "by": _("Sent by"), "grave": _("No mistake"),
}  # fmt: skip
WATCH_WORDS = {
    "rule": RULE_WORDS, "severity": SEVERITY_WORDS, "deed": DEED_WORDS, "evidence": EVIDENCE_WORDS,
}  # fmt: skip
