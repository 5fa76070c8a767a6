"""The index of goods, and a site's own words for them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from lockstitch.catalogue.models import Colour, Product
from lockstitch.tenancy.models import TenantKey, TenantModel


class Goods(TenantModel):
    """A colour of a product as lists know it. Written only by the SQL function `search_refresh`.

    `facets` are tokens such as `f:navy` or `z:M` (see `rules.KINDS`); `lexemes` the same and all
    words, each with the site's mark before it, so that the index is read for one site only.
    """

    product = TenantKey(Product, models.CASCADE, related_name="+")
    colour = TenantKey(Colour, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()  # among the product's colours, from 0
    facets = ArrayField(models.TextField(), default=list)
    few = ArrayField(models.TextField(), default=list)  # sizes of which few are left
    lexemes = SearchVectorField()
    price_yen = models.PositiveIntegerField()  # the lowest now, of this colour
    lowest_yen = models.PositiveIntegerField()  # ... of all the product's colours
    position = models.PositiveIntegerField()
    published_from = models.DateTimeField()
    published_until = models.DateTimeField(null=True)
    score = models.PositiveIntegerField(default=0, db_default=0)  # sales and favourites
    changes_at = models.DateTimeField(null=True)  # when a price or a window begins or ends

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "colour"], name="goods_colour")
        ]
        indexes: ClassVar = [
            GinIndex(fields=["lexemes"], name="goods_lexemes", fastupdate=False),
            models.Index(fields=["site", "position", "product", "place"], name="goods_position"),
            models.Index(fields=["site", "-published_from", "product", "place"], name="goods_new"),
            models.Index(fields=["site", "lowest_yen", "product", "place"], name="goods_cheap"),
            models.Index(fields=["site", "-lowest_yen", "product", "place"], name="goods_dear"),
            models.Index(fields=["site", "-score", "product", "place"], name="goods_score"),
            models.Index(fields=["site", "changes_at"], name="goods_changes"),
        ]


class Synonym(TenantModel):
    """Words of which each finds what the others find; for brands, the ways they are read."""

    words = ArrayField(models.CharField(max_length=60))
    made_at = models.DateTimeField(db_default=Now())


class Miss(TenantModel):
    """What was looked for and not found, counted by day of the last time."""

    words = models.CharField(max_length=80)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "words"], name="miss_words")
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-times", "id"], name="miss_list")]


class Dirty(TenantModel):
    """A product whose row could not be brought up to date at once, another having it in hand."""

    product_id = models.UUIDField()


class Term(TenantModel):
    """A word, folded, that a name, a brand, a category or a colour of the site has or had."""

    word = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "word"], name="term_word")]


class FormerSlug(TenantModel):
    """An address that a product had: who comes by it is sent on for good. Written by a trigger."""

    slug = models.CharField(max_length=160)
    product = TenantKey(Product, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "slug"], name="former_slug")
        ]
