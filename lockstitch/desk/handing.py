"""Between the desk and the shop: a signed-in browser is sent over with a code, and comes back to
sign out."""

from contextlib import suppress

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from lockstitch.access import actions as access
from lockstitch.desk.visitor import SESSION, caller, forget, remember
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest


def hand_over(
    request: SiteRequest, signed: reading.SignedIn, *, age_s: int | None, **query: str
) -> HttpResponse:
    """To the shop's own session, by a code that is good once; the guard's token stays here."""
    who = signed.identity
    host = request.shop_origin.split("//")[1].partition(":")[0]
    code = access.begin_handover(
        host=host, kind=who.kind, principal_id=who.principal_id, session_id=who.session_id
    )
    response = redirect(f"{request.shop_origin}/session/?{urlencode({'code': code, **query})}")
    remember(response, SESSION, signed.session, age_s)
    return response


def sign_out(request: SiteRequest, onward: str) -> HttpResponse:
    """Ends the guard's session, and goes on to `onward`. Console and shops lead here; what a page
    of somebody else's leads here ends nothing."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect(onward)
    with suppress(Refused):  # ended already, or the guard is away: the token is dropped anyway
        reading.ask(caller(request), reading.SignOut())
    response = redirect(onward)
    forget(response)
    response["Clear-Site-Data"] = '"storage"'  # the pages themselves are kept nowhere
    return response
