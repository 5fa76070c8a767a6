"""A member's own data: seen and changed by themselves, and who else saw it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.desk.forms import ADDRESS_FIELDS, AddressForm
from lockstitch.desk.masks import name_hint
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.members import actions as members
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

PROFILE_FIELDS = [name for name in ADDRESS_FIELDS if name != "note"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SiteRequest) -> HttpResponse:
    who = caller(request)
    form, refusal = AddressForm(request.POST or None), ""
    form.fields["email"].disabled = True  # it is the login; changing it needs a mailed code
    try:
        ids = reading.ask(who, reading.MyRecords(kinds=["profile"])).record_ids
        kept = {}
        if ids:
            ask = reading.Reveal(record_ids=ids[:1], fields=PROFILE_FIELDS, purpose="self.profile")
            kept = reading.ask(who, ask).records[0].fields
        form.initial = kept
        if request.method == "POST" and form.is_valid():
            fields = {name: form.sealed_fields()[name] for name in PROFILE_FIELDS}
            reading.ask(
                who, reading.Keep(kind="profile", fields=fields, record_id=ids[0] if ids else None)
            )
            me = reading.ask(who, reading.WhoAmI())
            hint = name_hint(fields["family_name"], fields["given_name"])
            members.keep_member(
                member_id=me.principal_id, hint=hint, prefecture=fields["prefecture"]
            )
            return redirect(f"{request.path}?kept=1")
    except Refused as refused:
        if reading.is_signed_out(refused):
            return redirect("sign_in")
        refusal = str(refused)
    context = {"form": form, "refusal": refusal, "kept": "kept" in request.GET}
    return render(request, "desk/account.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def who_saw(request: SiteRequest) -> HttpResponse:
    """Every disclosure of the member's own data, newest first."""
    seen: list[reading.Disclosure] = []
    refusal = ""
    try:
        seen = reading.ask(caller(request), reading.WhoSaw(limit=200)).disclosures[::-1]
    except Refused as refused:
        if reading.is_signed_out(refused):
            return redirect("sign_in")
        refusal = str(refused)
    return render(request, "desk/who_saw.html", {"seen": seen, "refusal": refusal})
