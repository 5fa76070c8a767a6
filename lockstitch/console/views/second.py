"""返金と振込先の承認: refunds above the shop's sum, that sum, and where buyers transfer to, each
decided by two."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lockstitch.access.queries import has_colleague
from lockstitch.console.views.payments import done
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import Refused
from lockstitch.payments import accounts, second

DIGITS_MAX = 9


@require_POST
@at_site("orders.pay")
def refund(request: WorkRequest, call_id: UUID) -> HttpResponse:
    """Approves a refund that is held, or turns it down."""
    deed = second.turn_down if "refuse" in request.POST else second.approve_refund
    return done(request, lambda: deed(call_id, request.worker.by))


@require_POST
@at_site("orders.pay")
def limit(request: WorkRequest) -> HttpResponse:
    """The owner's: above how much a second person is wanted; empty: never."""
    if request.worker.role != "owner":
        raise PermissionDenied
    typed = request.POST.get("yen", "").replace(",", "").strip()

    def deed() -> None:
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= DIGITS_MAX):
            raise Refused(_("Please type the sum."))
        if typed and not has_colleague(request.work_site.id, request.worker.id):
            raise Refused(_("There is nobody else here who could approve a refund."))
        second.set_limit(int(typed) if typed else None, request.worker.id)

    return done(request, deed)


@require_POST
@at_site("orders.pay")
def rule(request: WorkRequest, rule_id: UUID) -> HttpResponse:
    """A laxer sum: taken by a second person, or dropped."""
    take = "refuse" not in request.POST
    return done(request, lambda: second.decide_rule(rule_id, request.worker.id, take=take))


@require_POST
@at_site("orders.pay")
def account(request: WorkRequest) -> HttpResponse:
    """The owner's: where buyers transfer to."""
    if request.worker.role != "owner":
        raise PermissionDenied
    text = {code: request.POST.get(code, "") for code in ("ja", "en")}
    alone = not has_colleague(request.work_site.id, request.worker.id)
    return done(request, lambda: accounts.change_account(text, request.worker.id, alone=alone))


@require_POST
@at_site("orders.pay")
def account_change(request: WorkRequest, change_id: UUID) -> HttpResponse:
    """Another account: taken by a second person, or dropped."""
    take = "refuse" not in request.POST
    return done(request, lambda: accounts.decide_account(change_id, request.worker.id, take=take))
