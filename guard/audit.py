"""Checks a log folder, or a pack of entries with their proofs, without trusting who made it.

One file that needs Python and `cryptography` only, and shares nothing with what it checks:

  python audit.py FOLDER --pub ledger.pub [--witness-key FILE ...] [--older CHECKPOINT] [--show]
  python audit.py --pack FILE.json --pub ledger.pub [--witness-key FILE ...] [--show]

A key file holds one line, name+hash+base64 (C2SP signed-note). The log's is the first one known: a
key that took its place needs its word. Exit code 1 when anything is not as it must be.
"""

import argparse
import base64
import hashlib
import json
import sys
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

COLUMNS = ("version", "at", "verb", "principal_kind", "principal_id", "session_id", "address",
           "purpose", "site_id", "fields", "outcome", "records", "persons")  # fmt: skip
LOG_KEY, WITNESS_KEY = 1, 4  # C2SP's types of Ed25519 keys
type Entries = Iterator[dict[str, Any]]
type Chain = list[tuple[int, Key]]  # the log's keys, each with the size after which it signs
SUCCESSION = "succession "  # the line of a checkpoint that names the key that follows


class Wrong(Exception):
    """What was found; the text is for a person."""


class Key(NamedTuple):
    name: str
    id: bytes
    kind: int
    public: Ed25519PublicKey


class Checkpoint(NamedTuple):
    text: str  # what is signed
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes]]


# --- keys and checkpoints


def read_key(line: str) -> Key:
    try:
        name, key_id, body = line.strip().split("+", 2)
        raw = base64.b64decode(body, validate=True)
        public = Ed25519PublicKey.from_public_bytes(raw[1:])
    except ValueError:
        raise Wrong("not a key: name+hash+base64") from None
    if raw[0] not in (LOG_KEY, WITNESS_KEY) or bytes.fromhex(key_id) != key_id_of(name, raw):
        raise Wrong(f"the key of {name} has another hash than it says")
    return Key(name, bytes.fromhex(key_id), raw[0], public)


def key_id_of(name: str, typed: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]


def read_checkpoint(note: str) -> Checkpoint:
    text, _, signed = note.partition("\n\n")
    lines = text.split("\n")
    signatures = []
    try:
        if len(lines) < 3 or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise ValueError
        root = base64.b64decode(lines[2], validate=True)
        for line in signed.removesuffix("\n").split("\n"):
            mark, name, body = line.split(" ")
            if mark != "—":
                raise ValueError
            signatures.append((name, base64.b64decode(body, validate=True)))
    except ValueError:
        raise Wrong("not a signed checkpoint") from None
    if len(root) != 32:
        raise Wrong("the checkpoint's root is no SHA-256")
    return Checkpoint(f"{text}\n", lines[0], int(lines[1]), root, signatures)


def signed_at(found: Checkpoint, key: Key) -> datetime | None:
    """When a witness cosigned; for the log's own signature the epoch; None: it did not sign."""
    for name, blob in found.signatures:
        if name != key.name or blob[:4] != key.id:
            continue
        message, signature, seconds = found.text.encode(), blob[4:], 0
        if key.kind == WITNESS_KEY:
            seconds, signature = int.from_bytes(blob[4:12], "big"), blob[12:]
            message = f"cosignature/v1\ntime {seconds}\n".encode() + message
        try:
            key.public.verify(signature, message)
        except InvalidSignature:
            continue
        return datetime.fromtimestamp(seconds, UTC)
    return None


def successor(found: Checkpoint) -> Key | None:
    """The key that a checkpoint hands over to, which has signed it too."""
    for line in found.text.split("\n")[3:]:
        if line.startswith(SUCCESSION):
            key = read_key(line.removeprefix(SUCCESSION))
            if key.name != found.origin or key.kind != LOG_KEY or signed_at(found, key) is None:
                raise Wrong(f"the succession at {found.size} is not signed by its new key")
            return key
    return None


def follow(first: Key, notes: Sequence[Checkpoint]) -> Chain:
    """Each key known by the one before it."""
    chain = [(0, first)]
    for found in sorted(notes, key=lambda each: each.size):
        key = successor(found)
        if key is None or found.size <= chain[-1][0]:
            raise Wrong(f"the succession at {found.size} is none")
        if signed_at(found, chain[-1][1]) is None:
            raise Wrong(f"the succession at {found.size} is not signed by the key before it")
        chain.append((found.size, key))
    return chain


def need_signed(found: Checkpoint, chain: Chain, witnesses: Sequence[Key]) -> None:
    log = [key for after, key in chain if after < max(found.size, 1)][-1]
    if found.origin != log.name or signed_at(found, log) is None:
        if any(signed_at(found, key) is not None for _, key in chain):
            raise Wrong(f"the checkpoint of {found.size} is signed by a key that was succeeded")
        raise Wrong("the checkpoint is not signed by this log")
    for key in witnesses:
        if signed_at(found, key) is None:
            raise Wrong(f"the checkpoint is not cosigned by {key.name}")


# --- the tree (RFC 9162, 2.1)


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """Perfect subtrees as (leaves, hash), largest first."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, bytes]] = []
        self.size = 0

    def add(self, digest: bytes) -> None:
        self.size += 1
        count = 1
        while self.parts and self.parts[-1][0] == count:
            digest, count = node(self.parts.pop()[1], digest), 2 * count
        self.parts.append((count, digest))

    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256(b"").digest()
        digest = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            digest = node(left, digest)
        return digest


def included(entry: bytes, seq: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    return 0 <= seq < size and _climb(seq, size - 1, leaf(entry), proof)[1] == root


def consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `new` begins with that of `old`, which is not empty."""
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not 0 < old < new or not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return _climb(at, last, path[0], path[1:]) == (old_root, new_root)


def _climb(at: int, last: int, start: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the older tree and of the newer; empty when the proof has another length."""
    was = now = start
    for each in proof:
        if last == 0:
            return b"", b""
        if at & 1 or at == last:
            was, now = node(each, was), node(each, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, each)
        at, last = at >> 1, last >> 1
    return (was, now) if last == 0 else (b"", b"")


# --- entries (msgpack, as far as they use it)


def read_entry(data: bytes) -> dict[str, Any]:
    try:
        value, end = _value(data, 0)
    except (IndexError, ValueError):
        value, end = None, -1
    if not isinstance(value, list) or end != len(data) or len(value) != len(COLUMNS):
        raise Wrong("an entry that is none")
    return dict(zip(COLUMNS, value, strict=True))


def _value(data: bytes, at: int) -> tuple[Any, int]:
    kind, at = data[at], at + 1
    if kind < 0x80:
        return kind, at
    if kind == 0xC0:
        return None, at
    if kind & 0xF0 == 0x90 or kind in (0xDC, 0xDD):
        width = {0xDC: 2, 0xDD: 4}.get(kind, 0)
        count = int.from_bytes(data[at : at + width], "big") if width else kind & 15
        values, at = [], at + width
        for _ in range(count):
            value, at = _value(data, at)
            values.append(value)
        return values, at
    if kind & 0xE0 == 0xA0 or kind in (0xD9, 0xDA):
        width = {0xD9: 1, 0xDA: 2}.get(kind, 0)
        length = int.from_bytes(data[at : at + width], "big") if width else kind & 31
        at += width
        return data[at : at + length].decode(), at + length
    if kind == 0xC4 and data[at] == 16:
        return str(uuid.UUID(bytes=data[at + 1 : at + 17])), at + 17
    times = {0xD6: (0, 4), 0xD7: (0, 8), 0xC7: (1, 12)}  # msgpack's timestamp in its three lengths
    if kind in times and data[at + times[kind][0]] == 0xFF:
        start = at + times[kind][0] + 1
        return _time(data[start : start + times[kind][1]]), start + times[kind][1]
    raise ValueError("not used in entries")


def _time(raw: bytes) -> str:
    nanos, seconds = 0, int.from_bytes(raw, "big")
    if len(raw) == 8:
        nanos, seconds = seconds >> 34, seconds & (1 << 34) - 1
    elif len(raw) == 12:
        nanos = int.from_bytes(raw[:4], "big")
        seconds = int.from_bytes(raw[4:], "big", signed=True)
    moment = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=nanos // 1000)
    return moment.isoformat()


# --- a folder, a pack


def place(level: int | str, number: int, width: int) -> str:
    digits = str(number)
    digits = "0" * (-len(digits) % 3) + digits
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join(f"x{group}" for group in groups[:-1]) + "/" if groups[1:] else ""
    return f"tile/{level}/{path}{groups[-1]}" + (f".p/{width}" if width < 256 else "")


def check_folder(folder: Path, found: Checkpoint, before: Sequence[Checkpoint]) -> Entries:
    """Each entry; Wrong as soon as a file is not what the checkpoint and those before it say."""
    tree, tiles = Tree(), [_Level()]
    for start in range(0, found.size, 256):
        width = min(256, found.size - start)
        entries = _split(_read(folder, "entries", start // 256, width), width, start)
        for digest in map(leaf, entries):
            tree.add(digest)
            tiles[0].hashes.append(digest)
            if any(tree.size == each.size and tree.root() != each.root for each in before):
                raise Wrong(f"the first {tree.size} entries are not those of the older checkpoint")
        _check_tiles(folder, tiles, last=start + width == found.size)
        yield from map(read_entry, entries)
    if any(each.size > found.size for each in before):
        raise Wrong(f"an older checkpoint has more than the {found.size} entries of this one")
    if tree.root() != found.root:
        raise Wrong("the entries give another root than the checkpoint has")


class _Level:
    """Of the tiles: the hashes of the one that is not full yet, and how many were full."""

    def __init__(self) -> None:
        self.hashes: list[bytes] = []
        self.number = 0


def _check_tiles(folder: Path, tiles: list[_Level], *, last: bool) -> None:
    """Every tile that has just become full, and at the end those that are not."""
    for level, tile in enumerate(tiles):  # which grows meanwhile
        width = len(tile.hashes)
        is_file = width == 256 or (last and width > 0)
        if is_file and _read(folder, level, tile.number, width) != b"".join(tile.hashes):
            raise Wrong(f"{place(level, tile.number, width)}: not what is below it")
        if width == 256:
            if level + 1 == len(tiles):
                tiles.append(_Level())
            above = Tree()
            for digest in tile.hashes:
                above.add(digest)
            tiles[level + 1].hashes.append(above.root())
            tile.hashes, tile.number = [], tile.number + 1


def _split(bundle: bytes, width: int, start: int) -> list[bytes]:
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entries.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(bundle) or len(entries) != width:
        raise Wrong(f"the bundle of the entries from {start} does not have {width}")
    return entries


def _read(folder: Path, level: int | str, number: int, width: int) -> bytes:
    try:
        return (folder / place(level, number, width)).read_bytes()
    except OSError:
        raise Wrong(f"{place(level, number, width)}: cannot be read") from None


def check_pack(pack: dict[str, Any], found: Checkpoint) -> Entries:
    """Each entry of the pack; Wrong when one is not in the log."""
    for each in pack.get("successions", []):
        was = read_checkpoint(each["note"])
        proof = [base64.b64decode(line, validate=True) for line in each["proof"]]
        if not consistent(was.size, was.root, found.size, found.root, proof):
            raise Wrong(f"the succession at {was.size} is of another log")
    for each in pack["entries"]:
        entry = base64.b64decode(each["entry"], validate=True)
        proof = [base64.b64decode(line, validate=True) for line in each["proof"]]
        if not included(entry, each["seq"], found.size, proof, found.root):
            raise Wrong(f"entry {each['seq']} is not in the log of this checkpoint")
        yield {"seq": each["seq"], **read_entry(entry)}


def audit(asked: argparse.Namespace) -> Iterator[str]:
    """What to say; raises Wrong."""
    log = read_key(Path(asked.pub).read_text())
    witnesses = [read_key(Path(name).read_text()) for name in asked.witness_key]
    pack = json.loads(Path(asked.pack).read_text()) if asked.pack else None
    folder, count = Path(asked.folder or ""), 0
    found = read_checkpoint(pack["checkpoint"] if pack else (folder / "checkpoint").read_text())
    given: Any = pack.get("successions", []) if pack else folder.glob("succession/0*")
    before = [read_checkpoint(each["note"] if pack else each.read_text()) for each in given]
    chain = follow(log, before)
    need_signed(found, chain, witnesses)
    if asked.older:
        before.append(read_checkpoint(Path(asked.older).read_text()))
        need_signed(before[-1], chain, [])
    for entry in check_pack(pack, found) if pack else check_folder(folder, found, before):
        count += 1
        if asked.show:
            yield json.dumps(entry, ensure_ascii=False)
    for after, key in chain[1:]:
        yield f"handed over to {key.name}+{key.id.hex()} after {after} entries"
    for key in witnesses:
        yield f"cosigned by {key.name} at {signed_at(found, key):%Y-%m-%d %H:%M:%S} UTC"
    yield f"sound: {count} entries, checkpoint of {found.size} by {found.origin}"


def main() -> int:
    raw = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--pack")
    parser.add_argument("--older")
    parser.add_argument("--pub", required=True)
    parser.add_argument("--witness-key", action="append", default=[])
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    if (asked.folder is None) == (asked.pack is None) or (asked.pack and asked.older):
        parser.error("give a folder, with which --older goes, or --pack")
    try:
        for line in audit(asked):
            sys.stdout.write(line + "\n")
    except (Wrong, OSError, ValueError, KeyError, TypeError) as error:
        sys.stdout.write(f"NOT SOUND: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
