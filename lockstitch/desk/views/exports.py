"""個人情報つきの一括出力: asked for, approved by somebody else, and streamed once, here."""

from collections.abc import Iterator
from typing import cast
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.desk.forms import NAME_FIELDS, PLACE_FIELDS
from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.labels import at_the_desk
from lockstitch.desk.views.security import proof_in, said
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.disclosure.figures import field_words
from lockstitch.kernel.clock import JST, today_jst
from lockstitch.looks.words import BASIS_WORDS
from lockstitch.orders.exporting import encoded, head, people_head, people_rows
from lockstitch.orders.queries import Wanted, records_of
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.tenancy.scope import scope

FIELDS = {
    "name": (_("Name"), NAME_FIELDS),
    "email": (_("E-mail address"), ("email",)),
    "phone": (_("Phone number"), ("phone",)),
    "address": (_("Address"), PLACE_FIELDS),
    "note": (_("Note"), ("note",)),
}  # fmt: skip
ENCODINGS = ("utf-8-sig", "cp932")


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def asking(request: SiteRequest, slug: str) -> HttpResponse:
    """What would be exported, by the filters of the order list; and the shop's exports."""
    with site_of_operator(request, slug) as site:
        records = records_of(Wanted.of(request.GET), most=reading.EXPORT_MAX)
        chosen = [name for name in request.POST.getlist("field") if name in FIELDS]
        too_many = len(records) > reading.EXPORT_MAX
        basis, given_to = request.POST.get("basis", "inside"), request.POST.get("given_to", "")
        given_to = given_to.strip() if basis != "inside" else ""
        nobody = basis not in BASIS_WORDS or (basis != "inside" and not given_to)
        if request.method == "POST" and chosen and records and not too_many and not nobody:
            names = [field for group in chosen for field in FIELDS[group][1]]
            ask = reading.AskExport(
                site_id=site.id, record_ids=records, fields=names,
                basis=cast(reading.Basis, basis), given_to=given_to,
            )  # fmt: skip
            made = reading.ask(caller(request), ask)
            return redirect("desk_export", slug, made.export_id)
        found = reading.ask(caller(request), reading.GetExports(site_id=site.id)).exports
        context = {
            "work_site": site, "count": len(records), "most": reading.EXPORT_MAX,
            "too_many": too_many, "exports": found,
            "groups": [(name, label) for name, (label, _fields) in FIELDS.items()],
            "nothing_chosen": request.method == "POST" and not chosen,
            "nobody": request.method == "POST" and nobody, "chosen": chosen,
            "bases": BASIS_WORDS, "basis": basis, "given_to": given_to,
        }  # fmt: skip
        status = 422 if context["nothing_chosen"] or context["nobody"] else 200
        return render(request, "desk/exports.html", context, status=status)


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def show(request: SiteRequest, slug: str, export_id: UUID) -> HttpResponse:
    """A POST proves: the asker's own proof, or the second person's."""
    with site_of_operator(request, slug) as site:
        refusal = ""
        if request.method == "POST":
            ask = reading.ApproveExport(export_id=export_id, proof=proof_in(request))
            try:
                reading.ask(caller(request), ask)
                return redirect(request.path)
            except reading.Denied as denied:
                if denied.code not in ("credentials", "throttled", "forbidden"):
                    raise
                refusal = _said(denied)
        question = reading.GetExports(site_id=site.id, export_id=export_id)
        [found] = reading.ask(caller(request), question).exports
        context = {
            "work_site": site, "export": found, "refusal": refusal, "encodings": ENCODINGS,
        }  # fmt: skip
        return render(request, "desk/export.html", context, status=403 if refusal else 200)


PROVIDED = ("提供日時", "提供先", "根拠", "項目", "人数", "件数", "担当者", "承認者", "出力番号")


@never_cache
@require_safe
@at_the_desk
def provided(request: SiteRequest, slug: str) -> HttpResponse:
    """第三者提供の記録 (個人情報保護法 29) as CSV. Of whom it was, each person's own list says, and
    the guard under the export's number."""
    with site_of_operator(request, slug) as site:
        question = reading.GetExports(site_id=site.id, provided=True)
        found = reading.ask(caller(request), question).exports
    words = field_words("ja")
    rows: list[list[object]] = [
        [
            f"{each.opened_at.astimezone(JST):%Y-%m-%d %H:%M}" if each.opened_at else "",
            each.given_to,
            {"consent": "本人の同意", "law": "法令"}[each.basis],
            "・".join(words[name] for name in each.fields), each.people, each.records,
            each.asked_by, each.approved_by, each.export_id,
        ]
        for each in found
    ]  # fmt: skip
    text = head(PROVIDED, ENCODINGS[0]) + encoded(rows, ENCODINGS[0])
    response = HttpResponse(text, content_type="text/csv")
    name = f"provided-{slug}-{today_jst():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@at_the_desk
def cancel(request: SiteRequest, slug: str, export_id: UUID) -> HttpResponse:
    with site_of_operator(request, slug):
        reading.ask(caller(request), reading.CancelExport(export_id=export_id))
        return redirect("desk_export", slug, export_id)


@require_POST
@at_the_desk
def download(request: SiteRequest, slug: str, export_id: UUID) -> HttpResponseBase:
    """Once. Memory holds one page of it, however long it is."""
    with site_of_operator(request, slug) as site:
        who, encoding = caller(request), request.POST.get("encoding", "")
        encoding = encoding if encoding in ENCODINGS else ENCODINGS[0]
        ask = reading.GetExports(site_id=site.id, export_id=export_id)
        [found] = reading.ask(who, ask).exports
        if found.step != "ready":
            raise Http404
        token = reading.ask(who, reading.OpenExport(export_id=export_id)).token

    def pieces() -> Iterator[bytes]:
        words, more = field_words("ja"), True
        yield people_head([words[name] for name in found.fields], encoding=encoding)
        with scope(site.id):  # the view has returned when this runs
            while more:
                page = reading.ask(who, reading.NextRows(export_id=export_id, token=token))
                people = [(each.record_id, _cells(each.fields, found.fields))
                          for each in page.records]  # fmt: skip
                for mark in page.marks:  # among the others, not at the end
                    place = len(people) // 2
                    people[place:place] = [(None, _cells(mark, found.fields))]  # type: ignore[list-item]
                yield people_rows(people, encoding=encoding)
                more = page.more

    response = StreamingHttpResponse(pieces(), content_type="text/csv")
    name = f"orders-{slug}-{today_jst():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _cells(fields: dict[str, str], names: list[str]) -> list[str]:
    return [fields.get(name, "") for name in names]


def _said(denied: reading.Denied) -> str:
    if denied.code == "forbidden":
        return str(_("Somebody else has to approve this, on another device."))
    return said(denied)
