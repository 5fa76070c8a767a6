"""The look of a site's pages: its published theme, and on which pages its own CSS may stand."""

from typing import Any

from django.http import HttpRequest

from lockstitch.content import themes
from lockstitch.content.css import name_of
from lockstitch.content.queries import frame_documents

# Pages that may wear a shop's own CSS and markup. Never where somebody signs in, pays, or is named.
DRESSED = frozenset(
    {
        "home", "items", "category", "product", "product_colour", "page", "law", "faq",
        "coordinates", "coordinate", "sets", "set", "lookbook", "magazine", "authors", "author",
        "features", "feature", "news_list", "news", "preview",
    }
)  # fmt: skip


def documents(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Kind -> what is shown now of what every page wears; asked once a request."""
    kept: dict[str, dict[str, Any]] | None = getattr(request, "worn", None)
    if kept is None:
        kept = frame_documents() if getattr(request, "site", None) else {}
        request.worn = kept  # type: ignore[attr-defined]
    return kept


def theme_of(request: HttpRequest) -> dict[str, Any] | None:
    return documents(request).get("theme")


def css_name(request: HttpRequest) -> str:
    """The name of the shop's own CSS, where this page may wear it."""
    match, theme = request.resolver_match, theme_of(request)
    if theme is None or match is None or match.url_name not in DRESSED:
        return ""
    css = themes.served_css(theme)
    return name_of(css) if css else ""


def is_dressed(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name in DRESSED
