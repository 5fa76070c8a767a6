"""The shop's look, its legal notice by form, and whether it is open."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lockstitch.console.views.documents import frame
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content import actions, laws, queries, themes
from lockstitch.content.css import sanitised
from lockstitch.kernel.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.see")
def theme(request: WorkRequest) -> HttpResponse:
    """Colours, fonts, shapes, layout and CSS; a draft that is looked at before it is worn."""
    row, refusal = queries.find_document("theme"), ""
    state = row.draft if row else themes.from_look(request.work_site.look)
    if request.method == "POST":
        _need_edit(request)
        state = themes.read_theme(request.POST.dict())
        if not themes.poor(state):
            version = request.POST.get("version", "")
            try:
                actions.save(
                    "theme", "theme", state, by=request.worker.id,
                    version=int(version) if row and version.isdigit() else None,
                )  # fmt: skip
                response = redirect("console_theme", request.work_site.slug)
                response["Location"] += "?kept=1"
                return response
            except Refused as refused:
                refusal = str(refused)
    poor = themes.poor(state)
    context = {
        "row": row, "state": state, "refusal": refusal, "kind": "theme", "name": "theme",
        "poor": [
            (one, themes.COLOURS[one.ink], themes.COLOURS[one.paper]) for one in poor
        ],
        "left_out": sanitised(state.get("css", ""))[1][:40],
        "colours": [
            (scheme, [(name, label, state[scheme][name]) for name, label in themes.COLOURS.items()])
            for scheme in ("light", "dark")
        ],
        "fonts": [
            (name, state["fonts"][name], [(key, one[0]) for key, one in themes.FONTS.items()])
            for name in ("display", "sans")
        ],
        "choices": [
            (name, label, options, state["layout"][name])
            for name, (label, options) in themes.CHOICES.items()
        ],
        **frame(request, "theme", "theme", row),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "console/theme.html", context, status=status)


def _need_edit(request: WorkRequest) -> None:
    if not request.worker.may("content.edit"):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.see")
def law(request: WorkRequest) -> HttpResponse:
    """特定商取引法: saved as far as it goes, published when nothing is missing."""
    row, refusal, kept = queries.find_document("law"), "", request.GET.get("kept") == "1"
    state: dict[str, Any] = row.draft if row else {"items": {}}
    if request.method == "POST":
        _need_edit(request)
        state = {"items": _items(request)}
        try:
            row = actions.save("law", "law", state, by=request.worker.id)
            if request.POST.get("do") == "publish":
                actions.publish("law", "law", by=request.worker.id)
            response = redirect("console_law", request.work_site.slug)
            response["Location"] += "?kept=1"
            return response
        except Refused as refused:
            refusal = str(refused)
    missing = set(laws.gaps(state))
    context = {
        "rows": [
            (name, label, state["items"].get(name, {}), name in laws.ITEMS, name in missing)
            for name, label in {**laws.ITEMS, **laws.OPTIONAL}.items()
        ],
        "refusal": refusal, "missing": [laws.ITEMS[name] for name in laws.gaps(state)],
        "row": row, "kind": "law", "name": "law", **frame(request, "law", "law", row), "kept": kept,
    }  # fmt: skip
    return render(request, "console/law.html", context, status=422 if refusal else 200)


def _items(request: WorkRequest) -> dict[str, dict[str, str]]:
    found = {}
    for name in {**laws.ITEMS, **laws.OPTIONAL}:
        texts = {
            code: request.POST.get(f"{name}_{code}", "").strip()[:2_000] for code in ("ja", "en")
        }
        if any(texts.values()):
            found[name] = {code: text for code, text in texts.items() if text}
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.see")
def opening(request: WorkRequest) -> HttpResponse:
    """Open, or in preparation. A shop whose legal notice lacks something does not open."""
    refusal = ""
    if request.method == "POST":
        _need_edit(request)
        closed = request.POST.get("do") == "close"
        try:
            actions.set_opening(closed=closed, by=request.worker.id)
            return redirect("console_opening", request.work_site.slug)
        except Refused as refused:
            refusal = str(refused)
    state = queries.live("opening") or {}
    context = {
        "closed": state.get("closed", False), "lacking": queries.law_gaps(), "refusal": refusal,
        "may_edit": request.worker.may("content.edit"),
    }  # fmt: skip
    return render(request, "console/opening.html", context, status=422 if refusal else 200)
