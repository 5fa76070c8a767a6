"""What the shop knows of a visitor: a cart's token in a cookie, and a member's opaque id."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from lockstitch.checkout.queries import was_placed_by
from lockstitch.coordinates import queries as coordinates
from lockstitch.coordinates.queries import Follows
from lockstitch.kernel.ids import digest
from lockstitch.kernel.japan import PREFECTURES
from lockstitch.looks.doors import source_of
from lockstitch.members.favourites import Owner
from lockstitch.orders.queries import Order
from lockstitch.sealed.sessions import holds
from lockstitch.tenancy.requests import SiteRequest

CART_COOKIE = f"{settings.PREFIX}cart"
CART_AGE_S = 60 * 60 * 24 * 60
FAVOURITE_COOKIE = f"{settings.PREFIX}favourites"
FOLLOW_COOKIE = f"{settings.PREFIX}follows"
FAVOURITE_AGE_S = 60 * 60 * 24 * 365
SEEN_COOKIE = f"{settings.PREFIX}seen"
PLACE_COOKIE = f"{settings.PREFIX}prefecture"
PLACE_AGE_S = 60 * 60 * 24 * 365
PLACES = {f"{n:02}": name for n, name in enumerate(PREFECTURES, 1)}  # JIS X 0401
SEEN_AGE_S = 60 * 60 * 24 * 30
SEEN_MAX = 12
# With one of these a page has holes that are not filled as for everybody.
PERSONAL = (
    CART_COOKIE, FAVOURITE_COOKIE, FOLLOW_COOKIE, PLACE_COOKIE, settings.SESSION_COOKIE_NAME,
)  # fmt: skip


def cart_token(request: SiteRequest) -> str:
    return str(request.COOKIES.get(CART_COOKIE, ""))[:64]


def remember_cart(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        CART_COOKIE, token, max_age=CART_AGE_S, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip


def favourite_token(request: SiteRequest) -> str:
    return str(request.COOKIES.get(FAVOURITE_COOKIE, ""))[:64]


def remember_favourites(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        FAVOURITE_COOKIE, token, max_age=FAVOURITE_AGE_S, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip


def follow_token(request: SiteRequest) -> str:
    return str(request.COOKIES.get(FOLLOW_COOKIE, ""))[:64]


def follows(request: SiteRequest) -> Follows:
    """What this visitor follows, as a member or by the browser's token."""
    token = follow_token(request)
    return coordinates.follows(
        member_id=member_id(request), token_digest=digest(token) if token else None
    )


def followed_ids(request: SiteRequest) -> set[UUID]:
    return set(follows(request).values_list("author_id", flat=True))


def remember_follows(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        FOLLOW_COOKIE, token, max_age=FAVOURITE_AGE_S, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip


def seen(request: SiteRequest) -> list[UUID]:
    """Products that this browser looked at, the last first."""
    found = []
    for text in str(request.COOKIES.get(SEEN_COOKIE, ""))[:800].split("."):
        with suppress(ValueError):
            found.append(UUID(text))
    return found[:SEEN_MAX]


def remember_seen(response: HttpResponse, ids: Iterable[UUID]) -> None:
    response.set_cookie(
        SEEN_COOKIE, ".".join(each.hex for each in list(dict.fromkeys(ids))[:SEEN_MAX]),
        max_age=SEEN_AGE_S, httponly=True, samesite="Lax", secure=settings.SECURE,
    )  # fmt: skip


def place(request: SiteRequest) -> str:
    """The prefecture that this browser has parcels sent to; empty when it has not said."""
    return PLACES.get(request.COOKIES.get(PLACE_COOKIE, ""), "")


def remember_place(response: HttpResponse, prefecture: str) -> None:
    number = next(key for key, name in PLACES.items() if name == prefecture)
    response.set_cookie(
        PLACE_COOKIE, number, max_age=PLACE_AGE_S, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip


def liker(request: SiteRequest) -> Owner:
    """Whose favourites these are: the member's, else the browser's."""
    member = member_id(request)
    return Owner(member) if member else Owner(token=favourite_token(request))


def is_own(request: SiteRequest, order: Order) -> bool:
    """The member who placed it, or the browser that did: its address alone may be passed on."""
    if order.member_id is not None and order.member_id == member_id(request):
        return True
    return was_placed_by(order, cart_token(request))


def sale_links(request: SiteRequest) -> tuple[str, ...]:
    """The tokens of early-sale links that this browser came by."""
    return tuple(request.session.get("sale_links", ()))


def member_id(request: SiteRequest) -> UUID | None:
    """The member who is signed in at this site; a session of another site does not count, nor one
    that the guard has ended, which is asked once a page."""
    if not hasattr(request, "member_found"):
        kept = request.session.get("member") or {}
        is_here = kept.get("site") == str(request.site.id)
        good = is_here and holds(kept.get("guard", ""), source_of(request))
        request.member_found = UUID(kept["id"]) if good else None
    return request.member_found
