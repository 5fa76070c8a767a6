"""The few words that templates need beside Django's own."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from email.utils import parsedate_to_datetime
from typing import Any

import nh3
from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lockstitch.catalogue.models import Picture
from lockstitch.catalogue.promise import last_day
from lockstitch.content import liquid, themes
from lockstitch.kernel.clock import JST
from lockstitch.kernel.money import included_tax, shown
from lockstitch.kernel.text import Text, localised
from lockstitch.looks.theming import css_name, is_dressed, theme_of
from lockstitch.looks.words import BUYER_WORDS, EVENT_WORDS, FIELD_WORDS, ROLE_WORDS, WORDS
from lockstitch.orders.models import Order, OrderEvent
from lockstitch.tenancy.models import Site

register = template.Library()


@register.filter
def yen(amount_yen: int) -> str:
    return shown(amount_yen)


@register.filter
def tr(text: Text | None) -> str:
    """The text in the reader's language."""
    return localised(text or {})


@register.filter
def at(table: Mapping[Any, Any], key: Any) -> Any:
    """What a table holds there; None when it holds nothing."""
    return table.get(key)


@register.filter
def without_tax(amount_yen: int, rate_bp: int) -> str:
    return shown(amount_yen - included_tax(amount_yen, rate_bp))


@register.filter
def largest(shot: Picture) -> str:
    """The key of its largest rendition that every reader knows."""
    kept = [r for r in shot.renditions if r["type"] != "avif"] or shot.renditions
    return str(max(kept, key=lambda r: int(r["width"]))["key"])


@register.filter
def clean(html: str) -> SafeString:
    """A shop's own HTML, sanitised once more on its way out."""
    return SafeString(nh3.clean(html))


@register.filter
def own(html: str) -> SafeString:
    """What a shop's own template made, sanitised once more on its way out."""
    return SafeString(liquid.clean(html))


@register.filter
def word(code: str, of: str) -> str:
    """The word for a state, a method or a purpose: `order.payment|word:"payment"`."""
    return str(WORDS[of].get(code, code))


@register.filter
def stars(mark: float) -> str:
    """★★★★☆"""
    full = round(mark)
    return "★" * full + "☆" * (5 - full)


@register.filter
def pick(typed: str | None, option: object) -> bool:
    """Is this option of a form the one that was typed?"""
    return typed == str(option)


@register.filter
def upto(most: int) -> range:
    """1 to `most`, for the options of a select."""
    return range(1, most + 1)


@register.filter
def jst(moment: dt.datetime, form: str = "%Y-%m-%d %H:%M") -> str:
    return moment.astimezone(JST).strftime(form)


@register.filter
def month(text: str) -> str:
    """When goods sold ahead are sent, in words: a month, a third of it, or a day."""
    day, third = last_day(text), text[8:]
    if third.isdigit():
        return date_format(day, "DATE_FORMAT")
    whole = date_format(day, "YEAR_MONTH_FORMAT")
    said = {"E": _("early %(month)s"), "M": _("mid %(month)s"), "L": _("late %(month)s")}.get(third)
    return said % {"month": whole} if said else whole


@register.filter
def mailed(date: str) -> str:
    """A mail's Date header, where the shops are."""
    return jst(parsedate_to_datetime(date))


TOKEN = re.compile(r"[a-z0-9-]{1,30}")
VALUE = re.compile(r"[#\w\s%.,()'\"/-]{1,200}")


@register.simple_tag(takes_context=True)
def site_tokens(context: Context, site: Site) -> SafeString:
    """A site's own design tokens as a style rule; whatever is not plainly a value is left out. A
    published theme stands over what the site was opened with."""
    theme = theme_of(context["request"])
    tokens = {**site.look.get("tokens", {}), **(themes.tokens(theme) if theme else {})}
    kept = [
        f"--{name}:{value}"
        for name, value in tokens.items()
        if TOKEN.fullmatch(name) and VALUE.fullmatch(value) and "url(" not in value
    ]
    return SafeString(":root{" + ";".join(kept) + "}")


@register.simple_tag(takes_context=True)
def body_classes(context: Context) -> str:
    """The choices of the site's theme, and whether this page may wear its own CSS."""
    request = context["request"]
    theme = theme_of(request)
    words = [themes.classes(theme)] if theme else []
    return " ".join([*words, "dressed"] if is_dressed(request) else words)


@register.simple_tag(takes_context=True)
def own_css(context: Context) -> SafeString:
    """The link to a shop's own CSS, on pages that may wear it."""
    name = css_name(context["request"])
    link = '<link rel="stylesheet" href="/theme/{}.css">'
    return format_html(link, name) if name else SafeString("")


@register.simple_tag
def picture(
    shot: Picture | None, sizes: str = "100vw", alt: str = "", lazy: bool = True
) -> SafeString:
    """A responsive picture with its dimensions and a blurred first impression."""
    if not shot or not shot.renditions:  # a template's missing value is an empty text
        said = format_html(' role="img" aria-label="{}"', alt) if alt else SafeString("")
        return format_html('<span class="picture picture--none"{}></span>', said)
    sources = SafeString("")
    for kind in ("avif", "webp"):
        found = sorted(
            (r for r in shot.renditions if r["type"] == kind), key=lambda r: int(r["width"])
        )
        if found:
            sources += format_html(
                '<source type="image/{}" srcset="{}" sizes="{}">',
                kind, ", ".join(f"/media/{r['key']} {r['width']}w" for r in found), sizes,
            )  # fmt: skip
    fallback = min(
        (r for r in shot.renditions if r["type"] != "avif"),
        key=lambda r: abs(int(r["width"]) - 960),
        default=shot.renditions[0],
    )
    return format_html(
        '<span class="picture{}"><img class="picture__blur" src="{}" alt="" aria-hidden="true">'
        '<picture>{}<img src="/media/{}" width="{}" height="{}" alt="{}"'
        ' loading="{}" decoding="async" fetchpriority="{}"></picture></span>',
        f" picture--{shot.focus}" if shot.focus else "", shot.placeholder,
        sources, fallback["key"], shot.width, shot.height, alt, "lazy" if lazy else "eager",
        "low" if lazy else "high",
    )  # fmt: skip


@register.simple_tag
def linked_data(data: dict[str, Any]) -> SafeString:
    """schema.org for machines that read pages; it runs nowhere."""
    text = json.dumps(data, ensure_ascii=False).translate(
        {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
    )
    return SafeString(f'<script type="application/ld+json">{text}</script>')


@register.simple_tag
def dot(hex_colour: str, size: int = 13) -> SafeString:
    """A swatch as an image: a style attribute would need what our policy forbids."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", hex_colour or ""):
        return SafeString("")
    return format_html(
        '<svg class="dot" width="{0}" height="{0}" viewBox="0 0 12 12" aria-hidden="true">'
        '<circle cx="6" cy="6" r="5.500" fill="{1}" stroke="currentColor" stroke-opacity=".35"'
        ' stroke-width=".6"/></svg>',
        size,
        hex_colour,
    )


@register.simple_tag
def order_word(order: Order) -> str:
    """One word for a buyer on where an order is."""
    if order.status == "cancelled":
        return str(BUYER_WORDS["cancelled"])
    if order.fulfilment == "shipped":
        return str(BUYER_WORDS["shipped"])
    return str(BUYER_WORDS["awaiting" if order.payment == "awaiting" else "ready"])


@register.simple_tag
def look_picture(site: Site, name: str, sizes: str = "100vw") -> SafeString:
    """One of the pictures that a site's look names, such as its hero."""
    kept = site.look.get("pictures", {}).get(name)
    return picture(Picture(**kept), sizes=sizes, lazy=name != "hero") if kept else SafeString("")


@register.simple_tag
def event_word(event: OrderEvent) -> str:
    said = str(EVENT_WORDS.get((event.kind, event.machine), event.kind))
    if event.kind == "promise_moved":
        return f"{said}: {month(event.facts['was'])} → {month(event.facts['now'])}"
    if event.kind == "put_first":
        return f"{said}: {event.facts['reason']}"
    return said


@register.simple_tag
def field_words(fields: list[str]) -> str:
    """Each kind of field once, in the order of the form."""
    words = dict.fromkeys(
        str(FIELD_WORDS.get(name, name)) for name in FIELD_WORDS if name in fields
    )
    return ", ".join(words)


@register.simple_tag
def offer_row(offer: Any) -> SafeString:
    """A promotion that counts, as a row of the sum; nothing for one that does not.

    `offer` is a pricing Explained, or the same kept with an order.
    """
    kept = offer if isinstance(offer, dict) else asdict(offer)
    if kept["why"] or not kept["saved_yen"]:
        return SafeString("")
    return format_html(
        "<dt>{}</dt><dd>−{}</dd>", localised(kept["name"]) or kept["id"], shown(kept["saved_yen"])
    )


@register.simple_tag
def role_word(role: str | None, kind: str = "") -> str:
    return str(ROLE_WORDS.get(role or kind, role or kind))
