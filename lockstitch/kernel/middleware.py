"""The outermost rules of every page: which methods exist, and which headers leave."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

METHODS = {"GET", "HEAD", "POST"}

Handler = Callable[[HttpRequest], HttpResponse]


def method_guard(handle: Handler) -> Handler:
    """405 for everything but GET, HEAD and POST, before the body is read.

    The break-in of 2016 began with a PUT that nobody needed.
    """

    def guarded(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponse("Method not allowed\n", status=405, content_type="text/plain")
        return handle(request)

    return guarded


def headers(handle: Handler) -> Handler:
    """The headers that Django has no setting for."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        )
        return response

    return with_headers
