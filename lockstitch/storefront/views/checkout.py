"""From the cart to the placed order. Contact and address are taken at the desk, between the
first step and the second; what comes back is a prefecture and a mask."""

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lockstitch.checkout import actions
from lockstitch.checkout.queries import (
    Checkout,
    find_cart,
    find_checkout,
    method_choices,
    show_cart,
)
from lockstitch.fulfilment.rules import SLOTS, delivery_days
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import Order, find_by_checkout
from lockstitch.pricing.queries import terms
from lockstitch.storefront.forms import DeliveryForm
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import cart_token, member_id
from lockstitch.tenancy.requests import SiteRequest


@require_POST
def begin(request: SiteRequest) -> HttpResponse:
    cart = find_cart(cart_token(request))
    if cart is None:
        return redirect("cart")
    language = get_language() or "ja"
    try:
        checkout = actions.begin_checkout(cart, member_id=member_id(request), language=language[:2])
    except Refused:
        return redirect("cart")
    return redirect(f"{request.desk_origin}/contact/{checkout.id}/?lang={language[:2]}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    checkout = _open(checkout_id)
    if isinstance(checkout, Order):
        return redirect("order", checkout_id)
    if checkout.record_id is None:
        return redirect(f"{request.desk_origin}/contact/{checkout.id}/?lang={get_language()}")
    site_terms = terms()
    days = delivery_days(today_jst() + dt.timedelta(days=site_terms.lead_days))
    form = DeliveryForm(request.POST or None, days=days, initial=_initial(checkout))
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose(checkout.id, **form.chosen())
            return redirect("checkout_confirm", checkout_id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    view = show_cart(checkout.cart)
    context = shell(
        request, checkout=checkout, form=form, cart=view, methods=method_choices(view),
        terms=site_terms,
    )  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "storefront/checkout_delivery.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    checkout = _open(checkout_id)
    if isinstance(checkout, Order):
        return redirect("order", checkout_id)
    if checkout.record_id is None or not checkout.method:
        return redirect("checkout", checkout_id)
    refusal = ""
    if request.method == "POST":
        shown = request.POST.get("total", "")
        try:
            actions.place(checkout_id, shown_total_yen=int(shown) if shown.isdecimal() else -1)
            return redirect("order", checkout_id)
        except Refused as refused:
            refusal = str(refused)
    view = show_cart(checkout.cart, checkout.method)
    if not view.rows:
        return redirect("cart")
    context = shell(
        request, checkout=checkout, cart=view, refusal=refusal, terms=terms(),
        slot=SLOTS.get(checkout.delivery_slot, ""),
    )  # fmt: skip
    status = 409 if refusal else 200
    return render(request, "storefront/checkout_confirm.html", context, status=status)


def _open(checkout_id: UUID) -> Checkout | Order:
    placed = find_by_checkout(checkout_id)
    if placed is not None:
        return placed
    checkout = find_checkout(checkout_id)
    if checkout is None:
        raise Http404
    return checkout


def _initial(checkout: Checkout) -> dict[str, object]:
    return {
        "method": checkout.method or "cod",
        "delivery_date": checkout.delivery_date.isoformat() if checkout.delivery_date else "",
        "delivery_slot": checkout.delivery_slot,
    }
