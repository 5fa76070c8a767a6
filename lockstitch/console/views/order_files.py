"""受注CSV: the file of a list of orders, and the templates that say which columns it has."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.exporting import COLUMNS, USUAL, order_rows
from lockstitch.orders.file_templates import (
    ENCODINGS,
    drop_file_template,
    file_templates,
    find_file_template,
    keep_file_template,
)
from lockstitch.orders.queries import Wanted
from lockstitch.tenancy.scope import scope


@require_safe
@at_site("orders.see")
def export(request: WorkRequest) -> StreamingHttpResponse:
    """The orders of the list as CSV, without personal data."""
    wanted = Wanted.of(request.GET)
    kept = find_file_template(request.GET.get("template", ""))
    # A column that a later version does not have is left out.
    names = [name for name in kept.columns if name in COLUMNS] if kept else list(USUAL)
    encoding = kept.encoding if kept else ENCODINGS[0]
    site_id = request.work_site.id

    def rows() -> Iterator[bytes]:
        with scope(site_id):  # the view has returned when this runs
            yield from order_rows(wanted, names, encoding=encoding)

    response = StreamingHttpResponse(rows(), content_type="text/csv")
    name = f"orders-{request.work_site.slug}-{today_jst():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.see")
def templates(request: WorkRequest) -> HttpResponse:
    """A template is opened by its id, and kept under its name."""
    refusal, typed = "", request.POST
    opened = find_file_template(request.GET.get("open", ""))
    name, chosen, encoding = "", list(USUAL), ENCODINGS[0]
    if opened:
        name, chosen, encoding = opened.name, opened.columns, opened.encoding
    if request.method == "POST" and request.worker.may("orders.edit"):
        name, chosen = typed.get("name", "")[:60], typed.getlist("column")
        encoding = typed.get("encoding", "")
        try:
            if "drop" in typed:
                drop_file_template(UUID(typed["drop"]))
            else:
                keep_file_template(name, chosen, encoding, by=request.worker.id)
            return redirect("console_order_files", request.work_site.slug)
        except (Refused, ValueError) as refused:
            refusal = str(refused)
    context = {
        "templates": file_templates(), "refusal": refusal, "name": name, "encoding": encoding,
        "columns": [(code, title, code in chosen) for code, (title, _cell) in COLUMNS.items()],
        "may_edit": request.worker.may("orders.edit"),
    }  # fmt: skip
    return render(request, "console/order_files.html", context, status=422 if refusal else 200)
