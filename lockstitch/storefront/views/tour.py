"""The whole shop as a release will leave it, page by page under one signed address: without the
visitor's cookies, without a script, kept nowhere, and nothing of it is written (decision 051)."""

import copy
import re
from dataclasses import dataclass
from urllib.parse import quote

from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import override
from django.views.decorators.http import require_safe

from lockstitch.content.releases import find_release, looking_at
from lockstitch.kernel.clock import now
from lockstitch.looks.previews import read_tour
from lockstitch.looks.theming import DRESSED
from lockstitch.storefront.shell import shell
from lockstitch.tenancy.requests import SiteRequest

SEEN = (DRESSED - {"preview"}) | {
    "new", "ranking", "sale", "preorder", "outlet", "brand", "season", "magazines", "notice",
    "cart",
}  # fmt: skip
LINK = r'(<a\b[^>]*?\shref=")(?:{shop}|({desk}))?(/(?!/)[^"]*)?(?=")'


@dataclass(frozen=True)
class Tour:
    """What the pages say of the preview that they are in."""

    name: str
    moment: object


@require_safe
def tour(request: SiteRequest, token: str, path: str = "") -> HttpResponseBase:
    read = read_tour(request, token)
    found = find_release(read[0]) if read else None
    if read is None or found is None:
        raise Http404
    asked = _as_a_stranger(request, f"/{path}")
    with looking_at(found.release), override(read[1]), transaction.atomic():
        asked.tour = Tour(found.release.name, now())  # type: ignore[attr-defined]
        response = _page(asked)
        transaction.set_rollback(True)  # a search that finds nothing is not counted, and so on
    prefix = quote(request.path_info.removesuffix(path).removesuffix("/"))
    _lead_on(response, request, prefix)
    response["Content-Language"] = read[1]
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response.policy = {"sandbox": ["allow-same-origin"]}  # type: ignore[attr-defined]
    return response


def _as_a_stranger(request: SiteRequest, path: str) -> SiteRequest:
    """The request for the page itself, by somebody of whom nothing is known."""
    asked = copy.copy(request)
    asked.META = {**request.META, "PATH_INFO": path, "HTTP_COOKIE": ""}
    asked.META.pop("HTTP_HX_REQUEST", None)
    asked.path = asked.path_info = path
    asked.COOKIES = {}
    asked.session = type(request.session)()
    asked.resolver_match = None
    return asked


def _page(asked: SiteRequest) -> HttpResponseBase:
    match = _match(asked.path)
    if match is None or match.url_name not in SEEN:
        status = 404 if match is None else 200
        return render(asked, "storefront/tour_ends.html", shell(asked), status=status)
    asked.resolver_match = match
    try:
        answer: HttpResponseBase = match.func(asked, *match.args, **match.kwargs)
    except Http404:
        return render(asked, "storefront/tour_ends.html", shell(asked), status=404)
    return answer


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _lead_on(response: HttpResponseBase, request: SiteRequest, prefix: str) -> None:
    """Its links, and where it sends on to, stay in the preview; the desk's lead to its end."""
    if (onward := response.get("Location", "")).startswith("/"):
        response["Location"] = prefix + onward
    if not isinstance(response, HttpResponse) or "text/html" not in response["Content-Type"]:
        return
    link = LINK.format(shop=re.escape(request.shop_origin), desk=re.escape(request.desk_origin))

    def lead(found: re.Match[str]) -> str:
        begun, is_desk, path = found.groups()
        if is_desk:
            return f"{begun}{prefix}/account/"
        return f"{begun}{prefix}{path}" if path else found[0]

    response.content = re.sub(link, lead, response.content.decode())
