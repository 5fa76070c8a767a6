"""Releases as the console shows them: what each would change, how far it has come, and whether a
second person has agreed to just that (decision 051)."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, prefetch_related_objects

from lockstitch.content.actions import hindrance
from lockstitch.content.ahead import looking_ahead
from lockstitch.content.models import Document, Release, ReleasePart
from lockstitch.content.models import ReleaseEvent as ReleaseEvent
from lockstitch.content.rules import OPEN, SECONDED
from lockstitch.kernel.clock import now

LIST, CANDIDATES = 40, 200
WITH = ("parts__document", "events")
STANDS = ("live", "live_from", "coming", "coming_from", "until", "first_from")


@dataclass(frozen=True)
class Part:
    """A document of a release. `change`: what publishing it now would do to it ("new", "changed",
    "same"), or, once published, what has become of it ("put", "same", "since" when somebody has
    changed what is shown). `lost`: the moment of a planned change that it would take the place of.
    """

    row: ReleasePart
    change: str
    trouble: str = ""
    lost: dt.datetime | None = None

    @property
    def document(self) -> Document:
        document: Document = self.row.document
        return document

    @property
    def name(self) -> str:
        """As a form and an event name it."""
        return f"{self.document.kind}/{self.document.slug}"


@dataclass(frozen=True)
class View:
    """A release with its documents. `standing` is a state that a person reads."""

    release: Release
    parts: list[Part]
    events: list[ReleaseEvent]
    mark: str
    standing: str

    @property
    def is_open(self) -> bool:
        return self.release.state in OPEN

    @property
    def is_agreed(self) -> bool:
        """A second person has agreed to what it holds now."""
        return self.standing == "approved"

    @property
    def asked_by(self) -> UUID | None:
        found = next((one for one in self.events if one.verb == "asked"), None)
        return found.by if found else None

    @property
    def moved_on(self) -> list[Part]:
        return [part for part in self.parts if part.change == "since"]


def list_releases() -> list[View]:
    """The newest first, without those that were dropped."""
    rows = Release.objects.exclude(state="dropped").prefetch_related(*WITH)[:LIST]
    return [view_of(row) for row in rows]


def find_release(release_id: UUID) -> View | None:
    row = Release.objects.filter(id=release_id).exclude(state="dropped").first()
    return view_of(row) if row else None


def view_of(release: Release) -> View:
    prefetch_related_objects([release], *WITH)
    rows = sorted(release.parts.all(), key=lambda one: (one.document.kind, one.id))
    events, moment = list(release.events.all()), now()
    mark = mark_of(release, [row.document for row in rows])
    parts = [
        _open_part(release, row, moment) if release.state in OPEN else _put_part(row)
        for row in rows
    ]  # fmt: skip
    return View(release, parts, events, mark, _standing(release, events, mark, moment))


def mark_of(release: Release, documents: Iterable[Document]) -> str:
    """The digest of what would be shown from when on: what is agreed to, and what is published."""
    held = sorted([str(one.id), one.draft, _plain(one.until)] for one in documents)
    return digest_of([_plain(release.since), held])


def digest_of(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def stand_of(document: Document) -> dict[str, Any]:
    """What visitors see of it and will see, as JSON can hold it."""
    return {name: _plain(getattr(document, name)) for name in STANDS}


def _plain(value: Any) -> Any:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value


def changes(release: Release, document: Document, moment: dt.datetime) -> bool:
    """Does its draft differ from what would be shown from the release's moment on anyway?"""
    return bool(document.draft != document.shown(max(release.since or moment, moment)))


def _open_part(release: Release, row: ReleasePart, moment: dt.datetime) -> Part:
    document: Document = row.document
    if not changes(release, document, moment):
        return Part(row, "same")
    until, coming = document.until, document.coming_from
    trouble = hindrance(document, since=release.since, until=until, moment=moment)
    lost = coming if coming and coming > moment and document.coming != document.draft else None
    return Part(row, "changed" if document.shown(moment) else "new", trouble, lost)


def _put_part(row: ReleasePart) -> Part:
    if row.before is None:
        return Part(row, "same")
    return Part(row, "put" if digest_of(stand_of(row.document)) == row.after else "since")


def _standing(
    release: Release, events: Sequence[ReleaseEvent], mark: str, moment: dt.datetime
) -> str:
    if release.put_at is not None and release.state == "published":
        return "planned" if release.put_at > moment else "published"
    last = next((one for one in events if one.verb not in ("made", "dropped")), None)
    if last and last.verb == "turned_down":
        return "turned_down"
    is_same = last is not None and last.mark == mark
    return last.verb if last and is_same and last.verb in ("asked", "approved") else release.state


def candidates() -> tuple[list[Document], list[Document]]:
    """What may still be gathered: drafts that differ from what is and will be shown, and the other
    documents; neither those of another open release."""
    taken = ReleasePart.objects.filter(release__state__in=OPEN).values("document")
    rows = Document.objects.filter(kind__in=SECONDED).exclude(id__in=taken).order_by("kind", "-id")
    fresh: list[Document] = []
    rest: list[Document] = []
    for row in rows[:CANDIDATES]:
        (rest if row.draft in (row.live, row.coming) else fresh).append(row)
    return fresh, rest


def release_of(document: Document) -> Release | None:
    """The release that gathers it, or by which it is planned."""
    found = ReleasePart.objects.filter(
        Q(release__state__in=OPEN) | Q(release__put_at__gt=now(), before__isnull=False),
        document=document,
    )
    row = found.select_related("release").order_by("-release__id").first()
    return row.release if row else None


def moment_of(release: Release) -> dt.datetime:
    """From when its drafts would be shown, or are."""
    begun = release.put_at if release.state == "published" else release.since
    return max(begun or now(), now())


def looking_at(release: Release) -> AbstractContextManager[None]:
    """Inside, the shop is as this release will leave it at its moment."""
    drafts = release.parts.values_list("document_id", flat=True) if release.state in OPEN else ()
    return looking_ahead(moment_of(release), drafts)
