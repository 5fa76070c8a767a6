"""受注変更: what an order would be is shown before it is done; holding, delivery day and parts
given up."""

from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lockstitch.catalogue.queries import find_skus, sisters
from lockstitch.checkout.amending import Amended, Change, amend, preview
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.fulfilment.rules import SLOTS
from lockstitch.inventory.queries import available
from lockstitch.kernel.clock import typed_day
from lockstitch.kernel.errors import Refused
from lockstitch.orders import actions as orders
from lockstitch.orders.queries import Order, find_order
from lockstitch.orders.rules import may_amend


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.edit")
def edit(request: WorkRequest, number: str) -> HttpResponse:
    order = _find(number)
    shown: Amended | None = None
    refusal = ""
    if request.method == "POST":
        try:
            change = _change(request, order)
            shown = preview(order, change)
            money = request.POST.get("money", "")
            if "confirm" in request.POST and money.lstrip("-").isdecimal():
                amend(order.id, change, shown_money_yen=int(money), by=request.worker.by)
                return redirect("console_order", request.work_site.slug, number)
        except Refused as refused:
            refusal = str(refused)
    lines = [line for line in order.current_lines if not line.is_gift]
    others = sisters([line.sku_id for line in lines])
    left = available({sku.id for skus in others.values() for sku in skus})
    context = {
        "order": order, "refusal": refusal, "shown": shown, "typed": request.POST,
        "may_edit": may_amend(order.status, order.fulfilment),
        "lines": [
            (
                line, request.POST.get(f"pieces-{line.key}", str(line.open)),
                [
                    (sku, left.get(sku.id, 0), str(sku.id) == request.POST.get(f"sku-{line.key}"))
                    for sku in others.get(line.sku_id, [])
                ],
            )
            for line in lines
        ],
    }  # fmt: skip
    return render(request, "console/edit.html", context, status=422 if refusal else 200)


def _change(request: WorkRequest, order: Order) -> Change:
    quantities: dict[UUID, int] = {}
    swaps: dict[UUID, UUID] = {}
    for line in order.current_lines:
        text = request.POST.get(f"pieces-{line.key}", str(line.open))
        if not text.isdecimal():
            raise Refused(_("not a number: %(text)s") % {"text": text})
        quantities[line.key] = int(text)
        if wanted := request.POST.get(f"sku-{line.key}", ""):
            swaps[line.key] = UUID(wanted)
    added: dict[UUID, int] = {}
    if code := request.POST.get("add", "").strip():
        found = find_skus([code]).get(code)
        if found is None:
            raise Refused(_("There is no SKU %(code)s.") % {"code": code})
        added[found] = 1
    return Change(quantities, swaps, added)


@require_POST
@at_site("orders.edit")
def hold(request: WorkRequest, number: str) -> HttpResponse:
    order = _find(number)
    flag = request.POST.get("flag", "")
    orders.put_on_hold(
        order.id, request.POST.get("on") == "1", flag=flag if flag in FLAGS else "",
        by=request.worker.by,
    )  # fmt: skip
    return redirect("console_order", request.work_site.slug, number)


FLAGS = ("", "fraud", "address", "stock")


@require_POST
@at_site("orders.edit")
def delivery(request: WorkRequest, number: str) -> HttpResponse:
    """Another day or time for a parcel that has not left."""
    order = _find(number)
    slot = request.POST.get("slot", "")
    no = request.POST.get("no", "1")
    if slot not in SLOTS or not no.isdecimal():
        raise Http404
    with transaction.atomic():
        held = orders.lock(order.id)
        if may_amend(held.status, held.fulfilment):
            orders.redirect_parcel(
                held, int(no), request.worker.by, delivery_slot=slot,
                delivery_date=typed_day(request.POST.get("day", "")),
            )  # fmt: skip
    return redirect("console_order", request.work_site.slug, number)


@require_POST
@at_site("orders.ship")
def give_up(request: WorkRequest, number: str) -> HttpResponse:
    """Cancels some pieces that are still to be sent."""
    order = _find(number)
    pieces = {
        line.key: int(text)
        for line in order.current_lines
        if (text := request.POST.get(f"cancel-{line.key}", "")).isdecimal() and int(text)
    }
    if pieces:
        try:
            reference = UUID(request.POST.get("once", "")) if request.POST.get("once") else uuid4()
            fulfilment.cancel(
                order.id, request.worker.by, pieces=pieces, reference=reference,
                reason=request.POST.get("reason", "")[:120],
            )  # fmt: skip
        except (Refused, ValueError):
            return redirect("console_edit", request.work_site.slug, number)
    return redirect("console_order", request.work_site.slug, number)


def _find(number: str) -> Order:
    order = find_order(number)
    if order is None:
        raise Http404
    return order
