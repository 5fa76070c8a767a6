"""スタッフ投稿 from the shop floor: codes by camera, pictures in their frame, by phone."""

from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.console.content_forms import PostForm
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.coordinates import actions, queries
from lockstitch.coordinates.actions import Words
from lockstitch.coordinates.rules import FRAME
from lockstitch.coordinates.uploads import USE
from lockstitch.files.actions import receive
from lockstitch.files.framing import Frame
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import localised
from lockstitch.looks.doors import source_of

CAMERA = "camera=(self), microphone=(), geolocation=(), browsing-topics=()"
POSTED, SENT = "middle", "whole"  # what is usual: on the shop floor, and in the editor
FRAMINGS = ("middle", "whole", "marked")


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("looks.post")
def post(request: WorkRequest) -> HttpResponse:
    """The staff's form for the phone: pictures, what is worn, and hand in."""
    form = PostForm(request.POST or None)
    me = queries.author_of(request.worker.id)
    if request.method == "POST" and form.is_valid():
        try:
            return _posted(request, form.cleaned_data, me)
        except Refused as refused:
            form.add_error(None, str(refused))
    if me and not form.is_bound:
        form.initial["height_cm"] = me.height_cm
    context = {"form": form, "author": me, "framing": framing(request, POSTED)}
    response = render(request, "console/post.html", context, status=422 if form.errors else 200)
    return with_camera(response)


def _posted(request: WorkRequest, data: dict[str, Any], me: queries.Author | None) -> HttpResponse:
    """Everything is checked before anything is made: a mistake loses no typed word."""
    codes = [code for code in data["codes"].split() if code]
    skus = [(code, actions.sku_for(code)) for code in codes]
    if unknown := [code for code, sku in skus if sku is None]:
        raise Refused(
            _("No item with that number, code or JAN: %(text)s") % {"text": ", ".join(unknown)}
        )
    files = framed_files(request, POSTED)
    if not files:
        raise Refused(_("Please choose a picture."))
    words = Words(
        title={"ja": data["title_ja"]}, text={"ja": data["text_ja"]}, kind="staff",
        height_cm=data["height_cm"], author_id=me.id if me else None,
    )  # fmt: skip
    row = actions.begin(by=request.worker.id, words=words)
    for _code, sku in skus:
        if sku is not None:
            actions.add_piece(row.number, sku)
    receive_all(request, files, row.id)
    return redirect("console_coordinate", request.work_site.slug, row.number)


@require_safe
@at_site("content.see")
def item(request: WorkRequest) -> JsonResponse:
    """What a code is, so that whoever scans sees that it was the right one. Empty: no item."""
    sku = actions.sku_for(request.GET.get("code", "")[:80])
    if sku is None:
        return JsonResponse({})
    parts = (localised(sku.colour.product.name), localised(sku.colour.name), sku.size.label)
    return JsonResponse({"name": " / ".join(part for part in parts if part)})


def with_camera(response: HttpResponse) -> HttpResponse:
    """This page may ask for the camera; no other of the console may."""
    response["Permissions-Policy"] = CAMERA
    return response


def framing(request: WorkRequest, usual: str) -> dict[str, Any]:
    """What the choice of the frame needs (console/_framing.html)."""
    return {"ratio": FRAME, "usual": usual, "chosen": _chosen(request, usual)}


def _chosen(request: WorkRequest, usual: str) -> str:
    typed = request.POST.get("framing", "")
    return typed if typed in FRAMINGS else usual


type Framed = tuple["UploadedFile[bytes]", Frame | None]


def framed_files(request: WorkRequest, usual: str) -> list[Framed]:
    """The pictures that came, each with the part that is wanted of it; the `usual` where nothing
    was chosen. Raises Refused."""
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("file"))
    chosen = _chosen(request, usual)
    return [(file, _frame(request, chosen, at)) for at, file in enumerate(files)]


def _frame(request: WorkRequest, chosen: str, at: int) -> Frame | None:
    typed = [request.POST.get(f"{axis}-{at}", "").strip() for axis in "xywh"]
    if chosen == "whole":
        return None
    if chosen == "middle" or not any(typed):
        return Frame(FRAME)
    try:
        return Frame.of(FRAME, typed)
    except ValueError:
        raise Refused(
            _("A frame is four whole numbers that lie inside the picture: picture %(number)s.")
            % {"number": at + 1}
        ) from None


def receive_all(request: WorkRequest, files: list[Framed], target: UUID) -> None:
    for file, frame in files:
        receive(
            file.read(), file.name or "", by=request.worker.id, use=USE, target=target,
            source=source_of(request), frame=frame,
        )  # fmt: skip
