"""The few words that templates need beside Django's own."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lockstitch.catalogue.models import Picture
from lockstitch.kernel.clock import JST
from lockstitch.kernel.money import shown
from lockstitch.kernel.text import Text, localised

register = template.Library()


@register.filter
def yen(amount_yen: int) -> str:
    return shown(amount_yen)


@register.filter
def tr(text: Text | None) -> str:
    """The text in the reader's language."""
    return localised(text or {})


@register.filter
def jst(moment: dt.datetime, form: str = "%Y-%m-%d %H:%M") -> str:
    return moment.astimezone(JST).strftime(form)


@register.simple_tag
def picture(shot: Picture | None, sizes: str = "100vw", alt: str = "", lazy: bool = True) -> SafeString:
    """A responsive picture with its dimensions and a blurred first impression."""
    if shot is None or not shot.renditions:
        return format_html('<span class="picture picture--none" role="img" aria-label="{}"></span>', alt)
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
        '<picture class="picture">{}<img src="/media/{}" width="{}" height="{}" alt="{}"'
        ' loading="{}" decoding="async"{}></picture>',
        sources, fallback["key"], shot.width, shot.height, alt, "lazy" if lazy else "eager",
        SafeString("") if lazy else SafeString(' fetchpriority="high"'),
    )  # fmt: skip
