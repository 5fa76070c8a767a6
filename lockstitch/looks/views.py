"""What every surface answers: its health, pictures, and the language switch."""

import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lockstitch.catalogue.gateways import TYPES, DiskStore
from lockstitch.looks.middleware import remember_language
from lockstitch.looks.origin import by_origin

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}\.(avif|webp|jpeg)", re.A)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The process is up; it says nothing of itself."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def media(request: HttpRequest, key: str) -> HttpResponseBase:
    """A picture that we encoded ourselves, under a fixed type, never anything else."""
    named = KEY.fullmatch(key)
    path = DiskStore().path(key) if named else None
    if named is None or path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type=TYPES[named[1]])
    response["Content-Disposition"] = "inline"  # not by a name that somebody asked for
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-site"
    return response


@by_origin
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    onward = request.POST.get("next", "/")
    own = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    # A redirect to a word is one to a page of that name.
    response = redirect(onward if own and "/" in onward else "/")
    if code in dict(settings.LANGUAGES):
        remember_language(response, code)
    return response
