"""商品の取込と書出: a file is looked through, shown with what it would change, and only then taken
in; and pictures by the hundred, matched by their names."""

from typing import cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.catalogue.importing import Report
from lockstitch.catalogue.typed import rate as read_rate
from lockstitch.catalogue.uploads import BY_NAME
from lockstitch.console.exporting import answered
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.files.actions import receive
from lockstitch.files.queries import uploads_for
from lockstitch.inventory.runs import begin, confirm, find_run, revoke, runs
from lockstitch.kernel.errors import Refused
from lockstitch.looks.doors import source_of

LIVE = ("checking", "applying", "undoing")


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    """The forms that take files, and what became of the last ones."""
    refusal = ""
    if request.method == "POST" and request.worker.may("goods.edit"):
        try:
            if "pictures" in request.POST:
                _pictures(request)
                return redirect(request.path)  # without a fragment, or it would not renew itself
            run_id = _file(request)
            return redirect("console_import", request.work_site.slug, run_id)
        except Refused as refused:
            refusal = str(refused)
    sent = uploads_for([request.work_site.id])
    context = {
        "runs": runs(), "refusal": refusal, "may_edit": request.worker.may("goods.edit"),
        "sent": sent, "waiting": any(upload.state == "waiting" for upload in sent),
    }  # fmt: skip
    return render(request, "console/imports.html", context, status=422 if refusal else 200)


def _file(request: WorkRequest) -> UUID:
    file = request.FILES.get("file")
    if file is None:
        raise Refused(_("Please choose a file."))
    try:
        rate = read_rate(request.POST.get("rate", ""))
    except ValueError as error:
        raise Refused(str(error)) from None
    return begin(file.read(), file.name or "", rate=rate, by=request.worker.id)


def _pictures(request: WorkRequest) -> None:
    """Each goes the way of all pictures; its target is the site, its name says the colour."""
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("file"))
    if not files:
        raise Refused(_("Please choose pictures, or a ZIP of pictures."))
    for file in files:
        receive(
            file.read(), file.name or "", by=request.worker.id, use=BY_NAME,
            target=request.work_site.id, source=source_of(request),
        )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def show(request: WorkRequest, run_id: UUID) -> HttpResponse:
    """What a file would change; the button that takes it in; and the one that undoes it."""
    run = find_run(run_id)
    if run is None:
        raise Http404
    refusal = ""
    if request.method == "POST" and request.worker.may("goods.edit"):
        try:
            (revoke if request.POST.get("step") == "undo" else confirm)(run.id)
            return redirect(request.path)
        except Refused as refused:
            refusal = str(refused)
    kept = {k: v for k, v in run.report.items() if k not in ("error", "unwritten", "stayed")}
    context = {
        "run": run, "report": Report.of_json(kept) if kept else None, "refusal": refusal,
        "is_live": run.state in LIVE, "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/import.html", context, status=409 if refusal else 200)


@require_safe
@at_site("goods.see")
def export(request: WorkRequest) -> HttpResponseBase:
    """The whole catalogue as a file: ?form=csv, cp932, xlsx or shopify."""
    form = request.GET.get("form", "csv")
    lines = answered(request.work_site, form)
    if lines is None:
        raise Http404
    body, kind, name = lines
    response = StreamingHttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
