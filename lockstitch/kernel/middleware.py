"""Headers that leave with every page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def headers(handle: Handler) -> Handler:
    """The headers that Django has no setting for."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if settings.SURFACE == "desk":  # where people's data pass; files and pictures say more
            response.setdefault("Cache-Control", "no-store")
        response.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        )
        response["Server"] = "web"  # in place of the program's own name
        return response

    return with_headers
