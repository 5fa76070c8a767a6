"""キャンペーン・クーポン: the list, one offer with its codes, and a cart to try it on."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.catalogue.queries import find_sku, ids_of_categories, ids_of_products
from lockstitch.console.offer_forms import CodeForm, OfferForm, in_japan, shown_moment, words
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import Refused
from lockstitch.members.queries import ranks
from lockstitch.pricing import actions, queries
from lockstitch.pricing.queries import Promotion, Who
from lockstitch.pricing.trying import Tried, pieces_of, try_out

NOBODY = UUID(int=0)  # a member who has used nothing yet


@require_safe
@at_site("offers.see")
def listing(request: WorkRequest) -> HttpResponse:
    return render(request, "console/offers.html", {"offers": queries.all_promotions()})


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("offers.see")
def edit(request: WorkRequest, offer_id: UUID | None = None) -> HttpResponse:
    offer = queries.find_promotion(offer_id) if offer_id else None
    if offer_id and offer is None:
        raise Http404
    form = OfferForm(request.POST or None, initial=_typed(offer) if offer else None)
    may_edit = request.worker.may("offers.edit")
    if request.method == "POST" and may_edit and form.is_valid():
        try:
            kept = actions.save_promotion(offer_id, **_values(form.cleaned_data))
            return redirect("console_offer", request.work_site.slug, kept.id)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, offer, form, CodeForm())


@require_POST
@at_site("offers.edit")
def add_code(request: WorkRequest, offer_id: UUID) -> HttpResponse:
    offer = queries.find_promotion(offer_id)
    if offer is None:
        raise Http404
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            actions.save_coupon(offer_id, **form.cleaned_data)
            return redirect("console_offer", request.work_site.slug, offer_id)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, offer, OfferForm(initial=_typed(offer)), form)


def _page(
    request: WorkRequest, offer: Promotion | None, form: OfferForm, code_form: CodeForm
) -> HttpResponse:
    context = {
        "offer": offer, "form": form, "code_form": code_form,
        "may_edit": request.worker.may("offers.edit"),
    }  # fmt: skip
    status = 422 if form.errors or code_form.errors else 200
    return render(request, "console/offer.html", context, status=status)


def _values(data: dict[str, Any]) -> dict[str, Any]:
    """Columns of a promotion. Raises Refused for a product or category that there is not."""
    products, categories = words(data["products"]), words(data["categories"])
    found, known = ids_of_products(products), ids_of_categories(categories)
    missing = [slug for slug in products if slug not in found]
    missing += [slug for slug in categories if slug not in known]
    gift = find_sku(code=data["gift_code"]) if data["gift_code"] else None
    if data["gift_code"] and gift is None:
        missing.append(data["gift_code"])
    if missing:
        raise Refused(_("There is no such thing: %(names)s") % {"names": ", ".join(missing)})
    plain = ("kind", "excludes_sale", "exclusive", "needs_coupon", "members_only", "active")
    numbers = ("yen", "pieces", "from_yen", "from_pieces", "priority")
    return {
        **{name: data[name] for name in plain},
        **{name: data[name] or 0 for name in numbers},
        "name": {"ja": data["name_ja"], "en": data["name_en"]},
        "rate_bp": round((data["per_cent"] or 0) * 100),
        "gift_sku_id": gift.id if gift else None,
        "products": [str(found[slug]) for slug in products],
        "categories": [str(known[slug]) for slug in categories],
        "brands": words(data["brands"]),
        "ranks": words(data["ranks"]),
        "starts_at": in_japan(data["starts_at"]),
        "ends_at": in_japan(data["ends_at"]),
    }


def _typed(offer: Promotion) -> dict[str, Any]:
    products = {str(key): slug for slug, key in ids_of_products(ids=offer.products).items()}
    categories = {str(key): slug for slug, key in ids_of_categories(ids=offer.categories).items()}
    same = (
        "kind", "yen", "pieces", "excludes_sale", "from_yen", "from_pieces", "exclusive",
        "priority", "needs_coupon", "members_only", "active",
    )  # fmt: skip
    gift = find_sku(sku_id=offer.gift_sku_id) if offer.gift_sku_id else None
    return {
        **{name: getattr(offer, name) for name in same},
        "name_ja": offer.name.get("ja", ""), "name_en": offer.name.get("en", ""),
        "per_cent": f"{offer.rate_bp / 100:g}",
        "gift_code": gift.code if gift else "",
        "products": ", ".join(products.get(key, key) for key in offer.products),
        "categories": ", ".join(categories.get(key, key) for key in offer.categories),
        "brands": ", ".join(offer.brands), "ranks": ", ".join(offer.ranks),
        "starts_at": shown_moment(offer.starts_at), "ends_at": shown_moment(offer.ends_at),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("offers.see")
def try_on(request: WorkRequest) -> HttpResponse:
    """A cart as it would be priced: each offer with what it saves, or why it does not count."""
    typed, refusal = request.POST, ""
    tried: Tried | None = None
    ladder = {rank.code: rank for rank in ranks()}
    if request.method == "POST":
        rank = ladder.get(typed.get("rank", ""))
        draft = _offer_of(request.GET.get("offer", ""))
        who = (
            Who(NOBODY, rank.code if rank else "", is_first="first" in typed)
            if rank or "member" in typed
            else Who()
        )
        try:
            tried = try_out(
                pieces_of(typed.get("pieces", "")), who, rate_bp=rank.rate_bp if rank else 0,
                codes=words(typed.get("codes", "")), draft=draft,
                prefecture=typed.get("prefecture", "")[:4],
            )  # fmt: skip
        except Refused as refused:
            refusal = str(refused)
    context = {
        "typed": typed, "tried": tried, "refusal": refusal, "ranks": list(ladder.values()),
        "draft": _offer_of(request.GET.get("offer", "")),
    }  # fmt: skip
    return render(request, "console/offers_try.html", context, status=422 if refusal else 200)


def _offer_of(text: str) -> Promotion | None:
    try:
        return queries.find_promotion(UUID(text)) if text else None
    except ValueError:
        return None
