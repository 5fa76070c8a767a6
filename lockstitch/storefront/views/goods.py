"""The product page, and what its parts ask for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.measuring import own_table
from lockstitch.catalogue.queries import Cell, ColourView, ProductView, Sku
from lockstitch.catalogue.size_tables import size_tables
from lockstitch.checkout.buyers import buyer
from lockstitch.coordinates.queries import wears, worn
from lockstitch.crm import popularity
from lockstitch.feedback.queries import reviews_of, summary_of
from lockstitch.fulfilment.calendar import turns_in
from lockstitch.fulfilment.queries import calendar, leaving
from lockstitch.inventory import queries as inventory
from lockstitch.inventory.rules import word
from lockstitch.kernel.clock import now
from lockstitch.kernel.japan import PREFECTURES
from lockstitch.kernel.text import localised
from lockstitch.looks.origin import by_origin
from lockstitch.orders.ahead import lesser
from lockstitch.pricing import queries as pricing
from lockstitch.search import queries as search
from lockstitch.search.former import former_slug
from lockstitch.search.of_site import of_site
from lockstitch.search.successors import gone_product, successors
from lockstitch.sets.queries import in_sets, sets_with
from lockstitch.storefront import structured
from lockstitch.storefront.alterations import choice, most_of
from lockstitch.storefront.film import film, told
from lockstitch.storefront.filtering import token_of
from lockstitch.storefront.keeping import depends, kept, not_kept
from lockstitch.storefront.pieces import cards
from lockstitch.storefront.shell import shell
from lockstitch.storefront.shown import product_shown
from lockstitch.storefront.views.fit import kind_of
from lockstitch.storefront.visitor import (
    SEEN_COOKIE,
    member_id,
    remember_place,
    remember_seen,
    sale_links,
    seen,
)
from lockstitch.tenancy.requests import SiteRequest

RAIL = 8
LIMIT_LOOKED_AT_S = 30


@require_safe
@kept(for_all=False)
def product(request: SiteRequest, slug: str, colour: str = "") -> HttpResponse:
    return product_page(request, slug, colour)


def product_page(request: SiteRequest, slug: str, colour: str = "") -> HttpResponse:
    """Also of a draft, which nobody may keep."""
    member = member_id(request) if not getattr(request, "keeping", None) else None
    view = product_shown(request, slug)
    if view is None and (other := former_slug(slug)):
        names = [other, colour] if colour else [other]
        return redirect("product_colour" if colour else "product", *names, permanent=True)
    if view is None and (ended := _ended(request, slug)):
        return ended
    chosen = view.colour(colour) if view else None
    if view is None or chosen is None:
        raise Http404
    early = request.GET.get("early", "")[:64]
    if early and early not in sale_links(request):
        request.session["sale_links"] = [*sale_links(request), early][-20:]
    context = _context(request, view, chosen, member)
    return render(request, "storefront/product.html", context)


def _ended(request: SiteRequest, slug: str) -> HttpResponse | None:
    """Of goods that are gone, and have a successor: 410, so that a search engine drops the page
    instead of taking it for goods, and people still find what is sold now."""
    gone = gone_product(slug)
    heirs = _heirs(gone.successor) if gone else []
    if gone is None or not heirs:
        return None
    context = shell(request, product=gone, heirs=cards(heirs))
    return render(request, "storefront/gone.html", context, status=410)


def _heirs(slug: str) -> list[search.Hit]:
    return search.first_colours([row.id for row in successors([slug]).values()]) if slug else []


def _context(
    request: SiteRequest, view: ProductView, chosen: ColourView, member: UUID | None
) -> dict[str, Any]:
    is_open = getattr(request, "keeping", None) is not None
    links = () if is_open else sale_links(request)
    who = buyer(member).who
    gates = of_site("gates", pricing.all_gates)  # few, and mostly none
    shut = pricing.closed([view.product.id], rank=who.rank, links=links) if gates else {}
    if shut:
        not_kept(request)  # opens by the clock, and for some earlier
    moment, skus = now(), [c.sku for v in view.colours for c in v.cells if c.sku]
    left = inventory.available(sku.id for sku in skus)
    if view.product.preorder_month and any(sku.preorder_limit is not None for sku in skus):
        depends(request, seconds=LIMIT_LOOKED_AT_S)  # it is reached without the stock telling
        left = lesser(left, {sku.id: sku.preorder_limit for sku in skus})
    words = {
        str(sku.id): "pre" if view.product.preorder_month and left.get(sku.id, 0) > 0
        else word(left.get(sku.id, 0))
        for sku in skus
    }  # fmt: skip
    cells = [
        _Size(cell, cell.sku, words, moment, most_of(view.product.hem, cell))
        for cell in chosen.cells
        if cell.sku
    ]
    cheapest = min(cells, key=lambda size: size.price_yen, default=None)
    terms, path = of_site("terms", pricing.terms), catalogue.path_to(view.category)
    matching, related = _pairs(view)
    summary = summary_of(view.product.id)
    making = view.product.making_days
    if making:
        depends(request, seconds=turns_in(moment, calendar()).total_seconds())
    depends(request, f"p:{view.product.id}", *_tags([*matching, *related]))
    sold_out = all(size.word == "out" for size in cells)
    heirs = _heirs(view.product.successor) if sold_out else []
    depends(request, *_tags(heirs))
    large = chosen.pictures[0] if chosen.pictures else None
    video = film(view, large)
    own = own_table(view, of_site("size_tables", size_tables))
    return shell(
        request, view=view, chosen=chosen, cells=cells, path=path,
        price_yen=cheapest.price_yen if cheapest else 0,
        list_price_yen=cheapest.was_yen if cheapest else None,
        without_bp=view.product.tax_rate_bp if request.site.look.get("tax_excluded") else 0,
        languages=[code for code, _name in settings.LANGUAGES], is_shut=view.product.id in shut,
        sold_out=sold_out, heirs=cards(heirs), own_sizes=own,
        may_compare=bool(kind_of(view)) and any(size.measures for size in view.sizes),
        any_out=any(size.word == "out" for size in cells),
        hem=choice(view.product.hem, [size.cell for size in cells]),
        summary=summary,
        voices=reviews_of(view.product.id, limit=3).rows if summary.count else [],
        sets=sets_with(view.product.id) if view.product.id in of_site("in_sets", in_sets) else [],
        looks=wears([view.product.id]) if view.product.id in of_site("worn", worn) else [],
        only=cells[0].cell if len(cells) == 1 else None,
        offers=_offers(request, who, view, on_sale=any(size.was_yen for size in cells)),
        ships_on=leaving({view.product.id: making}).get(view.product.id),
        opens_at=shut.get(view.product.id), matching=cards(matching),
        related=cards(related),
        shops=_shops(cells),
        structured=structured.script([
            structured.product_group(request.shop_origin, view, words, terms, own),
            structured.crumbs(request.shop_origin, path, _name(view)),
            *([told(request.shop_origin, view, video)] if video else []),
        ]),
        share=_share(request, view), large=large, video=video,
    )  # fmt: skip


def _offers(
    request: SiteRequest, who: pricing.Who, view: ProductView, *, on_sale: bool
) -> list[pricing.Promotion]:
    """Those that run and look at this product; the page holds until one begins or ends."""
    rows, moment = of_site("promotions", pricing.all_promotions), now()
    turns = [at for row in rows if row.active for at in (row.starts_at, row.ends_at)]
    coming = min((at for at in turns if at and at > moment), default=None)
    if coming is not None:
        depends(request, seconds=(coming - moment).total_seconds())
    if not any(row.active and (row.ends_at is None or row.ends_at > moment) for row in rows):
        return []
    return pricing.shown_for(
        who, product=str(view.product.id), brand=view.product.brand, on_sale=on_sale,
        categories=frozenset({str(view.category.id)} if view.category else ()),
    )  # fmt: skip


def _shops(cells: "list[_Size]") -> list[inventory.ShopStock]:
    places = of_site("places", inventory.locations)
    if not any(place.kind == "store" for place in places):
        return []
    return inventory.in_shops([size.cell.sku.id for size in cells if size.cell.sku])


class _Size:
    """A size of the chosen colour as the page shows it."""

    def __init__(
        self, cell: Cell, sku: Sku, words: dict[str, str], moment: dt.datetime, hem_most: int
    ) -> None:
        self.hem_most = hem_most  # mm
        self.cell, self.word = cell, words[str(sku.id)]
        self.price_yen = sku.price_at(moment)
        was = sku.was_price_at(moment)
        self.was_yen = was if was and was > self.price_yen else None


def _pairs(view: ProductView) -> tuple[list[search.Hit], list[search.Hit]]:
    """(worn with it, alike): as the shop chose; else what is bought together, else of its
    category."""
    known = catalogue.beside(view.product)
    matching = search.first_colours(known.matching[:RAIL])
    related = search.first_colours((known.related or known.together)[:RAIL])
    if not related and view.category:
        wish = search.Wish(within=(token_of(view.category),), sort="rank", limit=5)
        related = [hit for hit in search.find(wish).hits if hit.product_id != view.product.id][:4]
    return matching, related


def _tags(hits: Sequence[search.Hit]) -> list[str]:
    return [f"p:{hit.product_id}" for hit in hits]


def _name(view: ProductView) -> str:
    return localised(view.product.name)


def _share(request: SiteRequest, view: ProductView) -> str:
    return f"{request.shop_origin}{structured.page_of(view)}"


@require_safe
def seen_lately(request: SiteRequest) -> HttpResponse:
    """What this browser looked at before, and that it looks at one more now."""
    here = request.GET.get("product", "")[:36]
    before = seen(request)
    ids = [each for each in before if str(each) != here]
    found = {card.product.id: card for card in catalogue.cards_of(ids)}
    shown = [found[each] for each in ids if each in found][:RAIL]
    response = render(request, "storefront/_seen.html", {"cards": shown})
    response["Cache-Control"] = "no-store"
    try:
        remember_seen(response, [UUID(here), *ids])
        if UUID(here) not in before and request.headers.get("HX-Request"):
            popularity.seen(UUID(here))
    except ValueError:
        if SEEN_COOKIE in request.COOKIES and not before:
            response.delete_cookie(SEEN_COOKIE)
    return response


@by_origin
@require_POST
def set_place(request: SiteRequest) -> HttpResponse:
    """Where parcels of this browser go, so that pages can say when: a prefecture, no more."""
    place, onward = request.POST.get("prefecture", ""), request.POST.get("next", "/")
    own = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    response = redirect(onward if own and onward.startswith("/") else "/")
    if place in PREFECTURES:
        remember_place(response, place)
    return response
