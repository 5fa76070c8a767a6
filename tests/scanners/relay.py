"""Between a scanner and the instance: an HTTP proxy that knows two ports of this machine and no
other host, gives each scanner an address of its own (127.n.0.1: the neighbours of one that guesses
passwords are made to wait with it), and counts what was asked and how it was answered. An answer of
500 or above, or none at all, is a finding whatever the scanner says.
"""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HEAD_MAX, ANSWER_S = 64_000, 40.0
LINE = re.compile(rb"^(\S+) (\S+) (HTTP/1\.[01])\r\n")
DROPPED = re.compile(rb"(?im)^(?:proxy-)?connection:.*\r\n|^proxy-authorization:.*\r\n")
KEPT = 200


@dataclass
class Relay:
    """`source`: the address that the instance sees. `ports`: its two."""

    source: str
    ports: tuple[int, int]
    answers: Counter[int] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)  # method and first words of the path
    failed: dict[str, str] = field(default_factory=dict)  # where -> what the product answered
    refused: Counter[str] = field(default_factory=Counter)  # hosts that are not the instance
    began_at: float = 0.0  # when the scanner itself was started
    _server: asyncio.Server | None = None

    @property
    def requests(self) -> int:
        return sum(self.answers.values())

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD_MAX)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                head = await reader.readuntil(b"\r\n\r\n")
                await self._answer(head, reader, writer)
        finally:
            writer.close()

    async def _answer(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        line = LINE.match(head)
        port = self._port(line[2].decode("latin-1")) if line else None
        if line is None or port is None:
            self.refused[line[2].decode("latin-1")[:60] if line else "?"] += 1
            writer.write(
                b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            return
        method, target = line[1].decode("latin-1"), _origin_form(line[2])
        rest = DROPPED.sub(b"", head[line.end() :])
        sent = b"%s %s %s\r\nConnection: close\r\n%s" % (line[1], target, line[3], rest)
        where = f"{method} {urlsplit(target.decode('latin-1')).path}"
        self.asked[method] += 1
        try:
            status = await asyncio.wait_for(self._pass_on(port, sent, reader, writer), ANSWER_S)
        except (OSError, TimeoutError) as error:
            status = 599
            self._note(where, f"no answer: {type(error).__name__}")
        self.answers[status] += 1
        if 500 <= status < 599:
            self._note(where, f"answered {status}")

    def _note(self, where: str, what: str) -> None:
        if len(self.failed) < KEPT:
            self.failed.setdefault(where, what)

    def _port(self, url: str) -> int | None:
        """None for what is not this instance."""
        with suppress(ValueError):
            parts = urlsplit(url)
            local = parts.hostname or ""
            if (local == "localhost" or local.endswith(".localhost")) and parts.scheme == "http":
                return parts.port if parts.port in self.ports else None
        return None

    async def _pass_on(
        self, port: int, sent: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> int:
        """The status. 0: the instance closed without a word, as it does on what it can not read."""
        answer, wire = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(self.source, 0), limit=HEAD_MAX
        )
        try:
            wire.write(sent)
            body = asyncio.create_task(_pump(reader, wire))
            first = await answer.readline()
            writer.write(first)
            await _pump(answer, writer)
            body.cancel()
        finally:
            wire.close()
        found = re.match(rb"HTTP/1\.[01] (\d{3})", first)
        return int(found[1]) if found else 0


def _origin_form(url: bytes) -> bytes:
    """`http://host:port/path?query` without the host."""
    _, _, rest = url.partition(b"://")
    slash = re.search(rb"[/?]", rest)
    path = rest[slash.start() :] if slash else b"/"
    return path if path.startswith(b"/") else b"/" + path


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(1 << 16):
            writer.write(part)
            await writer.drain()
