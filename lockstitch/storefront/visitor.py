"""What the shop knows of a visitor: a cart's token in a cookie, and a member's opaque id."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CART_COOKIE = f"{settings.PREFIX}cart"
CART_AGE_S = 60 * 60 * 24 * 60


def cart_token(request: HttpRequest) -> str:
    return request.COOKIES.get(CART_COOKIE, "")[:64]


def remember_cart(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        CART_COOKIE, token, max_age=CART_AGE_S, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip


def member_id(request: HttpRequest) -> UUID | None:
    """The member who is signed in at this site; a session of another site does not count."""
    kept = request.session.get("member")
    if not kept or kept.get("site") != str(request.site.id):
        return None
    return UUID(kept["id"])
