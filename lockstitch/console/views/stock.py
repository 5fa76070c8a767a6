"""在庫: counts by location, adjusting, locations, files; receiving, counting and transfers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import suppress
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.console.stock_forms import WHY, LocationForm, read_pieces
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.inventory import feed, sheets
from lockstitch.inventory.holds import held
from lockstitch.inventory.listing import (
    find_sheet,
    find_sku,
    history,
    set_shelves,
    sheet_lines,
    stock_page,
)
from lockstitch.inventory.listing import sheets as list_sheets
from lockstitch.inventory.locations import keep_location
from lockstitch.inventory.queries import Location, Sheet, find_location, locations
from lockstitch.inventory.waiting import allotted_by, foresee
from lockstitch.kernel.clock import JST, now
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import orders_by_id
from lockstitch.tenancy.scope import scope

FILE_MAX = 2_000_000


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    return _listing(request)


def _listing(request: WorkRequest, **more: object) -> HttpResponse:
    places = locations()
    words = request.GET.get("q", "")[:80]
    rows, after = stock_page(places, words=words, after=request.GET.get("after", "")[:120])
    context = {
        "rows": rows, "places": places, "words": words, "next": after,
        "may_edit": request.worker.may("goods.edit"), **more,
    }  # fmt: skip
    status = 422 if more.get("refusal") else 200
    return render(request, "console/stock.html", context, status=status)


@require_safe
@at_site("goods.see")
def sku(request: WorkRequest, code: str) -> HttpResponse:
    """One SKU: its counts, its movements, and the form that adjusts it."""
    return _sku(request, code)


def _sku(request: WorkRequest, code: str, refusal: str = "") -> HttpResponse:
    found = find_sku(code)
    if found is None:
        raise Http404
    moved = history(found)
    context = {
        "rows": stock_page(locations(), words=found.code, limit=1)[0], "moved": moved, "why": WHY,
        "sku": found, "once": uuid4(), "holds": held([found.pk]),
        "may_edit": request.worker.may("goods.edit"), "refusal": refusal,
    }  # fmt: skip
    return render(request, "console/stock_sku.html", context, status=422 if refusal else 200)


@require_POST
@at_site("goods.edit")
def adjust(request: WorkRequest, code: str) -> HttpResponse:
    """調整. The form's own key makes a second sending harmless."""
    found, place = find_sku(code), find_location(request.POST.get("location", "")[:20])
    why = request.POST.get("why", "")
    if found is None or place is None or why not in WHY:
        raise Http404
    try:
        difference = int(request.POST.get("difference", "0") or 0)
        once = UUID(request.POST.get("once", ""))
        if "shelf" in request.POST:
            set_shelves(place.pk, {found.pk: request.POST["shelf"].strip()})
        with suppress(IntegrityError):  # sent before
            sheets.adjust(
                found.pk, difference, at=place.pk, why=why, by=request.worker.id, once=once
            )
    except ValueError:
        return _sku(request, code, _("Please give a number."))
    except Refused:
        return _sku(request, code, _("More pieces are promised to orders than would be left."))
    return redirect("console_stock_sku", request.work_site.slug, found.code)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def places(request: WorkRequest) -> HttpResponse:
    """拠点: warehouses and shops, their order and their safety stock."""
    form = LocationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.worker.may("goods.edit") and form.is_valid():
        code, values = form.values()
        try:
            keep_location(code, **values)
            return redirect("console_places", request.work_site.slug)
        except Refused as refused:
            form.add_error("kind", str(refused))
    chosen = find_location(request.GET.get("code", "")[:20])
    if chosen is not None and request.method != "POST":
        form = LocationForm.of(chosen)
    context = {
        "form": form, "places": locations(all_of_them=True), "chosen": chosen,
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/places.html", context, status=422 if form.errors else 200)


@require_safe
@at_site("goods.see")
def download(request: WorkRequest) -> StreamingHttpResponse:
    """在庫CSV, with the mark by which Japanese Excel knows UTF-8."""

    def lines(site_id: UUID) -> Iterator[bytes]:
        with scope(site_id):  # the view has ended when these are read
            for number, line in enumerate(feed.give_out()):
                yield line.encode("utf-8" if number else "utf-8-sig")

    response = StreamingHttpResponse(
        lines(request.work_site.id), content_type="text/csv; charset=utf-8"
    )
    name = f"stock-{now().astimezone(JST):%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@at_site("goods.edit")
def upload(request: WorkRequest) -> HttpResponse:
    """在庫CSV取込: what its figures were true at is asked, so that old ones do no harm."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > FILE_MAX:
        return _listing(request, refusal=_("Please choose a file of at most two megabytes."))
    as_of = parse_datetime(request.POST.get("as_of", "")) or now()
    moment = as_of if as_of.tzinfo else as_of.replace(tzinfo=JST)
    try:
        taken = feed.take_in(file.read(), as_of=moment, by=request.worker.id)
    except Refused as refused:
        return _listing(request, refusal=str(refused))
    refusal = _("Nothing was taken in.") if taken.problems else ""
    return _listing(request, taken=taken, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def papers(request: WorkRequest) -> HttpResponse:
    """入荷・棚卸・移動: the sheets, and the form of a new one."""
    refusal = ""
    if request.method == "POST" and request.worker.may("goods.edit"):
        try:
            made = _open(request, request.POST)
            return redirect("console_sheet", request.work_site.slug, made.number)
        except Refused as refused:
            refusal = str(refused)
    context = {
        "sheets": list_sheets(), "places": locations(), "refusal": refusal,
        "typed": request.POST if refusal else {}, "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/sheets.html", context, status=422 if refusal else 200)


def _open(request: WorkRequest, typed: Mapping[str, str]) -> Sheet:
    kind, place = typed.get("kind", ""), _place(typed.get("location", ""))
    if kind not in sheets.LETTERS or place is None:
        raise Refused(_("Choose what the sheet is for, and where."))
    source = _place(typed.get("source", "")) if kind == "transfer" else None
    return sheets.open_sheet(
        kind, location_id=place.pk, source_id=source.pk if source else None,
        pieces=read_pieces(typed.get("pieces", ""), counted=kind == "count"),
        by=request.worker.id, expected_on=_day(typed.get("expected_on", "")),
        note=typed.get("note", "").strip()[:120], blind="blind" in typed,
    )  # fmt: skip


def _place(code: str) -> Location | None:
    return find_location(code[:20]) if code else None


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_safe
@at_site("goods.see")
def sheet(request: WorkRequest, number: str) -> HttpResponse:
    return _sheet(request, number)


def _sheet(request: WorkRequest, number: str, refusal: str = "") -> HttpResponse:
    found = find_sheet(number)
    if found is None:
        raise Http404
    lines = sheet_lines(found)
    living = found.state in ("open", "sent")
    coming = foresee(found, lines) if living else []
    short = [(each, row.sku.code) for row in coming for each in row.unserved]
    served = allotted_by(found.pk) if found.state == "posted" else []
    named = [*(row.reference for row, _code in short), *(row.reference for row in served)]
    orders = orders_by_id(named)
    context = {
        "coming": coming, "served": [(row, orders.get(row.reference)) for row in served],
        "unserved": [(row, orders.get(row.reference), code) for row, code in short],
        "sheet": found, "lines": lines, "refusal": refusal, "living": living,
        "counted": sum(line.found is not None for line in lines),
        "shows": not (found.blind and living and "differences" not in request.GET),
        "may_edit": request.worker.may("goods.edit") and living,
    }  # fmt: skip
    return render(request, "console/sheet.html", context, status=422 if refusal else 200)


@require_POST
@at_site("goods.edit")
def work(request: WorkRequest, number: str) -> HttpResponse:
    """Saves what was counted, and with it sends, posts or drops the sheet."""
    found = find_sheet(number)
    if found is None:
        raise Http404
    step = request.POST.get("step", "save")
    try:
        if step == "drop":
            sheets.drop(found.pk, request.worker.id)
        else:
            sheets.fill_in(found.pk, _counts(request, found))
        if step == "send":
            sheets.send(found.pk, request.worker.id)
        if step == "post":
            sheets.post(found.pk, request.worker.id)
    except ValueError:
        return _sheet(request, number, _("Please give whole numbers."))
    except Refused as refused:
        return _sheet(request, number, str(refused))
    return redirect("console_sheet", request.work_site.slug, number)


def _counts(request: WorkRequest, found: Sheet) -> dict[UUID, int | None]:
    counted: dict[UUID, int | None] = {}
    for line in sheet_lines(found):
        text = request.POST.get(f"found-{line.sku_id}")
        if text is None:
            continue
        counted[line.sku_id] = int(text) if text.strip() else None
        if (counted[line.sku_id] or 0) < 0:
            raise ValueError(text)
    return counted
