"""セット and 福袋: the list, and the form of one."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.catalogue.rules import is_within
from lockstitch.console.set_form import SetForm
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content.queries import list_media
from lockstitch.inventory.queries import available
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.looks.previews import shop_page
from lockstitch.sets import actions, queries


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    page = queries.listed(drafts=True, after=request.GET.get("after", "")[:40])
    left = available({sku for view in page.rows for sku in view.skus})
    moment = now()
    rows = [
        (view, is_within(view.row.published_from, view.row.published_until, moment),
         view.is_sold_out(left))
        for view in page.rows
    ]  # fmt: skip
    context = {"rows": rows, "next": page.next, "may_edit": request.worker.may("goods.edit")}
    return render(request, "console/sets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.edit")
def edit(request: WorkRequest, number: int | None = None) -> HttpResponse:
    kept = queries.find_set(number, drafts=True) if number else None
    if number and kept is None:
        raise Http404
    form = SetForm(
        request.POST or None, kept=kept,
        media=[(each.picture_id, each.title) for each in list_media()],
        initial=SetForm.typed(kept) if kept else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            actions.keep_set(number, form.written(), version=version)
            return redirect("console_sets", request.work_site.slug)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form, "view": kept,
        "shop_page": shop_page(request.work_site, f"/sets/{number}/") if number else "",
    }  # fmt: skip
    return render(request, "console/set.html", context, status=422 if form.errors else 200)
