"""The papers of the stock room: receiving, counting, moving from one location to another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Sku
from lockstitch.inventory.models.stock import Location
from lockstitch.tenancy.models import TenantKey, TenantModel


class Sheet(TenantModel):
    """A receipt (入荷), a count (棚卸) or a transfer (移動) on its way from open to posted."""

    kind = models.CharField(max_length=10)  # receipt, count, transfer
    number = models.CharField(max_length=20)
    state = models.CharField(
        max_length=10, default="open"
    )  # open, sent (transfer), posted, dropped
    location = TenantKey(Location, related_name="+")
    source = TenantKey(Location, related_name="+", null=True)  # where a transfer comes from
    blind = models.BooleanField(default=False)  # who counts does not see what is expected
    expected_on = models.DateField(null=True)
    note = models.CharField(max_length=120, blank=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())
    posted_by = models.UUIDField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sheet_number"),
            models.CheckConstraint(
                condition=Q(kind="transfer", source__isnull=False) & ~Q(source=F("location"))
                | Q(kind__in=["receipt", "count"], source__isnull=True),
                name="sheet_transfer_has_two_ends",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "sent", "posted", "dropped"]), name="sheet_state"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-at", "-id"], name="sheet_list")]


class SheetLine(TenantModel):
    """`expected` pieces: announced, sent, or on hand when they were counted; `found` of them."""

    sheet = TenantKey(Sheet, related_name="lines")
    sku = TenantKey(Sku, related_name="+")
    expected = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(null=True)  # not counted yet

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "sheet", "sku"], name="sheet_line_sku")
        ]

    @property
    def difference(self) -> int:
        return (self.expected if self.found is None else self.found) - self.expected
