"""Where the addresses in letters lead: out of them with one click, and back to the cart."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.crm import actions as crm
from lockstitch.members import actions as members
from lockstitch.members.queries import find_by_mail_key
from lockstitch.members.rules import PURPOSES
from lockstitch.storefront.shell import shell
from lockstitch.tenancy.requests import SiteRequest


@csrf_exempt  # a mailbox presses the button, without a page of ours (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: SiteRequest, purpose: str, key: UUID) -> HttpResponse:
    """A look changes nothing: mail scanners follow every link. The press of the button does."""
    member = find_by_mail_key(key)
    if member is None or purpose not in PURPOSES:
        raise Http404
    done = request.method == "POST"
    if done:
        members.consent(member.pk, {purpose: False}, source="letter")
    context = shell(request, done=done, purpose=purpose)
    return render(request, "storefront/unsubscribe.html", context)


@never_cache
@require_safe
def back_to_cart(request: SiteRequest, reminder_id: UUID) -> HttpResponse:
    """From a reminder to the cart. The address opens nothing: the cart is the browser's own, or
    the member's after signing in."""
    crm.came_back(reminder_id)
    return redirect("cart")


@never_cache
@require_safe
def goodbye(request: SiteRequest) -> HttpResponse:
    """After leaving: the shop's own session ends too."""
    request.session.flush()
    return render(request, "storefront/goodbye.html", shell(request))
