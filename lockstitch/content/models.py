"""A site's own pages, stories and look, and what it has to tell after an incident."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Picture
from lockstitch.content.ahead import drafts_in_force
from lockstitch.content.rules import KINDS, RELEASE_EVENTS, RELEASE_STATES
from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantKey, TenantModel, Uuid7


class Page(TenantModel):
    """Terms, privacy, 特定商取引法. `body` is sanitised HTML, one for each language."""

    slug = models.SlugField(max_length=60)
    title = models.JSONField(default=dict)
    body = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "slug"], name="page_slug")]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return localised(self.title)


class NoticeText(models.Model):
    """お知らせ of an incident: each text that was ever published, for the history is part of it."""

    case_id = models.UUIDField()
    revision = models.PositiveSmallIntegerField()
    title = models.JSONField(default=dict)
    body = models.JSONField(default=dict)  # sanitised HTML, one for each language
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class Notice(NoticeText, TenantModel):
    """On a shop's pages."""

    append_only = True

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "case_id", "revision"], name="notice_revision")
        ]
        ordering: ClassVar = ["-published_at"]


class PlatformNotice(NoticeText):
    """On the platform's own page, with the figures of all shops; of no site."""

    id = models.UUIDField(primary_key=True, db_default=Uuid7())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "revision"], name="platform_notice_revision")
        ]


class Medium(TenantModel):
    """A picture of the library, which stories and homes choose from. Not shown after
    `good_until`: a model's contract ends."""

    picture = TenantKey(Picture, related_name="+")
    title = models.CharField(max_length=120, blank=True)
    alt = models.JSONField(default=dict)
    rights = models.CharField(max_length=200, blank=True)
    good_until = models.DateField(null=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "picture"], name="medium_once")
        ]
        ordering: ClassVar = ["-id"]


class Document(TenantModel):
    """What is written with a draft and shown by the clock: stories, the home, the look, the law's
    page. Visitors see `coming` from `coming_from` on, before that `live`."""

    kind = models.CharField(max_length=12)
    slug = models.SlugField(max_length=80, allow_unicode=True)
    draft = models.JSONField(default=dict)
    live = models.JSONField(null=True)
    live_from = models.DateTimeField(null=True)
    coming = models.JSONField(null=True)
    coming_from = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    first_from = models.DateTimeField(null=True)  # what lists are ordered by
    version = models.PositiveIntegerField(default=1)
    by = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "kind", "slug"], name="document_slug"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="document_kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "kind", "-first_from", "-id"], name="document_list")
        ]

    def __str__(self) -> str:
        return localised(self.draft.get("title", {})) or self.slug

    def shown(self, moment: dt.datetime) -> dict[str, Any] | None:
        """What visitors see of it then; in a preview of a release, its draft."""
        if self.id in drafts_in_force():
            return dict(self.draft)
        if self.until is not None and self.until <= moment:
            return None
        if self.coming is not None and self.coming_from and self.coming_from <= moment:
            return dict(self.coming)
        if self.live is not None and self.live_from and self.live_from <= moment:
            return dict(self.live)
        return None


class Edition(TenantModel):
    """A document as it was saved, whole, so that any of them can be gone back to."""

    append_only = True

    document = TenantKey(Document, models.CASCADE, related_name="editions")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=12)
    state = models.JSONField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "document", "version"], name="edition_of_document"
            )
        ]
        ordering: ClassVar = ["-version"]


class Release(TenantModel):
    """Drafts that are published together, at once or at `since`. `put_at` is the moment from which
    they are shown."""

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default="draft")
    since = models.DateTimeField(null=True)
    put_at = models.DateTimeField(null=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RELEASE_STATES), name="release_state"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(put_at__isnull=False), name="release_put"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-id"], name="release_list")]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class ReleasePart(TenantModel):
    """A document of a release. `before` is how it stood when the release was published, none when
    there was nothing to change; `after` the digest of how the release left it."""

    release = TenantKey(Release, models.CASCADE, related_name="parts")
    document = TenantKey(Document, models.CASCADE, related_name="releases")
    before = models.JSONField(null=True)
    after = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "release", "document"], name="release_part")
        ]


class ReleaseEvent(TenantModel):
    """Who did what with a release. `mark` is the digest of what it held: an approval counts for
    that and no more."""

    append_only = True

    release = TenantKey(Release, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=12)
    mark = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=400, blank=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(verb__in=RELEASE_EVENTS), name="release_verb")
        ]
        ordering: ClassVar = ["-id"]


class Inquiry(TenantModel):
    """お問い合わせ: that somebody wrote, about what, and whether it was seen to. Who and what they
    wrote is the sealed record's; `hint` is the masked name."""

    record_id = models.UUIDField()
    topic = models.CharField(max_length=12)
    order_number = models.CharField(max_length=20, blank=True)
    hint = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="open")
    at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered"]), name="inquiry_state"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "state", "-id"], name="inquiry_list"),
            models.Index(fields=["site", "at"], name="inquiry_lately"),
        ]
