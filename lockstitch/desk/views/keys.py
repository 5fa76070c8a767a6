"""API鍵: an owner makes a key for a program, which sees it once, and ends it."""

from typing import cast
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.labels import at_the_desk
from lockstitch.desk.views.security import proof_in, said
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.disclosure.figures import field_words
from lockstitch.sealed import reading
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.requests import SiteRequest

PURPOSES = {
    "api.ship": _("Shipping: orders that are to be sent"),
    "api.support": _("Inquiries: who ordered within 90 days"),
}
USUAL = {"ten": 50, "day": 300, "days": 180}


class KeyForm(forms.Form):
    name = forms.CharField(max_length=reading.KEY_NAME_MAX, label=_("Which program it is for"))
    sees = forms.MultipleChoiceField(label=_("What it sees"), widget=forms.CheckboxSelectMultiple)
    ranges = forms.CharField(
        max_length=2_000, label=_("Networks it comes from, one a line"),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "203.0.113.24/32"}),
    )  # fmt: skip
    ten = forms.IntegerField(
        min_value=1, max_value=reading.KEY_MOST[0], label=_("People in ten minutes")
    )
    day = forms.IntegerField(min_value=1, max_value=reading.KEY_MOST[1], label=_("People in a day"))
    days = forms.IntegerField(
        min_value=1, max_value=reading.KEY_DAYS_MAX, label=_("Good for so many days")
    )

    def __init__(self, purpose: str, typed: QueryDict | None = None) -> None:
        names = reading.KEY_FIELDS[purpose]
        super().__init__(typed, initial={**USUAL, "sees": names})
        words = field_words(get_language() or "ja")
        choices = [(name, words[name]) for name in names]
        cast(forms.MultipleChoiceField, self.fields["sees"]).choices = choices

    def spec(self, purpose: str) -> reading.ApiKeySpec:
        typed = self.cleaned_data
        return reading.ApiKeySpec(
            name=typed["name"], purpose=cast(reading.KeyPurpose, purpose), fields=typed["sees"],
            ranges=typed["ranges"].split(), in_ten_minutes=typed["ten"], in_a_day=typed["day"],
            days=typed["days"],
        )  # fmt: skip


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
@at_the_desk
def show(request: SiteRequest, slug: str) -> HttpResponse:
    with site_of_operator(request, slug) as site:
        who, purpose = caller(request), request.GET.get("purpose", "")
        purpose = purpose if purpose in PURPOSES else "api.ship"
        form = KeyForm(purpose, request.POST) if "name" in request.POST else KeyForm(purpose)
        token = refusal = ""
        if request.method == "POST" and "end" in request.POST:
            reading.ask(who, reading.EndApiKey(key_id=UUID(request.POST["end"])))
            return redirect(request.path)
        if request.method == "POST" and form.is_valid():
            token, refusal = _make(request, site, form, purpose)
        context = {
            "work_site": site, "form": form, "purpose": purpose, "purposes": PURPOSES,
            "token": token, "refusal": refusal,
            "keys": reading.ask(who, reading.ListApiKeys(site_id=site.id)).keys,
            "has_passkey": bool(reading.ask(who, reading.ListPasskeys()).passkeys),
            "waits": request.method == "POST" and form.is_valid() and not token and not refusal,
        }  # fmt: skip
        status = 422 if refusal or form.errors else 200
        return render(request, "desk/keys.html", context, status=status)


def _make(request: SiteRequest, site: Site, form: KeyForm, purpose: str) -> tuple[str, str]:
    """(the key, shown this once; what is wrong)."""
    ask = reading.MakeApiKey(site_id=site.id, spec=form.spec(purpose), proof=proof_in(request))
    try:
        return reading.ask(caller(request), ask).token, ""
    except reading.Denied as denied:
        if denied.code == "session":
            raise
        sentences = {
            "invalid": _("Name its networks closely (/20 or smaller), and no more people in ten"
                         " minutes than in a day."),
            "conflict": _("There are too many keys. End one that is not used."),
        }  # fmt: skip
        return "", str(sentences.get(denied.code, said(denied)))
