"""Host -> site: decided once, from the database, before anything else looks at the request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound

from lockstitch.tenancy import queries
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.tenancy.scope import scope

OPEN_PATHS = ("/healthz",)

Handler = Callable[[SiteRequest], HttpResponse]


def resolve_host(handle: Handler) -> Handler:
    """Sets `request.site` (None on the console), `shop_origin` and `desk_origin`, and the scope.

    An unknown host is answered 404 without a word more.
    """
    desk = settings.SURFACE == "desk"

    def resolved(request: SiteRequest) -> HttpResponse:
        host, _, _port = request.META.get("HTTP_HOST", "").partition(":")
        if request.path in OPEN_PATHS:
            return handle(request)
        if desk:
            if not host.startswith("desk."):
                return _unknown()
            host = host.removeprefix("desk.")
        scheme = "https" if settings.SECURE else "http"
        port, desk_port = (
            ("", "") if settings.SECURE else (f":{settings.PORT}", f":{settings.DESK_PORT}")
        )
        request.shop_origin = f"{scheme}://{host}{port}"
        request.desk_origin = f"{scheme}://desk.{host}{desk_port}"
        request.console = host == settings.CONSOLE_HOST
        if request.console:
            request.site = None  # type: ignore[assignment]
            request.urlconf = f"lockstitch.urls.{'desk_console' if desk else 'console'}"
            return _with_policy(request, handle(request))
        site = queries.find_site_by_host(host)
        if site is None:
            return _unknown()
        request.site = site
        with scope(site.id):
            return _with_policy(request, handle(request))

    return resolved


def _unknown() -> HttpResponse:
    return HttpResponseNotFound(b"Not found\n", content_type="text/plain; charset=utf-8")


def _with_policy(request: SiteRequest, response: HttpResponse) -> HttpResponse:
    """The content security policy with this request's own two origins in it.

    Shop and desk hand the browser to each other by forms that redirect, so each names the other
    in `form-action`; only the console may show the desk in a frame, and a shop's signed previews.
    """
    policy = {
        **settings.SECURE_CSP,
        "form-action": ["'self'", request.shop_origin, request.desk_origin],
    }
    if request.console and settings.SURFACE == "desk":
        policy["frame-ancestors"] = [request.shop_origin]
    elif request.console:
        policy["frame-src"] = [request.desk_origin, *getattr(request, "previews", ())]
    elif framer := getattr(request, "framed_by", ""):  # a signed preview, see looks.previews
        policy["frame-ancestors"] = [framer]
    policy |= getattr(response, "policy", {})  # of one page: a preview may be framed
    response._csp_config = policy  # type: ignore[attr-defined]
    return response
