"""For machines: robots.txt, the sitemap with its pictures, and new arrivals as RSS."""

from collections.abc import Mapping
from email.utils import format_datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.decorators.http import require_safe

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.cards import Card, cards_in
from lockstitch.content import queries as content
from lockstitch.kernel.clock import now
from lockstitch.search.queries import Wish, find, map_page, map_starts
from lockstitch.sets import queries as sets
from lockstitch.tenancy.requests import SiteRequest

NEW, MAP_PAGE = 50, 2_000
HIDDEN = ("/cart/", "/checkout/", "/pay/", "/orders/", "/account/", "/favourites/", "/suggest/",
          "/seen/", "/session/")  # fmt: skip


@require_safe
def robots(request: SiteRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in HIDDEN), "Disallow: /*?*sort="]
    lines.append(f"Sitemap: {request.shop_origin}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: SiteRequest) -> HttpResponse:
    """The index: one file for what is not goods, and one for every two thousand colours."""
    starts = map_starts(MAP_PAGE)
    return _xml("storefront/sitemap_index.xml", {"starts": starts, "origin": request.shop_origin})


@require_safe
def sitemap_pages(request: SiteRequest) -> HttpResponse:
    context = {
        "origin": request.shop_origin, "categories": catalogue.categories(),
        "pages": content.pages(), "sets": sets.shown_numbers(),
    }  # fmt: skip
    return _xml("storefront/sitemap_pages.xml", context)


@require_safe
def sitemap_goods(request: SiteRequest, start: str) -> HttpResponse:
    """From this row on; a file's address stays the same while goods are added behind it."""
    try:
        rows = map_page(UUID(start), MAP_PAGE)
    except ValueError:
        raise Http404 from None
    context = {"rows": catalogue.map_rows(rows), "origin": request.shop_origin}
    return _xml("storefront/sitemap_goods.xml", context)


@require_safe
def feed(request: SiteRequest) -> HttpResponse:
    found = find(Wish(sort="new", limit=NEW))
    cards = cards_in({hit.product_id: hit.colour_id for hit in found.hits})
    dated = [(card, _dated(card)) for card in cards]
    context = {"cards": dated, "site": request.site, "origin": request.shop_origin}
    with override("ja"):
        return _xml("storefront/feed.xml", context, kind="application/rss+xml")


def _dated(card: Card) -> str:
    return format_datetime(card.product.published_from or now())


def _xml(
    template: str, context: Mapping[str, object], kind: str = "application/xml"
) -> HttpResponse:
    response = HttpResponse(
        render_to_string(template, dict(context)), content_type=f"{kind}; charset=utf-8"
    )
    response["Cache-Control"] = "public, max-age=600"
    return response
