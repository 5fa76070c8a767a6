"""コーディネート: the list with its figures, the editor, and the approval of staff posts."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.catalogue.listing import list_goods
from lockstitch.catalogue.queries import find_product, find_sku
from lockstitch.console.content_forms import CoordinateForm, DecideForm
from lockstitch.console.offer_forms import shown_moment
from lockstitch.console.views.styling import (
    SENT,
    framed_files,
    framing,
    receive_all,
    with_camera,
)
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content.seconding import two_persons
from lockstitch.coordinates import actions, queries
from lockstitch.coordinates.queries import Coordinate, CoordinateView
from lockstitch.coordinates.rules import APPROVALS, MOVES, STATES, Point
from lockstitch.files.queries import uploads_for
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.looks.previews import preview_address, shop_page

FIGURES_DAYS = 28
FOUND_MAX = 6


@require_safe
@at_site("content.see")
def listing(request: WorkRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    page = queries.all_coordinates(
        state=state if state in STATES else "", after=request.GET.get("after", "")[:40]
    )
    since = today_jst() - dt.timedelta(days=FIGURES_DAYS)
    figures = queries.figures([row.id for row in page.rows], since)
    context = {
        "rows": [(row, figures[row.id]) for row in page.rows], "next": page.next, "state": state,
        "states": STATES, "waiting": queries.waiting(), "days": FIGURES_DAYS,
        "may_edit": request.worker.may("content.edit"),
        "may_post": request.worker.may("looks.post"), "credits": queries.credit_of_authors(since),
    }  # fmt: skip
    return render(request, "console/coordinates.html", context)


def _own(request: WorkRequest, row: Coordinate) -> bool:
    """May this worker change it? Editors anything; who may only post, their own before approval.
    Where two persons are wanted, what is approved is taken back first."""
    if request.worker.may("content.edit"):
        return row.state != "approved" or not two_persons()
    is_theirs = row.made_by == request.worker.id and row.state in ("draft", "returned")
    return is_theirs and request.worker.may("looks.post")


def _found(number: int) -> CoordinateView:
    view = queries.find_coordinate(number, drafts=True)
    if view is None:
        raise Http404
    return view


def _writable(request: WorkRequest, number: int) -> CoordinateView:
    view = _found(number)
    if not _own(request, view.coordinate):
        raise PermissionDenied
    return view


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.edit")
def begin(request: WorkRequest) -> HttpResponse:
    form = CoordinateForm(request.POST or None, authors=queries.authors())
    if request.method == "POST" and form.is_valid():
        row = actions.begin(by=request.worker.id, words=form.words())
        return redirect("console_coordinate", request.work_site.slug, row.number)
    status = 422 if form.errors else 200
    return render(request, "console/coordinate_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.see")
def edit(request: WorkRequest, number: int) -> HttpResponse:
    view = _found(number)
    if request.method == "POST":
        form = CoordinateForm(request.POST, authors=queries.authors(all_of_them=True))
        if not _own(request, view.coordinate):
            raise PermissionDenied
        if form.is_valid():
            try:
                actions.write(number, form.words(), version=form.cleaned_data["version"] or 0)
                return redirect("console_coordinate", request.work_site.slug, number)
            except Refused as refused:
                form.add_error(None, str(refused))
        return _page(request, view, form=form)
    return _page(request, view)


def _page(
    request: WorkRequest, view: CoordinateView, *, form: CoordinateForm | None = None,
    refusal: str = "", typed: str = "",
) -> HttpResponse:  # fmt: skip
    row = view.coordinate
    find = request.GET.get("find", "")[:80]
    found = list_goods(q=find, limit=FOUND_MAX).rows if find else []
    may_approve = request.worker.may("content.edit")
    sent = uploads_for([row.id])
    form = form or CoordinateForm(
        initial=_typed(row), authors=queries.authors(all_of_them=may_approve)
    )
    context = {
        "view": view, "form": form, "refusal": refusal, "find": find, "typed": typed,
        "found": [found_one for each in found
                  if (found_one := find_product(each.product.slug, drafts=True))],
        "sent": sent, "waiting": any(one.state == "waiting" for one in sent) and not form.is_bound,
        "may_edit": _own(request, row), "may_decide": may_approve or _own(request, row),
        "unsaid": any(not any(shot.alt.values()) for shot in view.shots),
        "is_shown": queries.is_visible(row),
        "steps": [s for s in MOVES[row.state] if may_approve or s not in APPROVALS],
        "decide": DecideForm(
            initial={"since": shown_moment(row.published_from),
                     "until": shown_moment(row.published_until)}
        ),
        "preview": preview_address(request, request.work_site, "coordinate", str(row.number)),
        "shop_page": shop_page(request.work_site, f"/coordinates/{row.number}/"),
        "wide": request.GET.get("view") == "wide", "framing": framing(request, SENT),
    }  # fmt: skip
    status = 422 if refusal or form.errors else 200
    return with_camera(render(request, "console/coordinate.html", context, status=status))


def _typed(row: Coordinate) -> dict[str, Any]:
    texts = {
        f"{name}_{code}": getattr(row, name).get(code, "")
        for name in ("title", "text")
        for code in ("ja", "en")
    }
    return {
        **texts, "kind": row.kind, "author": str(row.author_id or ""), "height_cm": row.height_cm,
        "season": row.season, "issue": row.issue, "version": row.version,
    }  # fmt: skip


@require_POST
@at_site("content.see")
def pictures(request: WorkRequest, number: int) -> HttpResponse:
    view = _writable(request, number)
    try:
        files = framed_files(request, SENT)
        if not files:
            raise Refused(_("Please choose pictures, or a ZIP of pictures."))
        receive_all(request, files, view.coordinate.id)
    except Refused as refused:
        return _page(request, view, refusal=str(refused))
    return redirect("console_coordinate", request.work_site.slug, number)


@require_POST
@at_site("content.see")
def place(request: WorkRequest, number: int) -> HttpResponse:
    """The points of one picture, as numbers; an empty pair takes a point away."""
    view = _writable(request, number)
    points: dict[UUID, Point | None] = {}
    try:
        for one in view.pieces:
            x, y = (request.POST.get(f"{axis}-{one.piece.id}", "").strip() for axis in "xy")
            points[one.piece.id] = Point.of(x, y) if x or y else None
        shot = UUID(request.POST.get("shot", ""))
        actions.place(number, shot, points)
        alt = {c: request.POST.get(f"alt_{c}", "").strip()[:200] for c in ("ja", "en")}
        actions.describe_shot(number, shot, {c: word for c, word in alt.items() if word})
    except ValueError:
        said = _("A place is two whole numbers from 0 to 1000; nothing was changed.")
        return _page(request, view, refusal=said)
    except Refused as refused:
        return _page(request, view, refusal=str(refused))
    return redirect("console_coordinate", request.work_site.slug, number)


@require_POST
@at_site("content.see")
def do(request: WorkRequest, number: int) -> HttpResponse:
    """One step of an ordered list: adding, moving and taking away."""
    view = _writable(request, number)
    verb, _sep, key = request.POST.get("do", "").partition(":")
    try:
        if verb == "piece-add":
            return _add(request, view)
        one = UUID(key)
        steps: dict[str, Callable[[], None]] = {
            "piece-drop": lambda: actions.drop_piece(number, one),
            "piece-up": lambda: actions.move("piece", number, one, -1),
            "piece-down": lambda: actions.move("piece", number, one, 1),
            "shot-drop": lambda: actions.drop_shot(number, one),
            "shot-up": lambda: actions.move("shot", number, one, -1),
        }
        steps[verb]()
    except (KeyError, ValueError):
        raise Http404 from None
    except Refused as refused:
        return _page(request, view, refusal=str(refused))
    return redirect("console_coordinate", request.work_site.slug, number)


def _add(request: WorkRequest, view: CoordinateView) -> HttpResponse:
    """By what was picked or scanned; anything else is searched for."""
    number, typed = view.coordinate.number, request.POST.get("item", "").strip()[:80]
    picked = request.POST.get("sku", "")
    sku = find_sku(sku_id=UUID(picked)) if picked else actions.sku_for(typed)
    response = redirect("console_coordinate", request.work_site.slug, number)
    if sku is not None:
        actions.add_piece(number, sku)
        response["Location"] += "#items"
    elif typed and list_goods(q=typed, limit=1).rows:
        response["Location"] += f"?find={quote(typed)}#items"
    else:
        raise Refused(_("No item with that number, code or JAN: %(text)s") % {"text": typed or "—"})
    return response


@require_POST
@at_site("content.see")
def decide(request: WorkRequest, number: int) -> HttpResponse:
    """Handing in, approving, sending back."""
    view, step = _found(number), request.POST.get("step", "")
    may_approve = request.worker.may("content.edit")
    if not (may_approve or (_own(request, view.coordinate) and step not in APPROVALS)):
        raise PermissionDenied
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, view, refusal=_("That is no date and time."))
    try:
        actions.decide(number, step, by=request.worker.id, second=two_persons(), **form.window())
    except Refused as refused:
        return _page(request, view, refusal=str(refused))
    return redirect("console_coordinate", request.work_site.slug, number)
