"""A shop's own words for its letters."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lockstitch.tenancy.models import TenantModel


class Template(TenantModel):
    """In place of the built-in letter of that name and language. Liquid, checked by `rules`."""

    name = models.CharField(max_length=30)  # see rules.LETTERS
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    text = models.TextField(max_length=20_000)
    html = models.TextField(max_length=50_000, blank=True)
    by = models.UUIDField(null=True)
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name", "language"], name="template_letter")
        ]
