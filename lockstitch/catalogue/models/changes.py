"""What is remembered of goods, and what is on its way: prices, revisions, files, and prices that
wait for a second person."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.catalogue.models.goods import Product, Sku
from lockstitch.tenancy.models import TenantKey, TenantModel


class PriceRecord(TenantModel):
    """What a SKU was offered at and since when: the proof behind a struck-through price (二重価格,
    景品表示法). Written by a trigger, so that no writer can forget it."""

    append_only = True

    sku = TenantKey(Sku, models.CASCADE, related_name="prices")
    price_yen = models.PositiveIntegerField()
    sale_price_yen = models.PositiveIntegerField(null=True)
    sale_from = models.DateTimeField(null=True)
    sale_until = models.DateTimeField(null=True)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "sku", "-since"], name="price_record")]


class Revision(TenantModel):
    """A product as it was after a change, whole, so that any of them can be gone back to."""

    append_only = True

    product = TenantKey(Product, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    by = models.UUIDField(null=True)  # the operator; none for an import or a command
    verb = models.CharField(max_length=20)
    run = models.UUIDField(null=True)  # the ImportRun that made it, which can be undone whole
    state = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "product", "version"], name="product_revision")
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "run"], name="revision_run", condition=~Q(run=None))
        ]
        ordering: ClassVar = ["-version"]


class ImportRun(TenantModel):
    """A file of products on its way in: looked through, then applied batch by batch. `done` counts
    the products of finished batches, so that a killed run goes on from there."""

    name = models.CharField(max_length=120)
    form = models.CharField(max_length=8)  # sheet, shopify
    data = models.BinaryField()
    rate = models.DecimalField(max_digits=12, decimal_places=4, default=1)  # yen for one unit
    state = models.CharField(max_length=10, default="checking")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "-at"], name="import_run")]


class PriceWait(TenantModel):
    """Prices under cost, or costs made lower, that somebody else must approve (`under_cost`). One
    open row for each product and person; `skus`: SKU id -> its money as it shall be."""

    product = TenantKey(Product, models.CASCADE, related_name="price_waits")
    skus = models.JSONField()
    by = models.UUIDField(null=True)  # none for a command
    at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, default="waits")  # taken, dropped
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "product", "by"], condition=Q(state="waits"),
                nulls_distinct=False, name="price_wait_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken")
                | Q(decided_by__isnull=False) & (Q(by=None) | ~Q(decided_by=F("by"))),
                name="price_wait_two_persons",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["site", "state", "at"], name="price_wait")]
        ordering: ClassVar = ["at", "id"]
