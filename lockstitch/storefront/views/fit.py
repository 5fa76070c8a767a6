"""Size advice: the sizes of a product beside a garment that fits. What is typed is in the address
and nowhere else; a member may compare what they have kept."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lockstitch.catalogue.fitting import ALIASES, KIND_OF, advise
from lockstitch.catalogue.queries import ProductView, measures_of
from lockstitch.catalogue.sizing import garment_code
from lockstitch.feedback.queries import summary_of
from lockstitch.kernel.errors import Refused
from lockstitch.looks.words import BODY_WORDS
from lockstitch.members.actions import keep_garment
from lockstitch.members.queries import garments_of
from lockstitch.members.rules import GARMENTS
from lockstitch.orders.queries import find_by_checkout
from lockstitch.returns.queries import sizes_sent_back
from lockstitch.storefront.shell import shell
from lockstitch.storefront.shown import product_shown
from lockstitch.storefront.visitor import member_id
from lockstitch.tenancy.requests import SiteRequest

CM_MAX = 300


@never_cache
@require_safe
def show(request: SiteRequest, slug: str) -> HttpResponse:
    view = product_shown(request, slug)
    kind = kind_of(view) if view else ""
    if view is None or kind not in GARMENTS:
        raise Http404
    member = member_id(request)
    garments = [one for one in garments_of(member) if one.kind == kind] if member else []
    chosen = next((one for one in garments if str(one.pk) == request.GET.get("garment")), None)
    typed = {point: request.GET.get(point, "")[:8] for point in GARMENTS[kind]}
    own, wrong = (chosen.measures, False) if chosen else _centimetres(typed)
    there = {point for size in view.sizes for point in size.measures}
    fitted, best = advise(own, [(size.label, size.measures) for size in view.sizes])
    context = shell(
        request, view=view, garments=garments, chosen=chosen, wrong=wrong, fitted=fitted,
        best=best, asked=bool(own) or wrong, summary=summary_of(view.product.id),
        back=sizes_sent_back(view.product.id),
        points=[
            (point, BODY_WORDS[point], typed[point])
            for point in GARMENTS[kind]
            if ALIASES.get(point, point) in there
        ],
    )  # fmt: skip
    return render(request, "storefront/fit.html", context, status=422 if wrong else 200)


@require_POST
def keep(request: SiteRequest, checkout_id: UUID, sku_id: UUID) -> HttpResponse:
    """A bought piece's measures among the member's own garments, because they press the button."""
    order, member = find_by_checkout(checkout_id), member_id(request)
    if order is None or member is None or order.member_id != member:
        raise Http404
    line = next((each for each in order.current_lines if each.sku_id == sku_id), None)
    found = measures_of(sku_id)
    if line is None or found is None:
        raise Http404
    garment, measures = found
    names = {new: old for old, new in ALIASES.items()}
    try:
        keep_garment(
            member, name=_name(line.name), kind=KIND_OF.get(garment, ""), size=line.size,
            measures={names.get(p, p): f"{mm / 10}" for p, mm in measures.items()},
        )  # fmt: skip
    except Refused as refused:
        context = shell(request, refusal=str(refused), order=order)
        return render(request, "storefront/not_kept.html", context, status=422)
    return redirect("my_sizes")


def kind_of(view: ProductView) -> str:
    """The kind that members measure (members.rules.GARMENTS); "" for a bag or a hat."""
    of_category = view.category.garment if view.category else ""
    return KIND_OF.get(garment_code(view.product.attributes, of_category), "")


def _centimetres(typed: dict[str, str]) -> tuple[dict[str, float], bool]:
    """What is typed, and whether some of it is no measure."""
    own: dict[str, float] = {}
    for point, text in typed.items():
        if not text.strip():
            continue
        try:
            own[point] = float(text)
        except ValueError:
            return {}, True
        if not 1 <= own[point] <= CM_MAX:
            return {}, True
    return own, False


def _name(name: dict[str, str]) -> str:
    return name.get("ja") or name.get("en") or "—"
