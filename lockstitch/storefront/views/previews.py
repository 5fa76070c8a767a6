"""What is being edited, on the shop's own host, for the console's frame alone."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from lockstitch.coordinates.queries import find_coordinate
from lockstitch.looks.previews import read_preview
from lockstitch.storefront.views.coordinates import page_of
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def preview(request: SiteRequest, token: str) -> HttpResponse:
    read = read_preview(request, token)
    if read is None or read[0] not in KINDS:
        raise Http404
    response = KINDS[read[0]](request, read[1])
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _coordinate(request: SiteRequest, key: str) -> HttpResponse:
    view = find_coordinate(int(key), drafts=True)
    if view is None:
        raise Http404
    return page_of(request, view, preview=True)


KINDS: dict[str, Callable[[SiteRequest, str], HttpResponse]] = {"coordinate": _coordinate}
