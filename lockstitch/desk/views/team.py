"""担当者の管理: from which network addresses a company's people may work."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lockstitch.desk.views.security import or_sign_in
from lockstitch.desk.visitor import caller
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest


@never_cache
@require_safe
@or_sign_in
def show(request: SiteRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: SiteRequest, *, refusal: str = "", at: UUID | None = None, typed: str = ""
) -> HttpResponse:
    """`typed`: what was not taken, still in its field."""
    who = caller(request)
    lists = reading.ask(who, reading.ListIpRules()).lists
    context = {
        "lists": [(one, typed if one.subject_id == at else "\n".join(one.ranges)) for one in lists],
        "at": at, "refusal": refusal, "here": who.address, "kept": "kept" in request.GET,
    }  # fmt: skip
    return render(request, "desk/team.html", context, status=422 if refusal else 200)


@require_POST
@or_sign_in
def keep_addresses(request: SiteRequest, subject_id: UUID) -> HttpResponse:
    typed = request.POST.get("ranges", "")[:10_000]
    try:
        question = reading.SetIpRules(subject_id=subject_id, ranges=typed.split())
        reading.ask(caller(request), question)
    except reading.Denied as denied:
        sentences = {
            "invalid": _("Please write networks such as 203.0.113.0/24, one a line."),
            "conflict": _("Your own address would not be in it: you would lock yourself out."),
        }
        if denied.code not in sentences:
            raise
        return _page(request, refusal=sentences[denied.code], at=subject_id, typed=typed)
    response = redirect("team")
    response["Location"] += "?kept=1"
    return response
