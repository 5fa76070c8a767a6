"""bin/scan without the scanners: what they are told, what is read of them, who is let through."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.scanners import findings, openapi
from tests.scanners.__main__ import EXPLAINED, Result, summary
from tests.scanners.findings import Explained, Finding
from tests.scanners.relay import Relay
from tests.scanners.runs import RUNS, Run, distinct, kept

WHY = "a sentence of a certain length"
ROUTES = [
    {"host": "shop", "route": "items/<str:slug>/", "name": "product", "methods": ["GET", "HEAD"]},
    {"host": "shop", "route": "cart/add/", "name": "cart_add", "methods": ["POST"]},
    {"host": "shop", "route": "sign-out/", "name": "sign_out", "methods": ["POST"]},
    {"host": "desk", "route": "orders/<uuid:id>/", "name": "order", "methods": ["GET", "HEAD"]},
]


def test_a_description_of_what_a_host_answers() -> None:
    made = openapi.document(
        ROUTES, "shop", seen={"/items/<str:slug>/": {"slug": {"shirt"}}},
        fields={"/cart/add/": {"sku": {"A-1", ""}, "csrfmiddlewaretoken": {"x"}}},
        without=frozenset({"sign_out"}),
    )  # fmt: skip
    assert list(made["paths"]) == ["/items/{slug}/", "/cart/add/"]
    product, cart = made["paths"].values()
    assert set(product) == {"parameters", "get", "head"}
    assert product["parameters"][0]["examples"] == {"shirt": {"value": "shirt"}}
    assert set(cart) == {"parameters", "post"}
    [form] = cart["post"]["requestBody"]["content"].values()
    assert list(form["schema"]["properties"]) == ["sku"]


def test_a_path_is_known_by_its_route() -> None:
    patterns = dict(openapi.matcher(ROUTES, "desk"))
    [pattern] = patterns.values()
    id_ = "0199aaaa-0000-7000-8000-000000000001"
    assert pattern.fullmatch(f"/orders/{id_}/")
    assert not pattern.fullmatch("/orders/x/")


def test_every_real_route_is_described() -> None:
    from lockstitch.cli.routes import URLCONFS, every  # sets Django up

    routes = [vars(route) for route in every()]
    for host in URLCONFS:
        made = openapi.document(routes, host, seen={}, fields={})
        said = {
            (path, method.upper()) for path, known in made["paths"].items()
            for method in known if method != "parameters"
        }  # fmt: skip
        wanted = {
            (openapi.PART.sub(r"{\2}", f"/{route['route']}"), method)
            for route in routes if route["host"] == host for method in route["methods"]
        }  # fmt: skip
        assert said == wanted


@pytest.mark.parametrize(
    ("scanner", "id_", "where", "covered"),
    [
        ("wapiti", "XSS", "wapiti/shop GET /items/ q", True),
        ("wapiti", "XSS", "wapiti/shop GET /items/ q2", False),  # over the whole of it
        ("wapiti", "SQL", "wapiti/shop GET /items/ q", False),
        ("sqlmap", "XSS", "wapiti/shop GET /items/ q", False),
    ],
)
def test_an_explanation_covers_what_it_names(
    scanner: str, id_: str, where: str, covered: bool
) -> None:
    known = [Explained("wapiti", "XSS", r"wapiti/\w+ GET /items/ q", WHY)]
    explained, left = findings.split([Finding(scanner, id_, where)], known)
    assert (len(explained), len(left)) == ((1, 0) if covered else (0, 1))


@pytest.mark.parametrize(("where", "why"), [(".*", WHY), ("x", "short")])
def test_an_explanation_says_where_and_why(tmp_path: Path, where: str, why: str) -> None:
    file = tmp_path / "f.toml"
    file.write_text(f"[[explained]]\nscanner='a'\nid='b'\nwhere='{where}'\nwhy='{why}'\n")
    with pytest.raises(ValueError, match="say where, and why"):
        findings.explanations(file)


def test_our_own_explanations_are_read() -> None:
    assert findings.explanations(EXPLAINED)


def test_something_unexplained_is_no_success() -> None:
    result = Result(Run("wapiti", "shop"), requests=3, found=[Finding("wapiti", "XSS", "here")])
    text, well = summary([result], [])
    assert not well
    assert "NOT EXPLAINED  wapiti: XSS" in text
    assert summary([result], [Explained("wapiti", "XSS", "here", WHY)])[1]


def test_what_each_scanner_reports(tmp_path: Path) -> None:
    id_ = "0199aaaa-0000-7000-8000-000000000001"
    report = tmp_path / "report.json"
    report.write_text(json.dumps({
        "vulnerabilities": {"XSS": [{"method": "GET", "path": f"/o/{id_}/?q=1", "parameter": "q",
                                     "info": "found"}]},
        "anomalies": {}, "additionals": {"Fingerprint": [{"path": "/"}]},
    }))  # fmt: skip
    assert list(findings.of_wapiti(report, "wapiti/shop")) == [
        Finding("wapiti", "XSS", "wapiti/shop GET /o/<id>/ q", "found")
    ]
    (tmp_path / "results-all.csv").write_text(
        "Target URL,Place,Parameter,Technique(s),Note(s)\n"
        "http://a/x/,POST,code,B,\nhttp://a/x/,POST,kind,B,false positive or unexploitable\n"
    )
    assert list(findings.of_sqlmap(tmp_path, "sqlmap/shop")) == [
        Finding("sqlmap", "injection", "sqlmap/shop POST /x/ code", "B")
    ]
    events = tmp_path / "events.ndjson"
    check = {"name": "not_a_server_error", "status": "failure",
             "failure_info": {"failure": {"title": "Server error"}}}  # fmt: skip
    recorder = {
        "label": "GET /x/", "checks": {"1": [check, {"name": "x", "status": "success"}]},
        "interactions": {"1": {"request": {"method": "GET", "uri": "http://a/x/?y=1"}}},
    }  # fmt: skip
    lines = [{"Initialize": {}}, {"ScenarioFinished": {"recorder": recorder}}]
    events.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert list(findings.of_schemathesis(events, "st/shop")) == [
        Finding("schemathesis", "not_a_server_error", "st/shop GET /x/", "Server error")
    ]


def test_addresses_are_asked_once_for_each_set_of_parameters() -> None:
    urls = ["http://a/x?p=1", "http://a/x?p=2", "http://a/x?p=1&q=", "http://a/y?p=1"]
    assert len(distinct(urls)) == 3
    assert "POST /x?p=1 HTTP/1.1\nHost: a\nCookie: c=d\n" in kept(
        "POST", "http://a/x?p=1", "e=f", "c=d"
    )


def test_each_run_has_a_name_of_its_own() -> None:
    assert len({run.name for run in RUNS}) == len(RUNS)


def test_the_relay_knows_one_instance_and_counts() -> None:
    """A real server behind it: which address it sees, and what the scanner is answered."""
    sources: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        sources.append(writer.get_extra_info("peername")[0])
        assert b"connection: close" in head.lower()
        status = b"500 Oh" if b"/bad" in head else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    async def run() -> tuple[list[int], Relay]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with (
            Relay("127.9.0.1", (port, port + 1)) as relay,
            httpx.AsyncClient(proxy=relay.url, trust_env=False) as client,
        ):
            got = []
            for where in (f"shop.localhost:{port}/a", f"shop.localhost:{port}/bad?x=1",
                          f"example.com:{port}/", f"127.0.0.2:{port}/", "shop.localhost:22/",
                          f"shop.localhost.evil:{port}/"):  # fmt: skip
                got.append((await client.get(f"http://{where}")).status_code)
        server.close()
        return got, relay

    got, relay = asyncio.run(run())
    assert got == [200, 500, 403, 403, 403, 403]
    assert sources == ["127.9.0.1"] * 2
    assert (dict(relay.answers), sum(relay.refused.values())) == ({200: 1, 500: 1}, 4)
    assert relay.failed == {"GET /bad": "answered 500"}
