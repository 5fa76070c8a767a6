"""商品: the list, and the colour x size grid of one product in one save."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.catalogue.queries import find_product, list_all
from lockstitch.console.forms import grid_rows, read_grid
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.inventory.grid import GridCell, first_stock, save_grid
from lockstitch.kernel.errors import Refused


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    page = list_all(words=request.GET.get("q", "")[:80], after=request.GET.get("after", "")[:60])
    context = {"page": page, "words": request.GET.get("q", "")}
    return render(request, "console/products.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def grid(request: WorkRequest, product: str) -> HttpResponse:
    """Price, JAN and stock of every SKU on one page, saved all or nothing."""
    view = find_product(product, drafts=True)
    if view is None:
        raise Http404
    skus = [cell.sku for colour in view.colours for cell in colour.cells if cell.sku]
    stocks = first_stock([sku.id for sku in skus])
    cells: list[GridCell] = []
    problems: list[str] = []
    if request.method == "POST" and request.worker.may("goods.edit"):
        cells, problems = read_grid(request.POST, skus)
        if not problems:
            try:
                save_grid(cells, by=request.worker.id)
                return redirect(f"{request.path}?kept=1")
            except Refused as refused:
                problems = [str(refused)]
    context = {
        "view": view, "problems": problems, "kept": "kept" in request.GET,
        "rows": grid_rows(view, stocks, request.POST if problems else {}),
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/product.html", context, status=422 if problems else 200)
