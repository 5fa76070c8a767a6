"""A shop's page as it will be, shown to whoever edits it: an address on the shop's own host, signed
by the console, good for a quarter of an hour and for one thing, or for an hour and the whole shop
as a release will leave it. Only there may the console show the shop in a frame, and the frame runs
no script (decisions 029, 051)."""

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from lockstitch.tenancy.queries import Site

SALT, GOOD_S = "lockstitch.preview", 15 * 60
TOUR_SALT, TOUR_GOOD_S = "lockstitch.tour", 60 * 60


def _origin(host: str) -> str:
    scheme = "https" if settings.SECURE else "http"
    return f"{scheme}://{host}" + ("" if settings.SECURE else f":{settings.PORT}")


def shop_page(site: Site, path: str) -> str:
    """The address of a page of the shop itself."""
    return _origin(site.hosts[0]) + path


def preview_address(request: HttpRequest, site: Site, kind: str, key: str) -> str:
    """Where `kind` (a coordinate, a document, a theme) can be looked at. The page of this request
    may show it in a frame."""
    token = signing.dumps([str(site.id), kind, key], salt=SALT)
    return f"{_framed(request, site)}/preview/{quote(token)}/"


def tour_address(request: HttpRequest, site: Site, release_id: UUID, language: str) -> str:
    """Where the whole shop can be walked through as a release will leave it, for an hour: its home,
    without the last slash. The page of this request may show it in a frame."""
    token = signing.dumps([str(site.id), str(release_id), language], salt=TOUR_SALT)
    return f"{_framed(request, site)}/preview/{quote(token)}/at"


def _framed(request: HttpRequest, site: Site) -> str:
    origin = _origin(site.hosts[0])
    request.previews = [origin]  # type: ignore[attr-defined]
    return origin


def read_preview(request: HttpRequest, token: str) -> tuple[str, str] | None:
    """(kind, key) of an address that was signed for this request's site and is still good."""
    kept = _read(request, token, SALT, GOOD_S)
    return (kept[0], kept[1]) if kept else None


def read_tour(request: HttpRequest, token: str) -> tuple[UUID, str] | None:
    """(release, language), as above."""
    kept = _read(request, token, TOUR_SALT, TOUR_GOOD_S)
    return (UUID(kept[0]), kept[1]) if kept else None


def _read(request: HttpRequest, token: str, salt: str, good_s: int) -> list[str] | None:
    try:
        kept: list[str] = signing.loads(token, salt=salt, max_age=good_s)
    except signing.BadSignature:
        return None
    site_id, *said = kept
    if site_id != str(request.site.id):  # type: ignore[attr-defined]
        return None
    request.framed_by = _origin(settings.CONSOLE_HOST)  # type: ignore[attr-defined]
    return said
