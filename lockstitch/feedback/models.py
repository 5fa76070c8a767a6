"""Reviews by buyers, and questions: shown once the shop has read them. Nobody's name is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Picture, Product
from lockstitch.orders.models import Order
from lockstitch.tenancy.models import TenantKey, TenantModel

STATE = Q(state__in=["waiting", "published", "refused"])


class Review(TenantModel):
    """Of a SKU that was sent with an order: one for each. Colour and size as they were bought."""

    product = TenantKey(Product, models.CASCADE, related_name="+")
    order = TenantKey(Order, related_name="+")
    sku_id = models.UUIDField()
    colour = models.JSONField(default=dict)
    size = models.CharField(max_length=60)
    stars = models.PositiveSmallIntegerField()
    fit = models.SmallIntegerField(null=True)  # -2 too small ... 2 too large
    height_cm = models.PositiveSmallIntegerField(null=True)  # the lower end of a band of five
    usual_size = models.CharField(max_length=20, blank=True)
    text = models.TextField(max_length=2_000, blank=True)
    state = models.CharField(max_length=10, default="waiting")
    reason = models.CharField(max_length=200, blank=True)  # why it was refused
    reply = models.TextField(max_length=2_000, blank=True)  # the shop's, beneath it
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order", "sku_id"], name="review_once"),
            models.CheckConstraint(
                condition=Q(stars__range=(1, 5)) & (Q(fit=None) | Q(fit__range=(-2, 2))),
                name="review_marks",
            ),
            models.CheckConstraint(condition=STATE, name="review_state"),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["site", "product", "state", "-id"], name="review_shown"),
            models.Index(fields=["site", "state", "-id"], name="review_queue"),
        ]


class ReviewPicture(TenantModel):
    """A member's own picture to a review. `shown`: the shop looked at it and shows it."""

    review = TenantKey(Review, models.CASCADE, related_name="pictures")
    picture = TenantKey(Picture, related_name="+")
    shown = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "review", "picture"], name="review_picture_once"
            )
        ]
        ordering: ClassVar = ["id"]


class Question(TenantModel):
    """Published with its answer, for everybody."""

    product = TenantKey(Product, models.CASCADE, related_name="+")
    text = models.TextField(max_length=500)
    answer = models.TextField(max_length=2_000, blank=True)
    state = models.CharField(max_length=10, default="waiting")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=STATE, name="question_state"),
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(answer=""), name="question_answered"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["site", "product", "state", "-id"], name="question_shown"),
            models.Index(fields=["site", "state", "-id"], name="question_queue"),
        ]
