"""What every surface answers."""

from django.http import HttpRequest, HttpResponse


def health(request: HttpRequest) -> HttpResponse:
    """The process is up; it says nothing of itself."""
    return HttpResponse("ok\n", content_type="text/plain")
