"""From the cart to the placed order. Contact and address are taken at the desk, between the
first step and the second; what comes back is a prefecture and a mask."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lockstitch.checkout import actions
from lockstitch.checkout.parties import remove_recipient, share_out
from lockstitch.checkout.queries import (
    CartView,
    Checkout,
    MethodChoice,
    charge_of,
    find_cart,
    find_checkout,
    places,
    read_basket,
    shares_of,
    show_checkout,
)
from lockstitch.fulfilment.queries import delivery_choices
from lockstitch.fulfilment.rules import slots_of
from lockstitch.inventory.queries import pickup_places
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.money import shown
from lockstitch.kernel.text import localised
from lockstitch.orders.queries import Order, find_by_checkout
from lockstitch.pricing.queries import Terms, terms
from lockstitch.storefront.forms import ParcelForm, PayForm, shares
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import cart_token, member_id
from lockstitch.tenancy.requests import SiteRequest


@require_POST
def begin(request: SiteRequest) -> HttpResponse:
    cart = find_cart(cart_token(request))
    if cart is None:
        return redirect("cart")
    language = (get_language() or "ja")[:2]
    try:
        checkout = actions.begin_checkout(
            cart, member_id=member_id(request), language=language,
            is_preorder=request.POST.get("preorder") == "1",
        )  # fmt: skip
    except Refused:
        return redirect("cart")
    return redirect(f"{request.desk_origin}/contact/{checkout.id}/?lang={language}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    checkout = _open(checkout_id)
    if isinstance(checkout, Order):
        return redirect("order", checkout_id)
    if checkout.record_id is None:
        return redirect(f"{request.desk_origin}/contact/{checkout.id}/?lang={get_language()}")
    site_terms, basket = terms(), read_basket(checkout)
    view, methods = basket.view(), basket.methods()
    if not view.rows:
        return redirect("cart")
    parcels = _parcels(request, checkout, view, site_terms)
    form = _pay_form(request, checkout, methods)
    valid = [each.is_valid() for _no, _each, each in parcels] + [form.is_valid()]
    if request.method == "POST" and all(valid):
        try:
            _keep(request, checkout, view, parcels, form)
            step = "checkout" if "apply" in request.POST else "checkout_confirm"
            return redirect(step, checkout_id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            view = show_checkout(checkout, "")
    context = shell(
        request, checkout=checkout, form=form, parcels=parcels, cart=view,
        methods=methods, terms=site_terms, shares=_shares(checkout, view),
        pickups=pickup_places(view.pieces), charge=charge_of(checkout, site_terms),
    )  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "storefront/checkout_delivery.html", context, status=status)


type Parcels = list[tuple[int, object, ParcelForm]]


def _parcels(
    request: SiteRequest, checkout: Checkout, view: CartView, site_terms: Terms
) -> Parcels:
    """A form for each parcel: the buyer's own and one a recipient."""
    slots = slots_of(site_terms.carrier)
    wrappings = [
        (row["key"], f"{localised(row['name'])} (+{shown(row['yen'])})")
        for row in site_terms.wrappings
    ]
    made: Parcels = []
    for no, each in places(checkout, view.recipients):
        initial = {
            "delivery_date": each.delivery_date.isoformat() if each.delivery_date else "",
            "delivery_slot": each.delivery_slot, "wrapping": each.wrapping,
            "hides_prices": each.hides_prices,
        }  # fmt: skip
        prefix = "" if no == 1 else f"to{no}"
        days = [] if checkout.is_preorder else delivery_choices(
            each.prefecture, making=view.making(no)
        )  # fmt: skip
        form = ParcelForm(
            request.POST or None, days=days, slots=slots, wrappings=wrappings, prefix=prefix,
            initial=initial,
        )  # fmt: skip
        made.append((no, each, form))
    return made


def _pay_form(request: SiteRequest, checkout: Checkout, methods: Sequence[MethodChoice]) -> PayForm:
    open_ones = [item.code for item in methods if not item.refused]
    initial = {
        "method": checkout.method or (open_ones or [""])[0],
        "coupons": " ".join(checkout.coupons), "points": checkout.points_yen or None,
    }  # fmt: skip
    return PayForm(request.POST or None, methods=[item.code for item in methods], initial=initial)


def _keep(
    request: SiteRequest, checkout: Checkout, view: CartView, parcels: Parcels, form: PayForm
) -> None:
    if view.recipients:  # first, as what is wrapped depends on who gets it
        pieces = [row.piece for row in view.loose]
        share_out(checkout.id, shares(request.POST, pieces, [one.no for one in view.recipients]))
    for no, _each, parcel in parcels:
        actions.make_up(checkout.id, no, **parcel.wishes())
    fetch = request.POST.get("pickup", "")
    actions.fetch_at(checkout.id, UUID(fetch) if fetch else None)
    actions.apply_offers(checkout.id, **form.offers())
    actions.choose_method(checkout.id, form.cleaned_data["method"])


def _shares(checkout: Checkout, view: CartView) -> list[tuple[object, list[tuple[int, int]]]]:
    """Each row of the cart with what each recipient gets of it: (number, pieces)."""
    if not view.recipients:
        return []
    kept = shares_of(checkout)
    return [
        (row, [(one.no, kept.get((one.no, row.piece), 0)) for one in view.recipients])
        for row in view.loose
    ]


@require_POST
def drop_recipient(request: SiteRequest, checkout_id: UUID, no: int) -> HttpResponse:
    checkout = _open(checkout_id)
    if isinstance(checkout, Checkout):
        remove_recipient(checkout.id, no)
    return redirect("checkout", checkout_id)


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
        try:
            actions.place(
                checkout_id, shown_total_yen=_posted(request, "total"),
                shown_money_yen=_posted(request, "money"),
                hem_agreed=request.POST.get("hem_agreed") == "1",
            )  # fmt: skip
            return redirect("order", checkout_id)
        except Refused as refused:
            refusal = str(refused)
    view = show_checkout(checkout)
    if not view.rows:
        return redirect("cart")
    kept_until = None
    try:
        kept_until = actions.keep_for(checkout, view) if not refusal else None
    except Refused as gone:
        refusal = str(gone)
    site_terms = terms()
    context = shell(
        request, checkout=checkout, cart=view, refusal=refusal, terms=site_terms,
        kept_until=kept_until, goes=_goes(checkout, view), charge=charge_of(checkout, site_terms),
    )  # fmt: skip
    status = 409 if refusal else 200
    return render(request, "storefront/checkout_confirm.html", context, status=status)


def _goes(checkout: Checkout, view: CartView) -> list[tuple[int, list[object], object]]:
    """Each destination with its lines: (number, lines, whose). Sets are the buyer's."""
    loose = [(line, row) for line, row in view.lines if row.of is None]
    return [
        (no, [pair for pair in loose if pair[0].item.destination == no], to)
        for no, to in places(checkout, view.recipients)
    ]


def _posted(request: SiteRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else -1


def _open(checkout_id: UUID) -> Checkout | Order:
    placed = find_by_checkout(checkout_id)
    if placed is not None:
        return placed
    checkout = find_checkout(checkout_id)
    if checkout is None:
        raise Http404
    return checkout
