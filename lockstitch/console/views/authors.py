"""スタッフ: the names that outfits are shown under."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.access.queries import handles
from lockstitch.console.content_forms import AuthorForm, both
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.coordinates import actions, queries
from lockstitch.coordinates.queries import Author
from lockstitch.kernel.errors import Refused


@require_safe
@at_site("content.see")
def listing(request: WorkRequest) -> HttpResponse:
    rows = queries.authors(all_of_them=True)
    names = handles([row.operator_id for row in rows if row.operator_id])
    context = {
        "rows": [(row, names.get(row.operator_id) if row.operator_id else "") for row in rows],
        "may_edit": request.worker.may("content.edit"),
    }
    return render(request, "console/authors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.edit")
def edit(request: WorkRequest, author: str = "") -> HttpResponse:
    kept = queries.find_author(author, left=True) if author else None
    if author and kept is None:
        raise Http404
    form = AuthorForm(request.POST or None, initial=_typed(request, kept) if kept else None)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, kept, form.cleaned_data)
            return redirect("console_authors", request.work_site.slug)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "author": kept}
    return render(request, "console/author.html", context, status=422 if form.errors else 200)


def _typed(request: WorkRequest, row: Author) -> dict[str, Any]:
    texts = {
        f"{name}_{code}": getattr(row, name).get(code, "")
        for name in ("name", "shop", "about")
        for code in ("ja", "en")
    }
    return {
        **texts, "slug": row.slug, "height_cm": row.height_cm, "left": row.left,
        "mine": row.operator_id == request.worker.id,
    }  # fmt: skip


def _keep(request: WorkRequest, kept: Author | None, data: dict[str, Any]) -> None:
    """The login stays whose it was, unless it is this worker's to give up."""
    others = kept.operator_id if kept and kept.operator_id != request.worker.id else None
    actions.keep_author(
        kept.slug if kept else data["slug"], name=both(data, "name"), shop=both(data, "shop"),
        about=both(data, "about"), height_cm=data["height_cm"], left=data["left"],
        operator_id=request.worker.id if data["mine"] else others,
    )  # fmt: skip
