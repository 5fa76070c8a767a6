"""納品書・請求書・領収書 with names on them, as PDF: for operators, and for buyers their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lockstitch.desk.disclosing import people
from lockstitch.desk.views.frames import order_of_operator, site_of_operator
from lockstitch.desk.views.labels import at_the_desk, need_role
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller, guest_token
from lockstitch.fulfilment.labels.filling import FIELDS, destination_of
from lockstitch.fulfilment.papers import pages
from lockstitch.fulfilment.papers.issuing import issue
from lockstitch.fulfilment.papers.render import pdf
from lockstitch.fulfilment.queries import find_batch, issued, lines_by_key, reductions_of
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import SHOPPER, By
from lockstitch.orders.queries import Order, find_by_checkout
from lockstitch.pricing.queries import terms
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

Person = Mapping[str, str]
KINDS = {"invoice": pages.invoice, "receipt": pages.receipt, "credit": pages.credit}
PAID = ("captured", "refund_due", "refunded")


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def slips(request: SiteRequest, slug: str, batch_id: UUID) -> HttpResponse:
    """納品書 of a batch: without prices where the buyer wished so."""
    with site_of_operator(request, slug) as site:
        need_role(request)
        batch = find_batch(batch_id)
        if batch is None:
            raise Http404
        parcels = [p for p in batch.parcels.all() if p.state != "dropped"]
        if request.method == "POST" and parcels:
            whom = {parcel.pk: destination_of(parcel) for parcel in parcels}
            records = [wish.record_id for wish in whom.values()]
            shown = people(request, records, fields=FIELDS, purpose="order.papers")
            made = [
                pages.slip(
                    parcel, lines_by_key(parcel.order), reductions_of(parcel.order),
                    shown[whom[parcel.pk].record_id], terms(),
                    prices=not whom[parcel.pk].hides_prices,
                )
                for parcel in parcels
            ]  # fmt: skip
            return _pdf(made, "slips")
        context = {"work_site": site, "batch": batch, "count": len(parcels)}
        return render(request, "desk/slips.html", context)


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def of_order(request: SiteRequest, slug: str, number: str) -> HttpResponse:
    """The papers of one order, for an operator."""
    with order_of_operator(request, slug, number) as (site, order):
        me = reading.ask(caller(request), reading.WhoAmI())
        kind = request.POST.get("kind", "")
        refusal = ""
        if request.method == "POST" and kind in KINDS:
            shown = people(request, [order.record_id], fields=FIELDS, purpose="order.papers")
            by = By("operator", me.principal_id)
            try:
                return _given_out(order, kind, shown[order.record_id], by)
            except Refused as refused:
                refusal = str(refused)
        context = {
            "work_site": site, "order": order, "refusal": refusal,
            "given": {name: issued(order, name) for name in KINDS},
        }  # fmt: skip
        return render(request, "desk/papers.html", context, status=422 if refusal else 200)


@never_cache
@require_POST
def own(request: SiteRequest, checkout_id: UUID) -> HttpResponse:
    """領収書 or 請求書 of the buyer's own order, by their session or the token of the order."""
    order = find_by_checkout(checkout_id)
    kind = request.POST.get("kind", "")
    if order is None or kind not in KINDS:
        raise Http404
    question = reading.Reveal(
        record_ids=[order.record_id], fields=list(FIELDS), purpose="self.order",
        guest_token=None if caller(request).session else guest_token(request),
    )  # fmt: skip
    try:
        person = reading.ask(caller(request), question).records[0].fields
        return _given_out(order, kind, person, SHOPPER)
    except Refused:
        return redirect("desk_order", checkout_id)


def _given_out(order: Order, kind: str, person: Person, by: By) -> HttpResponse:
    """Raises Refused for a receipt of money that has not come, or a credit note of nothing."""
    rows = reductions_of(order)
    if kind == "receipt" and order.payment not in PAID:
        raise Refused(_("A receipt is given out when the money has come."))
    if kind == "credit":
        rows = [row for row in rows if row.kind == "return"]
        if not rows:
            raise Refused(_("Nothing of this order was returned."))
    make: Callable[..., dict[str, Any]] = KINDS[kind]
    copy = issue(order, kind, by) if kind != "invoice" else 0
    return _pdf([make(order, rows, person, terms(), copy=copy)], f"{kind}-{order.number}")


def _pdf(made: Sequence[dict[str, Any]], name: str) -> HttpResponse:
    data = pdf("sheet", {"title": made[0]["title"], "pages": list(made)})
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
