"""The outermost rules of every page: who is not let in, what is not read, and what is told to the
watch. The break-in of 2016 began with a PUT that nobody needed, found by a scanner nobody noticed.
"""

import inspect
import ipaddress
import re
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lockstitch.sealed import signals

METHODS = frozenset({"GET", "HEAD", "POST"})
BODY_BYTES_MAX = 1_000_000
FILES_BYTES_MAX = 20_000_000
PICTURES_BYTES_MAX = 65_000_000  # of the console's forms for pictures
PICTURES = re.compile(
    r"^/s/[a-z0-9-]+/(?:products/[^/]+/pictures|goods/imports|coordinates/\d+/pictures"
    r"|coordinates/post|library)/$"
)
TARGET_BYTES_MAX = 8_000
BARE = {
    "Server": "web", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'",
}  # fmt: skip
if settings.SECURE:
    BARE["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
DISTINCT, WINDOW_S, SOURCES_MAX = 20, 600.0, 5_000
VALUE_MAX, VALUES_MAX = 2_000, 200

# What nobody asks this program for but somebody who looks for another one's holes.
HOSTILE = re.compile(
    r"\.(?:php\d?|phtml|aspx?|jspx?|cgi|env|git|svn|hg|bak|old|sql|swp|ini|ya?ml|pem|key)(?:$|[/?~.])"
    r"|^/(?:wp-|xmlrpc|phpmyadmin|cgi-bin|vendor/|actuator|solr|jenkins|server-status|\.well-known/"
    r"security\.txt/|etc/|proc/|webdav|dav/)|\.\./|%2e%2e|%00|/\.(?:aws|ssh|ds_store|htaccess)",
    re.I,
)
SCRIPT = re.compile(
    r"<\s*/?\s*(?:script|img|svg|iframe|object|embed|math|link|meta|base|form|video|audio|details|"
    r"style|body|input)\b|javascript\s*:|<[^>]*\son[a-z]{3,20}\s*=|\{\{.*\}\}|\{%|<\?php|"
    r"\bunion\s+(?:all\s+)?select\b|^[=+@-](?:cmd|hyperlink|dde|importxml)\b",
    re.I,
)

Handler = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., Any]


def source_of(request: HttpRequest) -> str:
    """The address of whoever asks, as the edge reports it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def door(handle: Handler) -> Handler:
    """Blocked sources, unknown methods and bodies that are too long stop here, unread."""

    def at_the_door(request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return handle(request)
        source = source_of(request)
        if _blocked.has(source):
            return _plain("Forbidden", 403)
        if request.method not in METHODS:
            tell = "".join(c for c in request.method or "" if c.isalnum())[:20]
            signals.send("method", source, method=tell, path=_where(request))
            _missing.add(source, f"{request.method} {request.path}", hostile=True)
            return not_allowed(METHODS)
        if why := _ill_framed(request):
            signals.send("framing", source, why=why)
            return _plain("Bad request", 400 if why != "length" else 413)
        response = handle(request)
        _listen(request, response, source)
        return response

    return at_the_door


def lets_in(environ: dict[str, Any]) -> bool:
    """The same rules for a page that is answered before Django: whoever may not simply be let in
    goes the usual way, and is told why there."""
    has_body = environ.get("CONTENT_LENGTH", "") not in ("", "0")
    source = environ.get("REMOTE_ADDR", "")
    return not (has_body or "HTTP_TRANSFER_ENCODING" in environ or _blocked.has(source))


class RouteMethods:
    """405 for what the route of this address does not take, before its body is read; 400 for a
    form with a NUL in it, which no text of the database can hold."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._handle(request)

    def process_view(
        self, request: HttpRequest, view: View, _args: Any, _names: Any
    ) -> HttpResponse | None:
        allowed = methods(view)
        if request.method not in allowed:
            return not_allowed(allowed)
        if request.method == "POST" and not hasattr(view, "csrf_exempt") and _has_null(request):
            signals.send("framing", source_of(request), why="null")
            return _plain("Bad request", 400)
        return None


def _has_null(request: HttpRequest) -> bool:
    return any("\0" in value for _, values in request.POST.lists() for value in values)


@cache
def methods(view: View) -> frozenset[str]:
    """What Django's require_* decorators on the view allow; else what every surface does."""
    allowed = set(METHODS)
    function: View | None = view
    while function is not None:
        if inspect.isfunction(function):
            declared = inspect.getclosurevars(function).nonlocals.get("request_method_list")
            allowed &= set(declared or allowed)
        function = getattr(function, "__wrapped__", None)
    return frozenset(allowed)


def not_allowed(allowed: frozenset[str]) -> HttpResponse:
    response = _plain("Method not allowed", 405)
    response["Allow"] = ", ".join(sorted(allowed))
    return response


def _plain(text: str, status: int) -> HttpResponse:
    """Outside every other layer, so with the headers that those would have set."""
    response = HttpResponse(
        f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=BARE
    )
    if status in (400, 405, 413):
        response["Connection"] = "close"  # a body that was not read must not be the next request
    return response


def _where(request: HttpRequest) -> str:
    """The first word of the path: what comes after it may be anybody's."""
    return request.path.strip("/").partition("/")[0][:40]


def _ill_framed(request: HttpRequest) -> str:
    """Why this is not read any further, if it is not."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        return "encoding"  # no browser needs it, and two readings of one length are an attack
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return "digits"
    is_file = request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    if int(length) > (_files_max(request.path) if is_file else BODY_BYTES_MAX):
        return "length"
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return "null"
    too_long = len(request.path) + len(request.META.get("QUERY_STRING", "")) > TARGET_BYTES_MAX
    return "target" if too_long else ""


def _files_max(path: str) -> int:
    return PICTURES_BYTES_MAX if PICTURES.match(path) else FILES_BYTES_MAX


def _listen(request: HttpRequest, response: HttpResponseBase, source: str) -> None:
    """What the answer says about who asked."""
    if response.status_code in (404, 405):
        hostile = HOSTILE.search(request.get_full_path()) is not None
        if hostile:
            signals.send("scanner", source, path=_where(request))
        if not hasattr(request, "shop_origin"):
            signals.send("host", source)
        _missing.add(source, f"{request.method} {request.path}", hostile=hostile)
    elif request.method == "POST" and not getattr(request, "console", True):
        _read_values(request, source)


def _read_values(request: HttpRequest, source: str) -> None:
    """A script where a name or an address is asked for. The text itself is told to nobody."""
    typed = getattr(request, "_post", None)  # only what the page itself has read
    if typed is None:
        return
    site, match = getattr(request, "site", None), request.resolver_match
    for name, value in list(typed.items())[:VALUES_MAX]:
        if isinstance(value, str) and "password" not in name and SCRIPT.search(value[:VALUE_MAX]):
            form = match.url_name if match and match.url_name else "unknown"
            signals.send(
                "script", source, site_id=site.id if site else None, form=form, field=name[:40]
            )
            return


class _Blocked:
    """Who is shut out, asked of the database at most once a second."""

    def __init__(self) -> None:
        self._asked = float("-inf")
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []

    def has(self, source: str) -> bool:
        now = time.monotonic()
        if now - self._asked >= 1.0:
            self._asked = now
            found = signals.blocked_sources()
            if found is not None:
                self._networks = [ipaddress.ip_network(each) for each in found]
        if not self._networks:
            return False
        try:
            address = ipaddress.ip_address(source)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


class _Missing:
    """How many different addresses that are not there a source asked for in ten minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, set[int], int]] = {}

    def add(self, source: str, what: str, *, hostile: bool) -> None:
        now = time.monotonic()
        with self._lock:
            since, seen, bad = self._seen.get(source, (now, set(), 0))
            if now - since > WINDOW_S:
                since, seen, bad = now, set(), 0
            if hash(what) not in seen:
                seen.add(hash(what))
                bad += hostile
            full = len(seen) >= DISTINCT
            if full:
                self._seen.pop(source, None)
            else:
                if source not in self._seen and len(self._seen) >= SOURCES_MAX:
                    self._seen.clear()
                self._seen[source] = (since, seen, bad)
        if full:
            signals.send("missing", source, distinct=len(seen), hostile=bad)


_blocked, _missing = _Blocked(), _Missing()
