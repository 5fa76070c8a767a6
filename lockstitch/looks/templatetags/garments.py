"""What pages about goods say of a change, in words."""

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lockstitch.catalogue.measuring import care_of, conversion_table, measure_table
from lockstitch.catalogue.queries import ProductView
from lockstitch.catalogue.size_tables import SizeTable
from lockstitch.catalogue.whole import Change
from lockstitch.kernel.clock import JST
from lockstitch.looks.words_goods import FIELDS, WHERE

register = template.Library()
SHOWN_MAX = 160


@register.inclusion_tag("storefront/_measures.html")
def measures(view: ProductView, own: SizeTable | None) -> dict[str, Any]:
    """採寸 with its drawing, and the sizes of other countries."""
    return {"measures": measure_table(view), "converted": conversion_table(view, own)}


@register.inclusion_tag("storefront/_care.html")
def care(view: ProductView) -> dict[str, Any]:
    return {"care": care_of(view), "view": view}


@register.simple_tag
def change_count(changes: list[Change]) -> str:
    return ngettext("%(n)s change", "%(n)s changes", len(changes)) % {"n": len(changes)}


@register.simple_tag
def change(one: Change) -> SafeString:
    """色 04 名前: 紺 → 濃紺."""
    word, _space, code = one.where.partition(" ")
    place = f"{WHERE[word]} {code}" if word else ""
    if not one.field:
        return format_html("{} {}", place, _("was added") if one.after else _("was taken out"))
    name = FIELDS.get(one.field, one.field)
    return format_html(
        "{} {}: <del>{}</del> → <ins>{}</ins>", place, name, _said(one.before), _said(one.after)
    )


def _said(value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return _cut(" / ".join(f"{key}: {_said(part)}" for key, part in value.items()))
    if isinstance(value, list):
        return _cut(", ".join(_said(part) for part in value))
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    if len(text) >= 20 and text[4] == "-" and text[10] == "T":
        try:
            return dt.datetime.fromisoformat(text).astimezone(JST).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            pass
    return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_MAX else text[:SHOWN_MAX] + "…"
