"""Between the placed order and the provider's page: waiting for it, coming back from it, and trying
another way. What the return address says is not believed: the provider is asked."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import lock
from lockstitch.orders.queries import Order, find_by_checkout
from lockstitch.payments import actions as payments
from lockstitch.payments.queries import Attempt, latest_attempt, offered, payment_of
from lockstitch.payments.rules import AT_PROVIDER
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import is_own
from lockstitch.tenancy.requests import SiteRequest

LOOKS_MAX = 20  # of a browser that waits; then it is shown that nothing came
LOOK_AGAIN = timedelta(seconds=2)


@never_cache
@require_safe
def pay(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """On to the provider as soon as its page is there; without scripts, by looking again.

    Not in the redirects that follow a form: the browser holds a form to our own origins.
    """
    order = _find(checkout_id)
    if order.status != "pending":
        return _done(request, order)
    attempt = latest_attempt(order)
    if attempt is not None and attempt.url and "n" in request.GET:
        return redirect(attempt.url)
    if _is_over(order, attempt):
        return _page(request, order, attempt, over=True)
    return _page(request, order, attempt, waiting=_looks(request), again="pay")


@never_cache
@require_safe
def back(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """From the provider's page, paid or not. Asks for a look, and looks again for a while."""
    order = _find(checkout_id)
    if order.status != "pending":
        return _done(request, order)
    attempt, looks = latest_attempt(order), _looks(request)
    if attempt is None or _is_over(order, attempt):
        return _page(request, order, attempt, over=True)
    payment = payment_of(order)
    checked = payment.checked_at if payment else None
    if checked is None or checked < now() - LOOK_AGAIN:
        with transaction.atomic():
            announce("payment.look", attempt_id=attempt.id)
    if order.payment != "awaiting":  # the money is held; the order is just being placed
        return _page(request, order, attempt, waiting=min(looks, 1), again="pay_back")
    return _page(request, order, attempt, waiting=looks, again="pay_back")


@require_POST
def other(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """Another way to pay: first the page that is open is closed, then a new one is asked for."""
    order = _find(checkout_id)
    if not is_own(request, order):
        raise Http404
    method = request.POST.get("method", "")
    try:
        if not method:
            payments.give_up(order.id)
        elif method in offered() and method in AT_PROVIDER:
            with transaction.atomic():
                payments.begin(lock(order.id), method=method)
    except Refused as refused:
        return _page(request, _find(checkout_id), latest_attempt(order), refusal=str(refused))
    return redirect("pay" if method else "pay_back", checkout_id)


def _find(checkout_id: UUID) -> Order:
    order = find_by_checkout(checkout_id)
    if order is None:
        raise Http404
    return order


def _done(request: SiteRequest, order: Order) -> HttpResponse:
    if order.status == "lapsed":
        return _page(request, order, None)
    return redirect("order", order.checkout_id)


def _looks(request: SiteRequest) -> int:
    said = request.GET.get("n", "0")
    return int(said) if said.isdecimal() and len(said) < 4 else LOOKS_MAX


def _is_over(order: Order, attempt: Attempt | None) -> bool:
    """Nothing is open: the buyer chooses how to go on."""
    return order.payment in ("failed", "void") or attempt is None


def _seconds(attempt: Attempt | None, again: str, waiting: int) -> int:
    """Until the page looks again."""
    if again == "pay" and attempt is not None and attempt.url:
        return 0
    return 1 if waiting < 5 else 3


def _page(
    request: SiteRequest, order: Order, attempt: Attempt | None, *, over: bool = False,
    waiting: int = LOOKS_MAX, again: str = "", refusal: str = "",
) -> HttpResponse:  # fmt: skip
    looking = bool(again) and waiting < LOOKS_MAX
    context = shell(
        request, order=order, attempt=attempt, over=over, refusal=refusal, looking=looking,
        next=waiting + 1, again=again, seconds=_seconds(attempt, again, waiting),
        methods=[method for method in offered() if method in AT_PROVIDER],
        is_own=is_own(request, order), lapsed=order.status == "lapsed" or order.payment == "void",
        heading=_("Payment"),
    )  # fmt: skip
    return render(request, "storefront/paying.html", context, status=409 if refusal else 200)
