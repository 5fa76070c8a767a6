"""What the shop tells: the overview, features and news, and its plain pages."""

import re
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.console.content_forms import area, both, text
from lockstitch.console.views.documents import frame
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content import actions, queries
from lockstitch.content.queries import Page
from lockstitch.content.releases import list_releases, release_of
from lockstitch.content.rules import STORIES
from lockstitch.content.seconding import two_persons, waiting
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class StoryForm(forms.Form):
    title_ja = text(_("Title (Japanese)"))
    title_en = text(_("Title (English)"))
    slug = text(_("Address (small letters, digits, hyphens)"), 80, required=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("title_ja") or data.get("title_en")):
            self.add_error("title_ja", _("Please give it a title in one language at least."))
        if data.get("slug") and not SLUG.fullmatch(data["slug"]):
            self.add_error("slug", _("Only small letters, digits and single hyphens."))
        return data


class PageForm(forms.Form):
    slug = text(_("Address (small letters, digits, hyphens)"), 60)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title_ja = text(_("Title (Japanese)"), required=True)
    title_en = text(_("Title (English)"))
    body_ja = area(_("Text (Japanese, HTML)"), 60_000, rows="14")
    body_en = area(_("Text (English, HTML)"), 60_000, rows="14")

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["slug"]

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].strip()
        if not SLUG.fullmatch(slug):
            raise forms.ValidationError(_("Only small letters, digits and single hyphens."))
        if queries.find_page(slug) or queries.find_document("page", slug):
            raise forms.ValidationError(_("There is one at that address already."))
        return str(slug)


@require_safe
@at_site("content.see")
def overview(request: WorkRequest) -> HttpResponse:
    """Every place where the shop speaks, and in what state it is."""
    second = two_persons()
    waits = waiting() if second else []
    pages = queries.pages()
    known = {page.slug for page in pages}
    context = {
        "singles": [(kind, queries.find_document(kind)) for kind in ("home", "faq", "banners")],
        "lacking": queries.law_gaps(), "pages": pages,
        "counts": [(kind, len(queries.all_documents(kind))) for kind in STORIES],
        "opening": queries.live("opening") or {}, "may_edit": request.worker.may("content.edit"),
        "second": second, "may_second": request.worker.may("terms.edit"), "waiting": waits,
        "names": handles([row.by for row in waits if row.by]),
        "drafts": [row for row in queries.all_documents("page") if row.slug not in known],
        "asked": [one for one in list_releases() if second and one.standing == "asked"],
    }  # fmt: skip
    return render(request, "console/content.html", context)


@require_safe
@at_site("content.see")
def listing(request: WorkRequest, kind: str) -> HttpResponse:
    if kind not in STORIES:
        raise Http404
    rows = [(row, row.shown(now()) is not None) for row in queries.all_documents(kind)]
    context = {"rows": rows, "kind": kind, "may_edit": request.worker.may("content.edit")}
    return render(request, "console/stories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.edit")
def begin(request: WorkRequest, kind: str) -> HttpResponse:
    if kind not in STORIES:
        raise Http404
    form = StoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        state = {"title": both(data, "title"), "lead": {}, "cover": "", "blocks": []}
        try:
            actions.begin(kind, data["slug"], state, by=request.worker.id)
            return redirect("console_document", request.work_site.slug, kind, data["slug"])
        except Refused as refused:
            form.add_error("slug", str(refused))
    context = {"form": form, "kind": kind}
    status = 422 if form.errors else 200
    return render(request, "console/story_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.edit")
def page(request: WorkRequest, page: str = "") -> HttpResponse:
    """A plain page: the guide, the privacy policy. Without an address, a new one."""
    shown = queries.find_page(page) if page else None
    row = queries.find_document("page", page) if page else None
    if page and shown is None and row is None:
        raise Http404
    form = PageForm(request.POST or None, is_new=not page, initial=_typed(shown, row))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        slug = page or data["slug"]
        try:
            actions.write_page(
                slug, title=both(data, "title"), body=both(data, "body"), by=request.worker.id,
                version=data["version"] if row else None,
                show=request.POST.get("do") != "draft" and not (row and release_of(row)),
            )  # fmt: skip
            response = redirect("console_page", request.work_site.slug, slug)
            response["Location"] += "?kept=1"
            return response
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form, "heading": str(shown or row or _("New page")), "kind": "page", "name": page,
        "row": row, "second": two_persons(), **frame(request, "page", page, row),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "console/page.html", context, status=status)


def _typed(shown: Page | None, row: queries.Document | None) -> dict[str, Any]:
    texts = row.draft if row else {"title": shown.title, "body": shown.body} if shown else {}
    return {
        "version": row.version if row else None,
        **{
            f"{name}_{code}": texts.get(name, {}).get(code, "")
            for name in ("title", "body")
            for code in ("ja", "en")
        },
    }


@require_POST
@at_site("terms.edit")
def approval(request: WorkRequest) -> HttpResponse:
    """The owner says whether what one has drafted is published by another."""
    actions.set_two_persons(wanted=request.POST.get("second") == "on", by=request.worker.id)
    return redirect("console_content", request.work_site.slug)
