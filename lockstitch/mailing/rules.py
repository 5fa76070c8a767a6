"""Letters that shops write themselves: a small Liquid, without any way to code. Pure.

What is personal stays a placeholder (`{{name}}`) until the guard fills it in; so it may stand in
the text, but never inside an address of the web, where it would leave with a click or a picture.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError
from markupsafe import Markup

SUBJECT_MAX, TEXT_MAX, HTML_MAX = 200, 20_000, 50_000
LETTERS = ("placed", "shipped", "cancelled", "reminder", "campaign")
PERSONAL = ("name", "family_name", "address", "postal_code")
TAGS = {"if", "unless", "for", "comment", "case"}
FILTERS = {"upcase", "downcase", "default", "truncate", "escape", "strip", "join", "size", "first"}
HTML_TAGS = {
    "a", "b", "br", "div", "em", "h1", "h2", "h3", "hr", "i", "img", "li", "ol", "p", "span",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
HTML_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}, "td": {"colspan"}}
HTML_CLASSES = {name: {"quiet", "box", "end"} for name in ("p", "div", "span", "td", "tr")}
LEAKING = re.compile(r"(?:https?://|www\.)\S*\{\{|\{\{\w+\}\}\S*://", re.I)

# What stands in a letter, with a sample for previews. The order's parts are in the order's letters.
SHOP = {"shop": {"name": "Lockstitch", "link": "https://shop.example/"}}
ORDER: dict[str, Any] = {
    **SHOP,
    "order": {
        "number": "261125-ABC234", "items": "¥8,800", "discount": "¥880", "shipping": "¥0",
        "fee": "¥330", "wrapping": "", "points": "", "total": "¥8,250", "method": "代金引換",
        "delivery_date": "2026-12-01", "slot": "18:00-20:00",
        "link": "https://shop.example/orders/x/",
    },
    "lines": [
        {"name": "リネンシャツ", "colour": "生成り", "size": "M", "quantity": "2",
         "price": "¥4,400", "total": "¥8,800"},
    ],
    "bank": {"account": "", "due": ""},
}  # fmt: skip
SAMPLES: dict[str, dict[str, Any]] = {
    "placed": ORDER,
    "shipped": {
        **ORDER,
        "parcel": {
            "carrier": "ヤマト運輸", "number": "123456789012", "link": "https://carrier.example/",
        },
    },
    "cancelled": ORDER,
    "reminder": {**SHOP, "lines": ORDER["lines"], "link": "https://shop.example/cart/"},
    "campaign": {**SHOP, "coupon": {"code": "WELCOME10"}},
}  # fmt: skip


class Unfit(ValueError):
    """What was written cannot be sent; the text is a sentence for who wrote it."""


@dataclass(frozen=True)
class Written:
    """A letter's three parts, as a shop writes them."""

    subject: str
    text: str
    html: str = ""


class _Letters(Environment):
    loop_iteration_limit = 1_000
    output_stream_limit = 400_000
    context_depth_limit = 10
    local_namespace_limit = 10_000


def _environment(*, markup: bool) -> Environment:
    made = _Letters(undefined=StrictUndefined, strict_filters=True, autoescape=markup)
    for name in set(made.tags) - TAGS - {"content", "output", "illegal"}:
        del made.tags[name]
    for name in set(made.filters) - FILTERS:
        del made.filters[name]
    return made


_PLAIN, _MARKUP = _environment(markup=False), _environment(markup=True)


def check(written: Written, name: str) -> None:
    """Raises Unfit unless the letter can be filled in with what a letter of that name knows."""
    lengths = (
        (written.subject, SUBJECT_MAX), (written.text, TEXT_MAX), (written.html, HTML_MAX),
    )  # fmt: skip
    if not written.subject.strip() or not written.text.strip():
        raise Unfit(_("A letter has a subject and a text."))
    if any(len(part) > most for part, most in lengths) or "\n" in written.subject.strip():
        raise Unfit(_("This is too long, or the subject has several lines."))
    known = _paths(SAMPLES[name]) | set(PERSONAL)
    for part, markup in ((written.subject, False), (written.text, False), (written.html, True)):
        unknown = _unknown(_parsed(part, markup=markup), known)
        if unknown:
            names = ", ".join(sorted(unknown))
            raise Unfit(_("There is no such placeholder here: %(names)s") % {"names": names})
    filled = fill(written, SAMPLES[name])
    if LEAKING.search(filled.text) or LEAKING.search(written.html.replace(" ", "")):
        raise Unfit(_("A personal placeholder may not stand inside a web address."))


def fill(written: Written, facts: Mapping[str, Any]) -> Written:
    """The letter with the facts in it and the personal placeholders left for the guard.

    Raises Unfit when it cannot be filled in.
    """
    personal = {name: f"{{{{{name}}}}}" for name in PERSONAL}
    marked = {name: Markup(text) for name, text in personal.items()}  # noqa: S704 - our own names
    try:
        return Written(
            subject=_parsed(written.subject).render(**{**facts, **personal}).strip(),
            text=_parsed(written.text).render(**{**facts, **personal}).strip() + "\n",
            html=clean(_parsed(written.html, markup=True).render(**{**facts, **marked})),
        )
    except LiquidError as error:
        raise Unfit(_said(error)) from None


def clean(html: str) -> str:
    """Only what a letter needs: no styles, no scripts, no placeholder in an attribute."""
    return nh3.clean(
        html, tags=HTML_TAGS, attributes=HTML_ATTRIBUTES, allowed_classes=HTML_CLASSES,
        url_schemes={"https", "http", "mailto"}, url_relative="deny",
        attribute_filter=lambda _tag, _name, value: None if "{{" in value else value,
    ).strip()  # fmt: skip


def _parsed(source: str, *, markup: bool = False) -> BoundTemplate:
    try:
        return (_MARKUP if markup else _PLAIN).from_string(source)
    except LiquidError as error:
        raise Unfit(_said(error)) from None


def _said(error: LiquidError) -> str:
    """The first line of what the library says: what, but not our sources."""
    return _("The letter cannot be read: %(error)s") % {"error": str(error).partition("\n")[0]}


def _unknown(template: BoundTemplate, known: set[str]) -> set[str]:
    found = template.analyze()
    names = {
        ".".join(str(part) for part in variable.segments if isinstance(part, str))
        for variables in found.globals.values()
        for variable in variables
    }
    # What a loop goes through is checked by its name; its parts by filling in the sample.
    return {name for name in names if name not in known}


def _paths(sample: Mapping[str, Any], before: str = "") -> set[str]:
    paths = set()
    for name, value in sample.items():
        paths.add(before + name)
        if isinstance(value, Mapping):
            paths |= _paths(value, f"{before}{name}.")
    return paths
