"""フィード: what services fetch, when it was written, and which SKUs were left out and why."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.feeds.queries import feeds
from lockstitch.feeds.rules import KINDS
from lockstitch.jobs.actions import announce
from lockstitch.tenancy.origins import shop_origin

ENDINGS = {"google": "xml", "meta": "csv"}


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def show(request: WorkRequest) -> HttpResponse:
    if request.method == "POST" and request.worker.may("goods.edit"):
        announce("feeds.wanted", site_id=request.work_site.id)
        return redirect(f"{request.path}?wanted=1")
    written, origin = feeds(), shop_origin(request.work_site)
    rows = [(kind, f"{origin}/feeds/{kind}.{ENDINGS[kind]}", written.get(kind)) for kind in KINDS]
    context = {
        "rows": rows, "wanted": "wanted" in request.GET,
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/feeds.html", context)
