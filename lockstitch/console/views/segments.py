"""セグメント: who is meant, and how many they are. No names: the letters find them."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.console.offer_forms import SegmentForm
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.crm import actions, queries
from lockstitch.crm.rules import Malformed, criteria
from lockstitch.kernel.errors import Refused


@require_safe
@at_site("letters.see")
def listing(request: WorkRequest) -> HttpResponse:
    rows = [(one, queries.size(queries.criteria_of(one))) for one in queries.segments()]
    return render(request, "console/segments.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("letters.see")
def edit(request: WorkRequest, segment_id: UUID | None = None) -> HttpResponse:
    """Counts what is in the form; keeps it when asked to."""
    segment = queries.find_segment(segment_id) if segment_id else None
    if segment_id and segment is None:
        raise Http404
    form = SegmentForm(request.POST or None, initial=_typed(segment) if segment else None)
    size = queries.size(queries.criteria_of(segment)) if segment else None
    if request.method == "POST" and form.is_valid():
        values = form.criteria()
        try:
            size = queries.size(criteria(values))
            if "keep" in request.POST and request.worker.may("letters.edit"):
                kept = actions.save_segment(
                    segment_id, name=form.cleaned_data["name"], values=values
                )
                return redirect("console_segment", request.work_site.slug, kept.id)
        except (Refused, Malformed) as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form, "segment": segment, "size": size,
        "may_edit": request.worker.may("letters.edit"),
    }  # fmt: skip
    return render(request, "console/segment.html", context, status=422 if form.errors else 200)


def _typed(segment: queries.Segment) -> dict[str, Any]:
    values = {
        name: ", ".join(str(one) for one in value) if isinstance(value, list) else value
        for name, value in segment.criteria.items()
    }
    return {"name": segment.name, **values}
