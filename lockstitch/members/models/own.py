"""What members keep here for themselves: favourites, and garments that fit."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Product, Sku
from lockstitch.members.models.member import Member
from lockstitch.tenancy.models import TenantKey, TenantModel


class Favourite(TenantModel):
    """Of a member, or of a browser that holds the token; which becomes the member's at sign-in."""

    member = TenantKey(Member, null=True, related_name="+")
    token_digest = models.BinaryField(null=True)
    product = TenantKey(Product, models.CASCADE, related_name="+")
    sku = TenantKey(Sku, models.CASCADE, null=True, related_name="+")
    price_seen_yen = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "member", "product", "sku"], condition=Q(token_digest=None),
                nulls_distinct=False, name="favourite_member",
            ),
            models.UniqueConstraint(
                fields=["site", "token_digest", "product", "sku"], condition=Q(member=None),
                nulls_distinct=False, name="favourite_browser",
            ),
            models.CheckConstraint(
                condition=Q(member=None) ^ Q(token_digest=None), name="favourite_of_somebody"
            ),
        ]  # fmt: skip


class Garment(TenantModel):
    """A garment of the member's own, as measured: `{"chest": 52.0}` in centimetres."""

    member = TenantKey(Member, related_name="garments")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)  # see rules.GARMENTS
    size = models.CharField(max_length=20, blank=True)
    measures = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())


class Note(TenantModel):
    """That an operator wrote something about a member. What, lies sealed at the guard."""

    append_only = True

    member = TenantKey(Member, related_name="notes")
    record_id = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "member", "-at"], name="note_history")]
