"""The library: pictures for stories and homes, with their words, rights and uses."""

from typing import cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lockstitch.catalogue.rules import FOCUSES
from lockstitch.console.content_forms import both, text
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content import actions, queries
from lockstitch.content.uploads import USE
from lockstitch.files.actions import receive
from lockstitch.files.queries import uploads_for
from lockstitch.kernel.errors import Refused
from lockstitch.looks.doors import source_of

FOCUS_WORDS = (
    gettext_lazy("Upper left"), gettext_lazy("Upper middle"), gettext_lazy("Upper right"),
    gettext_lazy("Left"), gettext_lazy("Middle"), gettext_lazy("Right"),
    gettext_lazy("Lower left"), gettext_lazy("Lower middle"), gettext_lazy("Lower right"),
)  # fmt: skip


class MediumForm(forms.Form):
    title = text(gettext_lazy("Title"))
    alt_ja = text(gettext_lazy("What the picture shows (Japanese)"), 200)
    alt_en = text(gettext_lazy("What the picture shows (English)"), 200)
    focus = forms.ChoiceField(
        label=gettext_lazy("The part that stays in view where the picture is cut"),
        choices=list(zip(FOCUSES, FOCUS_WORDS, strict=True)), required=False,
    )  # fmt: skip
    rights = text(gettext_lazy("Whose it is, and for what it may be used"), 200)
    good_until = forms.DateField(
        label=gettext_lazy("May be shown until (a model's contract)"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.see")
def listing(request: WorkRequest) -> HttpResponse:
    refusal, target = "", request.work_site.id
    if request.method == "POST" and request.worker.may("content.edit"):
        files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("file"))
        try:
            if not files:
                raise Refused(_("Please choose pictures, or a ZIP of pictures."))
            for file in files:
                receive(
                    file.read(), file.name or "", by=request.worker.id, use=USE, target=target,
                    source=source_of(request),
                )  # fmt: skip
            return redirect("console_library", request.work_site.slug)
        except Refused as refused:
            refusal = str(refused)
    sent = uploads_for([target])
    context = {
        "rows": queries.list_media(before=request.GET.get("before", "")[:40]), "refusal": refusal,
        "sent": [one for one in sent if one.state != "taken"], "page": queries.LIBRARY,
        "waiting": any(one.state == "waiting" for one in sent),
        "may_edit": request.worker.may("content.edit"),
    }  # fmt: skip
    return render(request, "console/library.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("content.edit")
def edit(request: WorkRequest, medium_id: UUID) -> HttpResponse:
    row = queries.find_medium(medium_id)
    if row is None:
        raise Http404
    form = MediumForm(
        request.POST or None,
        initial={
            "title": row.title, "alt_ja": row.alt.get("ja", ""), "alt_en": row.alt.get("en", ""),
            "rights": row.rights, "good_until": row.good_until, "focus": row.picture.focus,
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.describe_medium(
            medium_id, title=data["title"], alt=both(data, "alt"), rights=data["rights"],
            good_until=data["good_until"], focus=data["focus"],
        )  # fmt: skip
        return redirect("console_library", request.work_site.slug)
    context = {"row": row, "form": form, "uses": queries.uses_of(medium_id)}
    status = 422 if form.errors else 200
    return render(request, "console/medium.html", context, status=status)
