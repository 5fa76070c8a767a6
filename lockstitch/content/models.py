"""A site's own pages."""

from typing import ClassVar

from django.db import models

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
