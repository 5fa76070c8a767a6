"""Forms on pages that are kept for everybody carry no token: they are believed by their origin.

Every browser of these years says with a POST where it comes from (`Sec-Fetch-Site`, `Origin`).
Django's own token is asked for wherever a view is not marked, and of whoever says nothing.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware

View = Callable[..., Any]


def by_origin(view: View) -> View:
    """A view that needs no token from a page of its own origin."""
    view.by_origin = True  # type: ignore[attr-defined]
    return view


class CsrfOrOrigin(CsrfViewMiddleware):
    def process_view(
        self, request: HttpRequest, callback: View, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        if request.method == "POST" and getattr(callback, "by_origin", False):
            said = is_own(request)
            if said:
                return None
            if said is False:
                refused: HttpResponseForbidden = self._reject(request, "another origin")  # type: ignore[attr-defined]
                return refused
        return super().process_view(request, callback, callback_args, callback_kwargs)


def is_own(request: HttpRequest) -> bool | None:
    """Whether a page of this origin sent it; None when the browser does not say."""
    site, origin = request.META.get("HTTP_SEC_FETCH_SITE"), request.META.get("HTTP_ORIGIN")
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin is not None:
        scheme = "https" if settings.SECURE or request.is_secure() else "http"
        return bool(origin == f"{scheme}://{request.META.get('HTTP_HOST', '')}")
    return True if site == "same-origin" else None
