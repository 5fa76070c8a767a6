"""What both fakes need of HTTP: routes, forms, dropped connections, and the tests' own knobs."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Route = tuple[str, re.Pattern[str], Callable[..., "Said"]]


@dataclass
class Said:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, Any]
    body: bytes
    headers: dict[str, str]
    base: str
    target: str  # the path with its query, as it was sent

    @property
    def form(self) -> dict[str, Any]:
        return nested(self.body.decode())


@dataclass
class Trouble:
    """Something that goes wrong with the next calls whose path has `match` in it."""

    match: str
    when: str  # before, after: the work was done or not when the connection is cut
    times: int = 1


def nested(text: str) -> dict[str, Any]:
    """`a[b][0]=c` as Stripe's library writes it."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, *rest = re.findall(r"[^\[\]]+", name)
        at, key = found, first
        for part in rest:
            at = at.setdefault(key, {})
            key = part
        at[key] = value
    return found


def as_json(said: Any, status: int = 200) -> Said:
    return Said(status, json.dumps(said).encode(), {"Content-Type": "application/json"})


def as_page(title: str, body: str, status: int = 200) -> Said:
    text = (
        '<!doctype html><html lang="ja"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>body{{font:16px/1.6 sans-serif;max-width:26rem;"
        "margin:0 auto;padding:1rem}button{display:block;width:100%;min-height:48px;margin:.5rem 0}"
        f"label{{display:block}}</style><h1>{title}</h1>{body}</html>"
    )
    return Said(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def redirect(url: str) -> Said:
    return Said(303, b"", {"Location": url})


class Fake:
    """Routes and knobs. Subclasses add what is behind them; one call at a time."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.routes: list[Route] = []
        self.troubles: list[Trouble] = []
        self.down = False
        self.journal: list[dict[str, Any]] = []
        self.calls: list[str] = []

    def on(self, method: str, path: str, do: Callable[..., Said]) -> None:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        self.routes.append((method, pattern, do))

    def note(self, kind: str, **facts: Any) -> None:
        """Money moved."""
        self.journal.append({"kind": kind, **facts})

    def answer(self, asked: Asked) -> Said | None:
        """None: the connection is cut without a word."""
        own = asked.path.startswith("/_admin/")
        if self.down and not own:
            return None
        with self.lock:
            if not own:
                self.calls.append(f"{asked.method} {asked.path}")
            trouble = None if own else self._trouble(asked.path)
            if trouble and trouble.when == "before":
                return None
            said = self._routed(asked)
            return None if trouble else said

    def _trouble(self, path: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.match in path and trouble.times:
                trouble.times -= 1
                return trouble
        return None

    def _routed(self, asked: Asked) -> Said:
        for method, pattern, do in self.routes:
            found = pattern.fullmatch(asked.path)
            if method == asked.method and found:
                return self.around(asked, lambda do=do, found=found: do(asked, **found.groupdict()))
        return as_json({"error": "no such path"}, 404)

    def around(self, asked: Asked, do: Callable[[], Said]) -> Said:
        return do()


def serve(fake: Fake, port: int) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def _go(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(
                self.command, parts.path, nested(parts.query), self.rfile.read(length), headers,
                f"http://{self.headers.get('Host')}", self.path,
            )  # fmt: skip
            said = fake.answer(asked)
            if said is None:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        do_GET = do_POST = _go  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    print(f"serving {port}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
