"""What leaves with every answer, whoever asked for what: and what is refused before anything reads
it. docs/security/asvs.md names these."""

import re
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing

from lockstitch.console.worker import IDLE_S, SESSION_S
from tests.instance import call, wait_until
from tests.seam.conftest import Operator, Seeded
from tests.seam.test_edge import Source, alerts, base, example, routes
from tests.seed import PASSWORD
from tests.shopper import Browser

pytestmark = pytest.mark.slow

SALT = "django.contrib.sessions.SessionStore"


@pytest.fixture(scope="module")
def answers(seeded: Seeded) -> list[tuple[str, httpx.Response]]:
    """One of every route of every surface, as nobody in particular; and of the door's refusals."""
    source, found = Source(), []
    for route in routes(seeded):
        url = base(seeded, route["host"]) + example(route["route"])
        verb = "GET" if "GET" in route["methods"] else "POST"
        found.append((f"{verb} {url}", source.ask(verb, url)))
    shop = seeded.up.shop("north.localhost")
    for verb, url, headers in (
        ("PUT", f"{shop}/", {}),
        ("GET", f"{shop}/?q=%00", {}),
        ("GET", f"{shop}/?q={'a' * 9000}", {}),
        ("GET", f"{shop}/", {"Host": "evil.example"}),
        ("GET", f"{shop}/static/nothing.css", {}),
    ):
        found.append((f"{verb} {url[:60]}", source.ask(verb, url, headers=headers)))
    source.close()
    return found


@pytest.fixture(scope="module")
def owner(seeded: Seeded) -> Operator:
    """One for all: a one-time code is good once."""
    return seeded.operator("north", "owner")


def test_each_says_what_it_is_and_who_may_frame_it(
    answers: list[tuple[str, httpx.Response]],
) -> None:
    assert len(answers) > 150
    for what, answer in answers:
        headers = answer.headers
        kind = headers.get("Content-Type", "")
        if answer.content:
            assert not kind.startswith("text/") or "charset=utf-8" in kind, what
        assert headers["X-Content-Type-Options"] == "nosniff", what
        assert headers["Referrer-Policy"] == "same-origin", what
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, what
        assert "frame-ancestors" in policy or "sandbox" in policy, what
        assert "unsafe" not in policy, what
        assert "Access-Control-Allow-Origin" not in headers, what
        assert headers["Server"] == "web", what
        assert "X-Powered-By" not in headers, what
        assert answer.status_code < 500, what


def test_what_the_desk_answers_is_kept_nowhere(
    seeded: Seeded, answers: list[tuple[str, httpx.Response]]
) -> None:
    of_desk = [
        (what, answer) for what, answer in answers
        if "http://desk." in what and "/media/" not in what
    ]  # fmt: skip
    assert len(of_desk) > 50
    for what, answer in of_desk:
        assert "no-store" in answer.headers.get("Cache-Control", ""), what


def test_cookies_are_out_of_scripts_and_of_one_host(
    answers: list[tuple[str, httpx.Response]],
) -> None:
    lines = [
        line for _, answer in answers for line in answer.headers.get_list("set-cookie")
        if "Max-Age=0" not in line
    ]  # fmt: skip
    assert lines
    for line in lines:
        assert "HttpOnly" in line, line
        assert "SameSite=Lax" in line, line
        assert "Domain=" not in line, line


def test_a_null_is_refused_wherever_it_stands(seeded: Seeded) -> None:
    source, shop = Source(), seeded.up.shop("north.localhost")
    assert source.ask("GET", f"{shop}/items/?q=a%00b").status_code == 400
    assert source.ask("GET", f"{shop}/items/a%00b/").status_code == 400
    assert source.ask("GET", f"{shop}/items/?q=a%2500b").status_code == 200  # decoded once only
    browser = Browser()
    page = browser.get(f"{shop}/")
    answer = browser.submit(page.form("/language/"), language="ja", next="/\0")
    assert answer.status == 400


@pytest.mark.parametrize(
    "onward",
    ["word", "//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:a"],
)
def test_nobody_is_sent_to_another_host(seeded: Seeded, onward: str) -> None:
    shop = seeded.up.shop("north.localhost")
    browser = Browser()
    form = browser.get(f"{shop}/").form("/language/")
    answer = browser.submit(form, language="ja", next=onward)
    assert (answer.status, answer.url) == (200, f"{shop}/")
    source = Source()
    url = f"{shop}/session/"
    assert source.ask("GET", url, params={"next": onward}).headers["Location"] == "/"


def test_a_number_that_no_column_holds(seeded: Seeded) -> None:
    operator = seeded.operator("south")
    assert operator.get(f"{operator.desk}/alerts/{1 << 70}/").status == 404
    assert operator.get(f"{operator.desk}/alerts/{1 << 62}/").status == 404


@pytest.mark.parametrize(
    ("role", "age"), [("orders", {"seen": IDLE_S + 5}), ("readonly", {"began": SESSION_S + 5})]
)
def test_a_session_of_the_console_ends(seeded: Seeded, role: str, age: dict[str, int]) -> None:
    """Without a page for half an hour, and after eight hours in any case."""
    operator = seeded.operator(role=role)
    assert operator.get(f"{operator.shop}/").url == f"{operator.shop}/"
    key = operator._jars["console.localhost"]["shop-session"]
    secret = Path(seeded.up.data / "keys" / "shop").read_text().strip()
    with seeded.database() as db:
        row = db.execute(
            "SELECT session_data FROM django_session WHERE session_key = %s", [key]
        ).fetchone()
        assert row
        kept: dict[str, Any] = signing.loads(
            row[0], key=secret, salt=SALT, serializer=JSONSerializer
        )
        kept |= {name: int(time.time()) - seconds for name, seconds in age.items()}
        data = signing.dumps(kept, key=secret, salt=SALT, serializer=JSONSerializer, compress=True)
        db.execute(
            "UPDATE django_session SET session_data = %s WHERE session_key = %s", [data, key]
        )
    assert "/sign-in/" in operator.get(f"{operator.shop}/").url


def test_contained_sessions_end_at_the_console_too(seeded: Seeded, owner: Operator) -> None:
    out = seeded.operator("south", "orders")
    assert call(seeded.up.data, "contain", "sessions", "--site", "south").returncode == 0
    assert "/sign-in/" in out.get(f"{out.shop}/s/south/orders/").url
    assert owner.get(f"{owner.shop}/").url == f"{owner.shop}/"


def test_another_site_signs_nobody_out(seeded: Seeded) -> None:
    operator = seeded.operator("south", "readonly")
    key = operator._jars["desk.console.localhost"]["desk-session"]
    source, desk = Source(), operator.desk
    headers = {"Cookie": f"desk-session={key}"}

    def page() -> int:
        return source.ask("GET", f"{desk}/security/", headers=headers).status_code

    here = source.ask(
        "GET", f"{desk}/signed-out/", headers={**headers, "Sec-Fetch-Site": "cross-site"}
    )
    assert (here.headers.get("Set-Cookie", ""), page()) == ("", 200)
    gone = source.ask("GET", f"{desk}/signed-out/", headers=headers)
    assert gone.headers["Clear-Site-Data"] == '"storage"'
    assert page() == 302


def test_a_forwarded_header_is_not_believed(seeded: Seeded) -> None:
    source, named = Source(), "203.0.113.99"
    headers = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded"), named)
    url = f"{seeded.up.shop('north.localhost')}/.env"
    assert source.ask("GET", url, headers=headers).status_code == 404
    wait_until(lambda: alerts(seeded, "edge.scanner", source.address), 5)
    assert alerts(seeded, "edge.scanner", named) == []


@pytest.mark.parametrize(
    "path", ["/media/", "/static/", "/static/looks/", "/media/..%2finstance.json",
             "/media/ab/../../instance.json", "/media/%2e%2e/keys/shop", "/.git/config"],
)  # fmt: skip
def test_no_folder_is_listed_and_nothing_beside_is_served(seeded: Seeded, path: str) -> None:
    assert Source().ask("GET", seeded.up.shop("north.localhost") + path).status_code == 404


def test_a_password_is_typed_hidden_and_may_be_pasted(seeded: Seeded) -> None:
    page = Browser().get(f"{seeded.up.desk('north.localhost')}/sign-in/").text
    field = re.search(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert field
    assert 'type="password"' in field[0]
    assert 'autocomplete="current-password"' in field[0]
    assert "paste" not in page


def test_a_download_is_called_as_we_say(owner: Operator) -> None:
    source, site = Source(), f"{owner.shop}/s/north"
    headers = {"Cookie": f"shop-session={owner._jars['console.localhost']['shop-session']}"}
    for path in ("orders/export/", "stock/file/", "books/yayoi/?month=2026-01"):
        mark = "&" if "?" in path else "?"
        url = f"{site}/{path}{mark}name=evil.exe&filename=%22%0d%0aX:1"
        answer = source.ask("GET", url, headers=headers)
        said = answer.headers["Content-Disposition"]
        assert answer.status_code == 200
        assert re.fullmatch(r'attachment; filename="[\w-]+\.(?:csv|txt)"', said), said
        assert "X" not in answer.headers


def test_what_is_given_twice_counts_once(seeded: Seeded) -> None:
    """Of a form the body counts, never the address; of two values the last."""
    shop = seeded.up.shop("north.localhost")
    browser = Browser()
    form = browser.get(f"{shop}/").form("/language/")
    form.action += "?next=/cart/&next=//evil.example/&language=xx"
    assert browser.submit(form, language="ja", next="/items/").url == f"{shop}/items/"
    answer = Source().ask("GET", f"{shop}/session/?next=//evil.example/&next=/cart/&code=x&code=y")
    assert answer.headers["Location"] == "/cart/"


def test_a_member_changes_the_password(seeded: Seeded) -> None:
    member, desk = seeded.shopper(), seeded.up.desk("north.localhost")
    form = member.get(f"{member.shop}/account/").form(having="password")
    member.submit(form, email="hanako@example.jp", password=PASSWORD)
    new = "eine ganz andere Naht"
    for current, done in (("not the one", False), (PASSWORD, True)):
        page = member.get(f"{desk}/security/")
        page = member.submit(page.form("/password/"), current=current, new=new)
        assert ("?done=password" in page.url, page.status) == (done, 200 if done else 422)
    again = seeded.shopper()
    form = again.get(f"{again.shop}/account/").form(having="password")
    page = again.submit(form, email="hanako@example.jp", password=new)
    assert page.url == f"{again.shop}/account/"


def test_a_failure_says_nothing_of_itself(answers: list[tuple[str, httpx.Response]]) -> None:
    for what, answer in answers:
        if answer.status_code >= 400:
            assert not re.search(r"Traceback|File \"|psycopg|django\.|SELECT ", answer.text), what


def test_each_form_wants_its_token(seeded: Seeded) -> None:
    """A form of another origin: without the token nothing is done."""
    source = Source()
    tokenless = ("reports", "hook", "unsubscribe", "wait_answer", "coordinate_seen")
    keyed = {"api_people": 401}  # no form: it wants a key
    for route in routes(seeded):
        if "POST" in route["methods"] and route["name"] not in tokenless:
            url = base(seeded, route["host"]) + example(route["route"])
            wanted = keyed.get(route["name"], 403)
            assert source.ask("POST", url, data={"a": str(uuid4())}).status_code == wanted, url
