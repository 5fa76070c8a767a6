"""Liquid that a shop's designer writes into its pages: no code, no files, no other site, nobody's
data. A template sees only what the page gives it (`store` of plain words about public goods and
texts), within limits on loops, output and depth, and what it makes is sanitised. Pure."""

from collections.abc import Mapping
from typing import Any

import nh3
from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

TAGS = {"if", "unless", "for", "case", "comment", "assign", "capture", "cycle", "raw"}
FILTERS = {
    "append", "capitalize", "date", "default", "downcase", "escape", "first", "join", "last",
    "newline_to_br", "plus", "minus", "times", "modulo", "prepend", "remove", "replace", "reverse",
    "size", "slice", "sort", "split", "strip", "truncate", "upcase", "url_encode", "where",
}  # fmt: skip
HTML_TAGS = {
    "a", "abbr", "article", "aside", "b", "blockquote", "br", "caption", "cite", "code", "dd",
    "details", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "header", "hr",
    "i", "img", "li", "mark", "ol", "p", "picture", "s", "section", "small", "source", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
    "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id", "lang", "title"}, "a": {"href"}, "time": {"datetime"},
    "img": {"src", "alt", "width", "height", "loading"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}  # fmt: skip

# What pages give, by example: a template is tried on it when it is written.
SAMPLE: dict[str, Any] = {
    "shop": {"name": "Lockstitch", "link": "/"},
    "products": [
        {"name": "シャツ", "number": "AB-1", "brand": "", "price": "¥4,400", "link": "/items/a/",
         "picture": "/media/a"},
    ],
    "categories": [{"name": "シャツ", "link": "/items/c/shirts/"}],
    "coordinates": [{"title": "秋", "link": "/coordinates/1/", "picture": "/media/a"}],
}  # fmt: skip


class _Pages(Environment):
    loop_iteration_limit = 2_000
    output_stream_limit = 200_000
    local_namespace_limit = 50_000
    context_depth_limit = 8


def _environment() -> Environment:
    made = _Pages(undefined=StrictUndefined, strict_filters=True, autoescape=True)
    for name in set(made.tags) - TAGS - {"content", "output", "illegal"}:
        del made.tags[name]
    for name in set(made.filters) - FILTERS:
        del made.filters[name]
    return made


_ENVIRONMENT = _environment()


class Unfit(ValueError):
    """The template cannot be used; the text is a sentence for who wrote it."""


def check(source: str, facts: Mapping[str, Any]) -> None:
    """Raises Unfit unless it can be rendered with what pages give."""
    render(source, facts)


def render(source: str, facts: Mapping[str, Any]) -> str:
    """Markup that may stand in a page. Raises Unfit."""
    try:
        template: BoundTemplate = _ENVIRONMENT.from_string(source)
        made = template.render(**facts)
    except (LiquidError, ArithmeticError, RecursionError, TypeError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise Unfit(_("The template cannot be read: %(error)s") % {"error": said}) from None
    return clean(made)


def clean(html: str) -> str:
    """Pictures only of this shop; links to it or to the web; ids and classes are prefixed, so that
    none of ours is meant."""
    return nh3.clean(
        html, tags=HTML_TAGS, attributes=ATTRIBUTES, url_schemes={"https", "mailto"},
        url_relative="pass_through", attribute_filter=_attribute,
    )  # fmt: skip


def _own(word: str) -> str:
    return word if word.startswith("own-") else f"own-{word}"


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(_own(word) for word in value.split())
    if name == "id":
        return _own(value)
    if name == "src":
        return value if value.startswith("/media/") else None
    if name == "href" and value.startswith("//"):
        return None
    return value
