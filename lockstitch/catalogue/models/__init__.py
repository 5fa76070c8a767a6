"""Goods, and what is remembered of them."""

from lockstitch.catalogue.models.changes import ImportRun, PriceRecord, PriceWait, Revision
from lockstitch.catalogue.models.goods import (
    Attribute,
    Category,
    Colour,
    ColourPicture,
    Pairing,
    Picture,
    Preparation,
    PreparationRule,
    Product,
    Size,
    SizeTable,
    Sku,
)

__all__ = [
    "Attribute", "Category", "Colour", "ColourPicture", "ImportRun", "Pairing", "Picture",
    "Preparation", "PreparationRule", "PriceRecord", "PriceWait", "Product", "Revision", "Size",
    "SizeTable", "Sku",
]  # fmt: skip
