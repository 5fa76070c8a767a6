"""Who is at the desk: the guard's own tokens, kept in this origin's cookies only."""

from django.conf import settings
from django.http import HttpResponse

from lockstitch.sealed.reading import Caller
from lockstitch.tenancy.requests import SiteRequest

SESSION = (
    f"{settings.PREFIX}desk-session"  # a member's at a shop's desk, an operator's at the console's
)
GUEST = f"{settings.PREFIX}desk-guest"
GUEST_AGE_S = 60 * 60 * 24 * 90
MEMBER_AGE_S = 60 * 60 * 24 * 30
TOKEN_MAX = 128


def caller(request: SiteRequest) -> Caller:
    return Caller(
        session=request.COOKIES.get(SESSION, "")[:TOKEN_MAX] or None,
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", "")[:200],
    )


def guest_token(request: SiteRequest) -> str:
    return request.COOKIES.get(GUEST, "")[:TOKEN_MAX]


def remember(response: HttpResponse, name: str, token: str, age_s: int | None) -> None:
    """`age_s` None: until the browser closes."""
    response.set_cookie(
        name, token, max_age=age_s, httponly=True, samesite="Lax", secure=settings.SECURE
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(SESSION, samesite="Lax")
