"""Reviews and questions: read by everybody, written by buyers and by whoever wants to know."""

from typing import cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.catalogue.queries import ProductView
from lockstitch.feedback import actions as feedback
from lockstitch.feedback.queries import (
    own_review,
    questions_of,
    reviews_of,
    sent_for,
    summary_of,
    to_review,
)
from lockstitch.feedback.rules import FITS, HEIGHTS, PICTURES_MAX, STARS
from lockstitch.kernel.errors import Refused
from lockstitch.looks.doors import source_of
from lockstitch.orders.queries import Order, find_by_checkout
from lockstitch.storefront.shell import shell
from lockstitch.storefront.shown import product_shown
from lockstitch.storefront.visitor import is_own, member_id
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def show(request: SiteRequest, slug: str) -> HttpResponse:
    return _page(request, _product(request, slug))


@never_cache
@require_POST
def ask(request: SiteRequest, slug: str) -> HttpResponse:
    view = _product(request, slug)
    try:
        feedback.ask(view.product.id, request.POST.get("text", ""))
    except Refused as refused:
        return _page(request, view, refusal=str(refused), typed=request.POST.get("text", ""))
    return _page(request, view, asked=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SiteRequest, checkout_id: UUID, sku_id: UUID) -> HttpResponse:
    """The form; and once it was sent, what was said, with its pictures."""
    order = _order(request, checkout_id)
    line = next((each for each in to_review(order) if each.sku_id == sku_id), None)
    if line is None and request.method != "POST":
        return _said(request, order, sku_id)
    refusal, typed = "", request.POST
    if request.method == "POST":
        words = feedback.Words(
            stars=_number(typed.get("stars")) or 0, fit=_number(typed.get("fit")),
            height_cm=_number(typed.get("height")), usual_size=typed.get("usual", ""),
            text=typed.get("text", ""),
        )  # fmt: skip
        try:
            feedback.review(order, sku_id, words, _files(request))
            if request.FILES:
                return redirect("review", checkout_id, sku_id)
            return redirect(f"/orders/{checkout_id}/?said=1")
        except Refused as refused:
            refusal = str(refused)
    context = shell(
        request, order=order, line=line, refusal=refusal, typed=typed, stars=STARS, fits=FITS,
        heights=HEIGHTS, may_send=_is_member(request, order), most=PICTURES_MAX,
    )  # fmt: skip
    return render(request, "storefront/review.html", context, status=422 if refusal else 200)


@never_cache
@require_POST
def pictures(request: SiteRequest, checkout_id: UUID, sku_id: UUID) -> HttpResponse:
    """More of them, or one less."""
    order = _order(request, checkout_id)
    try:
        if "drop" in request.POST:
            feedback.drop_picture(order, sku_id, UUID(request.POST["drop"]))
        else:
            feedback.add_pictures(order, sku_id, _files(request))
    except Refused as refused:
        return _said(request, order, sku_id, refusal=str(refused))
    except ValueError:
        raise Http404 from None
    return redirect("review", checkout_id, sku_id)


def _order(request: SiteRequest, checkout_id: UUID) -> Order:
    order = find_by_checkout(checkout_id)
    if order is None or not is_own(request, order):
        raise Http404
    return order


def _is_member(request: SiteRequest, order: Order) -> bool:
    return order.member_id is not None and order.member_id == member_id(request)


def _files(request: SiteRequest) -> feedback.Files:
    """A file field that was left empty sends nothing."""
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("pictures"))
    sent = [(file.name or "", file.read()) for file in files if file.size]
    return feedback.Files(member_id(request), source_of(request), sent)


def _said(request: SiteRequest, order: Order, sku_id: UUID, *, refusal: str = "") -> HttpResponse:
    review = own_review(order, sku_id)
    if review is None:
        return redirect("order", order.checkout_id)
    sent = sent_for(review)
    context = shell(
        request, order=order, review=review, refusal=refusal,
        waiting=any(upload.state == "waiting" for upload in sent),
        refused=[upload for upload in sent if upload.state == "refused"],
        may_send=_is_member(request, order) and review.state == "waiting"
        and len(review.pictures.all()) < PICTURES_MAX,
    )  # fmt: skip
    return render(request, "storefront/review_own.html", context, status=422 if refusal else 200)


def _page(
    request: SiteRequest, view: ProductView, *, refusal: str = "", typed: str = "",
    asked: bool = False,
) -> HttpResponse:  # fmt: skip
    key = view.product.id
    context = shell(
        request, view=view, summary=summary_of(key), questions=questions_of(key),
        page=reviews_of(key, after=request.GET.get("after", "")[:40]), refusal=refusal,
        typed=typed, asked=asked,
    )  # fmt: skip
    return render(request, "storefront/voices.html", context, status=422 if refusal else 200)


def _product(request: SiteRequest, slug: str) -> ProductView:
    found = product_shown(request, slug)
    if found is None:
        raise Http404
    return found


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
