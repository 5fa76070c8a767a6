"""Words for goods: their states, and the fields that a history names."""

from typing import Any

from django.utils.translation import gettext_lazy as _

GOODS_WORDS: dict[str, dict[Any, Any]] = {
    "shown_state": {
        "draft": _("Draft"), "planned": _("To be published"), "shown": _("Published"),
        "ended": _("Ended"),
    },
    "revision": {
        "before": _("As it was"), "make": _("Made"), "edit": _("Saved"), "undo": _("Gone back"),
        "import": _("Import"), "price": _("Price under cost approved"),
    },
    "preparation": {
        "shot": _("Pictures"), "measured": _("Measured sizes"), "written": _("Texts"),
    },
    "run_state": {
        "checking": _("Being looked through"), "checked": _("Looked through"),
        "applying": _("Being taken in"), "done": _("Taken in"), "failed": _("Cannot be read"),
        "undoing": _("Being undone"), "undone": _("Undone"),
    },
    "feed_field": {
        "sku": _("SKU"), "item_number": _("Item number"), "brand": _("Brand"),
        "colour": _("Colour"), "size": _("Size"), "gender": _("Gender"),
        "category": _("Category"), "season": _("Season"),
        "collection": _("Collection"), "jan": "JAN", "on_sale": _("Whether it is on sale"),
        "pieces": _("Pieces for sale"),
    },
}  # fmt: skip
WHERE = {"colour": _("Colour"), "size": _("Size"), "sku": _("SKU")}
FIELDS = {
    "slug": _("Address of the page"), "item_number": _("Item number"), "name": _("Name"),
    "description": _("Description"), "material": _("Material"), "brand": _("Brand"),
    "season": _("Season"), "collection": _("Collection"), "kana": _("Kana"), "tags": _("Tags"),
    "gender": _("Gender"), "age_group": _("Age group"), "category": _("Category"),
    "category_name": _("Category"), "composition": _("Composition"), "care": _("Care symbols"),
    "origin": _("Country of origin"), "scales": _("Feel and fit"), "fit_note": _("Fit"),
    "video": _("Video"), "video_title": _("Title of the video"),
    "video_captions": _("Captions of the video"),
    "matching": _("Worn with it"), "related": _("Alike"),
    "worn": _("Model"), "tax_rate_bp": _("Tax rate"), "preorder_month": _("Pre-order"),
    "made_to_order_days": _("Made to order: days"),
    "limit_per_order": _("Pieces per order at most"),
    "limit_per_person": _("Pieces per person at most"), "limit_days": _("… within days"),
    "is_giftable": _("Can be wrapped as a present"), "is_final_sale": _("Final sale"),
    "hem_from_mm": _("Shortest length (mm)"), "hem_to_mm": _("Longest length (mm)"),
    "hem_step_mm": _("Step (mm)"), "hem_fee_yen": _("Fee of hemming"),
    "hem_days": _("Days of hemming"), "is_outlet": _("Outlet"),
    "outlet_note": _("Condition"), "successor": _("Successor"),
    "audience": _("For whom"), "published": _("Shown from"), "published_from": _("Shown from"),
    "published_until": _("Shown until"), "position": _("Place in the list"),
    "place": _("Sort order"),
    "family": _("Colour family"), "hex": _("Colour value"), "label": _("Label"),
    "picture_urls": _("Pictures"), "price_yen": _("Price"), "list_price_yen": _("Former price"),
    "sale_price_yen": _("Sale price"), "sale_from": _("Sale from"), "sale_until": _("Sale until"),
    "cost_yen": _("Cost (without tax)"),
    "gtin": "JAN", "supplier_code": _("Supplier's code"), "weight_g": _("Weight (g)"),
    "preorder_limit": _("Pre-order pieces"), "active": _("For sale"), "colour": _("Colour"),
    "size": _("Size"),
}  # fmt: skip
