"""商品: a product from nothing to on sale on one page, saved all or nothing; its copy, its history
and its preview."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.access.queries import handles
from lockstitch.catalogue.checks import faults, warnings
from lockstitch.catalogue.editing import Faulty, Stale, copy_of, go_back, next_gtins
from lockstitch.catalogue.garments import GARMENTS, Garment
from lockstitch.catalogue.listing import STATES, find_by_code, list_goods
from lockstitch.catalogue.previewing import address_of
from lockstitch.catalogue.price_waits import how_many_wait, waiting
from lockstitch.catalogue.queries import ids_of_products
from lockstitch.catalogue.reading import Kept, find_whole, history, tree, used_words
from lockstitch.catalogue.rules import shown_state
from lockstitch.catalogue.whole import NewProduct
from lockstitch.console.goods_form import Reading, Typed, fields_of, read
from lockstitch.console.goods_page import Page, choices, filled, with_gtins, without_gtin
from lockstitch.console.views.prices import shown_waits
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content.seconding import two_persons
from lockstitch.inventory.grid import first_stock_of, save_product
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused

AGAIN = {"rows", "fill", "gtins"}  # steps that show the form again and save nothing
BLANK = {"age_group": "adult", "audience": "public", "tax_rate_bp": "10", "is_giftable": "1"}


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    """Drafts too. A SKU or a JAN that is scanned leads straight to its product."""
    chosen = {
        name: request.GET.get(name, "")[:120]
        for name in ("q", "state", "brand", "category", "season", "after")
    }
    if chosen["q"] and (found := find_by_code(chosen["q"])):
        slug, code = found
        return redirect(f"{request.path}{slug}/?sku={code}#grid")
    page = list_goods(**chosen)  # type: ignore[arg-type]  # texts, all of them
    query = QueryDict(mutable=True)
    query.update({name: text for name, text in chosen.items() if text and name != "after"})
    context = {
        "page": page, "chosen": chosen, "states": STATES, "query": query.urlencode(),
        "used": used_words(), "categories": [(one, "　" * depth) for depth, one in tree()],
        "filtered": any(chosen.values()), "prices": how_many_wait(),
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/products.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.edit")
def create(request: WorkRequest) -> HttpResponse:
    """A product from nothing."""
    if request.method != "POST":
        return _page(request, None, BLANK)
    return _posted(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def edit(request: WorkRequest, product: str) -> HttpResponse:
    """Everything of one product, and the colour x size grid."""
    kept = find_whole(product)
    if kept is None:
        raise Http404
    if request.method == "POST" and request.worker.may("goods.edit"):
        return _posted(request, kept)
    return _page(request, kept, _kept_fields(kept))


def _kept_fields(kept: Kept) -> dict[str, str]:
    return fields_of(kept.new, first_stock_of([sku.code for sku in kept.new.skus]))


def _posted(request: WorkRequest, kept: Kept | None) -> HttpResponse:
    step, given = request.POST.get("step", "save"), request.POST
    if step in AGAIN:
        return _page(request, kept, _again(step, given))
    garment = _garment(given)
    reading = read(given, given.getlist("care"), garment, kept.new if kept else None)
    if step == "publish":
        reading.new.published = now()
    version, stale, refusal = _version(given, kept), None, ""
    if reading.problems:  # what could not be read; and with it whatever else is wrong
        reading.tell(faults(reading.new))
    else:
        try:
            save_product(
                reading.new, reading.counts, product_id=kept.id if kept else None,
                version=version, by=request.worker.id, renames=reading.renames,
                second=two_persons(),
            )  # fmt: skip
            return redirect(f"{_address(request, reading.new)}?kept=1")
        except Faulty as faulty:
            reading.tell(faulty.faults)
        except Stale as other:
            stale, version = other, other.version
        except Refused as refused:
            refusal = str(refused)
    return _page(
        request, kept, given, reading, version=version, stale=stale, refusal=refusal,
        status=409 if stale else 422,
    )  # fmt: skip


def _version(given: Typed, kept: Kept | None) -> int:
    text = given.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _address(request: WorkRequest, new: NewProduct) -> str:
    return f"/s/{request.work_site.slug}/products/{new.slug}/"


def _again(step: str, given: QueryDict) -> dict[str, Any]:
    """More rows, the filling row filled in, or JANs for what has none. Nothing is saved."""
    if step == "fill":
        return filled(given)
    if step == "gtins":
        return with_gtins(given, next_gtins(len(without_gtin(given))))
    return {name: given[name] for name in given}


def _garment(given: Typed) -> Garment | None:
    if own := GARMENTS.get(given.get("kind", "")):
        return own
    slug = given.get("category", "")
    chosen = next((one for _depth, one in tree() if one.slug == slug), None)
    return GARMENTS.get(chosen.garment) if chosen else None


def _page(
    request: WorkRequest, kept: Kept | None, given: Typed, reading: Reading | None = None, *,
    version: int | None = None, stale: Stale | None = None, refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    may_edit = request.worker.may("goods.edit")
    posted = request.method == "POST"
    care = request.POST.getlist("care") if posted else kept.new.care if kept else []
    garment = _garment(given)
    stocks = first_stock_of([sku.code for sku in kept.new.skus]) if kept else {}
    page = Page(
        given, reading.problems if reading else {}, garment, care, locked=not may_edit,
        promised={code: promised for code, (_hand, promised) in stocks.items()},
    )  # fmt: skip
    context: dict[str, Any] = {
        "kept_product": kept, "page": page, "garment": garment,
        **choices(str(given.get("audience", ""))[:60]),
        "may_edit": may_edit, "stale": stale, "refusal": refusal, "garments": GARMENTS,
        "saved": "kept" in request.GET and not posted,
        "version": version if version is not None else _version_shown(request, kept),
        "sku": request.GET.get("sku", "")[:120],
    }  # fmt: skip
    if kept:
        context |= {
            "waits": shown_waits(request, waiting([kept.id])),
            "state": _state(kept.new), "warnings": warnings(kept.new, kept.garment),
            "steps": history(kept.id), "by": handles([s.by for s in history(kept.id) if s.by]),
        }  # fmt: skip
    if stale and stale.by:
        context["other"] = handles([stale.by]).get(stale.by, "")
    return render(request, "console/product.html", context, status=status)


def _version_shown(request: WorkRequest, kept: Kept | None) -> int:
    """While steps are taken the form keeps the version that it was opened with."""
    typed_version = _version(request.POST, kept) if request.method == "POST" else 0
    return typed_version or (kept.version if kept else 0)


def _state(new: NewProduct) -> str:
    class Window:
        published_from, published_until = new.published, new.published_until

    return shown_state(Window(), now())


@require_POST
@at_site("goods.edit")
def copy(request: WorkRequest, product: str) -> HttpResponse:
    """A draft like this one, under the next free number."""
    kept = find_whole(product)
    if kept is None:
        raise Http404
    number, n = kept.new.item_number, 2
    while ids_of_products([f"{kept.new.slug}-{n}"]):
        n += 1
    new = copy_of(kept.new, slug=f"{kept.new.slug}-{n}", item_number=f"{number}-{n}")
    try:
        save_product(
            new, {}, product_id=None, version=0, by=request.worker.id, second=two_persons()
        )
    except Refused as refused:
        return _page(request, kept, _kept_fields(kept), refusal=_why(refused), status=422)
    return redirect(f"{_address(request, new)}?kept=1")


@require_POST
@at_site("goods.edit")
def undo(request: WorkRequest, product: str) -> HttpResponse:
    """Back to a revision: itself a change, that can be undone."""
    kept = find_whole(product)
    to = _version(QueryDict(f"version={request.POST.get('to', '')}"), None)
    if kept is None:
        raise Http404
    try:
        go_back(
            kept.id, to, version=_version(request.POST, kept), by=request.worker.id,
            second=two_persons(),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, kept, _kept_fields(kept), refusal=_why(refused), status=409)
    again = next(iter(ids_of_products(ids=[str(kept.id)])))
    return redirect("console_product", request.work_site.slug, again)


def _why(refused: Refused) -> str:
    if isinstance(refused, Faulty):
        return " ".join(fault.text for fault in refused.faults)
    return str(refused)


@require_safe
@at_site("goods.see")
def preview(request: WorkRequest, product: str) -> HttpResponse:
    """The product as a visitor will see it, on a phone and on a desk, draft or not."""
    kept = find_whole(product)
    if kept is None:
        raise Http404
    address = address_of(request.work_site, kept.id)
    context = {"kept_product": kept, "address": address, "state": _state(kept.new)}
    response = render(request, "console/preview.html", context)
    response.policy = {"frame-src": [address.partition("/draft/")[0]]}  # type: ignore[attr-defined]
    return response
