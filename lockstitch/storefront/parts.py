"""What the blocks of a page show: gathered for all of them at once, so that a page of sixty blocks
asks hardly more than one of three."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.cards import Card, cards_in
from lockstitch.content import liquid
from lockstitch.content import queries as content
from lockstitch.content.blocks import Block
from lockstitch.coordinates import queries as coordinates
from lockstitch.coordinates.queries import Coordinate, Wanted
from lockstitch.kernel.money import shown
from lockstitch.kernel.text import localised
from lockstitch.orders.queries import best_sellers
from lockstitch.search import queries as search
from lockstitch.tenancy.requests import SiteRequest

NEW, RAIL, LOOKS, STORIES = 9, 8, 4, 3


@dataclass
class Part:
    """A block, with what it shows."""

    block: Block
    cards: list[Card] = field(default_factory=list)
    looks: list[Coordinate] = field(default_factory=list)
    stories: list[content.Story] = field(default_factory=list)
    picture: content.Picture | None = None
    html: str = ""

    @property
    def kind(self) -> str:
        return str(self.block["type"])

    @property
    def template(self) -> str:
        return f"storefront/parts/{self.kind}.html"

    @property
    def video_host(self) -> str:
        return str(self.block.get("url", "")).removeprefix("https://").partition("/")[0]


def parts_of(request: SiteRequest, blocks: Iterable[Block]) -> list[Part]:
    """In the order of the blocks; a block whose goods are gone is empty, not missing."""
    parts = [Part(block) for block in blocks]
    shots = content.pictures(str(part.block.get("picture") or "") for part in parts)
    wanted = {id(part): _products(part) for part in parts}
    cards = content.cards_in_order({one for ids in wanted.values() for one in ids})
    for part in parts:
        part.picture = shots.get(str(part.block.get("picture") or ""))
        part.cards = [cards[one] for one in wanted[id(part)] if one in cards]
        match part.kind:
            case "new" if not part.cards:
                part.cards = newest(_most(part, NEW))
            case "coordinate" | "coordinates":
                part.looks = _looks(part)
            case "features":
                part.stories = content.stories("feature", limit=STORIES).rows
            case "news":
                part.stories = content.stories("news", limit=5).rows
    _fill_templates(request, parts)
    return parts


def newest(most: int) -> list[Card]:
    hits = search.find(search.Wish(sort="new", limit=most)).hits
    return cards_in({hit.product_id: hit.colour_id for hit in hits})


def _most(part: Part, usual: int) -> int:
    text = str(part.block.get("most") or "")
    return int(text) if text.isdigit() else usual


def _products(part: Part) -> list[UUID]:
    if part.kind == "rail":
        value = str(part.block.get("value") or "")
        return content.rail(str(part.block.get("rule")), value, _most(part, RAIL))
    if part.kind == "ranking":
        return best_sellers(limit=_most(part, RAIL))
    return []


def _looks(part: Part) -> list[Coordinate]:
    numbers = [int(word) for word in str(part.block.get("numbers") or "").split()]
    if numbers:
        return coordinates.by_numbers(numbers)
    return coordinates.listed(Wanted(), limit=LOOKS).rows


def _fill_templates(request: SiteRequest, parts: list[Part]) -> None:
    templates = [part for part in parts if part.kind == "template"]
    if not templates:
        return
    facts = facts_of(request)
    for part in templates:
        try:
            part.html = liquid.render(str(part.block.get("source") or ""), facts)
        except liquid.Unfit:
            part.html = ""  # it was good when it was written; the page must not fall with it


def facts_of(request: SiteRequest) -> dict[str, Any]:
    """All that a shop's own template may know: what everybody may see."""
    return {
        "shop": {"name": request.site.name, "link": "/"},
        "products": [
            {
                "name": localised(card.product.name), "number": card.product.item_number,
                "brand": card.product.brand, "price": shown(card.price_yen),
                "link": f"/items/{card.product.slug}/", "picture": _key(card.picture),
            }
            for card in newest(12)
        ],
        "categories": [
            {"name": localised(one.name), "link": f"/items/c/{one.slug}/"}
            for one in catalogue.categories()
        ],
        "coordinates": [
            {
                "title": localised(one.title), "link": f"/coordinates/{one.number}/",
                "picture": _key(next((shot.picture for shot in one.shots.all()), None)),
            }
            for one in coordinates.listed(Wanted(), limit=8).rows
        ],
    }  # fmt: skip


def _key(picture: content.Picture | None) -> str:
    """The address of a picture of middling size."""
    renditions = picture.renditions if picture else []
    fitting = min(renditions, key=lambda one: abs(int(one["width"]) - 640), default=None)
    return f"/media/{fitting['key']}" if fitting else ""
