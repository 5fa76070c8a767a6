"""The demo's sets: an outfit at one price, and a 福袋, each from the brand's own range."""

from collections import defaultdict

from lockstitch.catalogue.queries import find_skus, offers
from lockstitch.cli.demo_offers import AHEAD
from lockstitch.cli.demo_range import new_products, stock
from lockstitch.kernel.clock import now
from lockstitch.sets.actions import Written, keep_set
from lockstitch.sets.queries import find_set

PARTS = 3
OUTFIT = {"ja": "着まわし三点セット", "en": "Three pieces that go together"}
OUTFIT_TEXT = {
    "ja": "一式でそろう三点を、セット価格で。サイズは一点ずつ選べます。",
    "en": "Three pieces to wear together, at one price. Choose a size for each.",
}
BAG = {"ja": "初売り福袋", "en": "New Year lucky bag"}
BAG_TEXT = {
    "ja": "新年だけの福袋です。サイズだけお選びください。",
    "en": "For the New Year only. Choose your size.",
}


def load_sets(brand: str) -> None:
    """In the scope of the brand's site. What is there already stays as it is."""
    if find_set(1, drafts=True) is not None:
        return
    alike = _in_stock(brand)
    skus = find_skus(alike)
    prices = {offer.code: offer.price_yen for offer in offers(skus.values()).values()}
    for codes, name, text, less, hidden in (
        (alike[:PARTS], OUTFIT, OUTFIT_TEXT, 10, False),
        (alike[-PARTS:], BAG, BAG_TEXT, 40, True),
    ):
        price = sum(prices[code] for code in codes) * (100 - less) // 100
        keep_set(None, Written(
            name=name, text=text, price_yen=price // 100 * 100, hides_contents=hidden,
            parts=[(code, 1) for code in codes], published_from=now(),
        ))  # fmt: skip


def _in_stock(brand: str) -> list[str]:
    """Of each product a SKU of a colour that is there in every size; the most that have the same
    sizes."""
    left = stock(brand)
    sized: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in new_products(brand, now()):
        for colour in one.colours:
            codes = [sku.code for sku in one.skus if sku.colour == colour.code]
            if one.slug not in AHEAD and codes and all(left[code] > 2 for code in codes):
                sized[tuple(code for code, _label in one.sizes)].append(codes[0])
                break
    return max(sized.values(), key=len)
