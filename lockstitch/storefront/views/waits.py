"""再入荷のお知らせ: asking for it, saying yes to its letter, and ending it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from lockstitch.catalogue.queries import Offer, offers
from lockstitch.checkout.buyers import sold_to
from lockstitch.kernel.errors import Refused
from lockstitch.looks.origin import by_origin
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import member_id
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.wishes import actions as wishes
from lockstitch.wishes.queries import find_wait


@never_cache
@require_POST
@by_origin
def begin(request: SiteRequest) -> HttpResponse:
    """A member's wait begins here, a guest's at the desk; or the wish is only counted."""
    member, refusal = member_id(request), ""
    offer = _offer(request.POST.get("sku", ""), member)
    try:
        if "count" in request.POST:
            wishes.wish(offer.sku_id)
        elif member is None:
            return redirect(f"{request.desk_origin}/restock/{offer.sku_id}/?lang={get_language()}")
        else:
            wishes.wait_as_member(offer.sku_id, member)
    except Refused as refused:
        refusal = str(refused)
    context = shell(request, offer=offer, refusal=refusal, counted="count" in request.POST)
    return render(request, "storefront/wait.html", context, status=422 if refusal else 200)


@csrf_exempt  # a mailbox presses the button, without a page of ours (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SiteRequest, key: UUID) -> HttpResponse:
    """A look changes nothing: mail scanners follow every link. The press of a button does."""
    wait = find_wait(key)
    if wait is None:
        raise Http404
    if request.method == "POST":
        if "yes" in request.POST:
            wishes.confirm(key)
        else:
            wishes.end(key)
        if "list" in request.POST:
            return redirect("favourites")
        wait = find_wait(key)
    offer = offers([wait.sku_id]).get(wait.sku_id) if wait else None
    context = shell(request, wait=wait, offer=offer, done=request.method == "POST")
    return render(request, "storefront/wait_answer.html", context)


def _offer(text: str, member: UUID | None) -> Offer:
    try:
        return sold_to(offers([UUID(text)]), member)[UUID(text)]
    except (ValueError, KeyError):
        raise Http404 from None
