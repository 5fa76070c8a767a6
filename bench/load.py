"""A load over kept connections, the constant page, and a page's queries without the page."""

import io
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from lockstitch.cli.instance import ROOT
from tests.instance import free_port

CONNECTIONS = 4


@dataclass(frozen=True)
class Load:
    per_s: float
    p50_ms: float
    p99_ms: float
    bytes: int


def hit(
    port: int, host: str, paths: Sequence[str], seconds: float, headers: Mapping[str, str]
) -> Load:
    """Asks for the paths in turn on some connections. RuntimeError for an answer but 200."""
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    asked = [
        f"GET {quote(path, safe='/?=&%+')} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Accept-Language: ja\r\n{more}\r\n".encode()
        for path in paths
    ]
    times: list[float] = []
    sizes: list[int] = []
    wrong: list[Exception] = []
    until = time.monotonic() + seconds

    def one(start: int) -> None:
        own: list[float] = []
        try:
            with socket.create_connection(("127.0.0.1", port)) as line:
                n = start
                while time.monotonic() < until and not wrong:
                    began = time.perf_counter()
                    size = _ask(line, asked[n % len(asked)])
                    own.append(time.perf_counter() - began)
                    n += 1
                sizes.append(size)
        except Exception as error:
            wrong.append(error)
        times.extend(own)

    crowd = [threading.Thread(target=one, args=(n * 17,)) for n in range(CONNECTIONS)]
    began = time.monotonic()
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    if wrong:
        raise RuntimeError(f"{host} {paths[0]}: {wrong[0]}") from wrong[0]
    took = time.monotonic() - began
    times.sort()
    return Load(
        len(times) / took, times[len(times) // 2] * 1000,
        times[min(len(times) - 1, len(times) * 99 // 100)] * 1000, max(sizes),
    )  # fmt: skip


def _ask(line: socket.socket, request: bytes) -> int:
    """The bytes of the body."""
    line.sendall(request)
    held = b""
    while (end := held.find(b"\r\n\r\n")) < 0:
        got = line.recv(65_536)
        if not got:
            raise RuntimeError("closed")
        held += got
    head = held[:end].lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head[:60].decode())
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    left = length - (len(held) - end - 4)
    while left > 0:
        left -= len(line.recv(min(left, 262_144)))
    return length


def constant(size: int, seconds: float) -> Load:
    """The same server program, as many threads, answering one page of this size."""
    port = free_port()
    code = (
        "import sys; from lockstitch.cli import serving\n"
        "serving.main(int(sys.argv[1]), 'bench.constant:application')\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(port)], cwd=ROOT,
        env={**os.environ, "LOCKSTITCH_BENCH_BYTES": str(size)},
    )  # fmt: skip
    try:
        _wait(port)
        hit(port, "x.localhost", ["/"], 0.5, {})
        return hit(port, "x.localhost", ["/"], seconds, {})
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the constant page did not start")


def alone(host: str, path: str, site_id: str) -> tuple[int, float]:
    """(queries of the page, how often a second one connection runs them all)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from lockstitch.wsgi import application

    parts = urlsplit(path)
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": parts.path.encode().decode("latin-1"),
        "QUERY_STRING": quote(parts.query, safe="=&%+"), "SERVER_NAME": host, "SERVER_PORT": "80",
        "HTTP_HOST": host, "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT_LANGUAGE": "ja",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
    }  # fmt: skip

    def ask() -> None:
        said: list[str] = []
        b"".join(application(dict(environ), lambda status, *_: said.append(status)))
        assert said[0].startswith("200"), said

    ask()
    with CaptureQueriesContext(connection) as kept:
        ask()
    queries = [row["sql"] for row in kept.captured_queries]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [site_id])
        own = [sql for sql in queries if "set_config" not in sql]
        began, rounds = time.monotonic(), 0
        while time.monotonic() - began < 2:
            for sql in own:
                cursor.execute(sql)
                if cursor.description:
                    cursor.fetchall()
            rounds += 1
        return len(queries), rounds / (time.monotonic() - began)
