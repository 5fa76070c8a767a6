"""The demo's sets: an outfit at one price, and a 福袋, each from the brand's own range."""

from collections import defaultdict

from lockstitch.cli.demo_offers import AHEAD
from lockstitch.cli.demo_range import new_products
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
    "ja": "中身は届いてからのお楽しみ。サイズだけお選びください。",
    "en": "What is in it is a surprise. Choose your size only.",
}


def load_sets(brand: str) -> None:
    """In the scope of the brand's site. What is there already stays as it is."""
    if find_set(1, drafts=True) is not None:
        return
    sized: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for one in new_products(brand, now()):
        if one.slug not in AHEAD:
            sized[tuple(code for code, _label in one.sizes)].append(
                (one.skus[0].code, one.skus[0].price_yen)
            )
    alike = max(sized.values(), key=len)
    for parts, name, text, less, hidden in (
        (alike[:PARTS], OUTFIT, OUTFIT_TEXT, 10, False),
        (alike[-PARTS:], BAG, BAG_TEXT, 40, True),
    ):
        price = sum(yen for _code, yen in parts) * (100 - less) // 100
        keep_set(None, Written(
            name=name, text=text, price_yen=price // 100 * 100, hides_contents=hidden,
            parts=[(code, 1) for code, _yen in parts], published_from=now(),
        ))  # fmt: skip
