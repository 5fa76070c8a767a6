"""会員: the list, one member, their points, and the rules of membership."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.catalogue.queries import ids_of_categories, ids_of_products
from lockstitch.console.offer_forms import PointRuleForm, ProgrammeForm, in_japan, words
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.crm.ranking import standing
from lockstitch.kernel.errors import Refused
from lockstitch.members import actions, points, queries
from lockstitch.members.rules import ladder_table
from lockstitch.orders.queries import orders_of_member
from lockstitch.pricing.queries import coupons_of

POINTS_MAX = 1_000_000


@require_safe
@at_site("members.see")
def listing(request: WorkRequest) -> HttpResponse:
    rank = request.GET.get("rank", "")[:30]
    page = queries.list_members(rank=rank, after=request.GET.get("after", "")[:80])
    context = {
        "page": page, "ranks": queries.ranks(), "rank": rank,
        "more": urlencode({"rank": rank, "after": page.next}) if page.next else "",
    }  # fmt: skip
    return render(request, "console/members.html", context)


@require_safe
@at_site("members.see")
def show(request: WorkRequest, member_id: UUID) -> HttpResponse:
    return _member(request, member_id)


@require_POST
@at_site("members.points")
def adjust(request: WorkRequest, member_id: UUID) -> HttpResponse:
    """Gives or takes points; the form's own number keeps a second press from counting twice."""
    if queries.find_member(member_id) is None:
        raise Http404
    try:
        sum_points = int(request.POST.get("points", ""))
        if abs(sum_points) > POINTS_MAX:
            raise ValueError
    except ValueError:
        return _member(request, member_id, refusal=_("Say how many points, and why."))
    try:
        points.adjust(
            member_id, sum_points, reason=request.POST.get("reason", "")[:200],
            by=request.worker.id, reference=request.POST.get("once", "")[:40],
        )  # fmt: skip
    except Refused as refused:
        return _member(request, member_id, refusal=str(refused))
    return redirect("console_member", request.work_site.slug, member_id)


def _member(request: WorkRequest, member_id: UUID, *, refusal: str = "") -> HttpResponse:
    member = queries.find_member(member_id)
    if member is None:
        raise Http404
    history = queries.point_history(member_id, after=request.GET.get("after", "")[:80])
    context = {
        "person": member, "points": queries.points_of(member_id), "history": history,
        "orders": orders_of_member(member_id), "coupons": coupons_of(member_id),
        "standing": standing(member_id), "changes": queries.rank_changes_of(member_id),
        "consents": queries.consents_of(member_id), "refusal": refusal,
        "typed": request.POST, "once": f"{len(history.entries)}-{history.entries[0].id}"
        if history.entries else "first",
        "may_adjust": request.worker.may("members.points") and not member.closed_at,
    }  # fmt: skip
    return render(request, "console/member.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("members.see")
def rules(request: WorkRequest) -> HttpResponse:
    """The programme with its ladder, and point campaigns."""
    may_edit = request.worker.may("members.rules")
    is_rule = "times" in request.POST
    form = ProgrammeForm(request.POST if request.POST and not is_rule else None, initial=_typed())
    rule = PointRuleForm(request.POST if is_rule else None)
    if may_edit and form.is_bound and form.is_valid() and _save(form):
        return redirect(f"{request.path}?kept=1")
    if may_edit and rule.is_bound and rule.is_valid() and _save_rule(rule):
        return redirect(f"{request.path}?kept=1")
    context = {
        "form": form, "rule_form": rule, "point_rules": queries.point_rules(),
        "may_edit": may_edit, "kept": "kept" in request.GET,
    }  # fmt: skip
    status = 422 if form.errors or rule.errors else 200
    return render(request, "console/member_rules.html", context, status=status)


def _save(form: ProgrammeForm) -> bool:
    data = dict(form.cleaned_data)
    try:
        ladder = ladder_table(data.pop("ladder"))
        actions.save_programme(rate_bp=round(data.pop("per_cent") * 100), **data)
        actions.save_ranks(ladder)
        return True
    except ValueError as error:
        form.add_error("ladder", _("This line cannot be read: %(line)s") % {"line": error})
    except Refused as refused:
        form.add_error("ladder", str(refused))
    return False


def _typed() -> dict[str, Any]:
    found = queries.programme()
    rows = [
        f"{rank.code}, {rank.threshold}, {rank.rate_bp / 100:g}, {rank.times_bp / 10_000:g},"
        f" {rank.name.get('ja', '')}, {rank.name.get('en', '')}"
        for rank in queries.ranks()
    ]
    same = (
        "points_live_months", "rank_by", "rank_window_months", "welcome_points", "birthday_points",
    )  # fmt: skip
    return {
        **{name: getattr(found, name) for name in same},
        "per_cent": f"{found.rate_bp / 100:g}", "ladder": "\n".join(rows),
    }  # fmt: skip


def _save_rule(form: PointRuleForm) -> bool:
    data = form.cleaned_data
    products, categories = words(data["products"]), words(data["categories"])
    found, known = ids_of_products(products), ids_of_categories(categories)
    if len(found) < len(products) or len(known) < len(categories):
        form.add_error("products", _("There is no such product or category."))
        return False
    actions.save_point_rule(
        None, name={"ja": data["name_ja"], "en": data["name_en"]},
        add_bp=round((data["add_per_cent"] or 0) * 100), times_bp=round(data["times"] * 10_000),
        products=[str(key) for key in found.values()],
        categories=[str(key) for key in known.values()], brands=words(data["brands"]),
        ranks=words(data["ranks"]), starts_at=in_japan(data["starts_at"]),
        ends_at=in_japan(data["ends_at"]),
    )  # fmt: skip
    return True
