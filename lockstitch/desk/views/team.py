"""担当者の管理: from where a company's people may work, how many people they may look at, how long
who left is kept, and who lost every device."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from lockstitch.desk.views.security import or_sign_in, proof_in
from lockstitch.desk.visitor import caller
from lockstitch.kernel.clock import now
from lockstitch.sealed import reading
from lockstitch.tenancy.queries import sites_of
from lockstitch.tenancy.requests import SiteRequest


@never_cache
@require_safe
@or_sign_in
def show(request: SiteRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: SiteRequest, *, refusal: str = "", at: UUID | None = None, typed: str = "", **more: Any
) -> HttpResponse:
    """`typed`: what was not taken, still in its field."""
    who = caller(request)
    lists = reading.ask(who, reading.ListIpRules()).lists
    me = reading.ask(who, reading.WhoAmI())
    people = reading.ask(who, reading.ListOperators()).operators
    context = {
        "lists": [(one, typed if one.subject_id == at else "\n".join(one.ranges)) for one in lists],
        "reviews": reading.ask(who, reading.GetReviews()).reviews,
        "limits": reading.ask(who, reading.ListLimits()).sites,
        "people": [one for one in people if one.state == "active"], "me": me, "now": now(),
        "sites": sites_of(me.site_ids),
        "has_passkey": bool(reading.ask(who, reading.ListPasskeys()).passkeys),
        "at": at, "refusal": refusal, "here": who.address, "kept": "kept" in request.GET, **more,
    }  # fmt: skip
    return render(request, "desk/team.html", context, status=422 if refusal else 200)


def _kept() -> HttpResponse:
    response = redirect("team")
    response["Location"] += "?kept=1"
    return response


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
    return _kept()


@require_POST
@or_sign_in
def keep_limits(request: SiteRequest, site_id: UUID) -> HttpResponse:
    typed = [request.POST.get(name, "") for name in ("ten", "day", "alone")]
    sentence = _("Please write whole numbers, none above what there is now: staff gives more.")
    if not all(re.fullmatch("[0-9]{1,6}", each) for each in typed):
        return _page(request, refusal=sentence, at=site_id)
    ten, day, alone = (int(each) for each in typed)
    question = reading.SetLimits(site_id=site_id, in_ten_minutes=ten, in_a_day=day, alone=alone)
    try:
        reading.ask(caller(request), question)
    except reading.Denied as denied:
        if denied.code not in ("invalid", "forbidden"):
            raise
        return _page(request, refusal=sentence, at=site_id)
    return _kept()


@require_POST
@or_sign_in
def keep_retention(request: SiteRequest, site_id: UUID) -> HttpResponse:
    typed = request.POST.get("months", "")
    sentence = _("Please write a whole number of months, from 108 to 180.")
    if not re.fullmatch("[0-9]{1,3}", typed):
        return _page(request, refusal=sentence, kept_at=site_id)
    try:
        reading.ask(caller(request), reading.SetRetention(site_id=site_id, months=int(typed)))
    except reading.Denied as denied:
        if denied.code != "invalid":
            raise
        return _page(request, refusal=sentence, kept_at=site_id)
    return _kept()


@never_cache
@sensitive_post_parameters()
@require_POST
@or_sign_in
def recover(request: SiteRequest, operator_id: UUID) -> HttpResponse:
    """The second approval's answer is the address to enrol at, shown once."""
    question = reading.ApproveRecovery(operator_id=operator_id, proof=proof_in(request))
    try:
        answer = reading.ask(caller(request), question)
    except reading.Denied as denied:
        if denied.code != "conflict":
            raise
        return _page(request, refusal=_("Somebody else has to approve it too."))
    if not answer.token:
        return _kept()
    address = f"{request.desk_origin}/enrol/{answer.token}/"
    return _page(request, enrol_at=address, ready_at=answer.ready_at)


@require_POST
@or_sign_in
def cancel(request: SiteRequest) -> HttpResponse:
    """One's own, or that of the operator named."""
    named = request.POST.get("operator", "")
    known = reading.ask(caller(request), reading.ListOperators()).operators if named else []
    row = next((row for row in known if str(row.operator_id) == named), None)
    operator_id = row.operator_id if row else None
    reading.ask(caller(request), reading.CancelRecovery(operator_id=operator_id))
    return _kept() if row else redirect("security")
