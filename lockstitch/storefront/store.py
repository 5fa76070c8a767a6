"""Whole pages, kept in this process until something they show changes.

The database tells what changed (`search.news`), by tags: `p:<product>`, `c:<category>`, `a` for
any list, `*` for a whole site. A page is thrown away when one of its tags is told, when its time
is over, and when nobody listens any more. What was told while a page was being made is held
against it: it was made of data that may be older.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lockstitch.search.news import news

BYTES_MAX = int(os.environ.get("LOCKSTITCH_PAGES_MB", "64")) * 1_000_000
AGE_MAX_S = 600.0
TOLD_MAX = 50_000

type Key = tuple[str, str, str, str, bool]  # host, path, query, language, for htmx
type Hole = tuple[str, str]  # its name, and what it is about


@dataclass(eq=False)
class Page:
    """`parts` of a page with `holes` between them. `plain` is the same with all holes but the
    nonce filled in for somebody without a cookie; `headers` are what the shop answered then,
    `policy` among them in parts, the nonce between."""

    parts: list[bytes]
    holes: list[Hole]
    plain: list[bytes]
    content_type: str
    until: float
    headers: list[tuple[str, str]] | None = None
    policy: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return 2 * sum(map(len, self.parts)) + 2_000


class Store:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.moment = 0  # how often it was told anything
        self._lock = threading.Lock()
        self._pages: dict[Key, tuple[Page, frozenset[tuple[str, str]]]] = {}
        self._by_tag: dict[tuple[str, str], set[Key]] = {}
        self._told: dict[tuple[str, str], int] = {}
        self._forgotten = 0  # what was told before is not known any more
        self._bytes = 0

    def get(self, key: Key) -> Page | None:
        """Not counted here, for whoever asks knows whether it may be shown."""
        held = self._pages.get(key)
        if held is None or not news.is_live:
            return None
        page = held[0]
        if page.until <= time.monotonic():
            with self._lock:
                self._drop(key)
            self.counts["expired"] += 1
            return None
        return page

    def put(self, key: Key, page: Page, site: str, tags: Iterable[str], began: int) -> bool:
        """Unless one of its tags was told since `began`."""
        own = frozenset((site, tag) for tag in (*tags, "*")) | {("", "*")}
        with self._lock:
            told = max((self._told.get(tag, 0) for tag in own), default=0)
            if not news.is_live or told > began or began < self._forgotten:
                self.counts["late"] += 1
                return False
            self._drop(key)
            while self._pages and self._bytes + page.size > BYTES_MAX:
                self._drop(next(iter(self._pages)))
                self.counts["crowded"] += 1
            self._pages[key] = (page, own)
            self._bytes += page.size
            for tag in own:
                self._by_tag.setdefault(tag, set()).add(key)
        self.counts["made"] += 1
        return True

    def heard(self, site: str, tags: list[str]) -> None:
        with self._lock:
            self.moment += 1
            if len(self._told) > TOLD_MAX:
                self._told.clear()
                self._forgotten = self.moment
            for tag in tags:
                self._told[site, tag] = self.moment
                for key in list(self._by_tag.get((site, tag), ())):
                    self._drop(key)
                    self.counts["dropped"] += 1

    def _drop(self, key: Key) -> None:
        held = self._pages.pop(key, None)
        if held is None:
            return
        page, tags = held
        self._bytes -= page.size
        for tag in tags:
            keys = self._by_tag[tag]
            keys.discard(key)
            if not keys:
                del self._by_tag[tag]

    def said(self) -> str:
        """For the demo and the tests: this process, and what it counted."""
        counted = "; ".join(f"{name}={count}" for name, count in sorted(self.counts.items()))
        return f"pid={os.getpid()}; pages={len(self._pages)}; {counted}"


store = Store()
news.subscribe(store.heard)
