"""お問い合わせ: what a visitor writes is sealed here; the shop learns that somebody wrote."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.content import inquiries
from lockstitch.desk.disclosing import people
from lockstitch.desk.forms import NAME_FIELDS
from lockstitch.desk.masks import name_hint
from lockstitch.desk.views.frames import framed, site_of_operator
from lockstitch.desk.views.signing import METHODS
from lockstitch.kernel.errors import Refused
from lockstitch.looks.words_content import TOPIC_WORDS
from lockstitch.sealed.deposit import deposit
from lockstitch.tenancy.requests import SiteRequest

FIELDS, PURPOSE = (*NAME_FIELDS, "email", "note"), "order.support"


class InquiryForm(forms.Form):
    family_name = forms.CharField(label=_("Family name"), max_length=40)
    given_name = forms.CharField(label=_("Given name"), max_length=40)
    email = forms.EmailField(label=_("E-mail address"), max_length=200)
    topic = forms.ChoiceField(label=_("What is it about?"), choices=list(TOPIC_WORDS.items()))
    order_number = forms.CharField(
        label=_("Order number (if it is about an order)"), max_length=20, required=False
    )
    note = forms.CharField(
        label=_("Your message"), max_length=2_000, widget=forms.Textarea(attrs={"rows": "8"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, complete in (
            ("family_name", "family-name"), ("given_name", "given-name"), ("email", "email"),
        ):  # fmt: skip
            self.fields[name].widget.attrs["autocomplete"] = complete

    def clean_order_number(self) -> str:
        """A number is kept in the clear, so nothing else may be written there."""
        number = self.cleaned_data["order_number"].strip().upper()
        if not all(one.isascii() and (one.isalnum() or one == "-") for one in number):
            raise ValidationError(_("An order number has letters, digits and hyphens only."))
        return str(number)


@never_cache
@require_http_methods(METHODS)
def write(request: SiteRequest) -> HttpResponse:
    form = InquiryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            inquiries.may_come()
            with transaction.atomic():
                record = deposit(
                    "order",
                    {name: data[name] for name in ("family_name", "given_name", "email", "note")},
                )
                inquiries.note(
                    record_id=record, topic=data["topic"], order_number=data["order_number"],
                    hint=name_hint(data["family_name"], data["given_name"]),
                )  # fmt: skip
            return redirect("/inquiry/?sent=1")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "sent": request.GET.get("sent") == "1" and not form.is_bound}
    return render(request, "desk/inquiry.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(METHODS)
@framed
def reveal(request: SiteRequest, slug: str, inquiry_id: UUID) -> HttpResponse:
    """Who wrote, and what: asking is what goes on the record."""
    with site_of_operator(request, slug):
        found = inquiries.find_inquiry(inquiry_id)
        if found is None:
            raise Http404
        fields = None
        if request.method == "POST":
            shown = people(request, [found.record_id], fields=FIELDS, purpose=PURPOSE)
            fields = shown[found.record_id]
        context = {"inquiry": found, "fields": fields, "purpose": PURPOSE}
        return render(request, "desk/frame_inquiry.html", context)
