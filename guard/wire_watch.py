"""Asks about the watch: what it found, that somebody has seen to it, and what a sensor reports."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Kept, Reply

ALERTS_MAX = 100
NOTE_MAX = 500

type Severity = Literal["notice", "warning", "critical"]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """`action` is what was done by itself: words of sessions, freeze, block."""

    alert_id: int
    rule: str
    severity: Severity
    site_id: UUID | None
    subject: str
    evidence: dict[str, Any]
    happened_at: datetime
    raised_at: datetime
    last_at: datetime
    times: int
    action: str
    handled_at: datetime | None
    handled_by: str | None
    handled_note: str


class Alerts(Reply, tag=True, frozen=True):
    """Newest first; ask again with `before` = the last id while `more`. `open` of them in all."""

    alerts: list[Alert]
    more: bool
    open: int


class ListAlerts(Ask[Alerts], tag=True, frozen=True):
    """Staff see all, an owner those of their sites (one of them with `site_id`)."""

    site_id: UUID | None = None
    severity: Severity | None = None
    rule: str = ""
    alert_id: int | None = None
    handled: bool = False  # also those that somebody has seen to
    before: int | None = None
    limit: int = 50


class HandleAlert(Ask[Done], tag=True, frozen=True):
    """Somebody has seen to it. The note is about the alert, never about a person."""

    alert_id: int
    note: str


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """What the file watch saw: hashes before and now (empty: not there), and who owns the file.
    Of a decoy: that it was opened."""

    what: Literal["file", "decoy"]
    path: str
    was: str = ""
    now: str = ""
    uid: int = -1


class Barred(msgspec.Struct, frozen=True, kw_only=True):
    """What Linux refused to one of the program's own processes; `family` when it was a socket."""

    process: str
    pid: int
    call: str
    number: int
    family: int = -1


class Sensed(Ask[Done], tag=True, frozen=True):
    """The file watch's sign of life, with what it saw since the last one."""

    sightings: list[Sighting] = []
    barred: list[Barred] = []


class PlantHoney(Ask[Kept], tag=True, frozen=True):
    """Command line only: an order's record with these `fields`, or a member's profile, of nobody.

    Whoever is shown one sets off an alert. Letters to it are not sent.
    """

    site_id: UUID
    fields: dict[str, str] = {}
    member_id: UUID | None = None
