"""The cart: works by forms alone; htmx only spares the reload."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lockstitch.checkout import filling
from lockstitch.checkout.queries import Cart, cart_count, find_cart, show_cart
from lockstitch.checkout.rules import LINE_MAX, Piece, hem_of
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.looks.origin import by_origin
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import cart_token, member_id, remember_cart, sale_links
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def show(request: SiteRequest) -> HttpResponse:
    return _cart(request)


@by_origin
@require_POST
def add(request: SiteRequest) -> HttpResponse:
    try:
        sku_id = UUID(request.POST.get("sku", ""))
        hem_mm = hem_of(request.POST.get("hem", ""))
    except ValueError:
        return _cart(request, problem="size")
    token = cart_token(request) or new_token()
    try:
        filling.add_to_cart(
            token, sku_id, number_of(request.POST.get("quantity", "1")),
            member_id=member_id(request), links=sale_links(request), hem_mm=hem_mm,
        )  # fmt: skip
    except Refused as refusal:
        return _cart(request, refusal=str(refusal))
    response = redirect("cart")
    remember_cart(response, token)
    return response


@require_POST
def set_quantity(request: SiteRequest) -> HttpResponse:
    cart, (sku_id, hem_mm) = _line(request)
    if cart is not None:
        count = number_of(request.POST.get("quantity", "0"))
        filling.set_quantity(cart, sku_id, count, hem_mm=hem_mm)
    return changed(request)


@require_POST
def save(request: SiteRequest) -> HttpResponse:
    """Puts a line aside for later, or back."""
    cart, (sku_id, hem_mm) = _line(request)
    if cart is not None:
        filling.set_saved(cart, sku_id, request.POST.get("saved") == "1", hem_mm=hem_mm)
    return changed(request)


def _line(request: SiteRequest) -> tuple[Cart | None, Piece]:
    try:
        return find_cart(cart_token(request)), Piece.read(request.POST.get("sku", ""))
    except ValueError:
        raise Http404 from None


def changed(request: SiteRequest) -> HttpResponse:
    """The cart again: the part that moves, or the page."""
    if request.headers.get("HX-Request"):
        return _cart(request, template="storefront/_cart.html")
    return redirect("cart")


def _cart(
    request: SiteRequest, *, problem: str = "", refusal: str = "",
    template: str = "storefront/cart.html",
) -> HttpResponse:  # fmt: skip
    cart, member = find_cart(cart_token(request)), member_id(request)
    views = [show_cart(cart, is_preorder=ahead, member_id=member) for ahead in (False, True)]
    context = shell(
        request, carts=[view for view in views if view.rows or view.gone], saved=views[0].saved,
        cart_count=cart_count(cart_token(request)), problem=problem,
        refusal=refusal, quantities=range(1, LINE_MAX + 1),
    )  # fmt: skip
    status = 422 if problem or refusal else 200
    return render(request, template, context, status=status)


def number_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
