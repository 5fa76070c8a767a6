"""A site's own pages, and what it has to tell after an incident."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantModel


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


class Notice(TenantModel):
    """お知らせ of an incident: each text that was ever published, for the history is part of it."""

    append_only = True

    case_id = models.UUIDField()
    revision = models.PositiveSmallIntegerField()
    title = models.JSONField(default=dict)
    body = models.JSONField(default=dict)  # sanitised HTML, one for each language
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "case_id", "revision"], name="notice_revision")
        ]
        ordering: ClassVar = ["-published_at"]
