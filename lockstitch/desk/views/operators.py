"""Operators and staff prove who they are here; the console gets a code that is good once."""

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.access import actions as access
from lockstitch.desk.forms import CodeForm, NewPasswordForm, OperatorSignInForm
from lockstitch.desk.handing import hand_over, sign_out
from lockstitch.desk.views.signing import METHODS, of_passkey
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def sign_in(request: SiteRequest) -> HttpResponse:
    assertion, refusal = request.POST.get("assertion", ""), ""
    form = OperatorSignInForm(None if assertion else request.POST or None)
    try:
        if assertion:
            ask = reading.SignInPasskey(assertion=assertion)
            return _hand_over(request, reading.ask(caller(request), ask))
        if form.is_valid():
            signed = reading.ask(caller(request), reading.SignInOperator(**form.cleaned_data))
            return _hand_over(request, signed)
    except Refused as refused:
        if assertion:
            refusal = of_passkey(refused)
        else:
            form.add_error(None, str(refused))
    context = {"form": form, "refusal": refusal}
    status = 422 if form.errors or refusal else 200
    return render(request, "desk/operator_sign_in.html", context, status=status)


def _hand_over(request: SiteRequest, signed: reading.SignedIn) -> HttpResponse:
    who = signed.identity
    access.list_operator(
        operator_id=who.principal_id, company_id=who.company_id, handle=who.handle,
        role=who.role or who.kind, site_ids=who.site_ids,
    )  # fmt: skip
    return hand_over(request, signed, age_s=None)


@never_cache
@require_safe
def signed_out(request: SiteRequest) -> HttpResponse:
    return sign_out(request, "operator_sign_in")


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def enrol(request: SiteRequest, token: str) -> HttpResponse:
    """Two steps on one address: choose a password, then prove the authenticator."""
    enrolment, refusal = None, ""
    password = NewPasswordForm(request.POST if "password" in request.POST else None)
    del password.fields["code"]
    code = CodeForm(request.POST if "code" in request.POST else None)
    try:
        if password.is_bound and password.is_valid():
            chosen = password.cleaned_data["password"]
            enrolment = reading.ask(caller(request), reading.Enrol(token=token, password=chosen))
        elif code.is_bound and code.is_valid():
            totp = code.cleaned_data["code"]
            reading.ask(caller(request), reading.ConfirmEnrolment(token=token, totp=totp))
            return redirect("operator_sign_in")
    except Refused as refused:
        refusal = str(refused)
    context = {
        "password": password, "code": code, "refusal": refusal, "enrolment": enrolment,
        "qr": _qr(enrolment.otpauth_uri) if enrolment else "",
        "second": bool(enrolment) or code.is_bound,
    }  # fmt: skip
    return render(request, "desk/enrol.html", context, status=422 if refusal else 200)


def _qr(uri: str) -> str:
    """As an address of the picture itself, so that no markup of it has to be trusted."""
    return str(segno.make(uri).svg_data_uri(scale=5, light="#fff"))
