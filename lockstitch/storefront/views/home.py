"""The home, composed of sections, and the shop's own CSS."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lockstitch.content import queries as content
from lockstitch.content import themes
from lockstitch.content.css import name_of
from lockstitch.content.queries import find_document
from lockstitch.kernel.clock import now
from lockstitch.storefront.keeping import depends, kept
from lockstitch.storefront.parts import parts_of
from lockstitch.storefront.shell import shell
from lockstitch.tenancy.requests import SiteRequest


@require_safe
@kept()
def home(request: SiteRequest) -> HttpResponse:
    depends(request, "a")
    return home_of(request, content.home())


def home_of(request: SiteRequest, blocks: list[dict[str, Any]], **context: Any) -> HttpResponse:
    """The home made of these sections; also of those that are only looked at."""
    context = shell(request, parts=parts_of(request, blocks), **context)
    return render(request, "storefront/home.html", context)


@require_safe
def own_css(request: SiteRequest, name: str) -> HttpResponse:
    """The shop's own CSS under the hash of its bytes: what is shown, what comes, or the draft that
    a preview shows. Anything else was never written, or is worn no more."""
    row = find_document("theme")
    states = [row.shown(now()), row.coming, row.draft] if row else []
    texts = [themes.served_css(state) for state in states if state]
    found = [css for css in texts if css and name_of(css) == name]
    if not found:
        raise Http404
    response = HttpResponse(found[0], content_type="text/css; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
