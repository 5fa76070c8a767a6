"""A placed order as its buyer sees it, and calling it off."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lockstitch.feedback.queries import said_of, to_review
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.fulfilment.queries import shipment_of
from lockstitch.fulfilment.rules import CARRIERS
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By
from lockstitch.orders.queries import Order, find_by_checkout
from lockstitch.orders.rules import SENT, may_cancel
from lockstitch.payments.queries import latest_attempt, payment_of
from lockstitch.pricing.queries import terms
from lockstitch.returns.queries import returns_of
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import is_own, member_id
from lockstitch.tenancy.requests import SiteRequest


@never_cache
@require_safe
def show(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """For whoever holds its unguessable address: no name, no street."""
    order = _find(checkout_id)
    if order.status in ("pending", "lapsed"):
        return redirect("pay", checkout_id)
    return _page(request, order)


@require_POST
def cancel(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """Until the parcel is shipped. The address alone is not enough: it may have been passed on."""
    order = _find(checkout_id)
    if not is_own(request, order):
        raise Http404
    try:
        fulfilment.cancel(order.id, By("shopper", order.member_id))
    except Refused as refused:
        return _page(request, _find(checkout_id), refusal=str(refused))
    return redirect("order", checkout_id)


def _find(checkout_id: UUID) -> Order:
    order = find_by_checkout(checkout_id)
    if order is None:
        raise Http404
    return order


def _page(request: SiteRequest, order: Order, *, refusal: str = "") -> HttpResponse:
    shipment = shipment_of(order)
    carrier = CARRIERS.get(shipment.carrier) if shipment else None
    context = shell(
        request, order=order, shipment=shipment, carrier=carrier, terms=terms(),
        payment=payment_of(order), attempt=latest_attempt(order), refusal=refusal,
        track=carrier.track.format(shipment.tracking_number) if carrier and shipment else "",
        returns=returns_of(order), is_own=is_own(request, order),
        may_return=order.fulfilment in SENT and is_own(request, order),
        may_cancel=not shipment
        and may_cancel(order.status, order.fulfilment)
        and is_own(request, order),
        to_review=to_review(order) if is_own(request, order) else [],
        said_of=said_of(order) if is_own(request, order) else [],
        may_keep=order.member_id is not None and order.member_id == member_id(request),
        said="said" in request.GET,
        heading=_("Thank you for your order."),
    )  # fmt: skip
    status = 409 if refusal else 200
    return render(request, "storefront/order.html", context, status=status)
