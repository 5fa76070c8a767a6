"""A site's own pages."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lockstitch.content.queries import find_page
from lockstitch.storefront.shell import shell
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def page(request: SiteRequest, slug: str) -> HttpResponse:
    found = find_page(slug)
    if found is None:
        raise Http404
    return render(request, "storefront/page.html", shell(request, page=found))
