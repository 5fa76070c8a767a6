"""A site's own pages and notices."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lockstitch.content.queries import find_page, notice_history, text_of
from lockstitch.storefront.keeping import kept
from lockstitch.storefront.shell import shell
from lockstitch.tenancy.requests import SiteRequest


@require_safe
@kept()
def page(request: SiteRequest, slug: str) -> HttpResponse:
    found = find_page(slug)
    if found is None:
        raise Http404
    return render(request, "storefront/page.html", shell(request, page=found))


@require_safe
@kept()
def notice(request: SiteRequest, case_id: UUID) -> HttpResponse:
    """What is known of an incident, and every earlier text (`?revision=1`)."""
    history = notice_history(case_id)
    shown = text_of(history, request.GET.get("revision", ""))
    if shown is None:
        raise Http404
    context = shell(request, notice=shown, history=history, latest=history[0])
    return render(request, "storefront/notice.html", context)
