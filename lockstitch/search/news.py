"""What the database tells every process: which pages and figures of which site no longer hold.

One thread a process listens. While it does not, nothing may be kept (`is_live`), and with each
new beginning everything that was kept is dropped: what was missed meanwhile nobody knows.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings

from lockstitch.kernel.clock import is_moved

CHANNEL = "lockstitch_page"
LOOK_EVERY_S, AGAIN_AFTER_S = 2.0, 0.5

type Heard = Callable[[str, list[str]], None]  # a site's id and tags; ("", ["*"]): everything


class News:
    def __init__(self) -> None:
        self._hears = False
        self.versions: Counter[str] = Counter()  # site -> how often it changed
        self._epochs: Counter[str] = Counter()  # ... what belongs to all its pages
        self._hearers: list[Heard] = []
        self._lock = threading.Lock()
        self._began = False

    @property
    def is_live(self) -> bool:
        """Whether anything may be kept, or taken from what is. Never of a page that is looked at
        as it will be: its moment is not everybody's."""
        return self._hears and not is_moved()

    @is_live.setter
    def is_live(self, hears: bool) -> None:
        self._hears = hears

    def subscribe(self, heard: Heard) -> None:
        self._hearers.append(heard)

    def version(self, site: str) -> tuple[int, int]:
        return self.versions[""], self.versions[site]

    def epoch(self, site: str) -> tuple[int, int]:
        return self._epochs[""], self._epochs[site]

    def tell(self, site: str, tags: list[str]) -> None:
        self.versions[site] += 1
        self._epochs[site] += "*" in tags
        for heard in self._hearers:
            heard(site, tags)

    def begin(self) -> None:
        """Starts the thread; again does nothing."""
        with self._lock:
            if self._began:
                return
            self._began = True
        threading.Thread(target=self._listen, name="news", daemon=True).start()

    def _listen(self) -> None:
        while True:
            with suppress(psycopg.Error, OSError):
                self._until_lost()
            self.is_live = False
            self.tell("", ["*"])
            time.sleep(AGAIN_AFTER_S)

    def _until_lost(self) -> None:
        with psycopg.connect(**_parameters(), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.tell("", ["*"])
            self.is_live = True
            while True:
                for each in connection.notifies(timeout=LOOK_EVERY_S):
                    site, *tags = each.payload.split()
                    self.tell(site, tags)
                connection.execute("SELECT 1")  # it is still there


def _parameters() -> dict[str, Any]:
    """Django's own, as psycopg takes them."""
    kept: dict[str, Any] = settings.DATABASES["default"]
    named = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    found = {name: kept[key] for name, key in named.items() if kept[key]}
    return {**found, **kept["OPTIONS"]}


news = News()
