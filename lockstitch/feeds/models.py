"""A feed as it was last written, served from here as it is."""

from typing import ClassVar

from django.db import models

from lockstitch.tenancy.models import TenantModel


class Feed(TenantModel):
    """`refused` are [SKU code, why] of what was left out, so that somebody can mend it."""

    kind = models.CharField(max_length=10)  # rules.KINDS
    body = models.BinaryField()
    etag = models.CharField(max_length=64)
    items = models.PositiveIntegerField()
    refused_count = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "kind"], name="feed_kind")]


class FreeColumn(TenantModel):
    """A column that the shop adds to a feed: the same word for every SKU, or a field of each."""

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    field = models.CharField(max_length=20, blank=True)  # rules.FREE; empty for a constant
    constant = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "kind", "name"], name="feed_column"),
            models.CheckConstraint(
                condition=models.Q(field="") ^ models.Q(constant=""), name="feed_column_says"
            ),
        ]
        ordering: ClassVar = ["name"]
