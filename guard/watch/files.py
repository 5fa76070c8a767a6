"""`python -m guard watch-files`: a process of its own that writes nothing and tells the guard of
every file that is not as it was signed: at once by the kernel's events, and by looking through all
of them every quarter of an hour, for events can be lost. Each second it says that it lives.
"""

import logging
import os
import queue
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from watchfiles import watch

from guard.client import GuardClient, GuardError
from guard.watch import manifest
from guard.watch.opening import opened
from guard.watch.refusing import Refusals
from guard.wire import Barred, Sensed, Sighting

SWEEP_SECONDS = 900.0
STEP_MS, DEBOUNCE_MS, BEAT_MS = 20, 100, 500
MAKING = ".making-"  # how a picture is called until all of it is there
MAKING_SECONDS = 60
AT_ONCE = 100
AGAIN_S = 60.0  # the same change of the same file is told so often at most

log = logging.getLogger("guard")


@dataclass(frozen=True)
class Watched:
    """`media` holds only files that are called by the SHA-256 of their bytes: ab/cdef….webp"""

    files: Mapping[str, str]
    roots: list[Path]
    media: Path | None
    decoys: list[Path]

    def look(self, path: Path) -> Iterator[Sighting]:
        """What is wrong with this path, or with anything below it."""
        if path.is_dir() and not path.is_symlink():
            for each in manifest.below(path):
                yield from self.look(each)
        elif self.media and self.media in path.parents:
            yield from self._picture(path)
        else:
            now, was = manifest.fingerprint(path), self.files.get(str(path), "")
            if now != was:
                yield seen(path, was, now)

    def _picture(self, path: Path) -> Iterator[Sighting]:
        try:
            age = time.time() - path.lstat().st_mtime
        except OSError:
            return  # gone: that is for whoever counts pictures
        if path.name.startswith(MAKING) and age < MAKING_SECONDS:
            return
        now = manifest.fingerprint(path)
        if path.parent.name + path.stem != now or path.suffix not in (".avif", ".webp", ".jpeg"):
            yield seen(path, "", now)

    def sweep(self) -> Iterator[Sighting]:
        for path, was, now in manifest.differing(self.files, self.roots):
            yield seen(path, was, now)
        for path in manifest.below(self.media) if self.media else ():
            yield from self._picture(path)


def seen(path: Path, was: str, now: str) -> Sighting:
    try:
        uid = path.lstat().st_uid
    except OSError:
        uid = -1
    return Sighting(what="file", path=str(path), was=was, now=now, uid=uid)


class Sensor:
    """Collects from the threads, and tells the guard."""

    def __init__(
        self, watched: Watched, client: GuardClient, sweep_seconds: float,
        door: socket.socket | None = None,
    ) -> None:  # fmt: skip
        self._watched, self._client, self._sweep_seconds = watched, client, sweep_seconds
        self._refusals = Refusals(door, self._refused) if door else None
        self._barred: queue.SimpleQueue[Barred] = queue.SimpleQueue()
        self._found: queue.SimpleQueue[Sighting] = queue.SimpleQueue()
        self._told: dict[str, tuple[str, float]] = {}  # path -> its hash then, and when
        self._waiting: list[Sighting] = []

    def run(self) -> None:
        """Until SIGTERM."""
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        works = [self._sweep, self._decoys, *([self._refusals.run] if self._refusals else [])]
        for work in works:
            threading.Thread(target=work, daemon=True).start()
        paths = [*self._watched.roots, *([self._watched.media] if self._watched.media else [])]
        for changes in watch(
            *paths, watch_filter=None, debounce=DEBOUNCE_MS, step=STEP_MS, stop_event=stop,
            rust_timeout=BEAT_MS, yield_on_timeout=True, raise_interrupt=False,
        ):  # fmt: skip
            for _change, path in changes:
                for sighting in self._watched.look(Path(path)):
                    self._found.put(sighting)
            self._tell()

    def _sweep(self) -> None:
        while True:
            for sighting in self._watched.sweep():
                self._found.put(sighting)
            time.sleep(self._sweep_seconds)

    def _decoys(self) -> None:
        for path in opened(self._watched.decoys):
            self._found.put(Sighting(what="decoy", path=str(path)))

    def _refused(self, barred: Barred) -> None:
        """Told at once; the next time, where that fails."""
        try:
            self._client.call(Sensed(barred=[barred]))
        except GuardError as error:
            log.warning("files: %s", error)
            self._barred.put(barred)

    def _tell(self) -> None:
        """All there is, or that there is nothing. What could not be told is told the next time."""
        while not self._found.empty():
            sighting = self._found.get()
            now = time.monotonic()
            state, at = self._told.get(sighting.path, ("", -AGAIN_S))
            if sighting.what == "decoy" or state != sighting.now or now - at >= AGAIN_S:
                self._told[sighting.path] = (sighting.now, now)
                self._waiting.append(sighting)
        barred = [self._barred.get() for _ in range(min(self._barred.qsize(), AT_ONCE))]
        try:
            self._client.call(Sensed(sightings=self._waiting[:AT_ONCE], barred=barred))
        except GuardError as error:
            log.warning("files: %s", error)
            for each in barred:
                self._barred.put(each)
            return
        del self._waiting[:AT_ONCE]


def paths_of(text: str) -> list[Path]:
    """Paths with a colon between them, as in PATH."""
    return [Path(part) for part in text.split(os.pathsep) if part]
