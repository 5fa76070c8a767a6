"""フィード: what services fetch, when it was written, and which SKUs were left out and why."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.feeds.actions import add_column, drop_column
from lockstitch.feeds.queries import feeds, free_columns
from lockstitch.feeds.rules import FREE, KINDS, Free
from lockstitch.jobs.actions import announce
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.origins import shop_origin

ENDINGS = {"google": "xml", "meta": "csv", "criteo": "csv"}
NAMES = {"google": "Google Merchant Center", "meta": "Meta", "criteo": "Criteo"}


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def show(request: WorkRequest) -> HttpResponse:
    refusal = ""
    if request.method == "POST" and request.worker.may("goods.edit"):
        try:
            _changed(request)
            announce("feeds.wanted", site_id=request.work_site.id)
            return redirect(f"{request.path}?wanted=1")
        except Refused as error:
            refusal = str(error)
    written, origin = feeds(), shop_origin(request.work_site)
    free = free_columns()
    rows = [
        (kind, NAMES[kind], f"{origin}/feeds/{kind}.{ENDINGS[kind]}", written.get(kind),
         free.get(kind, []))
        for kind in KINDS
    ]  # fmt: skip
    context = {
        "refusal": refusal, "typed": request.POST, "fields": list(FREE), "names": NAMES,
        "rows": rows, "wanted": "wanted" in request.GET,
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/feeds.html", context, status=422 if refusal else 200)


def _changed(request: WorkRequest) -> None:
    """A column more or one less; else they are only written anew."""
    given = request.POST
    if "drop" in given:
        drop_column(given.get("kind", ""), given["drop"])
    elif "name" in given:
        words = (given.get(name, "").strip() for name in ("name", "field", "constant"))
        add_column(given.get("kind", ""), Free(*words))
