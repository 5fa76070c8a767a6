"""Kept pages: what is thrown away, and what must not be kept."""

import time

import pytest

from lockstitch.search.news import news
from lockstitch.storefront import store as kept
from lockstitch.storefront.holes import apart, mark
from lockstitch.storefront.store import Page, Store

SITE = "s"


def key(path: str) -> kept.Key:
    return ("north.localhost", path, "", "ja", False)


def page(text: str = "x", seconds: float = 60) -> Page:
    return Page([text.encode()], [], [text.encode()], "text/html", time.monotonic() + seconds)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(news, "is_live", True)
    return Store()


def test_only_what_shows_it_is_dropped(store: Store) -> None:
    store.put(key("/a"), page(), SITE, {"p:1"}, store.moment)
    store.put(key("/b"), page(), SITE, {"p:2"}, store.moment)
    store.put(key("/c"), page(), "other", {"p:1"}, store.moment)
    store.heard(SITE, ["p:1", "c:9"])
    assert store.get(key("/a")) is None
    assert store.get(key("/b")) is not None
    assert store.get(key("/c")) is not None
    store.heard(SITE, ["*"])
    assert store.get(key("/b")) is None
    assert store.get(key("/c")) is not None
    store.heard("", ["*"])
    assert store.get(key("/c")) is None
    assert store.counts["dropped"] == 3


def test_what_was_told_meanwhile_is_held_against_it(store: Store) -> None:
    began = store.moment
    store.heard(SITE, ["p:1"])
    assert not store.put(key("/a"), page(), SITE, {"p:1"}, began)
    assert store.put(key("/b"), page(), SITE, {"p:2"}, began)
    assert store.put(key("/a"), page(), SITE, {"p:1"}, store.moment)
    for tags in (["*"],):
        began = store.moment
        store.heard(SITE, tags)
        assert not store.put(key("/b"), page(), SITE, {"p:2"}, began)
    began = store.moment
    store.heard("", ["*"])
    assert not store.put(key("/b"), page(), SITE, {"p:2"}, began)


def test_what_is_forgotten_counts_as_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "TOLD_MAX", 3)
    began = store.moment
    for n in range(9):
        store.heard(SITE, [f"p:{n}"])
    assert not store.put(key("/a"), page(), SITE, {"p:100"}, began)


def test_nothing_while_nobody_listens(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(key("/a"), page(), SITE, (), store.moment)
    monkeypatch.setattr(news, "is_live", False)
    assert store.get(key("/a")) is None
    assert not store.put(key("/b"), page(), SITE, (), store.moment)


def test_time_and_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(key("/old"), page(seconds=-1), SITE, (), store.moment)
    assert store.get(key("/old")) is None
    monkeypatch.setattr(kept, "BYTES_MAX", 10_000)
    for n in range(9):
        store.put(key(f"/{n}"), page("x" * 1_000), SITE, {"a"}, store.moment)
    assert store.get(key("/0")) is None
    assert store.get(key("/8")) is not None
    store.heard(SITE, ["a"])
    assert store.said().count("pages=0") == 1


def test_a_text_cannot_make_a_hole() -> None:
    parts, holes = apart(f"a{mark('badge')}b~0123456789abcdef:nonce:~{mark('favourite', '1 x')}c")
    assert parts == [b"a", b"b~0123456789abcdef:nonce:~", b"c"]
    assert holes == [("badge", ""), ("favourite", "1 x")]
