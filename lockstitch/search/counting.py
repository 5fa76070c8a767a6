"""How many products each filter leaves: counted with one bit a product.

PostgreSQL would have to unnest and group every row that matches, a tenth of a second and more for
a hundred thousand products. A process keeps for each filter one long integer, in which bit n says
whether product n has it; a count is an AND and a number of bits, some microseconds.

A product's colours lie in layers, its first colour in the first and so on, for a filter such as
"navy, in M" must hold within one colour. Products with most colours come first, so that the later
layers are short. What is kept is read again when the site has changed, but no more often than
costs a twentieth of the time: the counts, and nothing else, may be so much behind.
"""

import datetime as dt
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.db import connection

from lockstitch.kernel.clock import is_moved, now
from lockstitch.search.news import news

SHARE = 20  # reading may take one part in so many
PRODUCTS_MAX = 2_000_000  # kept of all sites together

type Layers = list[int]

READ = """
SELECT n, string_agg(tokens, E'\\x1e' ORDER BY place) FROM (
    SELECT product_id, place, array_to_string(facets, E'\\x1f') AS tokens,
        count(*) OVER (PARTITION BY product_id) AS n
    FROM search_goods WHERE site_id = %s AND published_from <= %s
        AND (published_until IS NULL OR published_until > %s)
) x GROUP BY product_id, n ORDER BY n DESC
"""
NEXT = """
SELECT least(
    (SELECT min(published_from) FROM search_goods WHERE site_id = %s AND published_from > %s),
    (SELECT min(published_until) FROM search_goods WHERE site_id = %s AND published_until > %s))
"""


@dataclass
class Bits:
    """All filters of a site. `whole` is every product."""

    version: tuple[int, int]
    read_at: float
    took_s: float
    until: dt.datetime | None
    products: int = 0
    by_token: dict[str, Layers] = field(default_factory=dict)
    whole: Layers = field(default_factory=list)

    def layers(self, token: str) -> Layers:
        return self.by_token.get(token, [])

    def matching(self, groups: Iterable[Iterable[str]]) -> Layers:
        """One of each group must hold."""
        found = self.whole
        for group in groups:
            either: Layers = reduce(_or, map(self.layers, group), [])
            found = _and(found, either)
        return found

    def count(self, base: Layers, token: str) -> int:
        return reduce(or_, map(and_, base, self.layers(token)), 0).bit_count()


def total(layers: Layers) -> int:
    return reduce(or_, layers, 0).bit_count()


def _or(one: Layers, two: Layers) -> Layers:
    longer, shorter = (one, two) if len(one) >= len(two) else (two, one)
    return [*map(or_, longer, shorter), *longer[len(shorter) :]]


def _and(one: Layers, two: Layers) -> Layers:
    return list(map(and_, one, two))


class Counts:
    """Of the sites that were asked for last."""

    def __init__(self) -> None:
        self._kept: dict[UUID, Bits] = {}
        self._locks: dict[UUID, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, site_id: UUID) -> Bits:
        kept = self._kept.get(site_id)
        if kept is not None and _holds(kept, site_id):
            return kept
        with self._lock:
            lock = self._locks.setdefault(site_id, threading.Lock())
        if kept is not None and lock.locked():
            return kept  # somebody reads it already
        with lock:
            kept = self._kept.get(site_id)
            if kept is None or not _holds(kept, site_id):
                kept = read(site_id)
                if not is_moved():
                    self._keep(site_id, kept)
            return kept

    def holds_s(self, site_id: UUID) -> float | None:
        """How long a page may show these counts, when they are behind; None when they are not."""
        kept = self._kept.get(site_id)
        if kept is None or kept.version == news.version(str(site_id)):
            return None
        return max(0.2, SHARE * kept.took_s - (time.monotonic() - kept.read_at))

    def _keep(self, site_id: UUID, bits: Bits) -> None:
        with self._lock:
            self._kept.pop(site_id, None)
            self._kept[site_id] = bits
            while len(self._kept) > 1 and self._products() > PRODUCTS_MAX:
                self._kept.pop(next(iter(self._kept)))

    def _products(self) -> int:
        return sum(bits.products for bits in self._kept.values())


def _holds(kept: Bits, site_id: UUID) -> bool:
    if not news.is_live:
        return False
    rested = time.monotonic() - kept.read_at > SHARE * kept.took_s
    is_past = kept.until is not None and kept.until <= now()
    return not rested or (kept.version == news.version(str(site_id)) and not is_past)


def read(site_id: UUID) -> Bits:
    """Two queries."""
    began, moment = time.monotonic(), now()
    version = news.version(str(site_id))
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [site_id, moment, site_id, moment])
        until = cursor.fetchone()[0]
        cursor.execute(READ, [site_id, moment, moment])
        rows = cursor.fetchall()
    places: dict[str, dict[int, list[int]]] = {}
    depths: list[int] = []
    for n, (depth, tokens) in enumerate(rows):
        depths.append(depth)
        for layer, one in enumerate(tokens.split("\x1e")):
            for token in one.split("\x1f"):
                places.setdefault(token, {}).setdefault(layer, []).append(n)
    bits = Bits(version, 0.0, 0.0, until, len(rows))
    bits.by_token = {token: _packed(at) for token, at in places.items() if token}
    layers = range(depths[0] if depths else 0)
    bits.whole = [(1 << sum(depth > layer for depth in depths)) - 1 for layer in layers]
    bits.read_at = time.monotonic()
    bits.took_s = bits.read_at - began
    return bits


def _packed(at: Mapping[int, list[int]]) -> Layers:
    return [_integer(at.get(layer, [])) for layer in range(max(at) + 1)]


def _integer(numbers: list[int]) -> int:
    if not numbers:
        return 0
    held = bytearray(numbers[-1] // 8 + 1)
    for n in numbers:
        held[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(held, "little")


counts = Counts()
