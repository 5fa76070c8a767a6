"""The log as files outside the database, in the layout of C2SP's tlog-tiles.

`checkpoint` is written last, so all that it needs is there. What is full never changes.
"""

import asyncio
import shutil
from pathlib import Path

from guard.checkpoint_text import size_of
from guard.db import Pool, every
from guard.keys import write_file
from guard.merkle import grow, root

WIDTH = 256  # hashes in a full tile, entries in a full bundle
HASH_BYTES = 32
ENTRIES = "entries"
CHECKPOINT = "checkpoint"
BUNDLES_AT_ONCE = 8  # read from the database together

_LEAVES = "SELECT entry, leaf_hash FROM guard.ledger WHERE seq >= %s AND seq < %s ORDER BY seq"


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """`tile/0/x001/234`, and of a partial one `tile/0/x001/234.p/7`."""
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    threes = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{three}" for three in threes[:-1]), threes[-1]])
    return f"tile/{level}/{name}{'' if width == WIDTH else f'.p/{width}'}"


class Files:
    """The folder itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size(self) -> int:
        """Of the checkpoint that the files are whole for. Raises ValueError when it is damaged."""
        path = self._folder / CHECKPOINT
        return size_of(path.read_text()) if path.exists() else 0

    def put(self, start: int, leaves: list[tuple[bytes, bytes]]) -> None:
        """Entries with their leaf hashes, from `start`, which is a multiple of WIDTH."""
        for at in range(0, len(leaves), WIDTH):
            some, number = leaves[at : at + WIDTH], (start + at) // WIDTH
            entries = b"".join(len(entry).to_bytes(2, "big") + entry for entry, _ in some)
            self._keep(ENTRIES, number, len(some), entries)
            self._keep(0, number, len(some), b"".join(leaf for _, leaf in some))

    def finish(self, done: int, size: int, text: str) -> None:
        """The levels above, of which those for `done` entries are there; then the checkpoint.

        Each hash of a level is the root of a full tile of the level below.
        """
        level, below, last = 1, done // WIDTH, size // WIDTH
        while last:
            for number in range(below // WIDTH, -(-last // WIDTH)):
                end = min((number + 1) * WIDTH, last)
                roots = [self._root(level - 1, each) for each in range(number * WIDTH, end)]
                self._keep(level, number, len(roots), b"".join(roots))
            level, below, last = level + 1, below // WIDTH, last // WIDTH
        self.say(text)

    def say(self, text: str) -> None:
        """The checkpoint."""
        write_file(self._folder / CHECKPOINT, text.encode(), 0o644)

    def _root(self, level: int, number: int) -> bytes:
        hashes = (self._folder / tile_path(level, number)).read_bytes()
        frontier: list[bytes] = []
        for at in range(WIDTH):
            frontier = grow(frontier, at, hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES])
        return root(frontier)

    def _keep(self, level: int | str, number: int, width: int, content: bytes) -> None:
        path = self._folder / tile_path(level, number, width)
        if path.exists():
            return
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_file(path, content, 0o444)
        if width == WIDTH:
            shutil.rmtree(path.with_name(f"{path.name}.p"), ignore_errors=True)


class Tiles:
    """Writes what a checkpoint needs and is not in the files yet. One writer a folder."""

    def __init__(self, pool: Pool, folder: Path) -> None:
        self._pool, self._files = pool, Files(folder)
        self._turn = asyncio.Lock()

    def size(self) -> int:
        """As of Files."""
        return self._files.size()

    async def write(self, size: int, text: str) -> None:
        """Everything of the tree of `size`, then its checkpoint `text`. Safe to repeat."""
        async with self._turn:
            done = self.size()
            if size <= done:
                return
            step = WIDTH * BUNDLES_AT_ONCE
            for start in range(done // WIDTH * WIDTH, size, step):
                end = min(start + step, size)
                async with self._pool.connection() as db:
                    rows = await every(db, _LEAVES, [start, end])
                if len(rows) != end - start:
                    raise ValueError("the ledger has a gap")
                leaves = [(row["entry"], row["leaf_hash"]) for row in rows]
                await asyncio.to_thread(self._files.put, start, leaves)
            await asyncio.to_thread(self._files.finish, done, size, text)

    async def cosign(self, size: int, text: str) -> None:
        """The checkpoint of `size` with more signatures, unless a later one took its place."""
        async with self._turn:
            if self.size() == size:
                await asyncio.to_thread(self._files.say, text)
