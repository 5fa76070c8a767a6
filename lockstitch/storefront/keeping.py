"""`@kept`: a view whose page is kept whole for everybody, with holes for what differs.

The view says what its page shows (`depends`). It runs as ever for whom the page differs beyond
its holes, for an address with parameters that it does not know, and while nobody listens.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.middleware.csp import get_nonce
from django.utils.translation import get_language

from lockstitch.search.news import news
from lockstitch.storefront.holes import apart, fill, mark
from lockstitch.storefront.pieces import seconds_left
from lockstitch.storefront.store import AGE_MAX_S, Hole, Key, Page, store
from lockstitch.storefront.visitor import member_id
from lockstitch.tenancy.queries import find_site_by_host
from lockstitch.tenancy.requests import SiteRequest

KNOWN = frozenset({
    "q", "sort", "after", "part", "c", "f", "z", "y", "b", "m", "s", "x", "o",
    "category", "brand", "height", "author", "season", "issue", "kind",  # coordinates
})  # fmt: skip
ORIGIN = ("utm_", "gclid", "fbclid", "yclid", "twclid", "ldtag_cl")  # where a visitor came from

View = Callable[..., HttpResponse]


@dataclass
class Keeping:
    """What is to be known of a page that is being made."""

    tags: set[str] = field(default_factory=set)
    seconds: float = AGE_MAX_S
    refused: bool = False


def depends(request: SiteRequest, *tags: str, seconds: float = AGE_MAX_S) -> None:
    """This page shows something of these tags, and holds no longer than so many seconds."""
    keeping = getattr(request, "keeping", None)
    if keeping is not None:
        keeping.tags.update(tags)
        keeping.seconds = min(keeping.seconds, seconds)


def not_kept(request: SiteRequest) -> None:
    """This page is for this visitor alone, after all."""
    keeping = getattr(request, "keeping", None)
    if keeping is not None:
        keeping.refused = True


def kept(*, for_all: bool = True) -> Callable[[View], View]:
    """`for_all` False: what a member or somebody with a link to an early sale is shown differs."""

    def decorate(view: View) -> View:
        @wraps(view)
        def keeping_view(request: SiteRequest, *args: Any, **names: Any) -> HttpResponse:
            if is_kept(request):  # called by another kept view, whose holes are not filled yet
                return view(request, *args, **names)
            key = _key(request)
            is_own = not for_all and _is_somebody(request)
            if key is None or is_own or request.method != "GET" or not news.is_live:
                return _said(view(request, *args, **names), "pass")
            page = store.get(key)
            if page is not None:
                store.counts["hit"] += 1
                return _said(_filled(request, page), "hit")
            return _made(view, request, key, args, names)

        return keeping_view

    return decorate


def _made(
    view: View, request: SiteRequest, key: Key, args: tuple[Any, ...], names: dict[str, Any]
) -> HttpResponse:
    keeping, began = Keeping(), store.moment
    request.keeping = keeping  # type: ignore[attr-defined]
    try:
        response = view(request, *args, **names)
    finally:
        request.keeping = None  # type: ignore[attr-defined]  # an error's page has no holes
    if not isinstance(response.content, bytes) or "text/html" not in response["Content-Type"]:
        return response
    parts, holes = apart(response.content.decode())
    if response.status_code != 200:
        response.content = _whole(request, parts, holes)
        return _said(response, "pass")
    plain = [""]
    for part, hole in zip(parts, [*holes, None], strict=True):
        plain[-1] += part.decode()
        if hole is not None and hole[0] == "nonce":
            plain.append("")
        elif hole is not None:
            plain[-1] += fill(hole[0], None, hole[1])
    page = Page(parts, holes, [p.encode() for p in plain], response["Content-Type"], 0.0)
    is_current = find_site_by_host(key[0]) is request.site  # else its look may be an older one
    if is_current and not (keeping.refused or response.cookies):
        page.until = time.monotonic() + seconds_left(keeping.seconds)
        store.put(key, page, str(request.site.id), keeping.tags, began)
    filled = _filled(request, page)
    filled.cookies = response.cookies
    return _said(filled, "made")


def _filled(request: SiteRequest, page: Page) -> HttpResponse:
    whole = _whole(request, page.parts, page.holes)
    if page.headers is None:  # the next one without a cookie is answered before Django
        request.META["lockstitch.page"] = (page, str(get_nonce(request)))
    response = HttpResponse(whole, content_type=page.content_type)
    response["Vary"] = "HX-Request"
    return response


def _whole(request: SiteRequest, parts: list[bytes], holes: list[Hole]) -> bytes:
    whole = [parts[0]]
    for part, (name, about) in zip(parts[1:], holes, strict=True):
        whole += [fill(name, request, about).encode(), part]
    return b"".join(whole)


def _key(request: SiteRequest) -> Key | None:
    asked = request.GET
    if asked and not all(map(_is_known, asked)):
        left = {n: v for n, v in asked.lists() if not n.startswith(ORIGIN)}
        if not all(map(_is_known, left)):
            return None
        plain = QueryDict(mutable=True)
        for name, values in left.items():
            plain.setlist(name, values)
        request.META["QUERY_STRING"] = plain.urlencode()
        request.GET = plain  # type: ignore[assignment]
    host = request.META.get("HTTP_HOST", "").partition(":")[0]
    return (
        host, request.META["PATH_INFO"], request.META.get("QUERY_STRING", ""),
        get_language() or "", "HTTP_HX_REQUEST" in request.META,
    )  # fmt: skip


def _is_known(name: str) -> bool:
    return name in KNOWN or name.startswith("v_")


def _is_somebody(request: SiteRequest) -> bool:
    return member_id(request) is not None or bool(request.session.get("sale_links"))


def _said(response: HttpResponse, what: str) -> HttpResponse:
    if settings.DEMO:
        response["X-Page"] = f"{what}; {store.said()}"
    return response


def nonce_mark(request: SiteRequest) -> dict[str, str]:
    """For the context of a page that is being made to be kept."""
    return {"csp_nonce": mark("nonce")} if is_kept(request) else {}


def is_kept(request: SiteRequest) -> bool:
    """Whether the page is being made for everybody."""
    return getattr(request, "keeping", None) is not None
