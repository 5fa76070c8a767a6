"""What shop, desk and worker notice at their doors, told to the guard's watch.

The box takes rows and shows none. Whoever sets off many can not fill it: of one kind and source the
first is told at once, what follows is counted and told in one row when some seconds have passed,
and of all together only so many go in those seconds.
"""

import json
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connection

WINDOW_S = 10.0
ROWS_MAX = 100  # in one window, of this process
KNOWN_MAX = 10_000
SOURCE_MAX = 64


_INSERT = "INSERT INTO guard.signal (kind, source, site_id, detail) VALUES (%s, %s, %s, %s)"

type Key = tuple[str, str, UUID | None]  # kind, source, site


@dataclass
class _Seen:
    told_at: float
    waiting: int = 0
    detail: dict[str, object] = field(default_factory=dict)


class Limit:
    """How much of what happens is told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[Key, _Seen] = {}
        self._window, self._rows = 0.0, 0

    def count(self, key: Key, detail: dict[str, object], now: float) -> int:
        """How many to tell now, this one included; 0: later, or never."""
        with self._lock:
            if now - self._window >= WINDOW_S:
                self._window, self._rows = now, 0
            seen = self._seen.get(key)
            if seen is not None and now - seen.told_at < WINDOW_S:
                seen.waiting, seen.detail = seen.waiting + 1, detail
                return 0
            if self._rows >= ROWS_MAX:
                return 0
            if len(self._seen) >= KNOWN_MAX:
                self._seen.clear()
            self._rows += 1
            self._seen[key] = _Seen(now)
            return 1 + (seen.waiting if seen else 0)

    def due(self, now: float) -> list[tuple[Key, int, dict[str, object]]]:
        """What was counted and whose time has come: how many, and the last detail."""
        with self._lock:
            late = [key for key, seen in self._seen.items() if now - seen.told_at >= WINDOW_S]
            gone = [(key, self._seen.pop(key)) for key in late]
        return [(key, seen.waiting, seen.detail) for key, seen in gone if seen.waiting]


_limit = Limit()


def send(kind: str, source: str, *, site_id: UUID | None = None, **detail: object) -> None:
    """Tells the watch. `detail` is short and holds no personal datum. Never raises: a page is
    answered whether or not the watch could be told."""
    key = (kind, source[:SOURCE_MAX], site_id)
    if count := _limit.count(key, detail, time.monotonic()):
        _write(key, count, detail)


def write(kind: str, source: str, *, site_id: UUID | None = None, **detail: object) -> None:
    """The same without a limit and in the caller's transaction: for facts, which are few."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [kind, source[:SOURCE_MAX], site_id, json.dumps(detail)])


def _write(key: Key, count: int, detail: dict[str, object]) -> None:
    kind, source, site_id = key
    with suppress(DatabaseError):
        write(kind, source, site_id=site_id, **detail, count=count)


def blocked_sources() -> list[str] | None:
    """The networks that are shut out now; None when the database can not be asked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT source::text FROM guard.blocked_source"
                " WHERE until IS NULL OR until > clock_timestamp()"
            )
            return [row[0] for row in cursor.fetchall()]
    except DatabaseError:
        return None


def start_beating() -> None:
    """Says once a second that this process lives, and what was counted meanwhile."""
    threading.Thread(target=_beat, name=f"beat-{os.getpid()}", daemon=True).start()


def _beat() -> None:
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT guard.beat()")
            for key, count, detail in _limit.due(time.monotonic()):
                _write(key, count, detail)
        except DatabaseError:
            close_old_connections()
        time.sleep(1.0)
