"""Every rule of the watch, by id: how grave it is, how long a repeat is the same alert, and what is
done by itself. Done by itself is only what stops ONE operator or ONE source: whoever wants to shut
a shop by setting off its alarms must not be able to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

type Severity = Literal["notice", "warning", "critical"]
type Deed = Literal["sessions", "freeze", "block"]  # of the operator, of the operator, the source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """A repeat about the same subject within `cooldown` counts up the open alert."""

    id: str
    severity: Severity
    cooldown: timedelta = HOUR
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a rule saw. `subject` is what it is about: an id, an address, a path, an order's number;
    like `evidence` (ids, counts, ledger seqs) never a personal datum."""

    rule: str
    subject: str
    happened_at: datetime
    site_id: UUID | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    operator: str = ""  # whom the deeds stop
    source: str = ""


_ALL = (
    # Who signs in, and what they look at: from the ledger.
    Rule("operator.new_device", "notice"),
    Rule("operator.new_address", "notice"),
    Rule("budget.half", "notice"),
    Rule("budget.full", "warning"),
    Rule("step_up.refused", "warning"),
    Rule("operator.password_known", "warning"),
    Rule("credential.stolen", "critical", deeds=("block",)),
    Rule("right.refused", "critical", timedelta(minutes=10)),
    Rule("reveal.probing", "warning", timedelta(minutes=10)),
    Rule("key.made", "warning"),
    Rule("key.elsewhere", "critical", deeds=("sessions",)),
    Rule("key.astray", "warning", timedelta(minutes=10)),
    Rule("honey.opened", "critical", deeds=("sessions", "freeze")),
    Rule("honey.exported", "critical"),
    Rule("export.requested", "notice", timedelta(minutes=10)),
    Rule("export.overlap", "critical"),
    Rule("login.storm", "warning", timedelta(minutes=10)),
    # What came to the doors: from signals.
    Rule("edge.method", "notice"),
    Rule("edge.scan", "warning", deeds=("block",)),
    Rule("edge.scanner", "notice"),
    Rule("edge.host", "notice"),
    Rule("edge.framing", "notice"),
    Rule("page.report", "warning"),
    Rule("input.script", "warning"),
    Rule("upload.hostile", "critical"),  # what does not happen by mistake
    Rule("upload.odd", "notice"),
    Rule("page.changed", "critical"),
    Rule("deposit.refused", "critical"),
    Rule("record.damaged", "critical"),
    Rule("decoy.used", "critical", timedelta(minutes=1)),
    Rule("decoy.touched", "critical"),
    Rule("rights.review", "notice"),
    # Money.
    Rule("order.state", "critical"),
    Rule("payment.unanswered", "critical"),
    Rule("payment.differs", "critical", DAY),
    Rule("payment.unshipped", "warning", DAY),
    # The installation itself.
    Rule("file.changed", "critical"),
    Rule("process.refused", "critical", timedelta(minutes=1)),
    Rule("sensor.silent", "critical", timedelta(minutes=1)),
    Rule("rule.failed", "critical"),
    Rule("ledger.fork", "critical"),
    Rule("ledger.witness", "critical"),
)

RULES = {rule.id: rule for rule in _ALL}
