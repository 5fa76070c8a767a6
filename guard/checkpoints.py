"""Signed checkpoints of the ledger, in the database and in files outside it.

The text is C2SP's tlog-checkpoint in a signed note (Ed25519).
"""

import asyncio
import logging
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout

from guard.checkpoint_text import note, size_of
from guard.db import Db, Pool, one
from guard.keys import Keys, write_file
from guard.ledger import Ledger
from guard.merkle import root
from guard.succession import settle
from guard.tiles import Tiles

SECONDS_BETWEEN = 1.0
LOOKS_BETWEEN = 10
ENTRIES_BETWEEN = 256
FILES_KEPT = 1000
LATEST = "latest"

# In one look: a size after a succession is never signed by the key before it.
_HEAD = """SELECT size, frontier, (SELECT vkey FROM guard.succession s ORDER BY s.size DESC LIMIT 1)
    AS vkey FROM guard.ledger_head"""

log = logging.getLogger("guard")


class ForkError(Exception):
    """The database's ledger is older than what was signed: restored from an old copy, or cut."""


class Checkpoints:
    def __init__(self, pool: Pool, ledger: Ledger, keys: Keys, folder: Path) -> None:
        self._pool, self._ledger, self._keys = pool, ledger, keys
        self._folder = folder / "checkpoints"
        self.tiles = Tiles(pool, folder / "log")
        self._signed = 0
        self.latest = (0, "")  # size and note

    async def start(self) -> None:
        """Raises ForkError rather than sign a second history."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder.parent / "log").mkdir(mode=0o755, exist_ok=True)
        async with self._pool.connection() as db:
            head = await one(db, "SELECT size FROM guard.ledger_head")
            last = await one(
                db, "SELECT size, note FROM guard.checkpoint ORDER BY size DESC LIMIT 1"
            )
        latest = self._folder / LATEST
        try:
            outside = size_of(latest.read_text()) if latest.exists() else 0
            outside = max(outside, self.tiles.size())
        except ValueError:
            raise ForkError("checkpoints/latest or log/checkpoint is damaged") from None
        if head is None or outside > head["size"]:
            raise ForkError(f"a checkpoint outside has {outside} entries, the ledger has fewer")
        if last is not None:
            self._signed, self.latest = last["size"], (last["size"], last["note"])
            self._write(*self.latest)  # in case the last stop was between the two

    async def run(self) -> None:
        """Signs at most once a second, or sooner when many entries came. Until cancelled."""
        while True:
            try:
                await self.sign()
                if self.tiles.size() < self._signed:
                    await self.tiles.write(*self.latest)
            except (psycopg.Error, PoolTimeout, OSError, ValueError) as error:
                log.warning("checkpoint: %s", type(error).__name__)
            for _ in range(LOOKS_BETWEEN):
                await asyncio.sleep(SECONDS_BETWEEN / LOOKS_BETWEEN)
                if self._ledger.size - self._signed >= ENTRIES_BETWEEN:
                    break

    async def sign(self) -> None:
        async with self._pool.connection() as db:
            head = await one(db, _HEAD)
            if head is None or head["size"] <= self._signed:
                return
            if head["vkey"] not in (None, self._keys.vkey):  # committed, and not yet taken up here
                await settle(db, self._keys)
            text = await self._insert(db, head["size"], head["frontier"])
        await asyncio.to_thread(self._write, head["size"], text)
        self._signed, self.latest = head["size"], (head["size"], text)

    async def _insert(self, db: Db, size: int, frontier: list[bytes]) -> str:
        """What the table says of this size: ours, or that of another guard that was first."""
        tree_root = root(frontier)
        await db.execute(
            "INSERT INTO guard.checkpoint (size, root, frontier, note) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [size, tree_root, frontier, note(self._keys, size, tree_root)],
        )
        row = await one(db, "SELECT note FROM guard.checkpoint WHERE size = %s", [size])
        return str(row["note"]) if row else ""

    def _write(self, size: int, text: str) -> None:
        write_file(self._folder / f"{size:012}", text.encode(), 0o644)
        write_file(self._folder / LATEST, text.encode(), 0o644)
        for old in sorted(self._folder.glob("[0-9]*"))[:-FILES_KEPT]:
            old.unlink(missing_ok=True)
