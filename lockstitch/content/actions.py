"""Writing a site's own pages, notices, stories and look."""

import datetime as dt
from typing import Any
from uuid import UUID

import nh3
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue.models import Picture
from lockstitch.content import laws
from lockstitch.content.models import Document, Edition, Medium, Notice, NoticeText, Page
from lockstitch.content.queries import (
    PlatformNotice,
    find_edition,
    find_page,
    latest_notice,
    law_gaps,
    platform_notice_history,
)
from lockstitch.content.rules import APPROVAL
from lockstitch.content.seconding import needs_another, two_persons
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.text import Text
from lockstitch.tenancy.scope import current_site_id


def keep_page(*, slug: str, title: Text, body: Text, position: int = 0) -> None:
    """Makes or replaces a page; its HTML is sanitised here and nowhere else."""
    clean = {language: nh3.clean(html) for language, html in body.items()}
    with transaction.atomic():
        Page.objects.update_or_create(
            site_id=current_site_id(), slug=slug,
            defaults={"title": title, "body": clean, "position": position},
        )  # fmt: skip


def write_page(
    slug: str, *, title: Text, body: Text, by: UUID | None, version: int | None = None,
    show: bool = True,
) -> Document:  # fmt: skip
    """A plain page's draft, which with `show` is shown at once where one person may publish alone.
    The page as it was before its first draft becomes an edition, to go back to."""
    state = {"title": title, "body": {code: nh3.clean(html) for code, html in body.items()}}
    with transaction.atomic():
        shown = find_page(slug)
        if shown is not None and not Document.objects.filter(kind="page", slug=slug).exists():
            begin("page", slug, {"title": shown.title, "body": shown.body}, by=None)
            publish("page", slug, by=None)
            version = None
        row = save("page", slug, state, by=by, version=version)
        return publish("page", slug, by=by) if show and not two_persons() else row


def show_page(row: Document, state: dict[str, Any] | None) -> None:
    """The table of pages as its document now says; without a state it has none."""
    kept = Page.objects.filter(slug=row.slug)
    if state is None:
        kept.delete()
        return
    place = kept.values_list("position", flat=True).first()
    keep_page(
        slug=row.slug, title=state["title"], body=state["body"],
        position=Page.objects.count() if place is None else place,
    )  # fmt: skip


def publish_notice(*, case_id: UUID, title: Text, body: Text) -> Notice:
    """The text as the shop's visitors see it from now on."""
    with transaction.atomic():
        return _revised(Notice.here(case_id=case_id), latest_notice(case_id), title, body)


def publish_platform_notice(*, case_id: UUID, title: Text, body: Text) -> PlatformNotice:
    """The same on the platform's own page."""
    with transaction.atomic():
        latest = next(iter(platform_notice_history(case_id)), None)
        return _revised(PlatformNotice(case_id=case_id), latest, title, body)


def _revised[N: NoticeText](made: N, latest: N | None, title: Text, body: Text) -> N:
    """The same text again is no new revision; two at once are two, or the second fails on the
    revision's constraint."""
    clean = {language: nh3.clean(html) for language, html in body.items()}
    if latest is not None and (latest.title, latest.body) == (title, clean):
        return latest
    made.revision = latest.revision + 1 if latest else 1
    made.title, made.body = title, clean
    made.save()
    return made


def begin(kind: str, slug: str, state: dict[str, Any], *, by: UUID | None) -> Document:
    """A new draft. Raises Refused when the address is taken."""
    try:
        with transaction.atomic():
            row: Document = Document.here(kind=kind, slug=slug, draft=state, by=by)
            row.save(force_insert=True)
            remember(row, "made", state, by)
            return row
    except IntegrityError:
        raise Refused(_("There is one at that address already.")) from None


def save(
    kind: str, slug: str, state: dict[str, Any], *, by: UUID | None, version: int | None = None
) -> Document:
    """Keeps a draft, making the document when there is none. Nobody else sees it.

    Raises Refused when somebody else has saved it since `version`. The same again is no edition.
    """
    with transaction.atomic():
        row = Document.objects.select_for_update().filter(kind=kind, slug=slug).first()
        if row is None:
            return begin(kind, slug, state, by=by)
        if version is not None and row.version != version:
            raise Refused(
                _("Somebody else has changed this meanwhile. Please look at it and save again.")
            )
        kept: Document = row
        if kept.draft != state:
            kept.draft, kept.by = state, by
            kept.version += 1
            kept.save(update_fields=["draft", "by", "version"])
            remember(kept, "saved", state, by)
        return kept


def publish(
    kind: str, slug: str, *, by: UUID | None, since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Document:  # fmt: skip
    """What visitors see from `since` on (now, when it is none or past): the draft as it is."""
    moment = now()
    with transaction.atomic():
        row = _locked(kind, slug)
        if said := hindrance(row, since=since, until=until, moment=moment):
            raise Refused(said)
        if needs_another(row, by):
            raise Refused(
                _("Two persons are wanted: somebody else publishes what you have drafted.")
            )
        if kind == "page":
            since = until = None
        put(row, since=since, until=until, moment=moment, by=by)
        return row


def hindrance(
    row: Document, *, since: dt.datetime | None, until: dt.datetime | None, moment: dt.datetime
) -> str:
    """Why its draft cannot be published so; empty when it can."""
    if until is not None and until <= max(since or moment, moment):
        return _("It ends before it begins.")
    if row.kind == "law" and (missing := laws.gaps(row.draft)):
        words = ", ".join(str(laws.ITEMS[name]) for name in missing)
        return _("Still missing: %(what)s.") % {"what": words}
    if row.kind == "opening" and not row.draft.get("closed") and (lacking := law_gaps()):
        words = ", ".join(lacking)
        return _("The shop cannot open: its legal notice lacks %(what)s.") % {"what": words}
    return ""


def put(
    row: Document, *, since: dt.datetime | None, until: dt.datetime | None, moment: dt.datetime,
    by: UUID | None,
) -> None:  # fmt: skip
    """Shows the draft of a locked row: at once, or from `since` where that is after `moment`. Of
    the caller's transaction, who has asked for what hinders it."""
    begins = since if since is not None and since > moment else moment
    shown = row.shown(moment)
    if begins > moment:
        row.live, row.live_from = shown, row.live_from if shown else None
        row.coming, row.coming_from = row.draft, begins
    else:
        row.live, row.live_from, row.coming, row.coming_from = row.draft, moment, None, None
        if row.kind == "page":
            show_page(row, row.draft)
    if shown is None:
        row.first_from = begins
    row.until = until
    row.version += 1
    row.save()
    remember(row, "published", row.draft, by)


def withdraw(kind: str, slug: str, *, by: UUID | None) -> Document:
    """Nobody sees it from now on; the draft stays."""
    with transaction.atomic():
        row = _locked(kind, slug)
        if kind == "page":
            raise Refused(_("A page stays once it is shown; its text can be changed."))
        row.live = row.live_from = row.coming = row.coming_from = None
        row.until = row.first_from = None
        row.version += 1
        row.save()
        remember(row, "withdrawn", row.draft, by)
        return row


def restore(kind: str, slug: str, version: int, *, by: UUID | None) -> Document:
    """The draft is as it was in that edition; nothing is published by it."""
    with transaction.atomic():
        row = _locked(kind, slug)
        old = find_edition(row.id, version)
        if old is None:
            raise NotFound(_("There is no such version."))
        return save(kind, slug, old.state, by=by)


def _locked(kind: str, slug: str) -> Document:
    row: Document | None = Document.objects.select_for_update().filter(kind=kind, slug=slug).first()
    if row is None:
        raise NotFound(_("There is nothing to publish yet: please save it first."))
    return row


def remember(row: Document, verb: str, state: dict[str, Any], by: UUID | None) -> None:
    Edition.here(document=row, version=row.version, verb=verb, state=state, by=by).save(
        force_insert=True
    )


def add_medium(
    picture: Picture, *, title: str = "", by: UUID | None, alt: Text | None = None
) -> Medium:
    """Into the library; the same file only once."""
    with transaction.atomic():
        kept: Picture = picture
        if picture._state.adding:
            known = (
                Picture.objects.filter(source_sha256=picture.source_sha256).first()
                if picture.source_sha256
                else None
            )
            kept = known or picture
            if known is None:
                picture.site_id = current_site_id()
                picture.save(force_insert=True)
        row: Medium
        row, _made = Medium.objects.get_or_create(
            site_id=current_site_id(), picture_id=kept.id,
            defaults={"title": title[:120], "by": by, "alt": alt or {}},
        )  # fmt: skip
        return row


def describe_medium(
    medium_id: UUID, *, title: str, alt: Text, rights: str, good_until: dt.date | None,
    focus: str = "",
) -> None:  # fmt: skip
    """`focus`: which part stays in view where the picture is cut, of catalogue.rules.FOCUSES."""
    with transaction.atomic():
        Picture.objects.filter(id__in=Medium.objects.filter(id=medium_id).values("picture")).update(
            focus=focus
        )
        Medium.objects.filter(id=medium_id).update(
            title=title, alt=alt, rights=rights, good_until=good_until
        )


def set_opening(*, closed: bool, by: UUID | None) -> None:
    """Opens the shop, or sets it to be in preparation. Raises Refused with what the legal notice
    lacks."""
    with transaction.atomic():
        save("opening", "opening", {"closed": closed}, by=by)
        publish("opening", "opening", by=by)


def set_two_persons(*, wanted: bool, by: UUID | None) -> None:
    """Whether what one has drafted is published by another."""
    with transaction.atomic():
        save(APPROVAL, APPROVAL, {"second": wanted}, by=by)
        publish(APPROVAL, APPROVAL, by=by)


def begin_in_preparation() -> None:
    """A shop that was just opened by the staff: closed to visitors until its owner opens it."""
    with transaction.atomic():
        state, moment = {"closed": True}, now()
        row: Document = Document.here(
            kind="opening", slug="opening", draft=state, live=state, live_from=moment,
            first_from=moment,
        )  # fmt: skip
        row.save(force_insert=True)
        remember(row, "made", state, None)
