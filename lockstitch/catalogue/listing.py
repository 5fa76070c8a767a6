"""商品一覧 of the console: every product, drafts too, with what a merchandiser filters by."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from lockstitch.catalogue.models import Colour, ColourPicture, Picture, Product, Sku
from lockstitch.catalogue.rules import shown_state
from lockstitch.kernel.clock import now
from lockstitch.kernel.text import folded

PAGE = 50
STATES = ("draft", "planned", "shown", "ended")


@dataclass(frozen=True)
class Listed:
    product: Product
    state: str
    colours: list[Colour]
    skus: int
    price_yen: int | None
    picture: Picture | None


@dataclass(frozen=True)
class Goods:
    rows: list[Listed]
    next: str


def find_by_code(text: str) -> tuple[str, str] | None:
    """(product's slug, SKU code) of exactly this SKU or JAN, as a scanner types it."""
    coded = Q(code_folded=folded(text)) | Q(gtin=text.strip() or "-")
    return Sku.objects.filter(coded).values_list("product__slug", "code").first() or None


def _in_state(rows: QuerySet[Product], state: str) -> QuerySet[Product]:
    moment = now()
    ended = Q(published_until__isnull=False, published_until__lte=moment)
    if state == "draft":
        return rows.filter(published_from=None)
    if state == "ended":
        return rows.filter(ended, published_from__isnull=False)
    if state == "planned":
        return rows.filter(published_from__gt=moment).exclude(ended)
    return rows.filter(published_from__lte=moment).exclude(ended) if state == "shown" else rows


def list_goods(
    *, q: str = "", state: str = "", brand: str = "", category: str = "", season: str = "",
    after: str = "", limit: int = PAGE,
) -> Goods:  # fmt: skip
    """The newest first; five queries."""
    rows = _in_state(Product.objects.all(), state)
    for word in q.split()[:8]:
        rows = rows.filter(
            Q(name__ja__icontains=word) | Q(name__en__icontains=word) | Q(kana__icontains=word)
            | Q(item_number__istartswith=word) | Q(brand__icontains=word)
            | Q(id__in=Sku.objects.filter(
                Q(code_folded__startswith=folded(word)) | Q(gtin=word)).values("product_id"))
        )  # fmt: skip
    if brand:
        rows = rows.filter(brand=brand)
    if season:
        rows = rows.filter(season=season)
    if category:
        rows = rows.filter(category__slug=category)
    if after:
        try:
            rows = rows.filter(id__lt=UUID(after))
        except ValueError:
            return Goods([], "")
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    return Goods(_listed(page), str(page[-1].id) if len(found) > limit else "")


def _listed(products: list[Product]) -> list[Listed]:
    ids, moment = [product.id for product in products], now()
    colours: dict[UUID, list[Colour]] = defaultdict(list)
    for colour in Colour.objects.filter(product_id__in=ids):
        colours[colour.product_id].append(colour)
    firsts = {product: own[0].id for product, own in colours.items()}
    shown = ColourPicture.objects.filter(colour_id__in=firsts.values(), position=0)
    pictures = {row.colour_id: row.picture for row in shown.select_related("picture")}
    figures = {
        row["product_id"]: row
        for row in Sku.objects.filter(product_id__in=ids, active=True)
        .values("product_id")
        .annotate(n=Count("id"), price=Min("price_yen"))
    }
    return [
        Listed(
            product, shown_state(product, moment), colours.get(product.id, []),
            figures.get(product.id, {}).get("n", 0), figures.get(product.id, {}).get("price"),
            pictures.get(firsts.get(product.id)),
        )
        for product in products
    ]  # fmt: skip
