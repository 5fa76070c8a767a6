"""What the platform itself has to tell after an incident: to anybody, without signing in."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lockstitch.content.queries import platform_notice_history, platform_notices, text_of
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def listing(request: SiteRequest) -> HttpResponse:
    return render(request, "console/notices.html", {"notices": platform_notices()})


@require_safe
def show(request: SiteRequest, case_id: UUID) -> HttpResponse:
    """The latest text of a case, and every earlier one (`?revision=1`)."""
    history = platform_notice_history(case_id)
    shown = text_of(history, request.GET.get("revision", ""))
    if shown is None:
        raise Http404
    context = {"notice": shown, "history": history, "latest": history[0]}
    return render(request, "console/notice.html", context)
