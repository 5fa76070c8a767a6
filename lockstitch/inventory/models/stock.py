"""How many pieces there are where, what is promised to whom, and every change that made it so."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Sku
from lockstitch.tenancy.models import TenantKey, TenantModel


class Location(TenantModel):
    """A warehouse or a shop that has goods. `buffer` pieces of each SKU are kept from sale.

    What is `due` (入荷予定) is not in the house: it can be sold ahead, and not be sent.
    """

    code = models.CharField(max_length=20)  # what files and labels call it
    name = models.JSONField()
    kind = models.CharField(max_length=10, default="warehouse")  # warehouse, store, due
    position = models.PositiveIntegerField(default=0)  # the order in which the site sells from it
    sells_online = models.BooleanField(default=True)
    buffer = models.PositiveIntegerField(default=0)
    pickup = models.BooleanField(default=False)
    pickup_days = models.PositiveIntegerField(default=7)  # how long it waits for the buyer
    prefecture = models.CharField(max_length=4, blank=True)
    address = models.JSONField(default=dict)  # of the shop, for those who fetch
    hours = models.JSONField(default=dict)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "code"], name="location_code"),
            models.CheckConstraint(
                condition=Q(kind__in=["warehouse", "store", "due"]), name="location_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="due") | Q(pickup=False, buffer=0), name="location_due_is_nowhere"
            ),
        ]
        ordering: ClassVar = ["position", "id"]

    @property
    def serves(self) -> bool:
        """Whether what is free here goes to orders that wait."""
        return self.active and self.sells_online and self.kind != "due"


class Stock(TenantModel):
    """Pieces of a SKU at a location: `on_hand` in the house, of which `allocated` are promised to
    orders and `held` for people at the payment step. What one piece can be, it is once."""

    sku = TenantKey(Sku, related_name="stock")
    location = TenantKey(Location, related_name="+")
    on_hand = models.IntegerField(default=0)
    allocated = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    shelf = models.CharField(max_length=20, blank=True, db_default="")  # 棚番
    stated_at = models.DateTimeField(null=True)  # the newest count from outside: older ones pass by

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "sku", "location"], name="stock_sku"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_not_negative"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, held__gte=0)
                & Q(allocated__lte=F("on_hand") - F("held")),
                name="stock_allocated_is_there",
            ),
        ]


class Allocation(TenantModel):
    """How many pieces a location still owes to `reference`, an order. Shipped or released, they
    are owed no more. Who waits for what is due is served in the order of the rows, those that
    were put first before all others."""

    reference = models.UUIDField()
    sku = TenantKey(Sku, related_name="+")
    location = TenantKey(Location, related_name="+")
    quantity = models.IntegerField()
    first_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "reference", "sku", "location"], name="allocation_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="allocation_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "location", "sku"], condition=Q(quantity__gt=0),
                name="allocation_open",
            )
        ]  # fmt: skip


class Allotment(TenantModel):
    """引当: pieces that came in for an order which had waited for them."""

    append_only = True

    reference = models.UUIDField()  # the order
    sku = TenantKey(Sku, related_name="+")
    location = TenantKey(Location, related_name="+")
    quantity = models.PositiveIntegerField()
    step = models.UUIDField()  # what they came with: a receipt's sheet, a file, a cancelled order
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allotment_is_something")
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "reference", "at"], name="allotment_order"),
            models.Index(fields=["site", "step"], name="allotment_step"),
        ]


class Hold(TenantModel):
    """Pieces kept for a checkout until a moment; past it they count as free at once."""

    holder = models.UUIDField()  # the checkout: opaque
    sku = TenantKey(Sku, related_name="+")
    location = TenantKey(Location, related_name="+")
    quantity = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "holder", "sku", "location"], name="hold_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="hold_is_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "sku"], name="hold_sku"),
            models.Index(fields=["site", "expires_at"], name="hold_expiry"),
        ]


class Movement(TenantModel):
    """One change of a stock row. Stock is the sum of its movements."""

    append_only = True

    sku = TenantKey(Sku, related_name="+")
    location = TenantKey(Location, related_name="+")
    reason = models.CharField(max_length=12)  # see rules.DELTAS
    on_hand_delta = models.IntegerField()
    allocated_delta = models.IntegerField()
    held_delta = models.IntegerField(default=0)
    reference = models.UUIDField(null=True)  # what it was done for: order, parcel, sheet, file
    note = models.CharField(max_length=120, blank=True)  # why, in an operator's words
    by = models.UUIDField(null=True)  # the operator, when a person did it
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "reference", "sku", "location", "reason"],
                condition=~Q(reason__in=["hold", "unhold"]),
                name="movement_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "sku", "at"], name="movement_history"),
            models.Index(fields=["site", "location", "-at", "-id"], name="movement_location"),
        ]
