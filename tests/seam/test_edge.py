"""What shop and desk let in: known methods, known hosts, short requests. The rest is told to the
watch, and it is told in the same second."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.instance import call, wait_until
from tests.seam.conftest import Seeded
from tests.shopper import PERSON, Browser

pytestmark = pytest.mark.slow

VERBS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "MOVE", "COPY",
         "LOCK", "SEARCH", "DEBUG", "TRACK", "GETS")  # fmt: skip


class Source:
    """Somebody with an address of their own."""

    _last = 10

    def __init__(self) -> None:
        Source._last += 1
        self.address = f"127.0.0.{Source._last}"
        transport = httpx.HTTPTransport(local_address=self.address)
        self._client = httpx.Client(transport=transport, timeout=10)

    def ask(self, verb: str, url: str, **more: Any) -> httpx.Response:
        parts = httpx.URL(url)
        headers = {"Host": f"{parts.host}:{parts.port}", **more.pop("headers", {})}
        local = parts.copy_with(host="127.0.0.1")
        return self._client.request(verb, local, headers=headers, **more)

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def source() -> Iterator[Source]:
    made = Source()
    yield made
    made.close()


def alerts(seeded: Seeded, rule: str, subject: str = "") -> list[dict[str, Any]]:
    with seeded.database() as db:
        rows = db.execute(
            "SELECT row_to_json(a) FROM guard.alert a WHERE rule = %s"
            " AND (%s = '' OR subject = %s)", [rule, subject, subject],
        )  # fmt: skip
        return [row[0] for row in rows]


def routes(seeded: Seeded) -> list[dict[str, Any]]:
    return json.loads(call(seeded.up.data, "routes", "--json").stdout)


def base(seeded: Seeded, host: str) -> str:
    return {
        "shop": seeded.up.shop("north.localhost"), "console": seeded.up.shop(),
        "desk": seeded.up.desk("north.localhost"), "desk_console": seeded.up.desk(),
    }[host]  # fmt: skip


def example(route: str) -> str:
    values = {"uuid": str(uuid4()), "slug": "north", "str": "x", "path": "x", "int": "1"}
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: values[found[1]], route)


def test_no_route_takes_a_verb_that_it_has_no_use_for(seeded: Seeded, source: Source) -> None:
    known = routes(seeded)
    assert len(known) > 100
    bodies = set()
    for route in known:
        url = base(seeded, route["host"]) + example(route["route"])
        unknown = [*VERBS, *({"GET", "HEAD", "POST"} - set(route["methods"]))]
        for verb in unknown if route["host"] == "desk" else unknown[-2:]:
            answer = source.ask(verb, url, content=b"")
            assert (answer.status_code, url, verb) == (405, url, verb)
            bodies.add(answer.text)
            for banner in ("Server", "X-Powered-By", "Via"):
                assert "granian" not in answer.headers.get(banner, "").lower()
    assert bodies <= {"Method not allowed\n", ""}
    wait_until(lambda: alerts(seeded, "edge.method", source.address), 5)


def test_a_body_that_nobody_wants_is_not_read(seeded: Seeded, source: Source) -> None:
    """The answer comes while the body is still being promised."""
    for verb, path in (("PUT", "/"), ("POST", "/healthz"), ("POST", "/postcode/")):
        with socket.create_connection(("127.0.0.1", seeded.up.port + 1), 5) as wire:
            host = f"desk.north.localhost:{seeded.up.port + 1}"
            head = f"{verb} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 500000\r\n\r\n"
            wire.sendall(head.encode() + b"x")
            assert wire.recv(200).startswith(b"HTTP/1.1 405"), (verb, path)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_header_makes_no_other_verb(seeded: Seeded, source: Source, header: str) -> None:
    url = seeded.up.shop("north.localhost") + "/"
    answer = source.ask("GET", url, headers={header: "PUT"})
    assert (answer.status_code, "<html" in answer.text) == (200, True)
    assert alerts(seeded, "edge.method", source.address) == []


@pytest.mark.parametrize("host", ["evil.example", "north.localhost.evil.example", "10.0.0.1", ""])
def test_an_unknown_host(seeded: Seeded, source: Source, host: str) -> None:
    for port in (seeded.up.port, seeded.up.port + 1):
        answer = source.ask("GET", f"http://127.0.0.1:{port}/", headers={"Host": host})
        assert answer.status_code in (400, 404)
        assert answer.text in ("Not found\n", "")
    wait_until(lambda: host == "" or alerts(seeded, "edge.host", source.address), 5)


def raw(seeded: Seeded, source: Source, request: bytes) -> bytes:
    with socket.socket() as wire:
        wire.settimeout(5)
        wire.bind((source.address, 0))
        wire.connect(("127.0.0.1", seeded.up.port))
        wire.sendall(request.replace(b"HOST", f"north.localhost:{seeded.up.port}".encode()))
        found = b""
        try:
            while part := wire.recv(4096):
                found += part
        except TimeoutError:
            pass
        return found


SMUGGLED = {
    "both lengths": b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 6\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "chunked": b"POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n"
    b"Content-Length: 5\r\n\r\n",
    "odd coding": b"POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: HOST\r\nX: a\r\n b\r\n\r\n",
    "no length": b"GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: +5\r\n\r\nabcde",
    "too long": b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1000001\r\n\r\n",
    "long target": b"GET /?q=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("how", list(SMUGGLED))
def test_a_request_that_can_be_read_in_two_ways_is_read_in_none(
    seeded: Seeded, source: Source, how: str
) -> None:
    answer = raw(seeded, source, SMUGGLED[how])
    assert re.match(rb"HTTP/1.1 4\d\d", answer) or answer == b"", answer[:80]
    assert answer.count(b"HTTP/1.1 ") <= 1


def test_what_is_refused_for_its_length_is_told(seeded: Seeded, source: Source) -> None:
    raw(seeded, source, SMUGGLED["too long"])
    wait_until(lambda: alerts(seeded, "edge.framing", source.address), 5)


def test_twenty_missing_pages_are_a_scan_and_nineteen_are_none(seeded: Seeded) -> None:
    few, many = Source(), Source()
    shop = seeded.up.shop("north.localhost")
    for source, count in ((few, 19), (many, 20)):
        for number in range(count):
            assert source.ask("GET", f"{shop}/not-here-{number}/").status_code == 404
        source.ask("GET", f"{shop}/not-here-0/")
    wait_until(lambda: alerts(seeded, "edge.scan", many.address), 5)
    assert alerts(seeded, "edge.scan", few.address) == []


@pytest.mark.parametrize(
    "path", ["/wp-login.php", "/.env", "/.git/config", "/index.php?x=1", "/backup.sql"]
)
def test_what_only_scanners_ask_for(seeded: Seeded, source: Source, path: str) -> None:
    shop = seeded.up.shop("north.localhost")
    assert source.ask("GET", f"{shop}/not-here/").status_code == 404
    assert source.ask("GET", shop + path).status_code == 404
    wait_until(lambda: alerts(seeded, "edge.scanner", source.address), 5)


def test_a_report_of_a_browser(seeded: Seeded, source: Source) -> None:
    desk = seeded.up.desk("north.localhost")
    policy = source.ask("GET", f"{desk}/sign-in/").headers["Content-Security-Policy"]
    assert "report-uri /reports/" in policy
    said = {"csp-report": {
        "document-uri": f"{desk}/contact/{uuid4()}/", "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?who=hanako@example.jp",
    }}  # fmt: skip
    headers = {"Content-Type": "application/csp-report"}
    answer = source.ask("POST", f"{desk}/reports/", content=json.dumps(said), headers=headers)
    assert answer.status_code == 204
    subject = "script-src-elem https://evil.example"
    wait_until(lambda: alerts(seeded, "page.report", subject), 5)
    [alert] = alerts(seeded, "page.report", subject)
    assert (alert["evidence"]["page"], "hanako" in json.dumps(alert)) == ("contact", False)
    for content, kind in (("x" * 20_000, "application/csp-report"), ("{", "application/csp-report"),
                          ("{}", "text/plain")):  # fmt: skip
        answer = source.ask(
            "POST", f"{desk}/reports/", content=content, headers={"Content-Type": kind}
        )
        assert answer.status_code == 400


def test_a_script_where_a_name_belongs(seeded: Seeded) -> None:
    """Told with form and field, and without what was typed."""
    desk = seeded.up.desk("north.localhost")
    browser = Browser()
    page = browser.get(f"{desk}/register/")
    for name in ("花子", "O'Brien <3", "<img src=x onerror=marker()>"):
        browser.submit(
            page.form(having="password"), email=PERSON["email"], password="short",
            family_name="山田", given_name=name,
        )  # fmt: skip
        if name.startswith("O"):
            assert alerts(seeded, "input.script") == []
    wait_until(lambda: alerts(seeded, "input.script", "register"), 5)
    [alert] = alerts(seeded, "input.script", "register")
    assert alert["evidence"]["field"] == "given_name"
    assert "marker" not in json.dumps(alert)


def test_who_is_blocked_stays_out_and_nobody_else(seeded: Seeded) -> None:
    out, other = Source(), Source()
    urls = [
        f"{seeded.up.shop('north.localhost')}/",
        f"{seeded.up.desk('north.localhost')}/sign-in/",
    ]

    def answers(source: Source) -> set[int]:
        return {source.ask("GET", url).status_code for url in urls}

    assert answers(out) == {200}
    with seeded.database() as db:
        db.execute("INSERT INTO guard.blocked_source (source, why) VALUES (%s, 'x')", [out.address])
        wait_until(lambda: answers(out) == {403}, 3)
        assert answers(other) == {200}
        db.execute("DELETE FROM guard.blocked_source")
        wait_until(lambda: answers(out) == {200}, 3)
