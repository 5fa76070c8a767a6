"""入金ファイル: a bank's file names who paid, so it is read here; only day, sum and the order's
number in it go on."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.payments.bankfile import NotABankFile, read
from lockstitch.payments.transfers import take_in
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

BYTES_MAX = 5_000_000
MAY = ("owner", "orders")


class FileForm(forms.Form):
    file = forms.FileField(label=_("File of the bank"))


def _key() -> bytes:
    """Of this origin only: neither the shop nor a copy of the database has it."""
    return salted_hmac("lockstitch.bankfile", "", algorithm="sha256").digest()


@never_cache
@require_http_methods(METHODS)
def upload(request: SiteRequest, slug: str) -> HttpResponse:
    refusal = ""
    try:
        with site_of_operator(request, slug) as site:
            me = reading.ask(caller(request), reading.WhoAmI())
            if me.role not in MAY:
                raise reading.Denied("forbidden")
            form = FileForm(request.POST or None, request.FILES or None)
            added = None
            if form.is_valid():
                given = form.cleaned_data["file"]
                try:
                    if given.size > BYTES_MAX:
                        raise NotABankFile("too long")
                    added = take_in(read(given.read(), key=_key()))
                except NotABankFile:
                    refusal = str(_("This file is in no bank's format that is known here."))
            context = {"work_site": site, "form": form, "added": added, "refusal": refusal}
            return render(request, "desk/bankfile.html", context, status=422 if refusal else 200)
    except Refused as refused:
        if reading.is_signed_out(refused):
            return redirect("operator_sign_in")
        return render(request, "desk/bankfile.html", {"refusal": str(refused)}, status=403)
