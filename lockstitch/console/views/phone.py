"""電話受注: an operator fills a cart for a caller. Name and address are typed at the desk, between
the goods and the last check."""

import re
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lockstitch.catalogue.queries import find_skus
from lockstitch.checkout import actions
from lockstitch.checkout.filling import add_to_cart
from lockstitch.checkout.queries import find_cart, find_checkout, read_basket
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.orders.queries import find_by_checkout

BY_PHONE = ("cod", "bank")  # nobody reads a card's number to us


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.edit")
def begin(request: WorkRequest) -> HttpResponse:
    """The goods, a line each: SKU and pieces."""
    typed, refusal = request.POST.get("goods", ""), ""
    if request.method == "POST":
        try:
            token = new_token()
            for sku_id, pieces in _goods(typed).items():
                add_to_cart(token, sku_id, pieces)
            cart = find_cart(token)
            if cart is None:
                raise Refused(_("The cart is empty."))
            made = actions.begin_checkout(cart, member_id=None, language="ja")
            slug = request.work_site.slug
            return redirect(f"{request.desk_origin}/s/{slug}/phone/{made.id}/")
        except Refused as refused:
            refusal = str(refused)
    context = {"typed": typed, "refusal": refusal}
    return render(request, "console/phone.html", context, status=422 if refusal else 200)


def _goods(text: str) -> dict[UUID, int]:
    wanted: dict[str, int] = {}
    for line in text.splitlines()[:50]:
        found = re.fullmatch(r"\s*(\S+)(?:[\s,]+(\d{1,2}))?\s*", line)
        if line.strip() and found is None:
            raise Refused(_("This line cannot be read: %(line)s") % {"line": line})
        if found:
            wanted[found[1]] = wanted.get(found[1], 0) + int(found[2] or 1)
    known = find_skus(wanted)
    if unknown := [code for code in wanted if code not in known]:
        raise Refused(_("There is no SKU %(code)s.") % {"code": ", ".join(unknown)})
    return {known[code]: pieces for code, pieces in wanted.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.edit")
def confirm(request: WorkRequest, checkout_id: UUID) -> HttpResponse:
    """How it is paid, and the last check with the caller on the line."""
    slug = request.work_site.slug
    placed = find_by_checkout(checkout_id)
    if placed is not None:
        return redirect("console_order", slug, placed.number)
    checkout = find_checkout(checkout_id)
    if checkout is None:
        raise Http404
    if checkout.record_id is None:
        return redirect(f"{request.desk_origin}/s/{slug}/phone/{checkout_id}/")
    refusal = ""
    if request.method == "POST":
        try:
            method = request.POST.get("method", "")
            actions.choose_method(checkout_id, method if method in BY_PHONE else "")
            if "place" in request.POST:
                order = actions.place(
                    checkout_id, shown_total_yen=_number(request.POST.get("total", "")),
                    by=request.worker.by, channel="phone",
                )  # fmt: skip
                return redirect("console_order", slug, order.number)
            return redirect("console_phone_confirm", slug, checkout_id)
        except Refused as refused:
            refusal = str(refused)
    basket = read_basket(checkout)
    context = {
        "checkout": checkout, "cart": basket.view(checkout.method), "refusal": refusal,
        "methods": [each for each in basket.methods() if each.code in BY_PHONE],
    }  # fmt: skip
    return render(request, "console/phone_confirm.html", context, status=409 if refusal else 200)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1
