"""Lists of goods: all, new, by rank, on sale, ahead, of a brand, a category, a season; and the
search."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.cards import cards_in
from lockstitch.catalogue.queries import Category
from lockstitch.kernel.text import localised
from lockstitch.looks.words_lists import SORT_WORDS
from lockstitch.search import queries as search
from lockstitch.search.actions import note_miss
from lockstitch.search.of_site import of_site
from lockstitch.storefront.filtering import (
    Names,
    address,
    chips_of,
    groups_of,
    is_deep,
    token_of,
    wish_of,
)
from lockstitch.storefront.keeping import depends, kept, not_kept
from lockstitch.storefront.pieces import cards
from lockstitch.storefront.shell import shell
from lockstitch.tenancy.requests import SiteRequest

HELP_MAX = 8


@require_safe
@kept()
@vary_on_headers("HX-Request")
def items(request: SiteRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:80]
    title = _("Results for “%(words)s”") % {"words": words} if words else _("All items")
    return _list(request, title, sort="own")


@require_safe
@kept()
@vary_on_headers("HX-Request")
def category(request: SiteRequest, category: str) -> HttpResponse:
    names = of_site("categories", catalogue.categories)
    found = next((each for each in names if each.slug == category), None)
    if found is None:
        raise Http404
    return _list(
        request, localised(found.name), within=[token_of(found)], category=found, names=names
    )


@require_safe
@kept()
@vary_on_headers("HX-Request")
def new(request: SiteRequest) -> HttpResponse:
    return _list(request, _("New arrivals"), sort="new")


@require_safe
@kept()
@vary_on_headers("HX-Request")
def ranking(request: SiteRequest) -> HttpResponse:
    return _list(request, _("Ranking"), sort="rank", numbered=True)


@require_safe
@kept()
@vary_on_headers("HX-Request")
def sale(request: SiteRequest) -> HttpResponse:
    return _list(request, _("Sale"), within=["o:sale"])


@require_safe
@kept()
@vary_on_headers("HX-Request")
def preorder(request: SiteRequest) -> HttpResponse:
    return _list(request, _("Pre-orders"), within=["o:pre"])


@require_safe
@kept()
@vary_on_headers("HX-Request")
def outlet(request: SiteRequest) -> HttpResponse:
    return _list(request, _("Outlet"), within=["o:outlet"])


@require_safe
@kept()
@vary_on_headers("HX-Request")
def brand(request: SiteRequest, brand: str) -> HttpResponse:
    return _list(request, brand, within=[f"b:{brand[:120]}"], must_exist=True, brand=brand)


@require_safe
@kept()
@vary_on_headers("HX-Request")
def season(request: SiteRequest, season: str) -> HttpResponse:
    return _list(request, season, within=[f"s:{season[:20]}"], must_exist=True)


@require_safe
def suggest(request: SiteRequest) -> HttpResponse:
    """Words, categories and goods for what is being typed; each a link."""
    typed = request.GET.get("q", "").replace("\0", "")[:40]
    found = search.find(search.Wish(words=typed, limit=4)) if typed.strip() else search.Found([])
    names = of_site("categories", catalogue.categories)
    context = {
        "cards": cards_in({hit.product_id: hit.colour_id for hit in found.hits}),
        "categories": [c for c in names if search.begins(localised(c.name), typed)],
        "typed": typed,
    }  # fmt: skip
    return render(request, "storefront/_suggest.html", context)


def _list(
    request: SiteRequest, title: str, *, within: Iterable[str] = (), sort: str = "own",
    category: Category | None = None, names: list[Category] | None = None,
    numbered: bool = False, must_exist: bool = False, brand: str = "",
) -> HttpResponse:  # fmt: skip
    own = names if names is not None else of_site("categories", catalogue.categories)
    wish = wish_of(request.GET, within=within, sort=sort)
    found = search.find(wish)
    if must_exist and not found.hits and not wish.chosen and not wish.after:
        raise Http404
    shown = cards(found.hits, eager=0 if wish.after else 2)
    depends(request, *(f"p:{hit.product_id}" for hit in found.hits))
    depends(request, token_of(category) if category else "a")
    context: dict[str, Any] = {
        "title": title, "cards": shown, "category": category, "words": wish.words,
        "more": address(request.GET, after=found.next) if found.next else "", "numbered": numbered,
    }  # fmt: skip
    if wish.after and request.headers.get("HX-Request"):  # only the next cards are asked for
        return render(request, "storefront/_cards.html", context)
    facets = search.facets(found, wish)
    if (seconds := search.counts_hold_s()) is not None:
        depends(request, seconds=seconds)
    known = Names(own, of_site("attributes", catalogue.attributes))
    context |= {
        "total": facets.total, "groups": groups_of(facets, wish, known),
        "chips": chips_of(request.GET, wish, known), "sort": wish.sort, "sorts": SORT_WORDS.items(),
        "instead": found.instead, "noindex": is_deep(request.GET, wish), "bare": request.path,
        "path": _path(category, own), "crumb": category, "brand": brand,
    }  # fmt: skip
    if wish.words and not found.hits:
        context |= {"near": search.near_words(wish.words), "help": own[:HELP_MAX]}
        not_kept(request)
        if not wish.chosen and not wish.after:
            note_miss(wish.words)
    return render(request, "storefront/list.html", shell(request, **context))


def _path(category: Category | None, names: list[Category]) -> list[Category]:
    """From the root of the tree to above this one."""
    by_id = {each.pk: each for each in names}
    path: list[Category] = []
    at = by_id.get(category.parent_id) if category and category.parent_id else None
    while at is not None and at not in path:
        path.insert(0, at)
        at = by_id.get(at.parent_id) if at.parent_id else None
    return path
