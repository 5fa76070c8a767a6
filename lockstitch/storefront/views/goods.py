"""Home, lists and the product page."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lockstitch.catalogue import queries as catalogue
from lockstitch.checkout.buyers import buyer
from lockstitch.inventory import queries as inventory
from lockstitch.inventory.rules import word
from lockstitch.members.favourites import is_liked
from lockstitch.pricing.queries import closed, shown_for
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import liker, member_id, sale_links
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def home(request: SiteRequest) -> HttpResponse:
    products = catalogue.list_products(limit=9)
    return render(request, "storefront/home.html", shell(request, cards=products.cards))


@require_safe
def product(request: SiteRequest, slug: str, colour: str = "") -> HttpResponse:
    view = catalogue.find_product(slug)
    chosen = view.colour(colour) if view else None
    if view is None or chosen is None:
        raise Http404
    early = request.GET.get("early", "")[:64]
    if early and early not in sale_links(request):
        request.session["sale_links"] = [*sale_links(request), early][-20:]
    buyer_here = buyer(member_id(request))
    shut = closed([view.product.id], rank=buyer_here.who.rank, links=sale_links(request))
    left = inventory.available(cell.sku.id for cell in chosen.cells if cell.sku)
    cells = [(cell, _word(left, cell.sku.id if cell.sku else None)) for cell in chosen.cells]
    context = shell(
        request,
        view=view,
        chosen=chosen,
        cells=cells,
        price_yen=min((c.sku.price_yen for c in chosen.cells if c.sku), default=0),
        list_price_yen=next((c.sku.list_price_yen for c in chosen.cells if c.sku), None),
        sold_out=all(word == "out" for _cell, word in cells),
        only=cells[0][0] if len(cells) == 1 else None,
        offers=shown_for(
            buyer_here.who,
            product=str(view.product.id),
            brand=view.product.brand,
            categories=frozenset({str(view.category.id)} if view.category else ()),
            on_sale=any(c.sku.list_price_yen for c in chosen.cells if c.sku),
        ),
        is_liked=is_liked(liker(request), view.product.id),
        is_shut=view.product.id in shut,
        opens_at=shut.get(view.product.id),
        related=catalogue.list_products(category=view.category, limit=5).cards,
    )
    return render(request, "storefront/product.html", context)


def _word(left: dict[UUID, int], sku_id: UUID | None) -> str:
    return word(left.get(sku_id, 0)) if sku_id else "none"
