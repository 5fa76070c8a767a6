"""Refunds to bank accounts: the buyer says where to, and the approved file is made. Both here, for
an account is a person's."""

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lockstitch.desk.disclosing import ask_for_code, people
from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller, guest_token
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import find_by_checkout
from lockstitch.payments import queries, remitting
from lockstitch.payments.zengin import ACCOUNT_TYPES, Account, NotTransferable, Transfer, write
from lockstitch.sealed import reading
from lockstitch.sealed.deposit import deposit
from lockstitch.tenancy.requests import SiteRequest


class AccountForm(forms.Form):
    bank = forms.RegexField(r"^\d{4}$", label=_("Bank code (4 digits)"))
    branch = forms.RegexField(r"^\d{3}$", label=_("Branch code (3 digits)"))
    kind = forms.ChoiceField(label=_("Kind of account"), choices=list(ACCOUNT_TYPES.items()))
    number = forms.RegexField(r"^\d{1,7}$", label=_("Account number"))
    holder = forms.CharField(label=_("Account holder in kana"), max_length=48)

    def clean(self) -> dict[str, str]:
        data: dict[str, str] = super().clean() or {}
        if not self.errors:
            try:
                self.account = Account(**data).checked()
            except NotTransferable:
                raise ValidationError(_("Please write the holder's name in kana.")) from None
        return data


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def account(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """For whoever may see this order's address: its buyer, and nobody who has only the link."""
    order = find_by_checkout(checkout_id)
    if order is None:
        raise Http404
    form, refusal, kept = AccountForm(request.POST or None), "", False
    try:
        own = reading.Reveal(
            record_ids=[order.record_id], fields=["family_name"], purpose="self.refund",
            guest_token=guest_token(request) or None,
        )  # fmt: skip
        reading.ask(caller(request), own)
        if form.is_valid():
            with transaction.atomic():
                record = deposit("order", {"bank_account": form.account.text()})
                remitting.keep_account(order.id, record)
            kept = True
    except Refused as refused:
        refusal = str(refused)
    context = {"order": order, "form": form, "refusal": refusal, "kept": kept}
    status = 403 if refusal else 422 if form.errors else 200
    return render(request, "desk/refund_account.html", context, status=status)


@never_cache
@require_http_methods(METHODS)
def download(request: SiteRequest, slug: str, batch_id: UUID) -> HttpResponse:
    """The file of an approved batch. Each account in it is on the guard's record."""
    try:
        with site_of_operator(request, slug) as site:
            batch = queries.find_batch(batch_id)
            if batch is None or batch.state not in ("approved", "sent"):
                raise Http404
            if request.method != "POST":
                context = {"work_site": site, "batch": batch}
                return render(request, "desk/refund_file.html", context)
            rows = queries.batch_accounts(batch)
            records, fields = [record for record, _yen, _number in rows], ["bank_account"]
            shown = people(request, records, fields=fields, purpose="refund.transfer")
            transfers = [
                Transfer(
                    Account.of(shown[record]["bank_account"]),
                    yen,
                    "".join(filter(str.isdigit, number)),
                )
                for record, yen, number in rows
            ]
            sender = remitting.sender_of(batch.sender)
            content = write(sender, batch.transfer_on, transfers)
    except NotTransferable as error:
        return HttpResponse(f"{error}\n", status=422, content_type="text/plain")
    except Refused as refused:
        if reading.is_signed_out(refused):
            return redirect("operator_sign_in")
        if page := ask_for_code(request, refused, base="desk/console_base.html"):
            return page
        return HttpResponse(f"{refused}\n", status=403, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="text/plain; charset=shift_jis")
    name = f"refunds-{batch.transfer_on:%Y%m%d}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
