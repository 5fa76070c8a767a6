"""出荷: what is to be sent, labels in batches, files of the carriers, goods fetched at a shop."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.console.shipping_forms import DispatchForm
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.fulfilment import pickups, planning, tracking
from lockstitch.fulfilment.calendar import ships_on
from lockstitch.fulfilment.papers.hemming import to_hem, work_slips
from lockstitch.fulfilment.papers.picking import picking_list
from lockstitch.fulfilment.queries import (
    LabelBatch,
    Parcel,
    batches,
    calendar,
    dispatch_terms,
    find_batch,
    find_by_reference,
    find_parcel,
    late,
    orders_with_numbers,
    reference_of,
    to_send,
    track_address,
    waiting_pickups,
)
from lockstitch.fulfilment.rules import CARRIERS
from lockstitch.fulfilment.terms import set_dispatch_terms
from lockstitch.inventory.listing import skus_of
from lockstitch.kernel.clock import now, today_jst, typed_day
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By
from lockstitch.orders.queries import Order, find_order
from lockstitch.pricing import queries as pricing

FILE_MAX = 2_000_000


@require_safe
@at_site("orders.see")
def listing(request: WorkRequest) -> HttpResponse:
    return _listing(request)


def _listing(request: WorkRequest, **more: object) -> HttpResponse:
    rows, after = to_send(after=request.GET.get("after", "")[:80])
    context = {
        "rows": rows, "next": after, "batches": batches(20), "late": _shown(late()),
        "pickups": waiting_pickups(), "carriers": CARRIERS, "today": today_jst(),
        "carrier": pricing.terms().carrier, "ships_on": ships_on(now(), calendar()),
        "may_ship": request.worker.may("orders.ship"), **more,
    }  # fmt: skip
    return render(
        request, "console/shipping.html", context, status=422 if more.get("refusal") else 200
    )


def _shown(parcels: list[Parcel]) -> list[tuple[Parcel, str]]:
    return [(parcel, reference_of(parcel)) for parcel in parcels]


@require_POST
@at_site("orders.ship")
def plan(request: WorkRequest) -> HttpResponse:
    """A batch for the orders that were ticked."""
    chosen = orders_with_numbers([n[:24] for n in request.POST.getlist("order")][:1_000])
    day = typed_day(request.POST.get("ships_on", "")) or today_jst()
    try:
        done = planning.plan_batch(
            chosen, carrier=request.POST.get("carrier", ""), ships_on=day, by=request.worker.by
        )
    except Refused as refused:
        return _listing(request, refusal=str(refused))
    if done.batch is None or done.refused:
        refusal = "" if done.batch else _("No parcel could be planned.")
        return _listing(request, refused=done.refused, made=done.batch, refusal=refusal)
    return redirect("console_batch", request.work_site.slug, done.batch.pk)


@require_safe
@at_site("orders.see")
def batch(request: WorkRequest, batch_id: UUID) -> HttpResponse:
    found = _batch(batch_id)
    rows = [(p, reference_of(p), track_address(p)) for p in found.parcels.all()]
    context = {
        "batch": found, "rows": rows, "hems": any(to_hem(p.order) for p, *_rest in rows),
         "carrier": CARRIERS[found.carrier],
        "may_ship": request.worker.may("orders.ship"),
    }  # fmt: skip
    return render(request, "console/batch.html", context)


def _batch(batch_id: UUID) -> LabelBatch:
    found = find_batch(batch_id)
    if found is None:
        raise Http404
    return found


@require_safe
@at_site("orders.see")
def picking(request: WorkRequest, batch_id: UUID) -> HttpResponse:
    """ピッキングリスト as PDF: goods and shelves, nobody's name."""
    found = _batch(batch_id)
    parcels = [p for p in found.parcels.all() if p.state == "planned"]
    made = picking_list(parcels, number=f"{found.at:%y%m%d}-{str(found.pk)[-4:]}")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="picking.pdf"'
    return response


@require_safe
@at_site("orders.see")
def hem_batch(request: WorkRequest, batch_id: UUID) -> HttpResponse:
    return _work_slips([parcel.order for parcel in _batch(batch_id).parcels.all()])


@require_safe
@at_site("orders.see")
def hem_order(request: WorkRequest, number: str) -> HttpResponse:
    found = find_order(number)
    return _work_slips([found] if found else [])


def _work_slips(orders: list[Order]) -> HttpResponse:
    """お直し指示書 as PDF, an order once however many parcels it has."""
    wanted = {order.pk: order for order in orders if to_hem(order)}
    if not wanted:
        raise Http404
    response = HttpResponse(work_slips(list(wanted.values())), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="hemming.pdf"'
    return response


@require_POST
@at_site("orders.ship")
def drop(request: WorkRequest, parcel_id: UUID) -> HttpResponse:
    parcel = find_parcel(parcel_id)
    if parcel is None:
        raise Http404
    try:
        planning.give_up(parcel_id, request.worker.by)
    except Refused as refused:
        return _listing(request, refusal=str(refused))
    if parcel.batch_id:
        return redirect("console_batch", request.work_site.slug, parcel.batch_id)
    return redirect("console_shipping", request.work_site.slug)


@require_POST
@at_site("orders.ship")
def numbers(request: WorkRequest) -> HttpResponse:
    """送り状番号取込."""
    return _file(request, tracking.take_numbers)


@require_POST
@at_site("orders.ship")
def states(request: WorkRequest) -> HttpResponse:
    """配達状況取込."""
    return _file(request, tracking.take_states)


def _file(request: WorkRequest, take: Callable[[bytes, By], tracking.Read]) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > FILE_MAX:
        return _listing(request, refusal=_("Please choose a file of at most two megabytes."))
    return _listing(request, read=take(file.read(), request.worker.by))


@require_POST
@at_site("orders.ship")
def ready(request: WorkRequest) -> HttpResponse:
    """取り置き完了 of an order that is fetched."""
    order = find_order(request.POST.get("order", "")[:24])
    if order is None:
        raise Http404
    try:
        for wish in order.destinations.all():
            if wish.pickup_location_id:
                pickups.make_ready(order.pk, request.worker.by, destination=wish.no)
    except Refused as refused:
        return _listing(request, refusal=str(refused))
    return redirect("console_shipping", request.work_site.slug)


@require_POST
@at_site("orders.ship")
def hand_over(request: WorkRequest) -> HttpResponse:
    """店頭引渡し by the code that the buyer shows at the till."""
    try:
        order = pickups.hand_over(request.POST.get("code", "")[:12], request.worker.by)
    except Refused as refused:
        return _listing(request, refusal=str(refused))
    return redirect("console_order", request.work_site.slug, order.number)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.see")
def terms(request: WorkRequest) -> HttpResponse:
    """出荷設定: cut-off, transit, the sender and the customer codes at the carriers."""
    kept = dispatch_terms()
    form = DispatchForm(request.POST) if request.method == "POST" else DispatchForm.of(kept)
    if request.method == "POST" and request.worker.may("goods.edit") and form.is_valid():
        try:
            set_dispatch_terms(**form.values())
            return redirect("console_dispatch_terms", request.work_site.slug)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "may_edit": request.worker.may("goods.edit")}
    status = 422 if form.errors else 200
    return render(request, "console/dispatch_terms.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.see")
def check(request: WorkRequest) -> HttpResponse:
    """検品: the codes that were scanned against what belongs into the parcel."""
    reference = request.POST.get("reference", "")[:20].strip().upper()
    scanned = request.POST.get("codes", "").split()[:500]
    parcel = find_by_reference([reference]).get(reference) if reference else None
    rows, strangers = [], []
    if parcel is not None:
        whole = find_parcel(parcel.pk)
        known = skus_of(scanned)
        seen = Counter(known[code] for code in scanned if code in known)
        lines = {line.key: line for line in parcel.order.current_lines}
        for row in whole.lines.all() if whole else []:
            rows.append((lines.get(row.line_key), row.quantity, seen.pop(row.sku_id, 0)))
        strangers = [c for c in scanned if c not in known or known[c] in seen]
    context = {
        "reference": reference, "codes": request.POST.get("codes", ""), "parcel": parcel,
        "rows": rows, "strangers": strangers, "asked": request.method == "POST",
        "right": bool(rows) and not strangers and all(want == got for _, want, got in rows),
    }  # fmt: skip
    return render(request, "console/check.html", context)
