"""The cart: works by forms alone; htmx only spares the reload."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lockstitch.checkout import actions
from lockstitch.checkout.queries import find_cart, show_cart
from lockstitch.checkout.rules import LINE_MAX
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import cart_token, remember_cart
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def show(request: SiteRequest) -> HttpResponse:
    return _cart(request)


@require_POST
def add(request: SiteRequest) -> HttpResponse:
    try:
        sku_id = UUID(request.POST.get("sku", ""))
    except ValueError:
        return _cart(request, problem="size")
    token = cart_token(request) or new_token()
    try:
        actions.add_to_cart(token, sku_id, _number(request.POST.get("quantity", "1")))
    except Refused as refusal:
        return _cart(request, refusal=str(refusal))
    response = redirect("cart")
    remember_cart(response, token)
    return response


@require_POST
def set_quantity(request: SiteRequest) -> HttpResponse:
    cart = find_cart(cart_token(request))
    try:
        sku_id = UUID(request.POST.get("sku", ""))
    except ValueError:
        raise Http404 from None
    if cart is not None:
        actions.set_quantity(cart, sku_id, _number(request.POST.get("quantity", "0")))
    if request.headers.get("HX-Request"):
        return _cart(request, template="storefront/_cart.html")
    return redirect("cart")


def _cart(
    request: SiteRequest, *, problem: str = "", refusal: str = "",
    template: str = "storefront/cart.html",
) -> HttpResponse:  # fmt: skip
    view = show_cart(find_cart(cart_token(request)))
    context = shell(
        request, cart=view, problem=problem, refusal=refusal, quantities=range(1, LINE_MAX + 1)
    )
    status = 422 if problem or refusal else 200
    return render(request, template, context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
