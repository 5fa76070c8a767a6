"""Sets: the list, one of them, and a set with its sizes into the cart."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.filling_sets import add_set, set_sets
from lockstitch.checkout.queries import find_cart
from lockstitch.inventory.queries import available
from lockstitch.inventory.rules import word
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.sets import queries as sets
from lockstitch.sets.queries import PartView, SetView
from lockstitch.storefront.shell import shell
from lockstitch.storefront.views.cart import changed, number_of
from lockstitch.storefront.visitor import cart_token, member_id, remember_cart, sale_links
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def listing(request: SiteRequest) -> HttpResponse:
    page = sets.listed(after=request.GET.get("after", "")[:40])
    left = available({sku for view in page.rows for sku in view.skus})
    rows = [(view, view.is_sold_out(left)) for view in page.rows]
    return render(request, "storefront/sets.html", shell(request, rows=rows, next=page.next))


@require_safe
def show(request: SiteRequest, number: int) -> HttpResponse:
    view = _found(number)
    left = available(view.skus)
    choices = [Choice(n, of, left, "") for n, of in enumerate(view.pieces, start=1)]
    return _page(request, view, left, choices)


def _found(number: int) -> SetView:
    view = sets.find_set(number)
    if view is None:
        raise Http404
    return view


class Choice:
    """A piece with its sizes and their stock words, as its page asks for one."""

    def __init__(self, n: int, of: PartView, left: dict[UUID, int], typed: str) -> None:
        self.n, self.of = n, of
        self.sizes: list[tuple[Offer, str]] = [
            (offer, word(left.get(offer.sku_id, 0))) for offer in of.options
        ]
        self.chosen = str(of.options[0].sku_id) if len(of.options) == 1 else typed
        self.said = ""

    @property
    def sku_id(self) -> UUID | None:
        for offer, stock in self.sizes:
            if str(offer.sku_id) == self.chosen and stock != "out":
                return offer.sku_id
        return None


def _page(
    request: SiteRequest, view: SetView, left: dict[UUID, int], choices: list[Choice],
    **context: Any,
) -> HttpResponse:  # fmt: skip
    labels = [(one, view.has(view.of_label(one), left)) for one in view.labels]
    context = shell(
        request, view=view, choices=[] if view.row.hides_contents else choices,
        labels=labels if view.row.hides_contents else [], sold_out=view.is_sold_out(left),
        **context,
    )  # fmt: skip
    status = 422 if context.get("refusal") else 200
    return render(request, "storefront/set.html", context, status=status)


@require_POST
def add(request: SiteRequest, number: int) -> HttpResponse:
    """The set into the cart; or its page again, with a word at each piece that is not chosen."""
    view = _found(number)
    left, label = available(view.skus), request.POST.get("label", "")[:60]
    choices = [
        Choice(n, of, left, request.POST.get(f"piece-{n}", "")[:40])
        for n, of in enumerate(view.pieces, start=1)
    ]
    if view.row.hides_contents:
        label = view.labels[0] if len(view.labels) == 1 else label
        skus = view.of_label(label)
        refusal = "" if skus else _("Please choose a size.")
    else:
        for choice in choices:
            choice.said = "" if choice.sku_id else _("Please choose a size.")
        skus = [choice.sku_id for choice in choices if choice.sku_id]
        refusal = "" if len(skus) == len(choices) else _("Please choose a size for each piece.")
    if not refusal and not view.has(skus, left):
        refusal = _("There is too little left of these sizes for a set. Please choose others.")
    token = cart_token(request) or new_token()
    if not refusal:
        try:
            add_set(token, number, skus, member_id=member_id(request), links=sale_links(request))
            response = redirect("cart")
            remember_cart(response, token)
            return response
        except Refused as refused:
            refusal = str(refused)
    return _page(request, view, left, choices, refusal=refusal, label=label)


@require_POST
def change(request: SiteRequest) -> HttpResponse:
    """So many of a set in the cart, or none."""
    cart = find_cart(cart_token(request))
    try:
        row = UUID(request.POST.get("row", ""))
    except ValueError:
        raise Http404 from None
    if cart is not None:
        set_sets(cart, row, number_of(request.POST.get("quantity", "0")))
    return changed(request)
