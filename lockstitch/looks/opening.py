"""準備中: what visitors see of a shop that has not opened."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lockstitch.looks.theming import documents

Handler = Callable[[HttpRequest], HttpResponse]
ALWAYS = (
    "/preview/",
    "/draft/",
    "/theme/",
    "/media/",
    "/language/",
    "/reports/",
    "/healthz",
    "/session/",
)


def in_preparation(handle: Handler) -> Handler:
    """503 for every page of a shop that is set to be in preparation, but what its editors need."""

    def opened(request: HttpRequest) -> HttpResponse:
        site = getattr(request, "site", None)
        if site is None or request.path.startswith(ALWAYS):
            return handle(request)
        if not documents(request).get("opening", {}).get("closed"):
            return handle(request)
        response = render(request, "looks/preparing.html", status=503)
        response["Retry-After"] = "3600"
        response["Cache-Control"] = "no-store"
        return response

    return opened
