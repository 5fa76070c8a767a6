"""一括公開: drafts gathered into a release, walked through, agreed to, published and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.console import block_forms
from lockstitch.console.views.documents import PATHS, address
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content import checks, releasing
from lockstitch.content.releases import (
    Part,
    ReleaseEvent,
    View,
    candidates,
    find_release,
    list_releases,
)
from lockstitch.content.seconding import two_persons
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.looks.previews import shop_page, tour_address
from lockstitch.looks.words_content import RELEASE_DONE_WORDS


@dataclass(frozen=True)
class Row:
    """A document of a release as its page lists it."""

    part: Part
    address: str
    in_shop: str  # empty when visitors do not see it
    at: str  # the address of this page with the preview at that document's own
    findings: list[checks.Finding]


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.see")
def listing(request: WorkRequest) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        if not request.worker.may("content.edit"):
            raise PermissionDenied
        try:
            made = releasing.begin(request.POST.get("name", ""), by=request.worker.id)
            return _to(request, made.id, "begin")
        except Refused as refused:
            refusal = str(refused)
    context = {
        "views": list_releases(), "may_edit": request.worker.may("content.edit"),
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "console/releases.html", context, status=422 if refusal else 200)


@require_safe
@at_site("content.see")
def show(request: WorkRequest, release_id: UUID) -> HttpResponse:
    return _page(request, _found(release_id))


@require_POST
@at_site("content.edit")
def do(request: WorkRequest, release_id: UUID) -> HttpResponse:
    """One of DEEDS; what cannot be done is said on the page, with what was typed."""
    deed = request.POST.get("do", "")
    if deed not in DEEDS:
        raise Http404
    try:
        DEEDS[deed](request, release_id)
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        return _page(request, _found(release_id), str(refused))
    if deed == "drop":
        return redirect("console_releases", request.work_site.slug)
    return _to(request, release_id, deed)


def _found(release_id: UUID) -> View:
    view = find_release(release_id)
    if view is None:
        raise Http404
    return view


def _to(request: WorkRequest, release_id: UUID, deed: str) -> HttpResponse:
    response = redirect("console_release", request.work_site.slug, release_id)
    response["Location"] += f"?done={deed}"
    return response


def _plan(request: WorkRequest, release_id: UUID) -> None:
    since, _until = block_forms.read_window(request.POST.dict())
    releasing.plan(release_id, name=request.POST.get("name", ""), since=since)


def _gather(request: WorkRequest, release_id: UUID) -> None:
    wanted = _ids(request, "document")
    if not wanted:
        raise Refused(_("Please choose what belongs to it."))
    releasing.gather(release_id, wanted)


def _leave_out(request: WorkRequest, release_id: UUID) -> None:
    for document in _ids(request, "document"):
        releasing.leave_out(release_id, document)


def _drop(request: WorkRequest, release_id: UUID) -> None:
    releasing.drop(release_id, by=request.worker.id)


def _ask(request: WorkRequest, release_id: UUID) -> None:
    releasing.ask(release_id, request.POST.get("mark", ""), by=request.worker.id)


def _approve(request: WorkRequest, release_id: UUID) -> None:
    releasing.approve(release_id, request.POST.get("mark", ""), by=request.worker.id)


def _turn_down(request: WorkRequest, release_id: UUID) -> None:
    releasing.turn_down(
        release_id, reason=request.POST.get("reason", ""), by=request.worker.id
    )  # fmt: skip


def _publish(request: WorkRequest, release_id: UUID) -> None:
    """What was found in the drafts is to have been read: the form says of which state."""
    mark, view = request.POST.get("mark", ""), _found(release_id)
    rows = [_row(request, view, n) for n in range(len(view.parts))] if view.is_open else []
    if request.POST.get("seen") != mark and any(row.findings or row.part.lost for row in rows):
        raise Refused(_("Something was found in these drafts. Please read it first."))
    releasing.publish(release_id, mark, by=request.worker.id)


def _roll_back(request: WorkRequest, release_id: UUID) -> None:
    releasing.roll_back(release_id, by=request.worker.id, also=set(_ids(request, "also")))


DEEDS: dict[str, Callable[[WorkRequest, UUID], None]] = {
    "plan": _plan, "gather": _gather, "leave_out": _leave_out, "drop": _drop, "ask": _ask,
    "approve": _approve, "turn_down": _turn_down, "publish": _publish, "roll_back": _roll_back,
}  # fmt: skip


def _ids(request: WorkRequest, name: str) -> list[UUID]:
    try:
        return [UUID(text) for text in request.POST.getlist(name)]
    except ValueError:
        raise Http404 from None


def _row(request: WorkRequest, view: View, n: int) -> Row:
    part, site = view.parts[n], request.work_site
    row = part.document
    is_asked = view.is_open and part.change != "same"
    path = quote(PATHS[row.kind].format(row.slug))
    return Row(
        part, address(request, row.kind, row.slug),
        shop_page(site, path) if row.shown(now()) else "",
        _preview_link(request, view, at=str(n)),
        checks.findings(row.kind, row.draft, site.look) if is_asked else [],
    )  # fmt: skip


def _page(request: WorkRequest, view: View, refusal: str = "") -> HttpResponse:
    rows = [_row(request, view, n) for n in range(len(view.parts))]
    fresh, rest = candidates() if view.is_open else ([], [])
    people = [one.by for one in view.events] + [part.document.by for part in view.parts]
    context = {
        "view": view, "release": view.release, "rows": rows, "fresh": fresh, "rest": rest,
        "refusal": refusal, "done": "" if refusal else _done(request, view),
        "second": two_persons(), "is_mine": view.asked_by == request.worker.id,
        "may_edit": request.worker.may("content.edit"),
        "names": handles([one for one in people if one]),
        "troubled": [row for row in rows if row.part.trouble],
        "warned": [row for row in rows if row.findings or row.part.lost],
        "changing": [row for row in rows if row.part.change in ("new", "changed")],
        "goes_back": [row for row in rows if row.part.change == "put"],
        "moved_on": [row for row in rows if row.part.change == "since"],
        "is_late": bool(view.release.since and view.release.since <= now()),
        "events": [(one, _left_alone(view, one)) for one in view.events],
        **_typed(request, view, refusal), **_preview(request, view, rows),
    }  # fmt: skip
    return render(request, "console/release.html", context, status=422 if refusal else 200)


def _done(request: WorkRequest, view: View) -> str:
    """What the last step did, in a word that there is."""
    done = request.GET.get("done", "")
    if (done, view.standing) == ("publish", "planned"):
        return "planned"
    return done if done in RELEASE_DONE_WORDS else ""


def _typed(request: WorkRequest, view: View, refusal: str) -> dict[str, str]:
    """Name and moment; as typed, when they could not be kept."""
    if refusal and request.POST.get("do") == "plan":
        return {name: request.POST.get(name, "") for name in ("name", "since")}
    since = block_forms.typed_window(view.release.since, None)["since"]
    return {"name": view.release.name, "since": since}


def _left_alone(view: View, event: ReleaseEvent) -> list[Part]:
    """What somebody had changed when the rest was rolled back."""
    named = event.note.split() if event.verb == "rolled_back" else []
    return [part for part in view.parts if part.name in named]


def _preview(request: WorkRequest, view: View, rows: list[Row]) -> dict[str, Any]:
    """The shop in a frame: which page, how wide, in which language."""
    wide, language = request.GET.get("width") == "wide", _language(request)
    at = request.GET.get("at", "")
    chosen = rows[int(at)].part.document if at.isdecimal() and int(at) < len(rows) else None
    path = quote(PATHS[chosen.kind].format(chosen.slug)) if chosen else "/"
    home = tour_address(request, request.work_site, view.release.id, language)
    return {
        "preview": home + path, "wide": wide, "language": language,
        "widths": [
            (is_wide, _preview_link(request, view, width="wide" if is_wide else ""))
            for is_wide in (False, True)
        ],
        "languages": [
            (code, _preview_link(request, view, tongue=code)) for code in ("ja", "en")
        ],
    }  # fmt: skip


def _language(request: WorkRequest) -> str:
    asked = request.GET.get("tongue") or get_language() or ""
    return "en" if asked[:2] == "en" else "ja"


def _preview_link(request: WorkRequest, view: View, **changes: str) -> str:
    """This page with its preview of another page, width or language."""
    kept = {name: request.GET.get(name, "")[:5] for name in ("width", "tongue", "at")} | changes
    query = urlencode({name: value for name, value in kept.items() if value})
    path = reverse("console_release", args=[request.work_site.slug, view.release.id])
    return f"{path}?{query}#preview"
