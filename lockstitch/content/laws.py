"""特定商取引法に基づく表記: what the law wants named before a shop may open. Pure.

特定商取引に関する法律 11条 and its 施行規則 23条; where nothing applies, the shop writes so.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

ITEMS: dict[str, Any] = {
    "seller": _("Seller (legal name)"),
    "manager": _("Person in charge"),
    "address": _("Address"),
    "phone": _("Telephone and hours"),
    "email": _("E-mail address"),
    "prices": _("Prices"),
    "extra": _("Charges besides the price (shipping, fees)"),
    "payment": _("Ways to pay"),
    "payment_due": _("When to pay"),
    "delivery": _("When goods are delivered"),
    "returns": _("Returns, exchanges and cancellation"),
    "defects": _("Goods that are faulty or not as ordered"),
}
OPTIONAL: dict[str, Any] = {
    "period": _("Period of sale or application, if limited"),
    "quantity": _("Limits of quantity or other conditions of sale"),
    "licence": _("Licences (second-hand dealer and so on)"),
    "invoice_number": _("Registration number of a qualified invoice issuer"),
}


def gaps(state: Mapping[str, Any]) -> list[str]:
    """The items that nobody has filled in, in Japanese: the language the law asks for."""
    kept = state.get("items", {})
    return [name for name in ITEMS if not kept.get(name, {}).get("ja", "").strip()]


def rows(state: Mapping[str, Any]) -> list[tuple[Any, dict[str, str]]]:
    """(label, Text) of what is filled in, in the order of the form."""
    kept = state.get("items", {})
    return [(label, kept[name]) for name, label in {**ITEMS, **OPTIONAL}.items() if kept.get(name)]
