"""Proofs from the log's files (RFC 6962, 2.1): an entry is in it, and it was only added to.

Needs no database, no key and no running guard.
"""

import base64
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from guard.checkpoint_text import size_of
from guard.merkle import node_hash
from guard.tiles import CHECKPOINT, ENTRIES, HASH_BYTES, WIDTH, tile_path

SUCCESSIONS = "succession"
HEIGHT = 8  # of a tile, in levels of the tree


class ProofError(Exception):
    """There is no such entry or size in the files, or a file is missing; the text says which."""


class Log:
    """The files in `folder` (data/guard/log)."""

    def __init__(self, folder: Path) -> None:
        """Raises ProofError."""
        self._folder = folder
        try:
            self.checkpoint = (folder / CHECKPOINT).read_text()
            self.size = size_of(self.checkpoint)
        except (OSError, ValueError):
            raise ProofError(f"{folder / CHECKPOINT} cannot be read") from None
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}
        self._ranges: dict[tuple[int, int], bytes] = {}

    def inclusion(self, seq: int, size: int | None = None) -> list[bytes]:
        """The path from entry `seq` to the root of the first `size` entries. Raises ProofError."""
        size = self.size if size is None else size
        if not 0 <= seq < size <= self.size:
            raise ProofError(f"no entry {seq} in {size} of {self.size}")
        return self._path(seq, 0, size)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """That the first `old` of `new` entries are what they were. Raises ProofError."""
        new = self.size if new is None else new
        if not 0 < old <= new <= self.size:
            raise ProofError(f"no sizes {old} and {new} in {self.size}")
        return self._since(old, 0, new, whole=True)

    def root(self, size: int) -> bytes:
        if not 0 < size <= self.size:
            raise ProofError(f"no size {size} in {self.size}")
        return self._range(0, size)

    def entries(self, seqs: Iterable[int]) -> dict[int, bytes]:
        """The canonical bytes of each. Raises ProofError."""
        found: dict[int, bytes] = {}
        bundles: dict[int, list[int]] = {}
        for seq in seqs:
            bundles.setdefault(seq // WIDTH, []).append(seq)
        for number, wanted in sorted(bundles.items()):
            held = _split(self._read(ENTRIES, number))
            if max(wanted) - number * WIDTH >= len(held):
                raise ProofError(f"no entry {max(wanted)} in the files")
            found |= {seq: held[seq - number * WIDTH] for seq in wanted}
        return found

    def pack(self, seqs: Iterable[int], size: int | None = None) -> dict[str, Any]:
        """Entries with their proofs against a checkpoint, for `audit.py --pack`. Raises ProofError.

        `size`: that of a checkpoint that is kept; else the latest, with its cosignatures.
        """
        wanted, text = sorted(set(seqs)), self.checkpoint
        if size is not None and size != self.size:
            try:
                text = (self._folder.parent / "checkpoints" / f"{size:012}").read_text()
            except OSError:
                raise ProofError(f"no checkpoint of {size} entries is kept") from None
        held, of = self.entries(wanted), self.size if size is None else size
        return {
            "checkpoint": text,
            "successions": [
                {"note": each, "proof": [_text(node) for node in self.consistency(at, of)]}
                for at, each in self.successions() if at <= of
            ],
            "entries": [
                {"seq": seq, "entry": _text(held[seq]),
                 "proof": [_text(each) for each in self.inclusion(seq, size)]}
                for seq in wanted
            ],
        }  # fmt: skip

    def successions(self) -> list[tuple[int, str]]:
        """The notes by which a new key took over, with their sizes, in order."""
        paths = sorted((self._folder / SUCCESSIONS).glob("[0-9]*"))
        return [(int(path.name), path.read_text()) for path in paths]

    def _path(self, seq: int, start: int, count: int) -> list[bytes]:
        if count == 1:
            return []
        left = _largest_power_below(count)
        if seq < left:
            beside = self._range(start + left, count - left)
            return [*self._path(seq, start, left), beside]
        return [*self._path(seq - left, start + left, count - left), self._range(start, left)]

    def _since(self, old: int, start: int, count: int, *, whole: bool) -> list[bytes]:
        if old == count:
            return [] if whole else [self._range(start, count)]
        left = _largest_power_below(count)
        if old <= left:
            beside = self._range(start + left, count - left)
            return [*self._since(old, start, left, whole=whole), beside]
        later = self._since(old - left, start + left, count - left, whole=False)
        return [*later, self._range(start, left)]

    def _range(self, start: int, count: int) -> bytes:
        """The root of `count` entries from `start`, which is a multiple of a power that fits."""
        if count & (count - 1) == 0:
            return self._perfect(count.bit_length() - 1, start // count)
        if (start, count) not in self._ranges:
            left = _largest_power_below(count)
            both = self._range(start, left), self._range(start + left, count - left)
            self._ranges[start, count] = node_hash(*both)
        return self._ranges[start, count]

    def _perfect(self, level: int, number: int) -> bytes:
        """The node at a level of the whole tree, out of the tile that it lies in."""
        above = level // HEIGHT
        height = level % HEIGHT
        tile, within = divmod(number, WIDTH >> height)
        try:
            return self._rows(above, tile)[height][within]
        except IndexError:
            raise ProofError(f"{tile_path(above, tile)} is too short") from None

    def _rows(self, level: int, number: int) -> list[list[bytes]]:
        """A tile's hashes, and above them those of each pair."""
        if (level, number) not in self._tiles:
            content = self._read(level, number)
            row = [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]
            rows = [row]
            while len(row) > 1:
                row = [node_hash(*row[at : at + 2]) for at in range(0, len(row) - 1, 2)]
                rows.append(row)
            self._tiles[level, number] = rows
        return self._tiles[level, number]

    def _read(self, level: int | str, number: int) -> bytes:
        """The tile, or the widest part of it that there is."""
        path = self._folder / tile_path(level, number)
        parts = sorted(path.with_name(f"{path.name}.p").glob("[0-9]*"), key=lambda p: int(p.name))
        try:
            return (path if path.exists() or not parts else parts[-1]).read_bytes()
        except OSError:
            raise ProofError(f"{tile_path(level, number)} cannot be read") from None


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _split(bundle: bytes) -> Sequence[bytes]:
    found, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        found.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    return found


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
