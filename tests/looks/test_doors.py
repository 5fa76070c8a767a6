"""What counts as a script or as a scanner's question, and how much of it is told."""

import pytest

from lockstitch.looks.doors import HOSTILE, SCRIPT
from lockstitch.sealed.signals import ROWS_MAX, WINDOW_S, Limit


@pytest.mark.parametrize(
    "typed",
    ["<script>1</script>", "山田<img src=x onerror=a()>", "javascript:a()", "<svg/onload=a()>",
     "{{7*7}}", "{% debug %}", "<?php a();", "x' UNION SELECT 1", "=HYPERLINK(1)", "< IFRAME"],
)  # fmt: skip
def test_a_script(typed: str) -> None:
    assert SCRIPT.search(typed)


@pytest.mark.parametrize(
    "typed",
    ["山田 花子", "O'Brien", "I <3 you", "置き配 & よろしく", "a < b > c", "3F-201号室",
     "union station",
     "the image is <small>", "one = two", "+81 90 1234 5678", "=)", "(株)縫製", "select a gift"],
)  # fmt: skip
def test_what_people_type(typed: str) -> None:
    assert not SCRIPT.search(typed)


@pytest.mark.parametrize(
    "path", ["/wp-login.php", "/.env", "/.git/HEAD", "/a/../etc/passwd", "/backup.sql", "/x.asp"]
)
def test_a_scanners_question(path: str) -> None:
    assert HOSTILE.search(path)


@pytest.mark.parametrize(
    "path", ["/", "/items/shirt.v2/", "/favicon.ico", "/robots.txt", "/apple-touch-icon.png",
             "/.well-known/security.txt", "/keyboards/", "/environment/"],
)  # fmt: skip
def test_what_visitors_ask_for(path: str) -> None:
    assert not HOSTILE.search(path)


def test_a_thousand_of_one_source_are_two_rows() -> None:
    limit, key = Limit(), ("method", "203.0.113.7", None)
    assert limit.count(key, {}, 100.0) == 1
    assert {limit.count(key, {"path": "x"}, 100.5) for _n in range(999)} == {0}
    assert limit.due(100.0 + WINDOW_S / 2) == []
    assert limit.due(100.0 + WINDOW_S) == [(key, 999, {"path": "x"})]
    assert limit.due(100.0 + 2 * WINDOW_S) == []


def test_a_thousand_sources_are_a_hundred_rows_in_a_window() -> None:
    limit = Limit()
    told = [limit.count(("method", str(n), None), {}, 100.0) for n in range(1000)]
    assert sum(told) == ROWS_MAX
    assert limit.count(("method", "later", None), {}, 100.0 + WINDOW_S) == 1
