"""The page monitor: quiet while pages are as approved, an alert when one is not."""

import json
import re
from collections.abc import Iterator

import psycopg
import pytest

from lockstitch.cli.browser import browser
from lockstitch.cli.monitor import snapshot
from tests.browser.demo import Demo
from tests.instance import call, wait_until


@pytest.fixture
def approved(demo: Demo) -> Iterator[Demo]:
    done = call(demo.up.data, "monitor", "--approve")
    assert done.returncode == 0, done.stderr
    yield demo
    assert call(demo.up.data, "monitor", "--approve").returncode == 0


def alerts(demo: Demo) -> dict[str, str]:
    url = demo.up.instance.cluster.url("postgres")
    with psycopg.connect(url) as db:
        rows = db.execute(
            "SELECT subject, evidence->>'what' FROM guard.alert WHERE rule = 'page.changed'"
        )
        return dict(rows.fetchall())


def test_a_page_that_is_not_as_approved(approved: Demo) -> None:
    data = approved.up.data
    kept = data / "guard" / "pages.json"
    pages = json.loads(kept.read_text())
    assert {"console/sign-in", "north/sign-in", "north/contact", "north/payment"} <= set(pages)
    assert {page["status"] for page in pages.values()} == {200}
    assert all(page["loaded"] and page["forms"] for page in pages.values())
    done = call(data, "monitor", "--once")
    assert (done.returncode, done.stdout) == (0, "")
    assert alerts(approved) == {}
    pages["north/contact"]["loaded"] = {}
    pages["south/sign-in"]["forms"] = ["post https://evil.example/"]
    pages["north/payment"]["headers"]["content-security-policy"] = ""
    kept.write_text(json.dumps(pages))
    assert call(data, "monitor", "--once").returncode == 1
    wait_until(lambda: len(alerts(approved)) == 3, 10)
    assert alerts(approved) == {
        "north/contact": "loaded", "south/sign-in": "forms", "north/payment": "headers",
    }  # fmt: skip


def test_what_a_browser_runs_is_what_is_compared(demo: Demo) -> None:
    """A script that a page's own script adds is seen too; a nonce and an id are not."""
    with browser() as window:
        first = snapshot(window.look(f"{demo.desk()}/sign-in/"))
        again = snapshot(window.look(f"{demo.desk()}/sign-in/"))
        added = (
            "data:text/html,<form action=https://a.example/ method=post></form><script>"
            "const s = document.createElement('script'); s.src = 'data:text/javascript,1';"
            "document.head.append(s)</script>"
        )
        other = snapshot(window.look(added))
    assert first == again
    assert other["forms"] == ["post https://a.example/"]
    assert [src for src, _text in other["scripts"] if src] == ["data:text/javascript,1"]
    assert re.search("nonce'", first["headers"]["content-security-policy"])
