"""コーディネート: an outfit on styled pictures, who put it together, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.catalogue.models import Colour, Picture, Sku
from lockstitch.coordinates.rules import KINDS, STATES
from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantKey, TenantModel


class Author(TenantModel):
    """Who shows outfits, under a name for the page: no personal datum. `operator_id` is whose
    login posts as this author. One who has left is no longer named; the posts stay."""

    slug = models.SlugField(max_length=40)
    name = models.JSONField(default=dict)
    shop = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    height_cm = models.PositiveSmallIntegerField(null=True)
    picture = TenantKey(Picture, null=True, related_name="+")
    operator_id = models.UUIDField(null=True)
    left = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "slug"], name="author_slug"),
            models.UniqueConstraint(
                fields=["site", "operator_id"], name="author_operator",
                condition=Q(operator_id__isnull=False),
            ),
        ]  # fmt: skip
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return localised(self.name)


class Coordinate(TenantModel):
    """Texts are `{"ja": …, "en": …}`. `issue` is the magazine's number that it appeared in."""

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, default="editor")
    title = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    author = TenantKey(Author, null=True, related_name="coordinates")
    height_cm = models.PositiveSmallIntegerField(null=True)
    season = models.CharField(max_length=20, blank=True)
    issue = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="draft")
    reason = models.CharField(max_length=400, blank=True)  # why it was sent back
    made_by = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)  # ... or took it back
    published_from = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="coordinate_number"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="coordinate_kind"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="coordinate_state"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "-published_from", "-id"], name="coordinate_shown",
                condition=Q(state="approved"),
            ),
            models.Index(fields=["site", "state", "-id"], name="coordinate_by_state"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return localised(self.title) or f"#{self.number}"


class Issue(TenantModel):
    """A number of the magazine. Coordinates name it (`Coordinate.issue`); `stories` are
    [kind, slug] of features and news that belong to it. Days are Japan's."""

    name = models.CharField(max_length=40)
    theme = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    since = models.DateField()
    until = models.DateField(null=True)
    stories = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="issue_name"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="issue_period"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-since", "-id"], name="issue_order")]

    def __str__(self) -> str:
        return self.name


class Shot(TenantModel):
    """A styled picture of a coordinate."""

    coordinate = TenantKey(Coordinate, models.CASCADE, related_name="shots")
    picture = TenantKey(Picture, related_name="+")
    alt = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "coordinate", "picture"], name="coordinate_picture_once"
            )
        ]
        ordering: ClassVar = ["position", "id"]


class Piece(TenantModel):
    """One colour of a product in the outfit, and the SKU that was worn (its size)."""

    coordinate = TenantKey(Coordinate, models.CASCADE, related_name="pieces")
    colour = TenantKey(Colour, related_name="+")
    worn = TenantKey(Sku, null=True, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "coordinate", "colour"], name="coordinate_colour_once"
            )
        ]
        ordering: ClassVar = ["position", "id"]


class Hotspot(TenantModel):
    """Where on a picture a piece is: thousandths of its width and height."""

    shot = TenantKey(Shot, models.CASCADE, related_name="hotspots")
    piece = TenantKey(Piece, models.CASCADE, related_name="hotspots")
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "shot", "piece"], name="hotspot_once"),
            models.CheckConstraint(
                condition=Q(x__lte=1000, y__lte=1000), name="hotspot_on_the_picture"
            ),
        ]


class Follow(TenantModel):
    """Somebody follows an author: a member by id, a guest by their browser's token."""

    author = TenantKey(Author, models.CASCADE, related_name="follows")
    member_id = models.UUIDField(null=True)
    token_digest = models.BinaryField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "member_id", "author"], name="follow_member",
                condition=Q(member_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["site", "token_digest", "author"], name="follow_browser",
                condition=Q(token_digest__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(member_id__isnull=False) | Q(token_digest__isnull=False),
                name="follow_is_of_somebody",
            ),
        ]  # fmt: skip


class DailyCount(TenantModel):
    """How often a coordinate was seen and added from on a day in Japan. No visitor is in it."""

    coordinate = TenantKey(Coordinate, models.CASCADE, related_name="counts")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    adds = models.PositiveIntegerField(default=0)  # pieces put into carts

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "coordinate", "day"], name="count_of_day")
        ]


class Added(TenantModel):
    """A SKU went into a cart from a coordinate: the latest such time, which the credit is by."""

    coordinate = TenantKey(Coordinate, models.CASCADE, related_name="+")
    cart_id = models.UUIDField()
    sku_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "cart_id", "sku_id"], name="added_sku_once")
        ]


class Credit(TenantModel):
    """Pieces of an order that count for a coordinate, less what was cancelled or sent back."""

    coordinate = TenantKey(Coordinate, models.CASCADE, related_name="credits")
    author = TenantKey(Author, null=True, related_name="+")  # as it was on that day
    order_id = models.UUIDField()
    sku_id = models.UUIDField()
    pieces = models.PositiveIntegerField()
    net_yen = models.PositiveIntegerField()
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "order_id", "sku_id"], name="credit_once")
        ]
