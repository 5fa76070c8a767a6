"""Who is at the desk: the guard's own tokens, kept in this origin's cookies only."""

import secrets
from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse

from lockstitch.sealed.reading import Caller
from lockstitch.tenancy.requests import SiteRequest

SESSION = (
    f"{settings.PREFIX}desk-session"  # a member's at a shop's desk, an operator's at the console's
)
GUEST = f"{settings.PREFIX}desk-guest"
DEVICE = f"{settings.PREFIX}desk-device"  # known to the guard once a member has signed in with it
DEVICE_AGE_S = 60 * 60 * 24 * 400
GUEST_AGE_S = 60 * 60 * 24 * 90
MEMBER_AGE_S = 60 * 60 * 24 * 30
TOKEN_MAX = 128


def caller(request: SiteRequest) -> Caller:
    return Caller(
        session=request.COOKIES.get(SESSION, "")[:TOKEN_MAX] or None,
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", "")[:200],
        device=request.COOKIES.get(DEVICE, "")[:TOKEN_MAX],
    )


def new_device(who: Caller) -> Caller:
    """The same with a mark, when the browser has none yet."""
    return who if who.device else replace(who, device=secrets.token_urlsafe(32))


def guest_token(request: SiteRequest) -> str:
    return request.COOKIES.get(GUEST, "")[:TOKEN_MAX]


def remember(response: HttpResponse, name: str, token: str, age_s: int | None) -> None:
    """`age_s` None: until the browser closes."""
    response.set_cookie(
        name, token, max_age=age_s, httponly=True, samesite="Lax", secure=settings.SECURE
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(SESSION, samesite="Lax")
