"""Asks about a break-in: whose data was disclosed by it, and the letters to these people."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Reply

type Process = Literal["shop", "desk", "worker", "guard", "database", "backup"]
type PersonClass = Literal["disclosed", "in_flight", "cannot_be_excluded", "sealed_only"]

PEOPLE_PAGE_MAX = 5_000


class Indicators(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a break-in between two times (with time zone).

    `processes` were taken over; a database or backup that was read counts as one. `failed`: what
    investigators found out about the assumptions, by id (A1 to A7), and why.
    """

    since: datetime
    until: datetime
    addresses: list[str] = []
    operators: list[UUID] = []
    sessions: list[UUID] = []
    processes: list[Process] = []
    failed: dict[str, str] = {}


class SetOfPeople(msgspec.Struct, frozen=True, kw_only=True):
    """`fields` counts the people of whom each was disclosed."""

    people: int = 0
    records: int = 0
    orders: int = 0
    fields: dict[str, int] = {}
    first_at: datetime | None = None
    last_at: datetime | None = None


class SiteSets(msgspec.Struct, frozen=True, kw_only=True):
    """The four sets of a site are disjoint: each person is in the strongest. `untouched` is the
    rest of all its `people`."""

    site_id: UUID
    company_id: UUID
    name: str
    company: str
    people: int
    disclosed: SetOfPeople
    in_flight: SetOfPeople
    cannot_be_excluded: SetOfPeople
    sealed_only: SetOfPeople
    untouched: int


class Assumption(msgspec.Struct, frozen=True, kw_only=True):
    """`holds` is None for what this machine cannot check; `evidence` says so."""

    id: str
    statement: str
    holds: bool | None
    evidence: str


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the timeline: entries of the same kind in the same minute."""

    at: datetime
    until: datetime
    source: Literal["ledger", "alert"]
    what: str
    who: str
    purpose: str
    address: str
    times: int
    people: int
    first_seq: int | None = None
    last_seq: int | None = None


class Assessment(Reply, tag=True, frozen=True):
    """What the ledger says about these indicators. `share` of the work is done, in percent.

    `addresses`, `sessions` and `operators` are those found to belong together, the given ones
    among them. `checkpoint` is the signed note that the answer rests on.
    """

    assessment_id: UUID
    state: Literal["running", "done", "failed"]
    share: int
    step: str = ""
    indicators: Indicators | None = None
    made_at: datetime | None = None
    entries: int = 0
    checkpoint: str = ""
    addresses: list[str] = []
    sessions: list[UUID] = []
    operators: list[UUID] = []
    sites: list[SiteSets] = []
    assumptions: list[Assumption] = []
    timeline: list[Moment] = []


class Assess(Ask[Assessment], tag=True, frozen=True):
    """Begins an assessment; ask `GetAssessment` for how far it is, and for the answer."""

    indicators: Indicators
    incident_id: UUID | None = None


class GetAssessment(Ask[Assessment], tag=True, frozen=True):
    assessment_id: UUID


class AssessedPerson(msgspec.Struct, frozen=True, kw_only=True):
    person_id: UUID
    site_id: UUID
    kind: PersonClass
    fields: list[str]
    records: int
    first_at: datetime
    last_at: datetime


class AssessedPeople(Reply, tag=True, frozen=True):
    people: list[AssessedPerson]
    more: bool


class GetAssessed(Ask[AssessedPeople], tag=True, frozen=True):
    """The people of an assessment, by id; those of whole sites are counted, not listed."""

    assessment_id: UUID
    after: UUID | None = None
    limit: int = 1_000


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A case. `facts`: what people found out, by the field's name; `assessment_id`: the latest."""

    incident_id: UUID
    title: str
    opened_at: datetime
    opened_by: str
    facts: dict[str, str]
    assessment_id: UUID | None = None


class Incidents(Reply, tag=True, frozen=True):
    incidents: list[Incident]
    more: bool = False


class OpenIncident(Ask[Incidents], tag=True, frozen=True):
    title: str


class GetIncidents(Ask[Incidents], tag=True, frozen=True):
    """One, or the newest first, before another."""

    incident_id: UUID | None = None
    before: UUID | None = None
    limit: int = 50


class StateFacts(Ask[Incidents], tag=True, frozen=True):
    """Adds to what is known of a case; an empty text takes a fact away."""

    incident_id: UUID
    facts: dict[str, str]


class NoticeFigures(msgspec.Struct, frozen=True, kw_only=True):
    """People of a site: without any address to write to, and letters by how far they are."""

    site_id: UUID
    unreachable: int
    waiting: int
    sent: int
    failed: int
    returned: int


class NoticeRun(Reply, tag=True, frozen=True):
    sites: list[NoticeFigures]


class SendNotices(Ask[NoticeRun], tag=True, frozen=True):
    """A letter to each person of these sets at a site, once per case however often it is asked.

    In `subject` and `body` the guard fills {{name}}; `[[fields]]` and `[[times]]` are that
    person's own, in the words of `words`. A dry run counts.
    """

    incident_id: UUID
    site_id: UUID
    kinds: list[Literal["disclosed", "in_flight", "cannot_be_excluded"]]
    subject: str
    body: str
    words: dict[str, str] = {}
    dry_run: bool = False


class GetNotices(Ask[NoticeRun], tag=True, frozen=True):
    incident_id: UUID
