"""What a stage found: what was stopped and by what, what was seen and after how long."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

# Security.md A: detection = event -> persisted alert row, by class, in seconds.
CLASSES = {"D1": 1.0, "D2": 5.0, "D3": 60.0}
LOOK_EVERY_S = 0.02
GRACE = 4.0  # times the class: later than that is not late, it is missing
# The first word of it: what is told again and again afterwards only moves `last_at` on.
_SEEN = """SELECT rule, subject, CASE WHEN raised_at > %(since)s THEN raised_at ELSE last_at END
    AS at, alert_id FROM guard.alert WHERE rule = %(rule)s AND subject LIKE %(about)s
    AND greatest(raised_at, last_at) > %(since)s ORDER BY at LIMIT 1"""


@dataclass
class Sighting:
    """`seconds` from the deed to the alert that can be read; None: it never came."""

    rule: str
    about: str
    within: str
    seconds: float | None


@dataclass
class Stage:
    """One line of the table. It holds when nothing passed, all was seen, and no more people were
    disclosed than `allowed`."""

    id: str
    title: str
    granted: str
    db: psycopg.Connection[Any]
    allowed: int = 0
    blocked: dict[str, list[str]] = field(default_factory=dict)  # by what -> what was tried
    passed: list[str] = field(default_factory=list)
    seen: list[Sighting] = field(default_factory=list)
    disclosed: set[UUID] = field(default_factory=set)
    evidence: list[str] = field(default_factory=list)
    took_s: float = 0.0

    def stopped(self, what: str, by: str) -> None:
        self.blocked.setdefault(by, []).append(what)

    def leaked(self, what: str) -> None:
        self.passed.append(what)

    def check(self, what: str, *, is_stopped: bool, by: str) -> None:
        if is_stopped:
            self.stopped(what, by)
        else:
            self.leaked(what)

    def note(self, text: str) -> None:
        self.evidence.append(text)

    def now(self) -> datetime:
        return clock(self.db)

    def expect(
        self, rule: str, deed: Callable[[], object], *, about: str = "%", within: str = "D1"
    ) -> bool:
        """Does the deed, and waits for the alert about it (`about` is a LIKE pattern)."""
        at, began = self.now(), time.perf_counter()
        deed()
        return self.see(rule, at, began, about=about, within=within)

    def see(
        self, rule: str, since: datetime, began: float, *, about: str = "%", within: str = "D1"
    ) -> bool:
        """Waits for an alert of what has happened since; `began` is of time.perf_counter."""
        seconds, until = None, max(time.perf_counter(), began) + CLASSES[within] * GRACE + 1
        while seconds is None:
            row = self.db.execute(_SEEN, {"rule": rule, "about": about, "since": since}).fetchone()
            if row:
                seconds = max(0.0, (row[2] - since).total_seconds())
                self.note(f"alert {row[3]}: {rule} {row[1]}"[:120])
            elif time.perf_counter() > until:
                break
            else:
                time.sleep(LOOK_EVERY_S)
        self.seen.append(Sighting(rule, about, within, seconds))
        return seconds is not None

    @property
    def failures(self) -> list[str]:
        found = [f"not stopped: {what}" for what in self.passed]
        found += [f"not seen: {each.rule}" for each in self.seen if each.seconds is None]
        if len(self.disclosed) > self.allowed:
            found.append(f"{len(self.disclosed)} people disclosed, at most {self.allowed}")
        if not self.blocked and not self.seen:
            found.append("nothing was tried")
        return found

    def facts(self) -> dict[str, Any]:
        """As design.md section 5 has it, with what makes it fail."""
        times = [each.seconds for each in self.seen if each.seconds is not None]
        return {
            "id": self.id, "title": self.title, "granted": self.granted,
            "holds": not self.failures, "failures": self.failures,
            "blocked_by": sorted(self.blocked), "tried": self.blocked,
            "detected_by": sorted({s.rule for s in self.seen if s.seconds is not None}),
            "detections": [
                {"rule": s.rule, "class": s.within, "seconds": _short(s.seconds)}
                for s in self.seen
            ],
            "took_s": round(self.took_s, 1), "seconds": _short(max(times)) if times else None,
            "disclosed": len(self.disclosed), "allowed": self.allowed, "evidence": self.evidence,
        }  # fmt: skip


def clock(db: psycopg.Connection[Any]) -> datetime:
    """The database's, which dates alerts and entries too."""
    row = db.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    moment: datetime = row[0]
    return moment


def _short(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
