"""A shop's page as it will be, shown to whoever edits it: an address on the shop's own host, signed
by the console, good for a quarter of an hour and for one thing. Only there may the console show the
shop in a frame, and the frame runs no script (decision 029)."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from lockstitch.tenancy.queries import Site

SALT, GOOD_S = "lockstitch.preview", 15 * 60


def _origin(host: str) -> str:
    scheme = "https" if settings.SECURE else "http"
    return f"{scheme}://{host}" + ("" if settings.SECURE else f":{settings.PORT}")


def shop_page(site: Site, path: str) -> str:
    """The address of a page of the shop itself."""
    return _origin(site.hosts[0]) + path


def preview_address(request: HttpRequest, site: Site, kind: str, key: str) -> str:
    """Where `kind` (a coordinate, a document, a theme) can be looked at. The page of this request
    may show it in a frame."""
    origin = _origin(site.hosts[0])
    request.previews = [origin]  # type: ignore[attr-defined]
    token = signing.dumps([str(site.id), kind, key], salt=SALT)
    return f"{origin}/preview/{quote(token)}/"


def read_preview(request: HttpRequest, token: str) -> tuple[str, str] | None:
    """(kind, key) of an address that was signed for this request's site and is still good."""
    try:
        kept: Any = signing.loads(token, salt=SALT, max_age=GOOD_S)
    except signing.BadSignature:
        return None
    site_id, kind, key = kept
    if site_id != str(request.site.id):  # type: ignore[attr-defined]
        return None
    request.framed_by = _origin(settings.CONSOLE_HOST)  # type: ignore[attr-defined]
    return kind, key
