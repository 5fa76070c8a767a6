"""S0 to S2: from the network, without any right."""

import re
import socket
import time
from uuid import uuid4

from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.routes import every

VERBS = (
    "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "MKCOL", "MOVE", "COPY", "TRACE", "CONNECT",
    "LOCK", "SEARCH", "DEBUG", "FAKE",
)  # fmt: skip
HOLES = (
    "/wp-login.php", "/.env", "/.git/config", "/backup.sql", "/phpmyadmin/", "/cgi-bin/test.cgi",
    "/actuator/env", "/server-status", "/index.php~", "/../../etc/passwd",
)  # fmt: skip
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
SMUGGLED = (
    b"POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: xchunked\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nabcde",
    b"GET / HTTP/1.1\r\nHost: H\r\nContent-Length: +5\r\n\r\nabcde",
)
BANNERS = ("granian", "python", "django", "postgres")


def scan(ground: Ground, stage: Stage) -> None:
    """S0: a scanner's list of names, from one source."""
    visitor = ground.visitor(0)
    texts = set()

    def sweep() -> None:
        for number, path in enumerate([*HOLES, *(f"/{uuid4().hex}/" for _n in range(15))]):
            status, headers, body = visitor.ask("GET", ground.shop(path))
            texts.add((status, len(body) if number < len(HOLES) else 0))
            told = " ".join([headers.get("server", ""), headers.get("x-powered-by", "")]).lower()
            named = [each for each in BANNERS if each in told]
            stage.check(f"GET {path}", is_stopped=status in (400, 404) and not named,
                        by="uniform 404 without a banner")  # fmt: skip

    at, began = stage.now(), time.perf_counter()
    sweep()
    stage.see("edge.scan", at, began, about=visitor.address)
    stage.see("edge.scanner", at, began, about=visitor.address)
    stage.note(f"{len(HOLES) + 15} names asked for, from {visitor.address}")


def methods(ground: Ground, stage: Stage) -> None:
    """S1: every route with every verb that it has no use for, bodies that are not to be read, and
    requests that can be read in two ways."""
    visitor, tried = ground.visitor(1), 0
    stage.expect("edge.method", lambda: visitor.ask("PUT", ground.shop()), about=visitor.address)
    hosts = {
        "shop": ground.shop, "desk": ground.desk, "desk_console": ground.console_desk,
        "console": lambda path: ground.instance.shop_url("console.localhost").rstrip("/") + path,
    }  # fmt: skip
    for route in every():
        url = hosts[route.host](_example(route.route))
        verbs = VERBS if not ground.quick else ("PUT", "FAKE")
        for verb in [*verbs, *({"POST"} - set(route.methods))]:
            status, _headers, _body = visitor.ask(verb, url)
            tried += 1
            stage.check(f"{verb} {url}", is_stopped=status in (400, 404, 405), by="405")
    for header in OVERRIDES:
        status, _headers, body = visitor.ask("GET", ground.shop(), headers={header: "PUT"})
        stage.check(header, is_stopped=status == 200 and b"<html" in body, by="no override")
    _bodies(ground, stage)
    stage.note(f"{tried} requests of verbs that no route takes")


def _example(route: str) -> str:
    values = {"uuid": str(uuid4()), "slug": "drill", "str": "x", "path": "x", "int": "1"}
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: values[found[1]], route)


def _bodies(ground: Ground, stage: Stage) -> None:
    port = ground.instance.existing().port
    host = f"{ground.site.hosts[0]}:{port}".encode()
    promised = b"PUT /x HTTP/1.1\r\nHost: H\r\nContent-Length: 500000\r\n\r\nDRILL"
    answer = _raw(ground, promised.replace(b"H\r\n", host + b"\r\n", 1), port)
    stage.check("a PUT whose body is still to come", by="body not read",
                is_stopped=answer.startswith(b"HTTP/1.1 405"))  # fmt: skip
    for number, request in enumerate(SMUGGLED):
        answer = _raw(ground, request.replace(b"Host: H", b"Host: " + host), port)
        is_one = answer.count(b"HTTP/1.1 ") <= 1 and b"HTTP/1.1 2" not in answer
        stage.check(f"ambiguous request {number}", is_stopped=is_one, by="one reading or none")


def _raw(ground: Ground, request: bytes, port: int) -> bytes:
    with socket.socket() as wire:
        wire.settimeout(3)
        wire.bind((ground.source(1, 2), 0))
        wire.connect(("127.0.0.1", port))
        found = b""
        try:
            wire.sendall(request)
            while b"\r\n\r\n" not in found and (part := wire.recv(4096)):
                found += part
        except OSError:
            pass
        return found
