"""Recomputes the whole ledger and says what is not as it must be. Only reads.

Its Merkle tree is its own, so that a fault in the one that appends is found, not repeated.
"""

import base64
import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec
import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import DictRow, dict_row

from guard.entry import Entry, canonical, read_entry

BATCH = 2000
SERVED = "log/checkpoint"
FINDINGS_MAX = 1000  # a ledger that is wholly wrong need not be listed line by line

type Db = psycopg.Connection[DictRow]
type Sides = dict[str, dict[int, set[tuple[datetime, UUID]]]]  # by table, by seq
type Progress = Callable[[int, int], None]  # entries done, entries in all

COLUMNS = msgspec.structs.fields(Entry)[1:]  # all but the format's version

_STORED_NOT_ONCE = """SELECT r.record_id, count(l.seq) AS times FROM guard.record r
    LEFT JOIN guard.ledger_record lr USING (record_id)
    LEFT JOIN guard.ledger l ON l.seq = lr.seq AND l.at = lr.at AND l.verb = 'vault.store'
    GROUP BY r.record_id HAVING count(l.seq) <> 1 ORDER BY r.record_id"""
_VANISHED = """SELECT DISTINCT s.record_id
    FROM guard.ledger_record s JOIN guard.ledger l USING (seq, at) WHERE l.verb = 'vault.store'
    AND NOT EXISTS (SELECT 1 FROM guard.record r WHERE r.record_id = s.record_id)
    AND NOT EXISTS (SELECT 1 FROM guard.ledger_record g JOIN guard.ledger f USING (seq, at)
        WHERE g.record_id = s.record_id AND f.verb = 'vault.forget') ORDER BY s.record_id"""


# By both: another month could hold a second row of the same seq.
_NEXT = "SELECT * FROM guard.ledger WHERE (seq, at) > (%s, %s) ORDER BY seq, at LIMIT %s"
_SIDES = {
    "records": "SELECT seq, at, record_id AS id FROM guard.ledger_record"
    " WHERE seq >= %s AND seq <= %s",
    "persons": "SELECT seq, at, person_id AS id FROM guard.ledger_person"
    " WHERE seq >= %s AND seq <= %s",
}


class Verifier(NamedTuple):
    """Whose signature counts: name, key hash and key, as ledger.pub has them."""

    origin: str
    key_hash: bytes
    key: Ed25519PublicKey


class Signers:
    """The key in force: ledger.pub's, until a checkpoint that it has signed names another."""

    def __init__(self, first: Verifier, db: Db) -> None:
        self.now = first
        rows = db.execute("SELECT size, vkey FROM guard.succession").fetchall()
        self.following = {row["size"]: row["vkey"] for row in rows}

    def check(self, size: int, root: bytes, note: str) -> Iterator[str]:
        """Of the checkpoints in order of size."""
        now, vkey = self.now, self.following.pop(size, None)
        text = f"{now.origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        if vkey is None:
            if not _signed(note, text, [now]):
                yield f"checkpoint {size}: its note is not a signed one of this size and root"
            return
        try:
            self.now = _verifier(vkey)
        except ValueError:
            yield f"succession {size}: names no key"
            return
        if not _signed(note, f"{text}succession {vkey}\n", [now, self.now]):
            yield f"succession {size}: not signed by the key before it and by the new one"


class Tree:
    """Perfect subtrees as (leaves, hash), largest first; equal neighbours are joined."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[tuple[int, bytes]] = []

    def add(self, entry: bytes) -> bytes:
        leaf = hashlib.sha256(b"\0" + entry).digest()
        self.size += 1
        self.parts.append((1, leaf))
        while len(self.parts) > 1 and self.parts[-1][0] == self.parts[-2][0]:
            (leaves, right), (_, left) = self.parts.pop(), self.parts.pop()
            self.parts.append((2 * leaves, hashlib.sha256(b"\1" + left + right).digest()))
        return leaf

    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256().digest()
        *rest, (_, found) = self.parts
        while rest:
            found = hashlib.sha256(b"\1" + rest.pop()[1] + found).digest()
        return found


def verify(url: str, folder: Path, progress: Progress = lambda done, total: None) -> list[str]:
    """Findings, one line each; none when the ledger is sound.

    `url` is ls_guard's or ls_owner's; `folder` holds ledger.pub and checkpoints. Raises
    psycopg.Error when the database cannot be read.
    """
    findings: list[str] = []
    with psycopg.connect(url, row_factory=dict_row) as db:
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for finding in findings_in(db, folder, progress):
            findings.append(finding)
            if len(findings) >= FINDINGS_MAX:
                findings.append("... and more")
                break
    return findings


def findings_in(db: Db, folder: Path, progress: Progress) -> Iterator[str]:
    """The same in the caller's transaction."""
    # Before the first query: what is signed later is not in its view.
    outside, handed_on = _outside(folder), _handed_on(folder)
    served = outside.pop(SERVED, None)
    try:
        signers = Signers(_verifier((folder / "ledger.pub").read_text()), db)
    except (OSError, ValueError):
        yield "ledger.pub: cannot be read, so no signature can be checked"
        return
    tree = Tree()
    yield from _entries(db, tree, signers, progress)
    yield from (f"succession {size}: its checkpoint is missing" for size in signers.following)
    yield from _successions(db, handed_on)
    yield from _head(db, tree)
    for row in db.execute("SELECT size FROM guard.checkpoint WHERE size > %s", [tree.size]):
        yield f"checkpoint {row['size']}: signed, but the ledger has only {tree.size} entries"
    yield from _files(db, outside)
    if served is not None:
        yield from _served(db, served)
    for row in db.execute(_STORED_NOT_ONCE):
        yield f"record {row['record_id']}: {row['times']} entries of its storing, not one"
    for row in db.execute(_VANISHED):
        yield f"record {row['record_id']}: was stored, and is gone without having been forgotten"


def _entries(db: Db, tree: Tree, signers: Signers, progress: Progress) -> Iterator[str]:
    counted = db.execute("SELECT count(*) AS total FROM guard.ledger").fetchone()
    total, last = (counted or {"total": 0})["total"], (-(2**62), datetime.now(UTC))
    while rows := db.execute(_NEXT, [*last, BATCH]).fetchall():
        signed = {
            row["size"]: row
            for row in db.execute(
                "SELECT size, root, note FROM guard.checkpoint WHERE size > %s AND size <= %s",
                [tree.size, tree.size + len(rows)],
            )
        }
        ends = [rows[0]["seq"], rows[-1]["seq"]]
        sides: Sides = {name: {} for name in _SIDES}
        for name, query in _SIDES.items():
            for row in db.execute(query, ends):
                sides[name].setdefault(row["seq"], set()).add((row["at"], row["id"]))
        for row in rows:
            if row["seq"] != tree.size:
                yield f"entry {tree.size}: missing (the next one is {row['seq']})"
            yield from _entry(row, sides)
            if tree.add(row["entry"]) != row["leaf_hash"]:
                yield f"entry {row['seq']}: its leaf hash is not that of its bytes"
            if tree.size in signed:
                yield from _checkpoint(signed[tree.size], tree, signers)
        last = (rows[-1]["seq"], rows[-1]["at"])
        progress(tree.size, total)


def _checkpoint(row: DictRow, tree: Tree, signers: Signers) -> Iterator[str]:
    if row["root"] != tree.root():
        yield f"checkpoint {tree.size}: the entries up to it give another root"
    yield from signers.check(tree.size, row["root"], row["note"])


def _entry(row: DictRow, sides: Sides) -> Iterator[str]:
    seq = row["seq"]
    try:
        entry = read_entry(row["entry"])
    except msgspec.MsgspecError:
        yield f"entry {seq}: its bytes are no entry"
        return
    if canonical(entry) != row["entry"]:
        yield f"entry {seq}: its bytes are not in the canonical form"
    for column in COLUMNS:
        if getattr(entry, column.name) != row[column.name]:
            yield f"entry {seq}: column {column.name} differs from its bytes"
    for name, side in sides.items():
        if {(entry.at, each) for each in getattr(entry, name)} != side.get(seq, set()):
            yield f"entry {seq}: the table of its {name} differs from its bytes"


def _head(db: Db, tree: Tree) -> Iterator[str]:
    head = db.execute("SELECT size, frontier FROM guard.ledger_head").fetchone()
    if head is None or head["size"] != tree.size:
        yield f"head: says {head['size'] if head else 'nothing'}, there are {tree.size} entries"
    elif head["frontier"] != [digest for _, digest in tree.parts]:
        yield "head: its compact range is not that of the entries"


def _verifier(vkey: str) -> Verifier:
    origin, key_hash, body = vkey.strip().split("+", 2)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body)[1:])
    return Verifier(origin, bytes.fromhex(key_hash), key)


def _signed(note: str, text: str, verifiers: list[Verifier]) -> bool:
    """By each of them, in this order, and by nobody else."""
    lines = note.removeprefix(f"{text}\n").removesuffix("\n").split("\n")
    if not note.startswith(f"{text}\n") or len(lines) != len(verifiers):
        return False
    for line, verifier in zip(lines, verifiers, strict=True):
        try:
            blob = base64.b64decode(line.removeprefix(f"— {verifier.origin} "), validate=True)
            verifier.key.verify(blob[4:], text.encode())
        except (ValueError, InvalidSignature):
            return False
        if blob[:4] != verifier.key_hash:
            return False
    return True


def _handed_on(folder: Path) -> dict[str, str]:
    """The copies by which others learn of a new key."""
    paths = sorted((folder / "log" / "succession").glob("[0-9]*"))
    return {str(path.relative_to(folder)): path.read_text() for path in paths}


def _successions(db: Db, texts: Mapping[str, str]) -> Iterator[str]:
    for path, text in texts.items():
        query = "SELECT 1 FROM guard.succession JOIN guard.checkpoint USING (size) WHERE note = %s"
        if not db.execute(query, [text]).fetchone():
            yield f"{path}: the database does not have this succession"


def _served(db: Db, text: str) -> Iterator[str]:
    """The one that the log's files are for: ours, with or without cosignatures."""
    if not db.execute(
        "SELECT 1 FROM guard.checkpoint WHERE size = %s AND starts_with(%s, note)",
        [_size(text), text],
    ).fetchone():
        yield "log/checkpoint: the database does not have this checkpoint"


def _outside(folder: Path) -> dict[str, str]:
    """The copies outside the database, which somebody who owns only the database cannot change."""
    paths = [
        path for path in sorted((folder / "checkpoints").glob("*"))
        if path.name == "latest" or path.name.isdigit()
    ]  # fmt: skip
    found = {}
    for path in [*paths, folder / SERVED]:
        with contextlib.suppress(FileNotFoundError):  # an old one goes when a new one comes
            found[str(path.relative_to(folder))] = path.read_text()
    return found


def _files(db: Db, texts: Mapping[str, str]) -> Iterator[str]:
    for path, text in texts.items():
        name = path.rpartition("/")[2]
        size = _size(text)
        query = "SELECT note FROM guard.checkpoint WHERE size = %s"
        row = db.execute(query, [size]).fetchone()
        misnamed = name.isdigit() and int(name) != size
        if row is None or row["note"] != text or misnamed:
            yield f"{path}: the database does not have this checkpoint"


def _size(text: str) -> int:
    said = "".join(text.split("\n")[1:2])
    return int(said) if said.isdecimal() and len(said) < 19 else -1
