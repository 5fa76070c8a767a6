"""写真: sent for a colour, looked at by the worker; and 受領ファイル: what was found in each file.

Nothing is decoded here. A file goes as it came to the worker, and this process cannot read it back.
"""

from typing import cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.catalogue.queries import ColourView, ProductView, find_product
from lockstitch.catalogue.uploads import USE, arrange
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.files.actions import receive
from lockstitch.files.queries import Upload, find_upload, parts_of, uploads, uploads_for
from lockstitch.files.rules import FINDINGS, KEPT_DAYS, is_grave
from lockstitch.kernel.errors import Refused
from lockstitch.looks.doors import source_of

STATES = ("waiting", "taken", "refused")


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def of_product(request: WorkRequest, product: str) -> HttpResponse:
    """The pictures of each colour, the form that takes new ones, and what became of the last."""
    view = _product(product)
    refusal = ""
    if request.method == "POST" and request.worker.may("goods.edit"):
        colour = _colour(view, request.POST.get("colour", ""))
        try:
            _take(request, colour)
            return redirect(f"{request.path}?colour={colour.colour.code}")
        except Refused as refused:
            refusal = str(refused)
    sent = uploads_for(one.colour.id for one in view.colours)
    context = {
        "view": view, "sent": sent, "refusal": refusal,
        "may_edit": request.worker.may("goods.edit"),
        "waiting": any(upload.state == "waiting" for upload in sent),
        "chosen": request.GET.get("colour", "")[:60],
    }  # fmt: skip
    return render(request, "console/pictures.html", context, status=422 if refusal else 200)


def _take(request: WorkRequest, colour: ColourView) -> None:
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("file"))
    if not files:
        raise Refused(_("Please choose pictures, or a ZIP of pictures."))
    for file in files:
        receive(
            file.read(), file.name or "", by=request.worker.id, use=USE, target=colour.colour.id,
            source=source_of(request),
        )  # fmt: skip


def _product(slug: str) -> ProductView:
    view = find_product(slug, drafts=True)
    if view is None:
        raise Http404
    return view


def _colour(view: ProductView, code: str) -> ColourView:
    colour = next((one for one in view.colours if one.colour.code == code), None)
    if colour is None:
        raise Http404
    return colour


@require_POST
@at_site("goods.edit")
def order(request: WorkRequest, product: str) -> HttpResponse:
    """Puts a picture first, or takes it away from the colour."""
    colour = _colour(_product(product), request.POST.get("colour", ""))
    for step in ("first", "drop"):
        if picture := request.POST.get(step):
            try:
                arrange(colour.colour.id, UUID(picture), drop=step == "drop")
            except ValueError:
                raise Http404 from None
    return redirect("console_pictures", request.work_site.slug, product)


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    """Every file that came in, the newest first."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    rows, after = uploads(state=state, before=request.GET.get("before", "")[:40])
    context = {
        "rows": [(row, is_grave(row.findings)) for row in rows], "next": after, "state": state,
        "states": STATES, "days": KEPT_DAYS,
    }  # fmt: skip
    return render(request, "console/files.html", context)


@require_safe
@at_site("goods.see")
def verdict(request: WorkRequest, upload_id: UUID) -> HttpResponse:
    """What is known of one file."""
    found = find_upload(upload_id)
    if found is None:
        raise Http404
    context = {
        "sender": handles([found.by]).get(found.by, found.by),
        "upload": found, "found": [_said(one) for one in found.findings], "days": KEPT_DAYS,
        "grave": is_grave(found.findings), "parts": parts_of(found.id), "media": _media(found),
    }  # fmt: skip
    return render(request, "console/file.html", context)


def _said(finding: str) -> str:
    name, _colon, mark = finding.partition(":")
    return f"{FINDINGS[name]} {mark}".strip()


def _media(upload: Upload) -> list[tuple[str, str]]:
    """(key, SHA-256 of the bytes that are served): the key is the hash in two parts."""
    return [(key, key.partition(".")[0].replace("/", "")) for key in upload.made]
