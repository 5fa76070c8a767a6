"""セット: several products' colours that are sold together at one price, and 福袋, whose contents
nobody is told before they are sent."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lockstitch.catalogue.models import Colour, Picture
from lockstitch.kernel.text import localised
from lockstitch.tenancy.models import TenantKey, TenantModel


class GoodsSet(TenantModel):
    """Texts are `{"ja": …, "en": …}`. Without `published_from` nobody is shown it."""

    number = models.PositiveIntegerField()
    name = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    price_yen = models.PositiveIntegerField()  # of the whole, with tax
    hides_contents = models.BooleanField(default=False)  # 福袋
    picture = TenantKey(Picture, null=True, related_name="+")
    published_from = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="set_number"),
            models.CheckConstraint(
                condition=Q(published_until=None) | Q(published_until__gt=F("published_from")),
                name="set_window",
            ),
            models.CheckConstraint(condition=Q(price_yen__gte=1), name="set_has_a_price"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-published_from", "-id"], name="set_shown")
        ]

    def __str__(self) -> str:
        return localised(self.name) or f"#{self.number}"


class SetPart(TenantModel):
    """So many pieces of a colour; the shopper chooses a size for each."""

    goods_set = TenantKey(GoodsSet, models.CASCADE, related_name="parts")
    colour = TenantKey(Colour, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "goods_set", "colour"], name="set_colour_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="set_part_is_a_piece"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "colour"], name="set_by_colour")]
        ordering: ClassVar = ["position", "id"]
