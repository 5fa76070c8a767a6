"""What the console shows of people, in frames of this origin: its own page never has it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import cast

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.desk.disclosing import ask_for_code, people
from lockstitch.desk.forms import ADDRESS_FIELDS, NAME_FIELDS, PLACE_FIELDS
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import Order, find_order, numbers_of_records
from lockstitch.sealed import reading
from lockstitch.tenancy.queries import Site, find_site
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.tenancy.scope import scope

PURPOSES = {
    "order.ship": _("Shipping"),
    "order.support": _("An inquiry of the buyer"),
    "order.check": _("Checking a suspicious order"),
}
# What each is shown for: the address is of no use to who answers a mail.
SHOWN = {
    "order.ship": (*NAME_FIELDS, "phone", *PLACE_FIELDS, "note"),
    "order.support": (*NAME_FIELDS, "email", "phone", "note"),
    "order.check": ADDRESS_FIELDS,
}
SEARCHES = {
    "email": _("E-mail address"), "phone": _("Phone number"), "name": _("Name"), "kana": _("Kana"),
}  # fmt: skip

View = Callable[..., HttpResponseBase]


def framed(view: View) -> View:
    """Shows the guard's refusal in the frame: signed out, not allowed, or away for a moment."""

    @wraps(view)
    def guarded(request: SiteRequest, **names: str) -> HttpResponseBase:
        try:
            return view(request, **names)
        except Refused as refused:
            if page := ask_for_code(request, refused, base="desk/frame_base.html"):
                return page
            context = {
                "refusal": str(refused), "signed_out": reading.is_signed_out(refused),
            }  # fmt: skip
            return render(request, "desk/frame_refused.html", context, status=403)

    return guarded


@contextmanager
def site_of_operator(request: SiteRequest, slug: str) -> Iterator[Site]:
    """The site, in scope, when the guard says that the asker works for it."""
    me = reading.ask(caller(request), reading.WhoAmI())
    site = find_site(slug)
    if site is None or site.id not in me.site_ids:
        raise Http404
    with scope(site.id):
        yield site


@contextmanager
def order_of_operator(request: SiteRequest, slug: str, number: str) -> Iterator[tuple[Site, Order]]:
    with site_of_operator(request, slug) as site:
        order = find_order(number)
        if order is None:
            raise Http404
        yield site, order


@never_cache
@require_http_methods(METHODS)
@framed
def reveal(request: SiteRequest, slug: str, number: str) -> HttpResponse:
    """The buyer of one order, for a stated purpose. Asking is what goes on the record."""
    with order_of_operator(request, slug, number) as (site, order):
        fields = None
        purpose = request.POST.get("purpose", "")
        if request.method == "POST" and purpose in PURPOSES:
            shown = people(request, [order.record_id], fields=SHOWN[purpose], purpose=purpose)
            fields = shown[order.record_id]
        context = {
            "order": order, "fields": fields, "purposes": PURPOSES, "purpose": purpose,
            "work_site": site,
        }  # fmt: skip
        return render(request, "desk/frame_reveal.html", context)


@never_cache
@require_safe
@framed
def history(request: SiteRequest, slug: str, number: str) -> HttpResponse:
    """Who saw this order's buyer: which fields, when, what for."""
    with order_of_operator(request, slug, number) as (site, order):
        question = reading.WhoSaw(record_id=order.record_id, site_id=site.id, limit=200)
        seen = reading.ask(caller(request), question).disclosures
        context = {"order": order, "seen": seen, "purposes": PURPOSES}
        return render(request, "desk/frame_history.html", context)


@never_cache
@require_http_methods(METHODS)
@framed
def search(request: SiteRequest, slug: str) -> HttpResponse:
    """Orders by the buyer's exact e-mail, phone, name or kana; the answer is numbers and masks."""
    with site_of_operator(request, slug) as site:
        value = request.POST.get("value", "").strip()[:200]
        by = request.POST.get("by", "email")
        orders = None
        if request.method == "POST" and value and by in SEARCHES:
            question = reading.Search(site_id=site.id, by=cast(reading.SearchBy, by), value=value)
            ids = reading.ask(caller(request), question).record_ids
            orders = numbers_of_records(ids)
        context = {
            "orders": orders, "searches": SEARCHES, "by": by, "value": value, "work_site": site,
        }  # fmt: skip
        return render(request, "desk/frame_search.html", context)
