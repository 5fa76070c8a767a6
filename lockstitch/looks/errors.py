"""Error pages: uniform, without a trace of what went wrong inside."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, _("This page is not here."))


def failed(request: HttpRequest) -> HttpResponse:
    """Needs no template, no database and no session: any of them may be what failed."""
    sentence = _("Something went wrong on our side. Nothing was lost.")
    return HttpResponse(f"{sentence}\n", status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, _("This form was open for too long. Please go back and try again."))


def _page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    context = {"status": status, "sentence": sentence}
    return render(request, "looks/error.html", context, status=status)
