"""会計: nightly closes, the trial balance, settlements, and the journal for other programs."""

import calendar
import datetime as dt
from collections.abc import Iterator

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lockstitch.accounting.actions import lock_month, settle
from lockstitch.accounting.exports import PROGRAMS
from lockstitch.accounting.queries import books, closes, entries, payouts, trial_balance
from lockstitch.accounting.rules import CHART, PROVIDERS
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.cp932 import fit
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.scope import scope


@require_safe
@at_site("books.see")
def show(request: WorkRequest) -> HttpResponse:
    return _page(request)


@require_safe
@at_site("books.see")
def export(request: WorkRequest, program: str) -> StreamingHttpResponse:
    if program not in PROGRAMS:
        raise Http404
    write, ending, encoding = PROGRAMS[program]
    since, until = _period(request)
    site_id, slug = request.work_site.id, request.work_site.slug

    def pieces() -> Iterator[bytes]:
        with scope(site_id):  # the view has returned when this runs
            for text in write(entries(since, until)):
                yield (fit(text).text if encoding == "cp932" else text).encode(encoding)

    response = StreamingHttpResponse(pieces(), content_type="text/csv")
    name = f"{program}-{slug}-{since:%Y%m%d}-{until:%Y%m%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@at_site("books.edit")
def payout(request: WorkRequest) -> HttpResponse:
    posted = request.POST
    try:
        day = parse_date(posted.get("day", ""))
        gross, fee = int(posted.get("gross", "")), int(posted.get("fee", "0") or 0)
        if day is None or gross <= 0 or not 0 <= fee <= gross or not posted.get("reference"):
            raise ValueError
    except ValueError:
        return _page(request, refusal=_("Fill in the day, the amounts and the reference."))
    try:
        settle(
            posted.get("account", ""), day=day, gross_yen=gross, fee_yen=fee,
            reference=posted["reference"][:80], by=request.worker.id,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, refusal=str(refused))
    return redirect("console_books", request.work_site.slug)


@require_POST
@at_site("books.edit")
def close_month(request: WorkRequest) -> HttpResponse:
    """Nothing can be posted up to the end of last month any more."""
    last = today_jst().replace(day=1) - dt.timedelta(days=1)
    try:
        lock_month(last)
    except Refused as refused:
        return _page(request, refusal=str(refused))
    return redirect("console_books", request.work_site.slug)


def _period(request: WorkRequest) -> tuple[dt.date, dt.date]:
    """The month asked for, as 2026-11; this month otherwise."""
    today = today_jst()
    year, _dash, month = request.GET.get("month", "").partition("-")
    try:
        first = dt.date(int(year), int(month), 1)
    except ValueError:
        first = today.replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _page(request: WorkRequest, *, refusal: str = "") -> HttpResponse:
    since, until = _period(request)
    rows = trial_balance(since, until)
    context = {
        "since": since, "until": until, "rows": rows, "refusal": refusal, "books": books(),
        "debit": sum(row.debit for row in rows), "credit": sum(row.credit for row in rows),
        "closes": closes(31), "payouts": payouts(20), "programs": PROGRAMS,
        "accounts": [(code, CHART[code].ja) for code in sorted(PROVIDERS)],
        "month": f"{since:%Y-%m}", "may_edit": request.worker.may("books.edit"),
    }  # fmt: skip
    return render(request, "console/books.html", context, status=422 if refusal else 200)
