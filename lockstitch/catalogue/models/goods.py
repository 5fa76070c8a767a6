"""Product > colour > SKU. A product has colours and sizes; a SKU is one cell of the grid."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.catalogue import rules
from lockstitch.catalogue.audience import AUDIENCES
from lockstitch.catalogue.hems import Hem
from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantKey, TenantModel


class Category(TenantModel):
    """A node of the shop's tree. `garment` names its measuring points (`sizing.GARMENTS`)."""

    parent = TenantKey("self", null=True, related_name="children")
    slug = models.SlugField(max_length=60)
    name = models.JSONField(default=dict)
    garment = models.CharField(max_length=20, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "slug"], name="category_slug")
        ]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return localised(self.name)


class Product(TenantModel):
    """A style (品番). Texts are `{"ja": …, "en": …}`."""

    slug = models.SlugField(max_length=160, allow_unicode=True)
    item_number = models.CharField(max_length=60)
    brand = models.CharField(max_length=120, blank=True)
    name = models.JSONField(default=dict)
    description = models.JSONField(default=dict)  # sanitised HTML
    material = models.JSONField(default=dict)
    season = models.CharField(max_length=20, blank=True)
    collection = models.CharField(max_length=60, blank=True)
    kana = models.CharField(max_length=200, blank=True)  # how the name is read, for the search
    tags = ArrayField(models.CharField(max_length=40), default=list)
    gender = models.CharField(max_length=8, blank=True)  # women, men, unisex
    age_group = models.CharField(max_length=8, default="adult")  # Google's: newborn ... adult
    category = TenantKey(Category, null=True)
    composition = models.JSONField(default=list)  # [{"part": Text, "fibres": [["cotton", 100]]}]
    care = ArrayField(models.CharField(max_length=4), default=list)  # JIS L 0001 symbol numbers
    origin = models.CharField(max_length=2, blank=True)  # ISO 3166-1
    scales = models.JSONField(default=dict)  # {"thickness": 1..3, "sheer", "stretch", "lining"}
    fit_note = models.JSONField(default=dict)
    worn = models.JSONField(default=list)  # [{"height_cm": 168, "size": "M", "colour": "04"}]
    attributes = models.JSONField(default=dict)  # {Attribute.code: [value code, ...]}
    video = models.CharField(max_length=500, blank=True)  # an address, see `catalogue.video`
    video_title = models.JSONField(default=dict)
    video_captions = models.CharField(max_length=500, blank=True)  # WebVTT
    matching = ArrayField(models.CharField(max_length=160), default=list)  # slugs: 着回し
    related = ArrayField(models.CharField(max_length=160), default=list)
    tax_rate_bp = models.PositiveIntegerField(default=1000)
    preorder_month = models.CharField(max_length=10, blank=True)  # sold ahead: catalogue.promise
    made_to_order_days = models.PositiveSmallIntegerField(null=True)
    limit_per_order = models.PositiveSmallIntegerField(null=True)
    limit_per_person = models.PositiveSmallIntegerField(null=True)  # within `limit_days`, or ever
    limit_days = models.PositiveSmallIntegerField(null=True)
    is_giftable = models.BooleanField(default=True)
    is_final_sale = models.BooleanField(default=False)  # not taken back
    hem_from_mm = models.PositiveSmallIntegerField(null=True)  # お直し, offered when all are given
    hem_to_mm = models.PositiveSmallIntegerField(null=True)
    hem_step_mm = models.PositiveSmallIntegerField(null=True)
    hem_fee_yen = models.PositiveIntegerField(null=True)
    hem_days = models.PositiveSmallIntegerField(null=True)
    is_outlet = models.BooleanField(default=False, db_default=False)
    outlet_note = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    successor = models.CharField(max_length=160, blank=True, db_default="")  # a product's slug
    audience = models.CharField(max_length=40, default="public")  # catalogue.audience
    published_from = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)  # of its text: who saves an older one is told
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "slug"], name="product_slug"),
            models.CheckConstraint(condition=Q(tax_rate_bp__lte=10_000), name="product_tax_rate"),
            models.CheckConstraint(
                condition=Q(audience__in=AUDIENCES) | Q(audience__startswith="rank:"),
                name="product_audience",
            ),
            models.CheckConstraint(
                condition=Q(gender__in=["", "women", "men", "unisex"]), name="product_gender"
            ),
            models.CheckConstraint(
                condition=Q(hem_from_mm=None)
                | Q(hem_to_mm__gt=models.F("hem_from_mm"), hem_step_mm__gte=1)
                & Q(hem_fee_yen__isnull=False, hem_days__gte=1),
                name="product_hem_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "position", "id"], name="product_listing"),
            models.Index(fields=["site", "category", "position", "id"], name="product_category"),
            models.Index(fields=["site", "published_from"], name="product_window"),
        ]

    def __str__(self) -> str:
        return localised(self.name)

    @property
    def making_days(self) -> int:
        """Before it can leave; 0 unless it is made to order."""
        return 0 if self.preorder_month else self.made_to_order_days or 0

    @property
    def hem(self) -> Hem | None:
        if self.hem_from_mm is None:
            return None
        return Hem(
            self.hem_from_mm, self.hem_to_mm or 0, self.hem_step_mm or 1, self.hem_fee_yen or 0,
            self.hem_days or 0,
        )  # fmt: skip


class Colour(TenantModel):
    product = TenantKey(Product, models.CASCADE, related_name="colours")
    code = models.CharField(max_length=60)
    name = models.JSONField(default=dict)
    family = models.CharField(max_length=20, blank=True)
    hex = models.CharField(max_length=7, blank=True)
    published_from = models.DateTimeField(null=True)  # later than the product itself
    published_until = models.DateTimeField(null=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "product", "code"], name="colour_code")
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return localised(self.name)


class Size(TenantModel):
    product = TenantKey(Product, models.CASCADE, related_name="sizes")
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    measures = models.JSONField(default=dict)  # 採寸, {measuring point: mm}
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "product", "code"], name="size_code")
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class Sku(TenantModel):
    product = TenantKey(Product, models.CASCADE, related_name="skus")
    colour = TenantKey(Colour, models.CASCADE, related_name="skus")
    size = TenantKey(Size, models.CASCADE, related_name="skus")
    code = models.CharField(max_length=120)
    code_folded = models.CharField(max_length=120)  # case and width apart, no two are alike
    gtin = models.CharField(max_length=14, blank=True)
    supplier_code = models.CharField(max_length=60, blank=True)
    price_yen = models.PositiveIntegerField()
    list_price_yen = models.PositiveIntegerField(null=True)
    sale_price_yen = models.PositiveIntegerField(null=True)  # instead of price_yen, in its window
    sale_from = models.DateTimeField(null=True)
    sale_until = models.DateTimeField(null=True)
    cost_yen = models.PositiveIntegerField(
        null=True
    )  # 仕入原価, without tax; never shown to buyers
    weight_g = models.PositiveIntegerField(default=0)
    preorder_limit = models.PositiveIntegerField(null=True)  # pieces sold ahead at most
    published_from = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "code_folded"], name="sku_code"),
            models.UniqueConstraint(fields=["site", "colour", "size"], name="sku_cell"),
            models.UniqueConstraint(
                fields=["site", "gtin"], condition=~Q(gtin=""), name="sku_gtin"
            ),
            models.CheckConstraint(
                condition=Q(list_price_yen=None) | Q(list_price_yen__gt=models.F("price_yen")),
                name="sku_list_price_is_higher",
            ),
            models.CheckConstraint(
                condition=Q(sale_price_yen=None)
                | Q(sale_price_yen__lt=models.F("price_yen"), sale_from__isnull=False),
                name="sku_sale_is_lower",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def price_at(self, moment: dt.datetime) -> int:
        """Yen with tax, as charged at that moment."""
        return rules.price_at(self, moment)

    def was_price_at(self, moment: dt.datetime) -> int | None:
        """The higher price that may be shown struck through beside it."""
        return rules.was_price_at(self, moment)


class Attribute(TenantModel):
    """What a site's own filters are: 袖丈, シルエット. `values` are [[code, Text], ...]."""

    code = models.SlugField(max_length=40)
    name = models.JSONField(default=dict)
    values = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "code"], name="attribute_code")
        ]
        ordering: ClassVar = ["position", "id"]


class Pairing(TenantModel):
    """What was bought together with a product, the most often first (`crm.together`)."""

    product = TenantKey(Product, models.CASCADE, related_name="pairings")
    other = TenantKey(Product, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "product", "other"], name="pairing")
        ]
        ordering: ClassVar = ["position", "id"]


class Preparation(TenantModel):
    """ささげ of a product that is not shown yet: whose turn, by when, and where its sample is.
    Which steps are open the product itself tells (`preparing`)."""

    product = TenantKey(Product, models.CASCADE, related_name="preparations")
    due_on = models.DateField(null=True)
    assignee = models.UUIDField(null=True)  # an operator
    sample = models.CharField(max_length=120, blank=True)  # the SKU that was checked in
    place = models.CharField(max_length=60, blank=True)
    came_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "product"], name="preparation_once")
        ]


class PreparationRule(TenantModel):
    """The steps without which this shop shows no product."""

    steps = ArrayField(models.CharField(max_length=10), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site"], name="preparation_rule_once")
        ]


class SizeTable(TenantModel):
    """A brand's own sizes of a kind of goods in other systems' words: `rows` of `systems`, the
    first of which is what stands on the tag. `meanings` says what each means (own_sizes)."""

    brand = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)  # own_sizes.KINDS
    gender = models.CharField(max_length=8, blank=True)  # empty: of every
    systems = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    meanings = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "brand", "kind", "gender"], name="size_table")
        ]
        ordering: ClassVar = ["brand", "kind", "gender"]

    def __str__(self) -> str:
        return self.brand


class Picture(TenantModel):
    """A picture as it is served: re-encoded, content-addressed. Or, when only an address was
    given and could not be fetched, that address and no file."""

    source_url = models.URLField(max_length=2000, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    placeholder = models.TextField(blank=True)  # a data: URI of some hundred bytes
    dominant = models.CharField(max_length=7, blank=True)
    renditions = models.JSONField(default=list)  # [{"width", "type", "key"}]
    alt = models.JSONField(default=dict)
    focus = models.CharField(max_length=2, blank=True)  # see rules.FOCUSES; empty: the middle

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "source_sha256"], condition=~Q(source_sha256=""),
                name="picture_once",
            )
        ]  # fmt: skip


class ColourPicture(TenantModel):
    """Pictures are ordered within a colour."""

    colour = TenantKey(Colour, models.CASCADE, related_name="pictures")
    picture = TenantKey(Picture, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "colour", "position"], name="colour_picture_position"
            )
        ]
        ordering: ClassVar = ["position"]
