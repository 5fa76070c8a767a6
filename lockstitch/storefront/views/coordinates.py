"""Coordinates: the list, one of them, and the whole look into the cart in one go."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from lockstitch.checkout import filling
from lockstitch.checkout.queries import find_cart
from lockstitch.content import queries as content
from lockstitch.coordinates import counting
from lockstitch.coordinates import queries as coordinates
from lockstitch.coordinates.issues import beside, find_issue, issues
from lockstitch.coordinates.queries import CoordinateView, PieceView, Wanted
from lockstitch.coordinates.rules import BANDS
from lockstitch.inventory.queries import available
from lockstitch.inventory.rules import word
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.looks.origin import by_origin
from lockstitch.storefront.keeping import depends, kept
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import cart_token, member_id, remember_cart, sale_links
from lockstitch.tenancy.requests import SiteRequest


@require_safe
@kept()
@vary_on_headers("HX-Request")
def listing(request: SiteRequest) -> HttpResponse:
    depends(request, "a")  # brands and categories to choose from are those of the pieces
    wanted = Wanted.of(request.GET.dict())
    page = coordinates.listed(wanted, after=request.GET.get("after", "")[:80])
    if request.headers.get("HX-Request"):
        context = {"page": page, "wanted": wanted}
        return render(request, "storefront/_coordinate_cards.html", context)
    context = shell(
        request, page=page, wanted=wanted, choices=coordinates.choices(), bands=list(BANDS)
    )
    return render(request, "storefront/coordinates.html", context)


@require_safe
@kept()
def lookbook(request: SiteRequest, season: str) -> HttpResponse:
    """A season's lookbook: large pictures, in the order they came out."""
    return _book(request, season, Wanted(season=season[:20], kind="lookbook"))


@require_safe
@kept()
def magazine(request: SiteRequest, issue: str) -> HttpResponse:
    """雑誌掲載: a number of the magazine with its coordinates and stories. Of one that is not out,
    or that only coordinates name, just these."""
    found = find_issue(issue[:40])
    if found is None:
        return _book(request, issue, Wanted(issue=issue[:40]))
    return _book(
        request, issue, Wanted(issue=found.name), issue=found, beside=beside(found),
        stories=content.find_stories(found.stories),
    )  # fmt: skip


@require_safe
@kept()
def magazines(request: SiteRequest) -> HttpResponse:
    """Every number that is out, the newest first."""
    return render(request, "storefront/magazines.html", shell(request, issues=issues()))


def _book(request: SiteRequest, title: str, wanted: Wanted, **context: Any) -> HttpResponse:
    page = coordinates.listed(wanted, after=request.GET.get("after", "")[:80])
    if not page.rows and not context:
        raise Http404
    context = shell(
        request, page=page, wanted=wanted, title=title,
        succeeded=coordinates.succeeded(page.rows), **context,
    )  # fmt: skip
    return render(request, "storefront/lookbook.html", context)


@require_safe
@kept()
def show(request: SiteRequest, number: int) -> HttpResponse:
    return page_of(request, _found(number))


def _found(number: int) -> CoordinateView:
    view = coordinates.find_coordinate(number)
    if view is None:
        raise Http404
    return view


@dataclass
class Row:
    """A piece as its page shows it; `said` is what became of it after the button."""

    view: PieceView
    sizes: list[tuple[Any, str]]  # an offer and its stock word
    chosen: str = ""
    picked: bool = True
    said: str = ""
    is_good: bool = False

    @property
    def sold_out(self) -> bool:
        return all(stock == "out" for _offer, stock in self.sizes)


def rows_of(view: CoordinateView) -> list[Row]:
    left = available(offer.sku_id for one in view.pieces for offer in one.options)
    rows = []
    for one in view.pieces:
        sizes = [(offer, word(left.get(offer.sku_id, 0))) for offer in one.options]
        only = str(sizes[0][0].sku_id) if len(sizes) == 1 else ""
        row = Row(one, sizes, only)
        row.picked = not row.sold_out
        rows.append(row)
    return rows


def page_of(
    request: SiteRequest, view: CoordinateView, rows: list[Row] | None = None, **context: Any
) -> HttpResponse:
    """The page of a coordinate; also of one that is only looked at before it is shown."""
    rows = rows_of(view) if rows is None else rows
    total = sum(one.offer.price_yen for one in view.pieces if one.offer)
    author = view.coordinate.author
    others = coordinates.listed(Wanted(author=author.slug), limit=5).rows if author else []
    depends(request, *(f"p:{one.piece.colour.product_id}" for one in view.pieces))
    context = shell(
        request, view=view, rows=rows, total_yen=total,
        others=[one for one in others if one.id != view.coordinate.id][:4], **context,
    )  # fmt: skip
    status = 422 if any(row.said and not row.is_good for row in rows) else 200
    return render(request, "storefront/coordinate.html", context, status=status)


@by_origin
@require_POST
def add_look(request: SiteRequest, number: int) -> HttpResponse:
    """The chosen pieces into the cart: all, or a clear word on each that could not be."""
    view = _found(number)
    rows, token = rows_of(view), cart_token(request) or new_token()
    for row in rows:
        key = str(row.view.piece.id)
        row.picked = request.POST.get(f"pick-{key}") == "1"
        row.chosen = request.POST.get(f"sku-{key}", row.chosen)[:40]
    wanted = [row for row in rows if row.picked]
    if not wanted:
        return page_of(request, view, rows, refusal=_("Please choose at least one piece."))
    added = [sku for row in wanted if (sku := _put(request, token, row))]
    if cart := find_cart(token):
        counting.added(view.coordinate.id, cart.id, added)
    some = len(added) < len(wanted)
    response = page_of(request, view, rows, done=len(added)) if some else redirect("cart")
    if added:
        remember_cart(response, token)
    return response


def _put(request: SiteRequest, token: str, row: Row) -> UUID | None:
    """One piece; what became of it is said in the row."""
    stock: dict[str, tuple[UUID, str]] = {
        str(offer.sku_id): (offer.sku_id, left) for offer, left in row.sizes
    }
    if row.sold_out:
        row.said = _("Sold out")
    elif row.chosen not in stock:
        row.said = _("Please choose a size.")
    elif stock[row.chosen][1] == "out":
        row.said = _("This size has sold out.")
    else:
        sku_id = stock[row.chosen][0]
        try:
            filling.add_to_cart(
                token, sku_id, member_id=member_id(request), links=sale_links(request)
            )
        except Refused as refusal:
            row.said = str(refusal)
            return None
        row.said, row.is_good, row.picked = _("In the cart"), True, False
        return sku_id
    return None


@csrf_exempt  # a page that is kept for everybody has no token; it adds one to a counter
@require_POST
def seen(request: SiteRequest, number: int) -> HttpResponse:
    """The page was looked at, by a browser that runs scripts; who it was is not kept."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        counting.seen(number)
    return HttpResponse(status=204)
