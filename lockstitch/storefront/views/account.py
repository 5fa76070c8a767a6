"""A member's page in the shop, and the hand-over that signs them in here."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lockstitch.access import actions as access
from lockstitch.checkout.filling import carry_over
from lockstitch.coordinates.counting import take_over as follows_taken_over
from lockstitch.crm.ranking import standing
from lockstitch.kernel.ids import digest, new_token
from lockstitch.members.favourites import take_over
from lockstitch.members.queries import find_member, points_of
from lockstitch.orders.queries import orders_of_member
from lockstitch.pricing.queries import coupons_of
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import (
    cart_token,
    favourite_token,
    follow_token,
    member_id,
    remember_cart,
)  # fmt: skip
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.wishes.interests import take_over as interests_taken_over


@never_cache
@require_safe
def show(request: SiteRequest) -> HttpResponse:
    member = member_id(request)
    if member is None:
        return redirect(f"{request.desk_origin}/sign-in/?next=/account/&lang={get_language()}")
    context = shell(
        request, profile=find_member(member), orders=orders_of_member(member),
        points=points_of(member), standing=standing(member), coupons=coupons_of(member),
    )  # fmt: skip
    return render(request, "storefront/account.html", context)


@never_cache
@require_safe
def begin_session(request: SiteRequest) -> HttpResponse:
    """The browser comes back from the desk with a code that is good once."""
    host = request.get_host().partition(":")[0]
    found = access.finish_handover(request.GET.get("code", "")[:64], host=host)
    onward = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None) or not onward.startswith(
        "/"
    ):
        onward = "/"
    response = redirect(onward)
    if found is not None and found.kind == "member":
        request.session.cycle_key()
        request.session["member"] = {
            "id": str(found.principal_id), "site": str(request.site.id),
            "guard": str(found.session_id),
        }  # fmt: skip
        token = cart_token(request) or new_token()
        carry_over(token, found.principal_id, request.site.id)
        remember_cart(response, token)
        take_over(favourite_token(request), found.principal_id)
        interests_taken_over(favourite_token(request), found.principal_id)
        if followed := follow_token(request):
            follows_taken_over(digest(followed), found.principal_id)
    return response


@require_POST
def sign_out(request: SiteRequest) -> HttpResponse:
    request.session.flush()
    return redirect(f"{request.desk_origin}/signed-out/")
