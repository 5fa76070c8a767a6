"""Parts of pages that many pages share, kept as pages are: a card of a product, and what stands
in the frame of a whole site."""

import datetime as dt
import time
from collections.abc import Sequence

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lockstitch.catalogue.cards import cards_in
from lockstitch.content import queries as content
from lockstitch.coordinates import queries as coordinates
from lockstitch.kernel.clock import now
from lockstitch.search.of_site import of_site
from lockstitch.search.queries import Hit, next_change
from lockstitch.sets import queries as sets
from lockstitch.storefront.store import AGE_MAX_S, Key, Page, store
from lockstitch.tenancy.scope import current_site_id

LATE_S = 2.0  # a moment has come that the worker has not followed yet


def seconds_left(most: float = AGE_MAX_S) -> float:
    """Until something that the site's pages show begins or ends by the clock; one query."""
    begun = now()
    told = (at for at in of_site("moments", _moments) if at > begun)
    moment = min((at for at in (next_change(), next(told, None)) if at), default=None)
    if moment is None:
        return most
    left = (moment - now()).total_seconds()
    return min(most, left if left > 0 else LATE_S)


def _moments() -> list[dt.datetime]:
    return sorted([*content.moments(), *coordinates.moments(), *sets.moments()])


def cards(hits: Sequence[Hit], *, eager: int = 0) -> list[SafeString]:
    """The cards of these products as HTML, the first `eager` with their pictures at once. Those
    that nobody has asked for yet are made of six queries together."""
    began = store.moment
    keys = {hit.product_id: _key(hit, n < eager) for n, hit in enumerate(hits)}
    found = {of: page.parts[0].decode() for of, key in keys.items() if (page := store.get(key))}
    missing = {h.product_id: h.colour_id for h in hits if h.product_id not in found}
    if missing:
        template, until = get_template("storefront/_card.html"), time.monotonic() + seconds_left()
        for card in cards_in(missing):
            key = keys[card.product.id]
            html = template.render({"card": card, "lazy": not key[4]})
            found[card.product.id] = html
            page = Page([html.encode()], [], [], "", until)
            store.put(key, page, str(current_site_id()), {f"p:{card.product.id}"}, began)
    return [SafeString(found[hit.product_id]) for hit in hits if hit.product_id in found]


def _key(hit: Hit, eager: bool) -> Key:
    return ("card", hit.product_id.hex, hit.colour_id.hex, get_language() or "", eager)
