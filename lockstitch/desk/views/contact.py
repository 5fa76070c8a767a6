"""The step of checkout that the shop never sees: who buys, and where it goes."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.checkout import actions as checkout
from lockstitch.checkout.parties import add_recipient
from lockstitch.checkout.queries import Checkout, find_checkout, show_checkout
from lockstitch.desk.buyers import name_buyer
from lockstitch.desk.forms import ADDRESS_FIELDS, AddressForm, RecipientForm, digits_of
from lockstitch.desk.masks import name_hint, postal_zone
from lockstitch.desk.postcodes import find_place
from lockstitch.desk.visitor import GUEST, GUEST_AGE_S, caller, guest_token, remember
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.orders.queries import find_by_checkout
from lockstitch.sealed import reading
from lockstitch.sealed.deposit import deposit
from lockstitch.tenancy.requests import SiteRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    found = find_checkout(checkout_id)
    if found is None:
        raise Http404
    if found.placed_at:
        return redirect(f"{request.shop_origin}/orders/{checkout_id}/")
    if request.method != "POST":
        profile = _own_profile(request)
        form = AddressForm(initial=profile)
        return _page(request, form, found, signed_in=bool(profile))
    form = AddressForm(request.POST)
    if "lookup" in request.POST:
        return _page(request, form.completed(), found)
    if not form.is_valid():
        return _page(request, form, found)
    token = guest_token(request) or new_token()
    fields = form.sealed_fields()
    try:
        with transaction.atomic():
            record_id = deposit("order", fields, access_token=token, member_id=_member_id(request))
            checkout.keep_contact(
                checkout_id, record_id=record_id,
                buyer_hint=name_hint(fields["family_name"], fields["given_name"]),
                prefecture=fields["prefecture"], postal_zone=postal_zone(fields["postal_code"]),
            )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, found)
    name_buyer(caller(request), found, record_id, token)
    response = redirect(f"{request.shop_origin}/checkout/{checkout_id}/")
    remember(response, GUEST, token, GUEST_AGE_S)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recipient(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """Somebody else to whom a part of the order goes, with a message of the giver."""
    found = find_checkout(checkout_id)
    if found is None or found.record_id is None:
        raise Http404
    if found.placed_at:
        return redirect(f"{request.shop_origin}/orders/{checkout_id}/")
    form = RecipientForm(request.POST or None)
    if "lookup" in request.POST:
        form = form.completed()
    elif request.method == "POST" and form.is_valid():
        token = guest_token(request) or new_token()
        fields = form.sealed_fields()
        try:
            with transaction.atomic():
                add_recipient(
                    checkout_id,
                    record_id=deposit(
                        "order", fields, access_token=token, member_id=_member_id(request)
                    ),
                    hint=name_hint(fields["family_name"], fields["given_name"]),
                    prefecture=fields["prefecture"],
                    postal_zone=postal_zone(fields["postal_code"]),
                    has_message=bool(fields["note"]),
                )  # fmt: skip
            return redirect(f"{request.shop_origin}/checkout/{checkout_id}/")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "checkout": found, "cart": show_checkout(found, "")}
    status = 422 if form.errors else 200
    return render(request, "desk/recipient.html", context, status=status)


def _page(
    request: SiteRequest, form: AddressForm, found: Checkout, *, signed_in: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "checkout": found,
        "cart": show_checkout(found, ""),
        "signed_in": signed_in,
    }
    return render(request, "desk/contact.html", context, status=422 if form.errors else 200)


def _member_id(request: SiteRequest) -> UUID | None:
    """Who is signed in here, by the guard's word; while it is away, a guest with a token."""
    who = caller(request)
    try:
        me = reading.ask(who, reading.WhoAmI()) if who.session else None
    except Refused:
        return None
    return me.principal_id if me and me.site_id == request.site.id else None


def _own_profile(request: SiteRequest) -> dict[str, str]:
    """A signed-in member's own data to start from; nothing when the guard cannot be asked."""
    who = caller(request)
    if who.session is None:
        return {}
    try:
        ids = reading.ask(who, reading.MyRecords(kinds=["profile"])).record_ids
        if not ids:
            return {}
        wanted = [name for name in ADDRESS_FIELDS if name != "note"]
        shown = reading.ask(
            who, reading.Reveal(record_ids=ids[:1], fields=wanted, purpose="self.checkout")
        )
        return shown.records[0].fields
    except Refused:
        return {}


@require_safe
def postcode(request: SiteRequest) -> HttpResponse:
    """The place of a postal code, for the script that fills the form in while it is typed."""
    place = find_place(digits_of(request.GET.get("code", "")[:12]))
    if place is None:
        return JsonResponse({}, status=404)
    return JsonResponse({"prefecture": place.prefecture, "city": place.city, "street": place.town})


@never_cache
@require_safe
def order(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """A buyer's own address of an order, by their session or the token that placed it."""
    placed = find_by_checkout(checkout_id)
    if placed is None:
        raise Http404
    fields, refusal = None, ""
    wanted = list(ADDRESS_FIELDS)
    try:
        shown = reading.ask(
            caller(request),
            reading.Reveal(
                record_ids=[placed.record_id], fields=wanted, purpose="self.order",
                guest_token=guest_token(request) or None,
            ),
        )  # fmt: skip
        fields = shown.records[0].fields
    except Refused as refused:
        refusal = str(refused)
    context = {"order": placed, "fields": fields, "refusal": refusal}
    return render(request, "desk/order.html", context, status=403 if refusal else 200)
