"""The visitor's language crosses between shop and desk in the address: cookies are host-only."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def carried_language(handle: Handler) -> Handler:
    """`?lang=en` counts at once and is remembered. Who has not chosen yet reads the language that
    the shop speaks first, where it has named one."""

    def carried(request: HttpRequest) -> HttpResponse:
        code = request.GET.get("lang", "")
        site = getattr(request, "site", None)
        first = site.look.get("language", "") if site else ""
        if first in dict(settings.LANGUAGES):
            request.COOKIES.setdefault(settings.LANGUAGE_COOKIE_NAME, first)
        if code not in dict(settings.LANGUAGES) or request.path.startswith("/media/"):
            return handle(request)  # with a picture goes no cookie
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = code
        return remember_language(handle(request), code)

    return carried


def remember_language(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax",
        secure=settings.SECURE, httponly=True,
    )  # fmt: skip
    return response
