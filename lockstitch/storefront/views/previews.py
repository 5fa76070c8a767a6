"""What is being edited, on the shop's own host, for the console's frame alone."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from lockstitch.content.blocks import DEFAULT_HOME
from lockstitch.content.queries import Story, find_document, home, pictures
from lockstitch.coordinates.queries import find_coordinate
from lockstitch.looks.previews import read_preview
from lockstitch.looks.theming import documents
from lockstitch.storefront.views.coordinates import page_of
from lockstitch.storefront.views.home import home_of
from lockstitch.storefront.views.stories import faq_of, law_of, story_of
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def preview(request: SiteRequest, token: str) -> HttpResponse:
    read = read_preview(request, token)
    if read is None:
        raise Http404
    kind, key = read
    response = KINDS[kind](request, key) if kind in KINDS else _document(request, kind, key)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _coordinate(request: SiteRequest, key: str) -> HttpResponse:
    view = find_coordinate(int(key), drafts=True)
    if view is None:
        raise Http404
    return page_of(request, view, preview=True)


def _theme(request: SiteRequest, _key: str) -> HttpResponse:
    """The home, in the look as it is drafted."""
    row = find_document("theme")
    if row is None:
        raise Http404
    documents(request)["theme"] = row.draft
    return home_of(request, home(), preview=True)


def _banners(request: SiteRequest, _key: str) -> HttpResponse:
    row = find_document("banners")
    documents(request)["banners"] = row.draft if row else {}
    return home_of(request, home(), preview=True)


KINDS: dict[str, Callable[[SiteRequest, str], HttpResponse]] = {
    "coordinate": _coordinate, "theme": _theme, "banners": _banners,
}  # fmt: skip


def _document(request: SiteRequest, kind: str, slug: str) -> HttpResponse:
    """A draft as its page will be."""
    row = find_document(kind, slug)
    if row is None:
        raise Http404
    state = row.draft
    match kind:
        case "home":
            return home_of(request, state.get("blocks") or DEFAULT_HOME, preview=True)
        case "faq":
            return faq_of(request, state, preview=True)
        case "law":
            return law_of(request, state, preview=True)
    cover = state.get("cover", "")
    story = Story(kind, slug, row.first_from, state, pictures([cover]).get(cover))
    return story_of(request, story, preview=True)
