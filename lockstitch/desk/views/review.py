"""権限の定期確認: who works at a shop, what they used of their rights, and whether it stays so."""

from typing import get_args
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.access import actions as access
from lockstitch.desk.views.security import or_sign_in
from lockstitch.desk.visitor import caller
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

METHODS = ("GET", "HEAD", "POST")


@never_cache
@require_http_methods(METHODS)
@or_sign_in
def review(request: SiteRequest, site_id: UUID) -> HttpResponse:
    """Everybody has to be chosen for: what is sent names each person and their role."""
    refusal = _confirm(request, site_id) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        response = redirect("team_review", site_id=site_id)
        response["Location"] += "?kept=1"
        return response
    who = caller(request)
    try:
        found = reading.ask(who, reading.GetReviews(site_id=site_id)).reviews[0]
    except reading.Denied as denied:
        if denied.code != "not_found":
            raise
        raise Http404 from None
    context = {
        "review": found, "me": reading.ask(who, reading.WhoAmI()), "refusal": refusal,
        "kept": "kept" in request.GET, "taken": _chosen(request, "take"),
        "stay": _chosen(request, "keep"),
    }  # fmt: skip
    return render(request, "desk/review.html", context, status=422 if refusal else 200)


def _chosen(request: SiteRequest, what: str) -> set[str]:
    """Whose rights were chosen to be kept, or taken: still chosen where the page is shown again."""
    rows = request.POST.getlist("person")
    return {row for row in rows if request.POST.get(f"of-{row.partition(':')[0]}") == what}


def _confirm(request: SiteRequest, site_id: UUID) -> str:
    """What was wrong with it; empty: done."""
    rows = list(dict.fromkeys(request.POST.getlist("person")))
    stay, taken = _chosen(request, "keep"), _chosen(request, "take")
    if not rows or stay | taken != set(rows):
        return _("Please choose for each person.")
    try:
        people = [_right(row, keep=row in stay) for row in rows]
        ask = reading.ConfirmReview(site_id=site_id, people=people)
        reading.ask(caller(request), ask)
    except reading.Denied as denied:
        sentences = {
            "conflict": _("Who works here has changed since. Please look through it once more."),
            "invalid": _("Nobody takes their own rights away: another owner does."),
            "forbidden": _("The shop's owner confirms this."),
        }
        if denied.code not in sentences:
            raise
        return sentences[denied.code]
    except ValueError:
        return _("Something in the form is not right.")
    for each in people:
        if not each.keep:
            access.end_sessions(operator_id=each.operator_id)
    return ""


def _right(row: str, *, keep: bool) -> reading.ReviewedRight:
    """Raises ValueError."""
    operator_id, _colon, named = row.partition(":")
    role = next((each for each in get_args(reading.Role) if each == named), None)
    if role is None:
        raise ValueError(named)
    return reading.ReviewedRight(operator_id=UUID(operator_id), role=role, keep=keep)
