"""雑誌: the numbers of the magazine, their themes and stories."""

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.console.issue_form import IssueForm
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content import queries as content
from lockstitch.coordinates.issues import issue_by_id, issues, keep_issue
from lockstitch.kernel.errors import Refused
from lockstitch.looks.previews import shop_page


@require_safe
@at_site("content.see")
def listing(request: WorkRequest) -> HttpResponse:
    site = request.work_site
    context = {
        "rows": [
            (row, shop_page(site, f"/magazine/{quote(row.name)}/")) for row in issues(coming=True)
        ],
        "may_edit": request.worker.may("content.edit"),
    }
    return render(request, "console/issues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.edit")
def edit(request: WorkRequest, issue_id: UUID | None = None) -> HttpResponse:
    kept = issue_by_id(issue_id) if issue_id else None
    if issue_id and kept is None:
        raise Http404
    told = [story for kind in ("feature", "news") for story in content.stories(kind).rows]
    form = IssueForm(
        request.POST or None, stories=told, kept=kept.stories if kept else [],
        initial=IssueForm.typed(kept) if kept else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            keep_issue(issue_id, form.written())
            return redirect("console_issues", request.work_site.slug)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "issue": kept}
    return render(request, "console/issue.html", context, status=422 if form.errors else 200)
