"""The address of somebody on the phone, typed by an operator and sealed at once."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.checkout.actions import keep_contact
from lockstitch.checkout.queries import find_checkout, show_checkout
from lockstitch.desk.buyers import name_buyer
from lockstitch.desk.forms import AddressForm
from lockstitch.desk.masks import name_hint, postal_zone
from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.labels import at_the_desk
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.sealed.deposit import deposit
from lockstitch.tenancy.requests import SiteRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def contact(request: SiteRequest, slug: str, checkout_id: UUID) -> HttpResponse:
    with site_of_operator(request, slug) as site:
        found = find_checkout(checkout_id)
        if found is None or found.placed_at:
            raise Http404
        form = AddressForm(request.POST or None)
        if "lookup" in request.POST:
            form = form.completed()
        elif request.method == "POST" and form.is_valid():
            fields = form.sealed_fields()
            try:
                with transaction.atomic():
                    record_id = deposit("order", fields)
                    keep_contact(
                        checkout_id, record_id=record_id,
                        buyer_hint=name_hint(fields["family_name"], fields["given_name"]),
                        prefecture=fields["prefecture"],
                        postal_zone=postal_zone(fields["postal_code"]),
                    )  # fmt: skip
                name_buyer(caller(request), found, record_id)
                return redirect(f"{request.shop_origin}/s/{slug}/orders/phone/{checkout_id}/")
            except Refused as refused:
                form.add_error(None, str(refused))
        context = {"form": form, "site": site, "cart": show_checkout(found, "")}
        status = 422 if form.errors else 200
        return render(request, "desk/phone.html", context, status=status)
