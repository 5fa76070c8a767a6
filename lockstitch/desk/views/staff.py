"""The platform's own staff: companies, sites and operators. Here, because invitations carry
addresses and credentials; and because the shop's role may write none of these tables."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lockstitch.access import actions as access
from lockstitch.content.actions import begin_in_preparation
from lockstitch.desk.staff_forms import CompanyForm, OperatorForm, SiteForm
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy import actions as tenancy
from lockstitch.tenancy.queries import all_companies, all_sites
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.tenancy.scope import scope


def need_staff(request: SiteRequest) -> None:
    """Raises Denied unless the guard says that a member of staff asks."""
    me = reading.ask(caller(request), reading.WhoAmI())
    if me.kind != "staff":
        raise reading.Denied("forbidden")


def _overview(request: SiteRequest, *, refusal: str = "", invited: str = "") -> HttpResponse:
    operators: list[reading.OperatorRow] = []
    try:
        need_staff(request)
        operators = reading.ask(caller(request), reading.ListOperators()).operators
    except reading.Denied as denied:
        if denied.code == "session":
            return redirect("operator_sign_in")
        raise Http404 from None
    except Refused as refused:
        refusal = refusal or str(refused)
    context = {
        "companies": all_companies(), "sites": all_sites(), "operators": operators,
        "refusal": refusal, "invited": invited, "company_form": CompanyForm(),
        "site_form": SiteForm(), "operator_form": OperatorForm(),
        "names": {company.id: company.name for company in all_companies()},
    }  # fmt: skip
    return render(request, "desk/staff.html", context, status=422 if refusal else 200)


@never_cache
@require_safe
def overview(request: SiteRequest) -> HttpResponse:
    return _overview(request)


def _filled(
    request: SiteRequest, form: Form, deed: Callable[[dict[str, Any]], HttpResponse]
) -> HttpResponse:
    """Does it with what a member of staff filled in, or says on the page what is wrong."""
    try:
        need_staff(request)
        if form.is_valid():
            with transaction.atomic():  # no shop without its keys: the guard may say no
                return deed(form.cleaned_data)
    except Refused as refused:
        return _overview(request, refusal=str(refused))
    return _overview(request, refusal=_first(form))


@require_POST
def add_company(request: SiteRequest) -> HttpResponse:
    def deed(data: dict[str, Any]) -> HttpResponse:
        company = tenancy.open_company(name=data["name"])
        ask = reading.RegisterCompany(company_id=company.id, name=company.name)
        reading.ask(caller(request), ask)
        return redirect("staff")

    return _filled(request, CompanyForm(request.POST), deed)


@require_POST
def add_site(request: SiteRequest) -> HttpResponse:
    def deed(data: dict[str, Any]) -> HttpResponse:
        company = data.pop("company")
        site = tenancy.open_site(company_id=company, hosts=[data.pop("host")], **data)
        ask = reading.RegisterSite(
            site_id=site.id, company_id=company, name=site.name, host=site.hosts[0],
            mail_from=site.mail_from,
        )  # fmt: skip
        reading.ask(caller(request), ask)
        with scope(site.id):
            begin_in_preparation()
        return redirect("staff")

    return _filled(request, SiteForm(request.POST), deed)


@require_POST
def add_operator(request: SiteRequest) -> HttpResponse:
    """Invites; the address to enrol at is shown once, here."""

    def deed(data: dict[str, Any]) -> HttpResponse:
        ask = reading.AddOperator(
            company_id=data["company"], site_ids=data["sites"], role=data["role"],
            email=data["email"], name=data["name"], handle=data["handle"],
        )  # fmt: skip
        added = reading.ask(caller(request), ask)
        return _overview(request, invited=f"{request.desk_origin}/enrol/{added.token}/")

    return _filled(request, OperatorForm(request.POST), deed)


@require_POST
def disable_operator(request: SiteRequest) -> HttpResponse:
    operator = request.POST.get("operator", "")
    try:
        need_staff(request)
        known = reading.ask(caller(request), reading.ListOperators()).operators
        row = next((row for row in known if str(row.operator_id) == operator), None)
        if row is None:
            raise Http404
        reading.ask(caller(request), reading.DisableOperator(operator_id=row.operator_id))
        access.end_sessions(operator_id=row.operator_id)
    except Refused as refused:
        return _overview(request, refusal=str(refused))
    return redirect("staff")


def _first(form: Form) -> str:
    """The first error of a form as one sentence with the field's name."""
    name, errors = next(iter(form.errors.items()))
    return f"{form.fields[name].label}: {errors[0]}" if name in form.fields else str(errors[0])


@never_cache
@require_safe
def mailbox(request: SiteRequest) -> HttpResponse:
    """The demo's mailbox, in place of everybody's own. Not there outside the demo."""
    if not settings.DEMO:
        raise Http404
    try:
        mails = reading.ask(caller(request), reading.Mailbox(limit=50)).mails
    except Refused as refused:
        return render(request, "desk/mailbox.html", {"mails": [], "refusal": str(refused)})
    wanted = request.GET.get("mail", "")
    chosen = next((mail for mail in mails if mail.id == wanted), mails[0] if mails else None)
    code = re.search(r"(?<!\d)\d{6}(?!\d)", chosen.text) if chosen else None
    context = {
        "mails": mails, "chosen": chosen, "code": code.group() if code else "",
        "empty": _("No mail yet."),
    }  # fmt: skip
    return render(request, "desk/mailbox.html", context)
