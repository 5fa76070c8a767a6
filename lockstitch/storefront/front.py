"""Kept pages for visitors without cookies, answered before Django is asked.

The door's rules come first (`looks.doors.lets_in`), and the headers are the ones Django itself
answered with, but for a nonce of this answer's own. Everything else goes its usual way.
"""

import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

from lockstitch.looks.doors import lets_in
from lockstitch.search.news import news
from lockstitch.storefront.store import Page, store
from lockstitch.storefront.visitor import PERSONAL
from lockstitch.tenancy.queries import forget_hosts

POLICY = "content-security-policy"

type Environ = dict[str, Any]
type Start = Callable[..., Any]
type Program = Callable[[Environ, Start], Iterable[bytes]]


def front(program: Program) -> Program:
    """The WSGI program with the kept pages before it."""
    news.subscribe(lambda _site, tags: forget_hosts() if "*" in tags else None)
    news.begin()

    def answer(environ: Environ, start: Start) -> Iterable[bytes]:
        page = _kept(environ)
        if page is None or page.headers is None or not lets_in(environ):
            return _through(program, environ, start)
        store.counts["hit"] += 1
        nonce = secrets.token_urlsafe(16)
        body = nonce.encode().join(page.plain)
        headers = [
            *page.headers, ("Content-Length", str(len(body))), (POLICY, nonce.join(page.policy)),
        ]  # fmt: skip
        if settings.DEMO:
            headers.append(("X-Page", f"hit; {store.said()}"))
        start("200 OK", headers)
        return [body]

    return answer


def _kept(environ: Environ) -> Page | None:
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_HX_REQUEST" in environ:
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    chosen = ""
    if cookies:
        if any(name in cookies for name in PERSONAL):
            return None
        named = dict(part.strip().partition("=")[::2] for part in cookies.split(";"))
        chosen = named.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = _language(chosen, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    host = environ.get("HTTP_HOST", "").partition(":")[0]
    return store.get((host, environ["PATH_INFO"], environ.get("QUERY_STRING", ""), language, False))


@lru_cache(maxsize=2_000)
def _language(chosen: str, accepted: str) -> str:
    """As `django.utils.translation.get_language_from_request`."""
    codes = [chosen, *(code for code, _q in trans_real.parse_accept_lang_header(accepted))]
    for code in codes:
        if code == "*":
            break
        try:
            return trans_real.get_supported_language_variant(code)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


def _through(program: Program, environ: Environ, start: Start) -> Iterable[bytes]:
    """Notes with what headers a page that was kept just now was answered."""
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def noting(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        said.append((status, headers))
        return start(status, headers, *more)

    answer = program(environ, noting)
    held = environ.get("lockstitch.page")
    if held is not None and said and said[0][0].startswith("200"):
        page, nonce = held
        _note(page, nonce, said[0][1])
    return answer


def _note(page: Page, nonce: str, headers: list[tuple[str, str]]) -> None:
    names = {name.lower() for name, _ in headers}
    if "set-cookie" in names or POLICY not in names:
        return
    policy = next(value for name, value in headers if name.lower() == POLICY)
    page.policy = tuple(policy.split(nonce))
    left = (POLICY, "content-length", "x-page")
    page.headers = [(name, value) for name, value in headers if name.lower() not in left]
