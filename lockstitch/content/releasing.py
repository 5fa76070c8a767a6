"""What is done with a release: gathered, agreed to, published and taken back, each whole or not at
all (decision 051)."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.content.actions import put, remember, show_page
from lockstitch.content.models import Document, Release, ReleaseEvent, ReleasePart
from lockstitch.content.releases import STANDS, Part, View, digest_of, stand_of, view_of
from lockstitch.content.rules import DOCUMENTS_MAX, OPEN, SECONDED
from lockstitch.content.seconding import two_persons
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused


class Unfit(Refused):
    """Nothing was published. `parts` are the documents that hinder it, each with its trouble."""

    def __init__(self, parts: list[Part]) -> None:
        super().__init__(_("Nothing was published: these have to be mended first."))
        self.parts = parts


def begin(name: str, *, by: UUID | None) -> Release:
    with transaction.atomic():
        row: Release = Release.here(name=_name(name), by=by)
        row.save(force_insert=True)
        _note(row, "made", by)
        return row


def plan(release_id: UUID, *, name: str, since: dt.datetime | None) -> None:
    """Its name, and the moment that it is meant for; none: as soon as it is published."""
    with transaction.atomic():
        row = _open(release_id)
        if since is not None and since <= now() and since != row.since:
            raise Refused(_("That moment has passed."))
        row.name, row.since = _name(name), since
        row.save(update_fields=["name", "since"])


def gather(release_id: UUID, documents: Iterable[UUID]) -> None:
    """Again is no harm. Raises Refused for what another open release holds."""
    with transaction.atomic():
        row = _open(release_id)
        # Locked, so that two releases do not take the same one at the same moment.
        rows = list(
            Document.objects.select_for_update()
            .filter(id__in=set(documents), kind__in=SECONDED).order_by("id")
        )  # fmt: skip
        taken = ReleasePart.objects.filter(release__state__in=OPEN, document__in=rows)
        if other := taken.exclude(release=row).select_related("release").first():
            raise Refused(
                _("Something that you have chosen is in the release “%(release)s” already.")
                % {"release": other.release}
            )
        ReleasePart.objects.bulk_create(
            [ReleasePart.here(release=row, document=one) for one in rows], ignore_conflicts=True
        )
        if row.parts.count() > DOCUMENTS_MAX:
            raise Refused(
                _("A release holds at most %(most)s documents.") % {"most": DOCUMENTS_MAX}
            )


def leave_out(release_id: UUID, document_id: UUID) -> None:
    """The document's draft stays."""
    with transaction.atomic():
        _open(release_id).parts.filter(document=document_id).delete()


def drop(release_id: UUID, *, by: UUID | None) -> None:
    """It was not needed after all; the drafts stay."""
    with transaction.atomic():
        row = _open(release_id)
        row.state = "dropped"
        row.save(update_fields=["state"])
        _note(row, "dropped", by)


def ask(release_id: UUID, mark: str, *, by: UUID) -> None:
    """Somebody else shall agree to it as it is now."""
    with transaction.atomic():
        view = _as_seen(release_id, mark)
        if view.standing not in ("asked", "approved"):
            _note(view.release, "asked", by, mark)


def approve(release_id: UUID, mark: str, *, by: UUID) -> None:
    """The second person agrees: what was asked for is what may be published."""
    with transaction.atomic():
        view = _as_seen(release_id, mark)
        if view.is_agreed:
            return
        if view.standing != "asked":
            raise Refused(_("Nobody has asked for approval of it as it is now."))
        if view.asked_by == by:
            raise Refused(_("Two persons are wanted: somebody else approves it."))
        _note(view.release, "approved", by, mark)


def turn_down(release_id: UUID, *, reason: str, by: UUID) -> None:
    with transaction.atomic():
        view = view_of(_open(release_id))
        if view.standing in ("asked", "approved"):
            _note(view.release, "turned_down", by, view.mark, reason.strip()[:400])


def publish(release_id: UUID, mark: str, *, by: UUID) -> Release:
    """Shows every draft of it from one moment on, or none. `mark`: of what was looked at; when a
    draft, the list or the moment has changed since, nothing is published. Again does nothing.

    Raises Unfit with each document that fails its checks.
    """
    with transaction.atomic():
        row = _locked(release_id)
        if row.state == "published":
            return row
        view = _as_seen(release_id, mark)
        row, moment = view.release, now()
        if two_persons() and not view.is_agreed:
            raise Refused(_("Two persons are wanted: somebody else approves it first."))
        if failing := [part for part in view.parts if part.trouble]:
            raise Unfit(failing)
        changing = [part for part in view.parts if part.change != "same"]
        if not changing:
            raise Refused(_("There is nothing in it that would change."))
        row.parts.update(before=None, after="")
        for part in changing:
            document, kept = part.document, part.row
            kept.before = stand_of(document)
            put(document, since=row.since, until=document.until, moment=moment, by=by)
            kept.after = digest_of(stand_of(document))
            kept.save(update_fields=["before", "after"])
        row.state = "published"
        row.put_at = row.since if row.since and row.since > moment else moment
        row.save(update_fields=["state", "put_at"])
        _note(row, "published", by, mark)
        return row


def roll_back(release_id: UUID, *, by: UUID, also: Collection[UUID] = ()) -> Release:
    """Each document shows what it showed before; a planned release does not come. What somebody has
    changed since stays as it is and is named in the event, but for those of `also`. Drafts stay.
    One person's to do, as any way back is. Again does nothing."""
    with transaction.atomic():
        row = _locked(release_id)
        if row.state != "published":
            return row
        _lock_documents(row)
        left = []
        for part in view_of(row).parts:
            if part.change == "since" and part.document.id not in also:
                left.append(part.name)
            elif part.row.before is not None:
                _put_back(part.document, part.row.before, by)
        row.state = "rolled_back" if row.put_at and row.put_at <= now() else "draft"
        row.put_at = None
        row.save(update_fields=["state", "put_at"])
        _note(row, "rolled_back", by, note=" ".join(left)[:400])
        return row


def _put_back(row: Document, before: dict[str, Any], by: UUID) -> None:
    for name in STANDS:
        value = before[name]
        is_moment = value is not None and name not in ("live", "coming")
        setattr(row, name, dt.datetime.fromisoformat(value) if is_moment else value)
    row.version += 1
    row.save()
    shown = row.shown(now())
    if row.kind == "page":
        show_page(row, shown)
    remember(row, "rolled_back" if shown else "withdrawn", shown or row.draft, by)


def _name(text: str) -> str:
    if not (name := text.strip()[:80]):
        raise Refused(_("Please give it a name."))
    return name


def _locked(release_id: UUID) -> Release:
    row: Release | None = Release.objects.select_for_update().filter(id=release_id).first()
    if row is None or row.state == "dropped":
        raise NotFound(_("There is no such release."))
    return row


def _open(release_id: UUID) -> Release:
    row = _locked(release_id)
    if row.state not in OPEN:
        raise Refused(_("It is published: roll it back before you change it."))
    return row


def _as_seen(release_id: UUID, mark: str) -> View:
    """With its documents locked, so that what is looked at is what is done."""
    row = _open(release_id)
    _lock_documents(row)
    view = view_of(row)
    if view.mark != mark:
        raise Refused(
            _("Something in this release has changed meanwhile. Please look at it once more.")
        )
    return view


def _lock_documents(row: Release) -> None:
    ids = row.parts.values("document_id")
    list(Document.objects.select_for_update().filter(id__in=ids).order_by("id").only("id"))


def _note(row: Release, verb: str, by: UUID | None, mark: str = "", note: str = "") -> None:
    ReleaseEvent.here(release=row, verb=verb, by=by, mark=mark, note=note).save(force_insert=True)
