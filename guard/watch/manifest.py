"""The signed list of every file of the program: what the file watch compares with."""

import base64
import contextlib
import hashlib
import os
import site
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guard.keys import SIGNING_PUB, write_file

NAME = "files.manifest"
CONTEXT = b"lockstitch/files/1\n"  # the same key signs checkpoints: neither passes for the other
SIGNATURE_BYTES = 64
STARTUP = ("*.pth", "sitecustomize.py", "usercustomize.py")  # what Python runs by itself


class ManifestError(Exception):
    """It is not there, damaged, or signed by somebody else."""


class Manifest(msgspec.Struct, frozen=True):
    """`files`: path -> SHA-256, of everything below `roots` and of Python's own start-up files."""

    roots: list[str]
    files: dict[str, str]


def make(folder: Path, roots: list[Path], key: Ed25519PrivateKey) -> int:
    """Signs what is there now; the number of files."""
    found = {str(path): fingerprint(path) for path in everything(roots)}
    body = msgspec.json.encode(Manifest([str(root) for root in roots], found))
    write_file(folder / NAME, key.sign(CONTEXT + body) + body, 0o644)
    return len(found)


def read(folder: Path) -> Manifest:
    """What the key in signing.pub has signed. Raises ManifestError."""
    try:
        _name, _hash, public = (folder / SIGNING_PUB).read_text().strip().split("+", 2)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public)[1:])
        return msgspec.json.decode(_body(folder, key), type=Manifest)
    except (OSError, ValueError, InvalidSignature, msgspec.MsgspecError) as error:
        raise ManifestError(f"{NAME}: {type(error).__name__}") from None


def sign_again(folder: Path, old: Ed25519PublicKey, key: Ed25519PrivateKey) -> None:
    """The list that `old` has signed, by another key. Nothing when there is no such list."""
    with contextlib.suppress(OSError, InvalidSignature):
        body = _body(folder, old)
        write_file(folder / NAME, key.sign(CONTEXT + body) + body, 0o644)


def _body(folder: Path, key: Ed25519PublicKey) -> bytes:
    content = (folder / NAME).read_bytes()
    signature, body = content[:SIGNATURE_BYTES], content[SIGNATURE_BYTES:]
    key.verify(signature, CONTEXT + body)
    return body


def everything(roots: list[Path]) -> Iterator[Path]:
    """Every file below the roots, and what Python runs at its start."""
    for root in roots:
        yield from below(root)
    for packages in {Path(folder).resolve() for folder in site.getsitepackages()}:
        for pattern in STARTUP:
            yield from packages.glob(pattern)


def below(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        yield from (here / name for name in names)
        # A link to a folder is not walked into: it is a thing of its own.
        yield from (here / name for name in folders if (here / name).is_symlink())


def fingerprint(path: Path) -> str:
    """SHA-256 of the content; of a link, where it leads; empty when there is nothing (any more)."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return hashlib.sha256(b"link\0" + os.readlink(path).encode()).hexdigest()
        if not stat.S_ISREG(mode):
            return "" if stat.S_ISDIR(mode) else "0" * 64  # a socket, a pipe: never ours
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def differing(files: Mapping[str, str], roots: list[Path]) -> Iterator[tuple[Path, str, str]]:
    """What is not as it was signed: the path, and the hashes before and now."""
    there = set()
    for path in everything(roots):
        there.add(str(path))
        now, was = fingerprint(path), files.get(str(path), "")
        if now != was:
            yield path, was, now
    for gone in files.keys() - there:
        yield Path(gone), files[gone], ""
