"""Members sign in, register and reset here; the shop gets a code that is good once."""

from dataclasses import replace
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.desk.forms import CodeForm, NewPasswordForm, RegisterForm, ResetForm, SignInForm
from lockstitch.desk.handing import hand_over, sign_out
from lockstitch.desk.visitor import (
    DEVICE,
    DEVICE_AGE_S,
    MEMBER_AGE_S,
    caller,
    new_device,
    remember,
)  # fmt: skip
from lockstitch.kernel.errors import Refused
from lockstitch.members import actions as members
from lockstitch.orders.actions import adopt
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

METHODS = ["GET", "HEAD", "POST"]


def of_passkey(refused: Refused) -> str:
    """Why a passkey did not sign somebody in: no login was asked for."""
    if isinstance(refused, reading.Denied) and refused.code == "credentials":
        return _("This passkey is not known here. It may have been removed.")
    return str(refused)


def onward(request: SiteRequest) -> str:
    """Where to go afterwards: a path of the shop, never another origin."""
    path = request.POST.get("next") or request.GET.get("next") or "/account/"
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/account/"


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def sign_in(request: SiteRequest) -> HttpResponse:
    assertion, refusal = request.POST.get("assertion", ""), ""
    form = SignInForm(None if assertion else request.POST or None)
    ask: reading.SignInPasskey | reading.SignInMember
    try:
        if assertion:
            ask = reading.SignInPasskey(assertion=assertion, site_id=request.site.id)
            return _let_in(request, ask)
        if form.is_valid():
            ask = reading.SignInMember(site_id=request.site.id, **form.cleaned_data)
            return _let_in(request, ask)
    except Refused as refused:
        if assertion:
            refusal = of_passkey(refused)
        else:
            form.add_error(None, str(refused))
    return _page(request, "desk/sign_in.html", form, refusal=refusal)


def _let_in(
    request: SiteRequest, ask: reading.SignInPasskey | reading.SignInMember
) -> HttpResponse:
    who = new_device(caller(request))
    response = _hand_over(request, reading.ask(who, ask))
    remember(response, DEVICE, who.device, DEVICE_AGE_S)
    return response


def _hand_over(request: SiteRequest, signed: reading.SignedIn) -> HttpResponse:
    who = signed.identity
    me = replace(caller(request), session=signed.session)
    profile = reading.ask(me, reading.MyRecords(kinds=["profile"])).record_ids
    members.keep_member(
        member_id=who.principal_id, hint=who.handle, profile_id=profile[0] if profile else None,
        language=(get_language() or "ja")[:2],
    )  # fmt: skip
    # What was ordered as a guest before, with this proven address and the same name or phone.
    adopt(reading.ask(me, reading.ClaimOrders()).record_ids, who.principal_id)
    return hand_over(request, signed, age_s=MEMBER_AGE_S, next=onward(request))


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def register(request: SiteRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        names = {name: data[name] for name in ("family_name", "given_name")}
        try:
            waiting = reading.ask(
                caller(request),
                reading.StartRegistration(
                    site_id=request.site.id, email=data["email"], password=data["password"],
                    fields={**names, "email": data["email"]},
                ),
            )  # fmt: skip
            return _to_code(request, "register_confirm", waiting.pending)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, "desk/register.html", form)


def _to_code(request: SiteRequest, name: str, pending: UUID) -> HttpResponse:
    response = redirect(name)
    response["Location"] += "?" + urlencode({"pending": str(pending), "next": onward(request)})
    return response


def _pending(request: SiteRequest) -> UUID:
    try:
        return UUID(request.POST.get("pending") or request.GET.get("pending", ""))
    except ValueError:
        return UUID(int=0)  # which no code will fit


@never_cache
@require_http_methods(METHODS)
def confirm_registration(request: SiteRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            signed = reading.ask(
                caller(request),
                reading.ConfirmRegistration(
                    pending=_pending(request), code=form.cleaned_data["code"]
                ),
            )
            return _hand_over(request, signed)
        except Refused as refused:
            form.add_error("code", str(refused))
    return _page(request, "desk/register_confirm.html", form, pending=_pending(request))


@never_cache
@require_http_methods(METHODS)
def reset(request: SiteRequest) -> HttpResponse:
    form = ResetForm(request.POST or None)
    if form.is_valid():
        try:
            waiting = reading.ask(
                caller(request),
                reading.StartReset(site_id=request.site.id, email=form.cleaned_data["email"]),
            )
            return _to_code(request, "reset_confirm", waiting.pending)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, "desk/reset.html", form)


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def finish_reset(request: SiteRequest) -> HttpResponse:
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            reading.ask(
                caller(request),
                reading.FinishReset(pending=_pending(request), **form.cleaned_data),
            )
            return redirect("sign_in")
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, "desk/reset_confirm.html", form, pending=_pending(request))


@never_cache
@require_safe
def signed_out(request: SiteRequest) -> HttpResponse:
    """The shop sends the browser here after ending its own session."""
    return sign_out(request, f"{request.shop_origin}/")


def _page(request: SiteRequest, template: str, form: Form, **context: object) -> HttpResponse:
    context |= {"form": form, "next": onward(request)}
    wrong = form.errors or context.get("refusal")
    return render(request, template, context, status=422 if wrong else 200)
