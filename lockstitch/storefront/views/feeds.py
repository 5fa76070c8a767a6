"""The feeds, as they were last written, for services that come and fetch them."""

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from lockstitch.feeds.queries import find_feed
from lockstitch.feeds.rules import KINDS
from lockstitch.tenancy.requests import SiteRequest

FRESH_S = 900


@require_safe
def show(request: SiteRequest, kind: str) -> HttpResponse:
    feed = find_feed(kind) if kind in KINDS else None
    if feed is None:
        raise Http404
    tag = f'"{feed.etag}"'
    response: HttpResponse
    if tag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(feed.body), content_type=KINDS[kind])
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={FRESH_S}"
    response["X-Robots-Tag"] = "noindex"
    return response
