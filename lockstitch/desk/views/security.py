"""サインインの方法: one's own passkeys and open sessions, an operator's as a member's."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from lockstitch.desk.forms import digits_of
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

View = Callable[..., HttpResponse]
BARE = "desk/console_base.html"

DONE = {
    "added": _("The passkey was added."), "removed": _("The passkey was removed."),
    "ended": _("Signed out there."), "password": _("The password was changed."),
}  # fmt: skip


def proof_in(request: SiteRequest) -> reading.Proof:
    """What the form carries as a proof of who sends it."""
    return reading.Proof(
        assertion=request.POST.get("assertion", ""),
        totp=digits_of(request.POST.get("totp", "")),
        password=request.POST.get("password", ""),
    )


def said(refused: Refused) -> str:
    """Of what was no proof the plain word; a login was not asked for here."""
    if isinstance(refused, reading.Denied) and refused.code == "credentials":
        return str(_("That did not prove that it is you. Please try again."))
    return str(refused)


def or_sign_in(view: View) -> View:
    """Signed out: to the sign-in of this desk. Another refusal: said on the page."""

    @wraps(view)
    def guarded(request: SiteRequest, **names: Any) -> HttpResponse:
        try:
            return view(request, **names)
        except Refused as refused:
            if reading.is_signed_out(refused):
                return redirect("operator_sign_in" if request.console else "sign_in")
            return _page(request, refusal=said(refused))

    return guarded


@never_cache
@require_safe
@or_sign_in
def show(request: SiteRequest) -> HttpResponse:
    return _page(request, done=str(DONE.get(request.GET.get("done", ""), "")))


def _page(request: SiteRequest, *, refusal: str = "", done: str = "") -> HttpResponse:
    who = caller(request)
    context: dict[str, Any] = {"base": "desk/base.html" if request.site else BARE}
    try:
        me, keys = (
            reading.ask(who, reading.WhoAmI()), reading.ask(who, reading.ListPasskeys())
        )  # fmt: skip
        sessions = reading.ask(who, reading.ListSessions()).sessions
    except Refused as refused:
        if reading.is_signed_out(refused):
            raise
        context["refusal"] = refusal or str(refused)
        return render(request, "desk/refused.html", context, status=403)
    here = next((one.device for one in sessions if one.current), "")
    context |= {
        "me": me, "passkeys": keys.passkeys, "only": keys.only, "recovering": keys.recovering,
        "sessions": sessions,
        "here": here, "refusal": refusal, "done": done,
        "may_lead": me.kind == "staff" or me.role == "owner",
    }  # fmt: skip
    return render(request, "desk/security.html", context, status=422 if refusal else 200)


@never_cache
@sensitive_post_parameters()
@require_POST
def options(request: SiteRequest) -> HttpResponse:
    """What the script of the page is to have signed or made; `again`: come back with it."""
    who, deed = caller(request), request.POST.get("deed", "")
    target = [UUID(one) for one in request.POST.getlist("target") if _is_id(one)]
    proof = proof_in(request)
    try:
        if deed == "account.passkey" and proof != reading.Proof():
            made = reading.ask(who, reading.AskPasskey(proof=proof)).options
            return JsonResponse({"create": json.loads(made)})
        fields = request.POST.getlist("sees")[:20]
        wanted = reading.AskProof(purpose=deed, record_ids=target, fields=fields)
        asked = reading.ask(who, wanted).options
    except Refused as refused:
        return JsonResponse({"refusal": said(refused)}, status=422)
    if asked:
        return JsonResponse({"get": json.loads(asked), "again": deed == "account.passkey"})
    if proof == reading.Proof():
        return JsonResponse({"refusal": str(_("Please enter the code."))}, status=422)
    return JsonResponse({})  # the code is the proof


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@never_cache
@require_POST
def sign_in_options(request: SiteRequest) -> HttpResponse:
    try:
        site_id = request.site.id if request.site else None
        asked = reading.ask(caller(request), reading.AskSignIn(site_id=site_id)).options
    except Refused as refused:
        return JsonResponse({"refusal": str(refused)}, status=422)
    return JsonResponse({"get": json.loads(asked)})


@require_POST
@or_sign_in
def add(request: SiteRequest) -> HttpResponse:
    made, name = request.POST.get("credential", ""), request.POST.get("name", "")
    reading.ask(caller(request), reading.AddPasskey(credential=made, name=name))
    return _back("added")


@sensitive_post_parameters()
@require_POST
@or_sign_in
def remove(request: SiteRequest, passkey_id: UUID) -> HttpResponse:
    question = reading.RemovePasskey(passkey_id=passkey_id, proof=proof_in(request))
    reading.ask(caller(request), question)
    return _back("removed")


@require_POST
@or_sign_in
def end(request: SiteRequest) -> HttpResponse:
    one = request.POST.get("session", "")
    which = UUID(one) if _is_id(one) else None
    reading.ask(caller(request), reading.EndSessions(session_id=which))
    return _back("ended")


@sensitive_post_parameters()
@require_POST
@or_sign_in
def password(request: SiteRequest) -> HttpResponse:
    """A member's; other devices are signed out."""
    current, new = request.POST.get("current", ""), request.POST.get("new", "")
    reading.ask(caller(request), reading.ChangePassword(current=current, password=new))
    return _back("password")


def _back(done: str) -> HttpResponse:
    response = redirect("security")
    response["Location"] += f"?done={done}"
    return response
