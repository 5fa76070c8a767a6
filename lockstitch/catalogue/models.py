"""Product > colour > SKU. A product has colours and sizes; a SKU is one cell of the grid."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantKey, TenantModel


class Category(TenantModel):
    slug = models.SlugField(max_length=60)
    name = models.JSONField(default=dict)
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
    category = TenantKey(Category, null=True)
    tax_rate_bp = models.PositiveIntegerField(default=1000)
    preorder_month = models.CharField(max_length=7, blank=True)  # 2027-03: sold ahead, sent then
    is_final_sale = models.BooleanField(default=False)  # not taken back
    published_from = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "slug"], name="product_slug"),
            models.CheckConstraint(condition=Q(tax_rate_bp__lte=10_000), name="product_tax_rate"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "position", "id"], name="product_listing"),
            models.Index(fields=["site", "category", "position", "id"], name="product_category"),
        ]

    def __str__(self) -> str:
        return localised(self.name)


class Colour(TenantModel):
    product = TenantKey(Product, models.CASCADE, related_name="colours")
    code = models.CharField(max_length=60)
    name = models.JSONField(default=dict)
    family = models.CharField(max_length=20, blank=True)
    hex = models.CharField(max_length=7, blank=True)
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
    price_yen = models.PositiveIntegerField()
    list_price_yen = models.PositiveIntegerField(null=True)
    weight_g = models.PositiveIntegerField(default=0)
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
        ]

    def __str__(self) -> str:
        return self.code


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
