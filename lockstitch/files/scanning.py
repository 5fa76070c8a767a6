"""What scanners say of a file: advice, on record. None of it lets a file in."""

import socket
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    import yara_x

MARKS = Path(__file__).with_name("marks.yar")
YARA_S, CLAMD_S, CHUNK = 10, 30.0, 2**17
NOT_ASKED, SILENT, NOTHING = "not asked", "no answer", "nothing"


@cache
def _rules() -> "yara_x.Rules":
    import yara_x

    return yara_x.compile(MARKS.read_text())


def marks(data: bytes) -> list[str] | None:
    """The rules of marks.yar that fit; None when the scanner gave up."""
    import yara_x  # 40 MB, which shop and desk need not load

    scanner = yara_x.Scanner(_rules())
    scanner.set_timeout(YARA_S)
    try:
        return [rule.identifier for rule in scanner.scan(data).matching_rules]
    except yara_x.TimeoutError:
        return None


def clamd(data: bytes) -> str:
    """The name of the signature that fits, or one of the three words above."""
    if not settings.CLAMD:
        return NOT_ASKED
    try:
        with _connected(settings.CLAMD) as there:
            there.settimeout(CLAMD_S)
            there.sendall(b"zINSTREAM\0")
            for part in _chunks(data):
                there.sendall(struct.pack(">I", len(part)) + part)
            said = there.recv(4096).rstrip(b"\0\n").decode("utf-8", "replace")
    except OSError:
        return SILENT
    if said == "stream: OK":
        return NOTHING
    found = said.removeprefix("stream: ").removesuffix(" FOUND")
    return found[:100] if said.endswith(" FOUND") else SILENT


def _connected(where: str) -> socket.socket:
    """A path, or host:port."""
    if "/" not in where:
        host, _, port = where.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=CLAMD_S)
    there = socket.socket(socket.AF_UNIX)
    there.settimeout(CLAMD_S)
    there.connect(where)
    return there


def _chunks(data: bytes) -> Iterator[bytes]:
    """The last is empty, which ends the stream."""
    for at in range(0, len(data), CHUNK):
        yield data[at : at + CHUNK]
    yield b""
