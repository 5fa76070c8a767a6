"""What differs from visitor to visitor on a page that is kept: filled in by the server, so that
it is there without scripts. None stands for somebody of whom nothing is known.

A hole costs nothing without a cookie, and at most a query or two with one.
"""

import re
import secrets
from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.middleware.csp import get_nonce
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from lockstitch.checkout.queries import cart_count
from lockstitch.fulfilment.queries import first_day
from lockstitch.kernel.japan import PREFECTURES
from lockstitch.members.favourites import is_liked
from lockstitch.storefront.store import Hole
from lockstitch.storefront.visitor import cart_token, followed_ids, liker, member_id, place
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.wishes.interests import is_kept as is_look_kept

_SECRET = secrets.token_hex(8)  # no text of a shop's can hold it
_HOLE = re.compile(f"~{_SECRET}:([a-z]+):([^~]*)~")

_PATH = f"path-{_SECRET}"

type Fill = Callable[[SiteRequest | None, str], str]


def mark(name: str, about: str = "") -> str:
    return f"~{_SECRET}:{name}:{about}~"


def apart(text: str) -> tuple[list[bytes], list[Hole]]:
    """A page with marks in it -> its parts, one more than holes."""
    found = _HOLE.split(text)
    holes = list(zip(found[1::3], found[2::3], strict=True))
    return [part.encode() for part in found[::3]], holes


def fill(name: str, request: SiteRequest | None, about: str) -> str:
    return HOLES[name](request, about)


def _nonce(request: SiteRequest | None, _about: str) -> str:
    return str(get_nonce(request)) if request else mark("nonce")


def _badge(request: SiteRequest | None, _about: str) -> str:
    token = cart_token(request) if request else ""
    count = cart_count(token) if token else 0
    return render_to_string("storefront/_badge.html", {"cart_count": count})


def _member(request: SiteRequest | None, _about: str) -> str:
    member = member_id(request) if request else None
    return render_to_string("storefront/_member.html", {"member": member})


def _favourite(request: SiteRequest | None, about: str) -> str:
    product, _, slug = about.partition(" ")
    liked = is_liked(liker(request), UUID(product)) if request else False
    return _heart("favourite_set", "product", slug, liked)


def _look(request: SiteRequest | None, about: str) -> str:
    """Whether a coordinate is among somebody's favourites."""
    coordinate, _, number = about.partition(" ")
    liked = is_look_kept(liker(request), UUID(coordinate)) if request else False
    return _heart("interest_set", "coordinate", number, liked)


def _heart(action: str, name: str, value: str, is_liked: bool) -> str:
    context = {"action": action, "name": name, "value": value, "is_liked": is_liked}
    return render_to_string("storefront/_favourite.html", context)


def _follow(request: SiteRequest | None, about: str) -> str:
    author, _, slug = about.partition(" ")
    followed = UUID(author) in followed_ids(request) if request else False
    return render_to_string("storefront/_follow.html", {"is_followed": followed, "slug": slug})


def _delivery(request: SiteRequest | None, _about: str) -> str:
    """When a parcel would be there, and where that is."""
    prefecture = place(request) if request else ""
    if not prefecture:
        return _anywhere(get_language() or "").replace(_PATH, conditional_escape(_about))
    context = {
        "prefecture": prefecture, "prefectures": PREFECTURES, "day": first_day(prefecture),
        "path": _about,
    }  # fmt: skip
    return render_to_string("storefront/_delivery.html", context)


@cache
def _anywhere(_language: str) -> str:
    """The same for whoever has not said where; forty-seven options are made once."""
    context = {"prefectures": PREFECTURES, "path": _PATH}
    return render_to_string("storefront/_delivery.html", context)


HOLES: dict[str, Fill] = {
    "nonce": _nonce, "badge": _badge, "member": _member, "favourite": _favourite,
    "delivery": _delivery, "look": _look, "follow": _follow,
}  # fmt: skip
