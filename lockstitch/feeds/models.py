"""A feed as it was last written, served from here as it is."""

from typing import ClassVar

from django.db import models

from lockstitch.tenancy.models import TenantModel


class Feed(TenantModel):
    """`refused` are [SKU code, why] of what was left out, so that somebody can mend it."""

    kind = models.CharField(max_length=10)  # google, meta
    body = models.BinaryField()
    etag = models.CharField(max_length=64)
    items = models.PositiveIntegerField()
    refused_count = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "kind"], name="feed_kind")]
