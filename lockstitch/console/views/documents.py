"""The editor of stories, the home, questions and banners: blocks in order, a draft, its preview,
publication by the clock, and every earlier version."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lockstitch.access.queries import handles
from lockstitch.console import block_forms
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content import actions, checks, liquid, queries
from lockstitch.content.blocks import DEFAULT_HOME, MADE_OF
from lockstitch.content.queries import Document
from lockstitch.content.releases import release_of
from lockstitch.content.rules import APPROVAL, SINGLE, STORIES
from lockstitch.content.seconding import needs_another
from lockstitch.kernel.errors import Refused
from lockstitch.looks.previews import preview_address, shop_page

PATHS = {"feature": "/features/{}/", "news": "/news/{}/", "home": "/", "faq": "/faq/",
         "banners": "/", "law": "/pages/law/", "theme": "/", "page": "/pages/{}/"}  # fmt: skip


def find(kind: str, name: str) -> Document | None:
    """The document; None for one of a kind that nobody has written yet."""
    row = queries.find_document(kind, name)
    if kind == APPROVAL or (row is None and not (kind in SINGLE and name == kind)):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.see")
def edit(request: WorkRequest, kind: str, name: str) -> HttpResponse:
    if kind not in MADE_OF or kind == "page":
        raise Http404
    row = find(kind, name)
    state = _state(kind, row)
    if request.method != "POST":
        return _page(request, kind, name, row, state)
    if not request.worker.may("content.edit"):
        raise PermissionDenied
    typed = request.POST.dict()
    try:
        state = _read(kind, typed)
        _check(state)
        version = int(typed["version"]) if typed.get("version", "").isdigit() else None
        actions.save(kind, name, state, by=request.worker.id, version=version if row else None)
    except (Refused, liquid.Unfit) as refused:
        return _page(request, kind, name, row, state, refusal=str(refused))
    at = typed.get("do", "").partition(":")[0]
    anchor = "#last" if at == "add" else "#blocks" if at in ("up", "down", "drop") else "?kept=1"
    response = redirect("console_document", request.work_site.slug, kind, name)
    response["Location"] += anchor
    return response


def _state(kind: str, row: Document | None) -> dict[str, Any]:
    if row is not None:
        return dict(row.draft)
    return {"blocks": list(DEFAULT_HOME) if kind == "home" else []}


def _read(kind: str, typed: dict[str, str]) -> dict[str, Any]:
    state: dict[str, Any] = {"blocks": block_forms.read_blocks(kind, typed)}
    if kind in STORIES:
        for name, most in (("title", 160), ("lead", 600)):
            texts = {code: typed.get(f"{name}_{code}", "").strip()[:most] for code in ("ja", "en")}
            state[name] = {code: text for code, text in texts.items() if text}
        state["cover"] = typed.get("cover", "")[:40]
        if not state["title"]:
            raise Refused(_("Please give it a title in one language at least."))
    return state


def _check(state: dict[str, Any]) -> None:
    """A template that cannot be read is told of now, not when a visitor comes."""
    for block in state["blocks"]:
        if block["type"] == "template":
            liquid.check(block["source"], liquid.SAMPLE)


def _page(
    request: WorkRequest, kind: str, name: str, row: Document | None, state: dict[str, Any], *,
    refusal: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "kind": kind, "name": name, "row": row, "state": state, "refusal": refusal,
        "blocks": block_forms.shown(kind, state.get("blocks", [])),
        "choices": block_forms.choices(kind), "is_story": kind in STORIES,
        "library": queries.list_media(), **frame(request, kind, name, row),
    }  # fmt: skip
    status = 422 if refusal else 200
    return render(request, "console/document.html", context, status=status)


def frame(request: WorkRequest, kind: str, name: str, row: Document | None) -> dict[str, Any]:
    """What the publication's box, the versions and the preview need."""
    versions = queries.editions(row.id) if row else []
    return {
        "may_edit": request.worker.may("content.edit"), "kept": request.GET.get("kept") == "1",
        "wide": request.GET.get("view") == "wide", "versions": versions,
        "names": handles([one.by for one in versions if one.by]),
        "window": block_forms.typed_window(
            row.coming_from if row else None, row.until if row else None
        ),
        "preview": preview_address(request, request.work_site, kind, name)
        if row and kind != "page" else "",
        "findings": _warned(request, row), "is_page": kind == "page",
        "needs_another": row is not None and needs_another(row, request.worker.id),
        "shop_page": shop_page(request.work_site, PATHS[kind].format(name)),
        "release": release_of(row) if row else None,
        "is_behind": row is not None and row.draft not in (row.live, row.coming),
    }  # fmt: skip


def _warned(request: WorkRequest, row: Document | None) -> list[checks.Finding]:
    return checks.findings(row.kind, row.draft, request.work_site.look) if row else []


BACK = {"theme": "console_theme", "law": "console_law", "opening": "console_opening"}


def back_to(request: WorkRequest, kind: str, name: str) -> HttpResponse:
    return redirect(address(request, kind, name))


def address(request: WorkRequest, kind: str, name: str) -> str:
    slug = request.work_site.slug
    if kind in BACK:
        return reverse(BACK[kind], args=[slug])
    if kind == "page":
        return reverse("console_page", args=[slug, name])
    return reverse("console_document", args=[slug, kind, name])


@require_POST
@at_site("content.edit")
def publish(request: WorkRequest, kind: str, name: str) -> HttpResponse:
    """Shows the draft from a moment on, or takes it off. What is found in the draft is to have been
    read: the form says of which version."""
    row = find(kind, name)
    try:
        if request.POST.get("do") == "withdraw":
            actions.withdraw(kind, name, by=request.worker.id)
        else:
            if row and request.POST.get("seen") != str(row.version) and _warned(request, row):
                raise Refused(
                    _("Something was found in this draft. Please read it beside the button first.")
                )
            since, until = block_forms.read_window(request.POST.dict())
            actions.publish(kind, name, by=request.worker.id, since=since, until=until)
    except Refused as refused:
        return refuse(request, kind, name, str(refused))
    return back_to(request, kind, name)


def refuse(request: WorkRequest, kind: str, name: str, said: str) -> HttpResponse:
    context = {"said": said, "back": address(request, kind, name)}
    return render(request, "console/content_refused.html", context, status=422)


@require_POST
@at_site("content.edit")
def restore(request: WorkRequest, kind: str, name: str) -> HttpResponse:
    """The draft as it was; publishing it is a second step."""
    find(kind, name)
    version = request.POST.get("version", "")
    try:
        actions.restore(kind, name, int(version) if version.isdigit() else 0, by=request.worker.id)
    except Refused as refused:
        return refuse(request, kind, name, str(refused))
    return back_to(request, kind, name)
