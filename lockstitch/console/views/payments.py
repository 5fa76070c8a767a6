"""決済: alarms, calls that were refused, transfers to match, refunds to make, authorisations that
end. Everything here is a list of what needs hands; when all is well the page is empty."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import Order, find_order
from lockstitch.payments import accounts, actions, queries, second
from lockstitch.payments.disagreeing import close_alarm
from lockstitch.payments.transfers import ignore, match, seen


@require_safe
@at_site("orders.see")
def show(request: WorkRequest) -> HttpResponse:
    return payments_page(request)


@require_POST
@at_site("orders.pay")
def close(request: WorkRequest) -> HttpResponse:
    """An alarm that somebody has looked into."""
    return done(request, lambda: close_alarm(_id(request, "alarm"), request.worker.by))


@require_POST
@at_site("orders.pay")
def dismiss(request: WorkRequest) -> HttpResponse:
    """A payment's mark that was dealt with."""
    return done(request, lambda: seen(_order(request).id))


@require_POST
@at_site("orders.pay")
def again(request: WorkRequest) -> HttpResponse:
    """A refused call, once more."""
    return done(request, lambda: actions.try_again(_id(request, "call"), request.worker.by))


@require_POST
@at_site("orders.pay")
def matched(request: WorkRequest) -> HttpResponse:
    """This transfer is for this order; without a number, for none."""
    transfer = _id(request, "transfer")
    if "ignore" in request.POST:
        return done(request, lambda: ignore(transfer, request.worker.by))
    return done(request, lambda: match(transfer, _order(request).id, request.worker.by))


@require_POST
@at_site("orders.pay")
def refunded(request: WorkRequest) -> HttpResponse:
    """Money was given back by hand."""
    yen = request.POST.get("yen", "").replace(",", "")

    def deed() -> None:
        if not (yen.isascii() and yen.isdigit()):
            raise Refused(_("Please type the sum."))
        way = "cash" if request.POST.get("way") == "cash" else "bank"
        # The page's own token: pressing twice is one refund.
        reference = request.POST.get("reference", "")[:64] or str(uuid4())
        actions.record_refund(
            _order(request).id, int(yen), request.worker.by, reference=reference, way=way
        )

    return done(request, deed)


def _order(request: WorkRequest) -> Order:
    order = find_order(request.POST.get("number", "")[:24].strip().upper())
    if order is None:
        raise Refused(_("There is no such order."))
    return order


def _id(request: WorkRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None


def done(request: WorkRequest, deed: Callable[[], object]) -> HttpResponse:
    """The page anew; as it was, with the reason, for a deed that is Refused."""
    try:
        deed()
    except Refused as refused:
        return payments_page(request, refusal=str(refused))
    return redirect("console_payments", request.work_site.slug)


def payments_page(request: WorkRequest, *, refusal: str = "") -> HttpResponse:
    transfers, batches = queries.open_transfers(), queries.batches()
    refunds = [
        (payment, queries.refund_due_yen(payment), uuid4()) for payment in queries.refunds_due()
    ]
    context = {
        **_two_people(request), **_account(request),
        "refusal": refusal, "alarms": queries.disagreements(),
        "closed": queries.disagreements("closed", limit=20), "marks": queries.needing_a_look(),
        "calls": queries.failed_calls(), "expiring": queries.expiring(),
        "transfers": [(each, queries.candidates(each)) for each in transfers],
        "refunds": refunds, "overdue": queries.overdue_transfers(today_jst()),
        "batches": batches, "sender": batches[0].sender if batches else {},
        "may": request.worker.may("orders.pay"),
        "is_owner": request.worker.role == "owner",
    }  # fmt: skip
    return render(request, "console/payments.html", context, status=422 if refusal else 200)


def _account(request: WorkRequest) -> dict[str, object]:
    change, me = accounts.waiting_account(), request.worker.id
    return {
        "account": accounts.account(), "account_change": change,
        "account_is_mine": change is not None and change.asked_by == me,
        "account_by": handles([change.asked_by]).get(change.asked_by, "") if change else "",
    }  # fmt: skip


def _two_people(request: WorkRequest) -> dict[str, object]:
    """What waits for a second person, and who asked for it."""
    calls, rule, me = second.held_refunds(), second.waiting_rule(), request.worker.id
    asked_by = {call.by_id for call in calls if call.by_id} | ({rule.asked_by} if rule else set())
    names = handles(list(asked_by))
    return {
        "held": [(call, names.get(call.by_id or me, ""), call.by_id == me) for call in calls],
        "limit": second.limit_yen(), "rule": rule,
        "rule_by": names.get(rule.asked_by, "") if rule else "",
        "rule_is_mine": rule is not None and rule.asked_by == me,
    }  # fmt: skip
