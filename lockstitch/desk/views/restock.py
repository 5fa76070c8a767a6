"""再入荷のお知らせ for a guest: the mail address is sealed here, and the shop never sees it."""

from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lockstitch.catalogue.queries import offers
from lockstitch.checkout.buyers import sold_to
from lockstitch.desk.forms import PlainForm
from lockstitch.desk.views.signing import METHODS
from lockstitch.kernel.errors import Refused
from lockstitch.sealed.deposit import deposit
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.wishes.actions import wait_as_guest


class AddressForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def begin(request: SiteRequest, sku_id: UUID) -> HttpResponse:
    """Counts once the letter that goes there was answered."""
    offer = sold_to(offers([sku_id]), None).get(sku_id)
    if offer is None:
        raise Http404
    form, kept = AddressForm(request.POST or None), False
    if form.is_valid():
        try:
            with transaction.atomic():
                record_id = deposit("order", {"email": form.cleaned_data["email"]})
                language = "en" if (get_language() or "").startswith("en") else "ja"
                wait_as_guest(sku_id, record_id=record_id, language=language)
            kept = True
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "offer": offer, "kept": kept}
    return render(request, "desk/restock.html", context, status=422 if form.errors else 200)
