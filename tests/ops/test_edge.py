"""The shipped configurations of the edge, before a real instance: routes x verbs, requests that can
be read in two ways, names that are not ours, and whose address is believed."""

import json
import re
import shutil
import socket
import ssl
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.instance import call, wait_until
from tests.ops import edges
from tests.seam.conftest import STAFF, Seeded, seed
from tests.seam.test_edge import alerts, example

pytestmark = pytest.mark.slow

BEHIND = {**STAFF, "LOCKSTITCH_TLS": "1", "LOCKSTITCH_EDGE": "127.0.0.1"}
VERBS = ("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "MKCOL", "MOVE", "COPY", "LOCK", "TRACE",
         "CONNECT", "SEARCH", "MADEUP")  # fmt: skip
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
HOSTS = {"shop": "north.localhost", "console": "console.localhost",
         "desk": "desk.north.localhost", "desk_console": "desk.console.localhost"}  # fmt: skip


@dataclass
class Edge:
    seeded: Seeded
    port: int
    name: str

    def raw(
        self, request: bytes, *, source: str = "127.0.0.40", host: str = HOSTS["shop"]
    ) -> bytes:
        """All that comes back until the other side hangs up, or says nothing for a while."""
        found = b""
        try:
            with edges.connection(self.port, source, host) as wire:
                wire.settimeout(2)
                wire.sendall(request.replace(b"HOST", host.encode()))
                while part := wire.recv(65536):
                    found += part
        except (TimeoutError, ConnectionError, ssl.SSLError):
            pass
        return found

    def ask(self, verb: str, path: str, *, host: str = HOSTS["shop"], source: str = "127.0.0.40",
            headers: str = "", body: bytes = b"") -> tuple[int, str]:  # fmt: skip
        """The status, and everything."""
        head = f"{verb} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}"
        head += f"Content-Length: {len(body)}\r\n" if body else ""
        answer = self.raw(head.encode() + b"\r\n" + body, source=source, host=host)
        status = re.match(rb"HTTP/1\.1 (\d{3})", answer)
        return int(status[1]) if status else 0, answer.decode(errors="replace")


@pytest.fixture(scope="module")
def behind() -> Iterator[Seeded]:
    with seed(BEHIND) as seeded:
        yield seeded


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def edge(behind: Seeded, request: Any, tmp_path_factory: Any) -> Iterator[Edge]:
    path = "/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin"
    if shutil.which(request.param, path=path) is None or shutil.which("openssl") is None:
        pytest.skip(f"{request.param} is not here")
    folder: Path = tmp_path_factory.mktemp(request.param)
    with getattr(edges, request.param)(folder, behind.up.port) as port:
        yield Edge(behind, port, request.param)


def test_pages_are_answered(edge: Edge) -> None:
    for host in HOSTS.values():
        status, answer = edge.ask("GET", "/sign-in/" if host.startswith("desk") else "/", host=host)
        assert status in (200, 302), (host, answer[:300])
        assert "max-age=63072000; includeSubDomains" in answer
        head = answer.partition("\r\n\r\n")[0].lower()
        assert head.count("strict-transport-security") == 1
        assert not re.search(r"^(server: (?!nginx\r|caddy\r|web\r)|via:|x-powered-by:)", head, re.M)
        assert not re.search(r"nginx/|caddy/|granian", head)


def test_no_route_takes_another_verb(edge: Edge) -> None:
    known = json.loads(call(edge.seeded.up.data, "routes", "--json").stdout)
    assert len(known) > 100
    requests = [
        (verb, example(route["route"]), HOSTS[route["host"]])
        for route in known
        for verb in (VERBS if route["host"] == "desk" else VERBS[:2])
    ]

    def refused(request: tuple[str, str, str]) -> None:
        verb, path, host = request
        status, answer = edge.ask(verb, path, host=host, body=b"x")
        assert status in (400, 405, 0), (request, answer[:200])

    with ThreadPoolExecutor(16) as crowd:  # Caddy does not hang up after CONNECT
        list(crowd.map(refused, requests))
    assert alerts(edge.seeded, "edge.method", "127.0.0.40") == []  # the application saw none of it


def test_files_and_media_are_only_read(edge: Edge) -> None:
    for path in ("/media/ab/cdef.webp", "/static/shop.css"):
        assert edge.ask("POST", path, body=b"x")[0] == 405
    answer = edge.ask("GET", "/media/ab/cdef.webp")[1]
    assert "default-src 'none'; sandbox" in answer
    assert answer.lower().count("content-security-policy:") == 1
    assert "nosniff" in answer


def test_a_body_is_not_waited_for(edge: Edge) -> None:
    with edges.connection(edge.port, "127.0.0.41") as wire:
        wire.settimeout(5)
        wire.sendall(b"PUT / HTTP/1.1\r\nHost: north.localhost\r\nContent-Length: 500000\r\n\r\nx")
        assert wire.recv(200).startswith(b"HTTP/1.1 405")


def test_a_long_body_is_refused(edge: Edge) -> None:
    status, _ = edge.ask("POST", "/", headers="Content-Length: 1500000\r\n")
    assert status in (413, 400, 0)


@pytest.mark.parametrize("header", OVERRIDES)
def test_a_header_makes_no_other_verb(edge: Edge, header: str) -> None:
    assert edge.ask("GET", "/", headers=f"{header}: DELETE\r\n")[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "north.localhost.evil.example", "10.0.0.1", "desk.evil.localhost", ""]
)
def test_an_unknown_name(edge: Edge, host: str) -> None:
    """Told by the handshake's name or by the header."""
    request = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    answer = edge.raw(request)
    assert b"<html lang" not in answer
    assert answer == b"" or re.match(
        rb"HTTP/1\.1 (4\d\d|200 OK\r\n(?=.*Content-Length: 0))", answer, re.S
    )


def test_whose_address_is_believed(edge: Edge) -> None:
    """The edge's word, never the client's; and past the edge nobody's."""
    address = {"nginx": "127.0.0.51", "caddy": "127.0.0.52"}[edge.name]
    lies = (
        "X-Forwarded-For: 203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\n"
    )
    edge.ask("GET", "/wp-login.php", source=address, headers=lies)
    wait_until(lambda: alerts(edge.seeded, "edge.scanner", address), 5)
    direct = address.replace(".5", ".6")
    with socket.create_connection(
        ("127.0.0.1", edge.seeded.up.port), 5, source_address=(direct, 0)
    ) as wire:
        head = f"GET /wp-login.php HTTP/1.1\r\nHost: north.localhost\r\n{lies}\r\n"
        wire.sendall(head.encode())
        assert wire.recv(50)
    wait_until(lambda: alerts(edge.seeded, "edge.scanner", direct), 5)
    assert alerts(edge.seeded, "edge.scanner", "203.0.113.9") == []


def test_only_new_tls(edge: Edge) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings(action="ignore"):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with (
        socket.create_connection(("127.0.0.1", edge.port), 5) as wire,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(wire, server_hostname="north.localhost")


END = b"a\r\nConnection: close\r\n\r\n"
INNER = b"DELETE /smuggled/ HTTP/1.1\r\nHost: HOST\r\nX: "
FIVE = b"Content-Length: 5\r\n\r\n0\r\n\r\n" + INNER
POST = b"POST /cart/ HTTP/1.1\r\nHost: HOST\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
# Each is ambiguous for some pair of programs. The edge refuses a DELETE; the application tells the
# watch of every one that reaches it, so one that got past the edge unread would be seen.
SMUGGLED = {
    "CL and TE": POST + b"Content-Length: 6\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + INNER,
    "TE and CL": POST + CHUNKED + b"Content-Length: 4\r\n\r\n5c\r\n" + INNER + b"\r\n0\r\n\r\n",
    "two TE": POST + CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + INNER,
    "TE of two words": POST + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + INNER,
    "TE with a tab": POST + b"Transfer-Encoding:\tchunked\r\n" + FIVE,
    "TE after a space": POST + b"Transfer-Encoding : chunked\r\n" + FIVE,
    "TE before a space": POST + b" Transfer-Encoding: chunked\r\n" + FIVE,
    "TE unknown": POST + b"Transfer-Encoding: xchunked\r\n" + FIVE,
    "TE quoted": POST + b'Transfer-Encoding: "chunked"\r\n' + FIVE,
    "TE in capitals": POST + b"Transfer-Encoding: CHUNKED\r\n" + FIVE,
    "TE with \x0b": POST + b"Transfer-Encoding: \x0bchunked\r\n" + FIVE,
    "TE with an underscore": POST + b"Transfer_Encoding: chunked\r\n" + FIVE,
    "TE folded": POST + b"Transfer-Encoding:\r\n chunked\r\n" + FIVE,
    "two CL": POST + b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + INNER,
    "CL list": POST + b"Content-Length: 0, 60\r\n\r\n" + INNER,
    "CL plus": POST + b"Content-Length: +0\r\n\r\n" + INNER,
    "CL minus": POST + b"Content-Length: -1\r\n\r\n" + INNER,
    "CL hex": POST + b"Content-Length: 0x0\r\n\r\n" + INNER,
    "CL after a space": POST + b"Content-Length : 60\r\n\r\n" + INNER,
    "CL of a GET": b"GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 60\r\n\r\n" + INNER,
    "a bare line feed": POST + b"X: a\nContent-Length: 60\r\n\r\n" + INNER,
    "a bare return": POST + b"X: a\rContent-Length: 60\r\n\r\n" + INNER,
    "a nought": POST + b"X: a\0b\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a chunk of two sizes": POST + CHUNKED + b"\r\n0;a=\r\n1\r\n\r\n" + INNER,
    "a negative chunk": POST + CHUNKED + b"\r\n-1\r\n\r\n" + INNER,
    "a huge chunk": POST + CHUNKED + b"\r\nffffffffffffffff0\r\n\r\n" + INNER,
    "chunks ended by LF": POST + CHUNKED + b"\r\n0\n\n" + INNER,
    "HTTP/1.0 with TE": POST.replace(b"1.1", b"1.0") + CHUNKED + b"\r\n0\r\n\r\n" + INNER,
    "two hosts": b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n",
    "another host in the line": b"GET http://evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "a line within the target": b"GET /%0d%0aX:1 HTTP/1.1\r\nHost: HOST\r\nX: " + END,
    "an upgrade": b"GET / HTTP/1.1\r\nHost: HOST\r\nConnection: Upgrade, HTTP2-Settings\r\n"
    b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("how", list(SMUGGLED))
def test_nothing_is_smuggled(edge: Edge, how: str) -> None:
    """What is within reaches nobody, and whoever asks next gets the answer to what they asked."""
    request = SMUGGLED[how] + END * SMUGGLED[how].endswith(b"X: ")
    answer = edge.raw(request, source="127.0.0.42")
    assert b" 101 " not in answer
    assert b"<html lang" not in answer.partition(b"\r\n\r\nHTTP/1.1 ")[2]
    status, following = edge.ask("GET", "/", source="127.0.0.43")
    assert (status, "<html" in following) == (200, True)
    for source in ("127.0.0.1", "127.0.0.42", "127.0.0.43"):
        assert alerts(edge.seeded, "edge.method", source) == []
