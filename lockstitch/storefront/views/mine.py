"""What members keep in the shop: points, favourites, garments that fit, and letters."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.looks.origin import by_origin
from lockstitch.looks.words import BODY_WORDS
from lockstitch.members import actions as members
from lockstitch.members.favourites import Owner, like, liked, unlike
from lockstitch.members.queries import (
    consents_of,
    find_member,
    garments_of,
    point_history,
    points_of,
)  # fmt: skip
from lockstitch.members.rules import GARMENTS, PURPOSES
from lockstitch.orders.queries import orders_by_id
from lockstitch.storefront.shell import shell
from lockstitch.storefront.shown import product_shown
from lockstitch.storefront.views.following import followed
from lockstitch.storefront.visitor import liker, member_id, remember_favourites
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.wishes import interests
from lockstitch.wishes.queries import waits_of

View = Callable[..., HttpResponse]


def for_members(view: View) -> View:
    """Sends whoever is not signed in to the desk, and back here."""

    @never_cache
    @wraps(view)
    def guarded(request: SiteRequest) -> HttpResponse:
        member = member_id(request)
        if member is None:
            onward = f"?next={request.path}&lang={get_language()}"
            return redirect(f"{request.desk_origin}/sign-in/{onward}")
        return view(request, member)

    return guarded


@require_safe
@for_members
def points(request: SiteRequest, member: UUID) -> HttpResponse:
    page = point_history(member, after=request.GET.get("after", "")[:80])
    orders = orders_by_id({entry.order_id for entry in page.entries if entry.order_id})
    entries = [(each, each.order_id and orders.get(each.order_id)) for each in page.entries]
    context = shell(request, points=points_of(member), page=page, entries=entries)
    return render(request, "storefront/points.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def sizes(request: SiteRequest, member: UUID) -> HttpResponse:
    refusal, typed = "", request.POST
    if request.method == "POST":
        try:
            if "forget" in typed:
                members.forget_garment(member, _uuid(typed["forget"]))
            else:
                members.keep_garment(
                    member, name=typed.get("name", ""), kind=typed.get("kind", ""),
                    size=typed.get("size", ""), measures=typed.dict(),
                )  # fmt: skip
            return redirect("my_sizes")
        except Refused as refused:
            refusal = str(refused)
    kind = (typed or request.GET).get("kind", "top")
    shown = kind if kind in GARMENTS else "top"
    context = shell(
        request, refusal=refusal, kind=shown, kinds=list(GARMENTS),
        points=[(point, BODY_WORDS[point], typed.get(point, "")) for point in GARMENTS[shown]],
        garments=[
            (one, [(BODY_WORDS[point], cm) for point, cm in one.measures.items()])
            for one in garments_of(member)
        ],
        typed=typed,
    )  # fmt: skip
    return render(request, "storefront/sizes.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def preferences(request: SiteRequest, member: UUID) -> HttpResponse:
    """Consents, each for its purpose, and the month of birth."""
    refusal = ""
    if request.method == "POST":
        given = {purpose: purpose in request.POST for purpose in PURPOSES}
        month = request.POST.get("month", "")
        try:
            members.consent(member, given, source="account")
            members.set_birth_month(member, int(month) if month.isdecimal() else None)
            return redirect(f"{request.path}?kept=1")
        except Refused as refused:
            refusal = str(refused)
    found = find_member(member)
    if found is None:
        raise Http404
    context = shell(
        request, refusal=refusal, kept="kept" in request.GET, profile=found,
        months=range(1, 13), purposes=PURPOSES, consents=consents_of(member),
    )  # fmt: skip
    return render(request, "storefront/letters.html", context, status=422 if refusal else 200)


@never_cache
@require_safe
def favourites(request: SiteRequest) -> HttpResponse:
    mine, people = member_id(request), followed(request)
    return render(
        request,
        "storefront/favourites.html",
        shell(
            request,
            liked=liked(liker(request)),
            waits=waits_of(mine) if mine else [],
            people=people,
            kept=interests.kept(liker(request), {one.id for one in people}),
        ),
    )


@by_origin
@require_POST
def set_favourite(request: SiteRequest) -> HttpResponse:
    """Puts a product among the favourites, or takes it out; then back to where it was pressed."""
    view = product_shown(request, request.POST.get("product", "")[:160])
    if view is None:
        raise Http404
    owner, token = _whose(request)
    if "out" in request.POST:
        unlike(owner, view.product.id)
    else:
        like(owner, view.product.id, price_yen=min(view.prices, default=0))
    if "list" in request.POST:
        response = redirect("favourites")
    else:
        response = redirect("product", view.product.slug)
    if token:
        remember_favourites(response, token)
    return response


@by_origin
@require_POST
def set_interest(request: SiteRequest) -> HttpResponse:
    """Puts a coordinate or a brand among the favourites, or takes it out."""
    given = request.POST
    brand, text = given.get("brand", "").replace("\0", "")[:120], given.get("coordinate", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    token = ""
    if "out" in given:
        interests.drop(liker(request), number=number, brand=brand)
    else:
        owner, token = _whose(request)
        there = (
            interests.keep_look(owner, number) if number is not None
            else interests.keep_brand(owner, brand)
        )  # fmt: skip
        if not there:
            raise Http404
    back = number is not None and "list" not in given
    response = redirect("coordinate", number) if back else redirect("favourites")
    if token:
        remember_favourites(response, token)
    return response


def _whose(request: SiteRequest) -> tuple[Owner, str]:
    """Whose favourites change; of a browser that has none yet, with the token to remember."""
    owner = liker(request)
    if not owner.is_nobody:
        return owner, ""
    token = new_token()
    return Owner(token=token), token


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
