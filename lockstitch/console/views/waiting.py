"""入荷待ち: what is sold ahead, who waits for it in which turn, and who would be served."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.fulfilment.turns import put_first
from lockstitch.inventory.listing import find_sku
from lockstitch.inventory.waiting import queue, waited_for
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import find_order, orders_by_id


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    rows, after = waited_for(after=request.GET.get("after", "")[:120])
    return render(request, "console/waiting.html", {"rows": rows, "next": after})


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def of_sku(request: WorkRequest, code: str) -> HttpResponse:
    """The queue of a SKU; `coming` pieces are tried, nothing is changed by them."""
    sku = find_sku(code)
    if sku is None:
        raise Http404
    may_edit = request.worker.may("orders.edit")
    refusal = ""
    if request.method == "POST" and may_edit:
        order = find_order(request.POST.get("order", "")[:24])
        if order is None:
            raise Http404
        try:
            put_first(order.pk, sku.pk, why=request.POST.get("why", ""), by=request.worker.by)
            return redirect("console_waiting_sku", request.work_site.slug, sku.code)
        except Refused as refused:
            refusal = str(refused)
    coming, after = (_whole(request.GET.get(name, "")) for name in ("coming", "after"))
    waiters, more = queue(sku.pk, coming=coming, after=after)
    orders = orders_by_id(each.reference for each in waiters)
    context = {
        "sku": sku, "rows": [(each, orders.get(each.reference)) for each in waiters],
        "coming": coming, "next": more, "may_edit": may_edit, "refusal": refusal,
    }  # fmt: skip
    return render(request, "console/waiting_sku.html", context, status=422 if refusal else 200)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
