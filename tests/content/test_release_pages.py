"""A release at the console, and the shop walked through as it will be, which no visitor sees."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from lockstitch.catalogue.models import Product
from lockstitch.content import actions, queries, releasing, themes
from lockstitch.kernel.clock import now
from lockstitch.looks import previews
from lockstitch.search.models import Goods, Miss
from lockstitch.search.news import news
from lockstitch.storefront.store import store
from lockstitch.tenancy.queries import Site
from tests import world
from tests.content.test_releases import LAW, gathered, page, publish, seen, story, text, written
from tests.members.test_pages import Visitor, operator, plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
DAY = dt.timedelta(days=1)
LATER = "2040-03-01T10:00"


def whole_season() -> dict[str, Any]:
    """Every kind that a release may hold, each in a draft alone."""
    theme = themes.read_theme({"css": "h1{color:red}"})
    strip = {"type": "banner", "place": "all", "text": {"en": "Spring strip"}, "link": "/faq/"}
    block = {"type": "text", "body": {"en": "<p>Spring home</p>"}}
    return {
        "home": written("home", "home", {"blocks": [block, {"type": "features"}]}),
        "theme": written("theme", "theme", theme),
        "banners": written("banners", "banners", {"blocks": [strip]}),
        "feature": written("feature", "spring", story("Spring story")),
        "page": written("page", "fair", page("Fair")),
        "faq": written("faq", "faq", text("Spring question")),
        "law": written("law", "law", {"items": LAW}),
    }


PLACES = {
    "/": "Spring home", "/features/": "Spring story", "/features/spring/": "Spring story",
    "/pages/fair/": "<p>Fair</p>", "/faq/": "Spring question", "/pages/law/": "記載",
    "/items/": "Spring strip", "/cart/": "Spring strip", "/items/shirt/": "Spring strip",
}  # fmt: skip


def tour_of(editor: Visitor, site: Site, release_id: UUID, query: str = "") -> str:
    """The address under which the console shows the whole shop."""
    found = editor.get(f"/s/{site.slug}/releases/{release_id}/{query}")
    assert site.hosts[0] in found["Content-Security-Policy"]
    told = re.search(
        r'<iframe[^>]* src="[^"]*?(/preview/[^"]+)/at(/[^"]*)"', found.content.decode()
    )
    assert told is not None
    return f"{told[1]}/at"


def test_the_whole_shop_is_seen_ahead_and_by_no_visitor(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.new_product()
    monkeypatch.setattr(news, "is_live", True)  # pages are kept, as in a shop that runs
    view = gathered(whole_season())
    editor, visitor = operator(site, "merchandiser"), Visitor(site.hosts[0])
    at = tour_of(editor, site, view.release.id, "?tongue=en")
    plain = {path: visitor.get(path) for path in PLACES}
    for path, words in PLACES.items():
        ahead = visitor.get(at + path)
        body = ahead.content.decode()
        assert (ahead.status_code, words in body) == (200, True), path
        assert words not in plain[path].content.decode(), path
        assert (ahead["Cache-Control"], ahead["X-Robots-Tag"]) == ("no-store", "noindex")
        assert "frame-ancestors http://console.localhost" in ahead["Content-Security-Policy"]
        assert "sandbox allow-same-origin" in ahead["Content-Security-Policy"]
        assert "<script" not in re.sub(r'<script type="application/ld.json"', "", body)
        links = re.findall(r'<a\b[^>]*\shref="(/[^"]*)"', body)
        assert links
        assert [link for link in links if not link.startswith(at)] == [], path
        assert not ahead.cookies
    assert re.search(r"/theme/[0-9a-f]{32}\.css", visitor.get(f"{at}/").content.decode())
    assert [key for key in store._pages if "preview" in key[1]] == []
    for path in PLACES:
        assert _bare(visitor.get(path)) == _bare(plain[path]), path


def _bare(answer: Any) -> str:
    """Without its nonces, which differ with each answer."""
    return re.sub(r'nonce="[^"]+"', "", answer.content.decode())


def test_it_is_the_shop_of_that_moment(site: Site) -> None:
    world.new_product()
    world.new_product(slug="coat")
    begins, coat = now() + DAY, Product.objects.get(slug="coat")
    Goods.objects.filter(product=coat).update(published_from=begins)
    Product.objects.filter(id=coat.id).update(published_from=begins)
    view = gathered({"faq": written("faq", "faq", text("Old"), text("New"))}, since=begins + DAY)
    editor, visitor = operator(site, "merchandiser"), Visitor(site.hosts[0])
    at = tour_of(editor, site, view.release.id)
    assert visitor.get("/items/coat/").status_code == 404
    for path in ("/items/", "/items/coat/"):
        assert "/items/coat/" in visitor.get(at + path).content.decode(), path
    publish(view)
    actions.save("faq", "faq", text("Newer draft"), by=None)
    planned = visitor.get(f"{at}/faq/").content.decode()
    assert "New<" in planned.replace(" ", "").replace("\n", "")
    assert "Newer draft" not in planned  # what was published, not what was drafted since
    assert "Old" in visitor.get("/faq/").content.decode()


def test_nothing_is_done_and_nobody_is_known_in_a_preview(site: Site) -> None:
    world.new_product()
    view = gathered({"faq": written("faq", "faq", text("New"))})
    editor, visitor = operator(site, "merchandiser"), Visitor(site.hosts[0])
    at = tour_of(editor, site, view.release.id)
    assert visitor.get(f"{at}/items/", q="zzz").status_code == 200
    assert Miss.objects.count() == 0
    assert visitor.post(f"{at}/cart/add/").status_code == 405
    for path in ("/account/", "/checkout/", "/session/"):
        ended = visitor.get(at + path)
        assert "Not part of the preview" in ended.content.decode(), path
        assert not ended.cookies
    assert visitor.get(f"{at}/nothing/").status_code == 404
    assert visitor.get(f"{at}/items/nothing/").status_code == 404
    with connection.cursor() as cursor:  # the scope has outlived the rollback
        cursor.execute("SELECT current_setting('lockstitch.site_ids')")
        assert cursor.fetchone() == (str(site.id),)


def test_the_address_is_of_one_site_and_of_one_kind(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = written("faq", "faq", text("New"))
    view = gathered({"faq": row})
    at = tour_of(operator(site, "merchandiser"), site, view.release.id)
    other, visitor = Visitor(world.new_site().hosts[0]), Visitor(site.hosts[0])
    assert other.get(f"{at}/faq/").status_code == 404
    assert visitor.get(at.removesuffix("at")).status_code == 404  # no preview of one document
    assert visitor.get("/preview/forged/at/").status_code == 404
    assert visitor.get(f"{at}/faq/").status_code == 200
    monkeypatch.setattr(previews, "TOUR_GOOD_S", -1)
    assert visitor.get(f"{at}/faq/").status_code == 404
    monkeypatch.undo()
    releasing.drop(view.release.id, by=None)
    assert visitor.get(f"{at}/faq/").status_code == 404


def test_an_editor_makes_fills_plans_publishes_and_takes_back(site: Site) -> None:
    editor, base = operator(site, "merchandiser"), f"/s/{site.slug}/releases/"
    row = written("faq", "faq", text("Old"), text("New"))
    unnamed = editor.post(base, name=" ")
    assert unnamed.status_code == 422
    at = editor.post(base, name="Spring")["Location"].partition("?")[0]
    nothing = editor.post(f"{at}do/", do="gather")
    assert "Please choose" in nothing.content.decode()
    assert editor.post(f"{at}do/", do="gather", document=str(row.id)).status_code == 302
    late = editor.post(f"{at}do/", do="plan", name="Kept words", since="2020-01-01T10:00")
    assert late.status_code == 422
    assert 'value="Kept words"' in late.content.decode()
    assert editor.post(f"{at}do/", do="plan", name="Spring", since=LATER).status_code == 302
    shown = editor.get(at).content.decode()
    assert "Plan all of it for 2040-03-01 10:00" in shown
    mark = re.search(r'name="mark" value="(\w+)"', shown)
    assert mark is not None
    stale = editor.post(f"{at}do/", do="publish", mark="x")
    assert stale.status_code == 422
    assert editor.post(f"{at}do/", do="publish", mark=mark[1]).status_code == 302
    assert "Take the whole plan back" in editor.get(at).content.decode()
    assert "2040-03-01 10:00" in editor.get(base).content.decode()
    assert editor.post(f"{at}do/", do="roll_back").status_code == 302
    assert editor.post(f"{at}do/", do="drop").status_code == 302
    assert editor.get(at).status_code == 404
    assert queries.live("faq") == text("Old")


def test_what_hinders_is_named_with_its_link_and_what_is_found_is_read_first(site: Site) -> None:
    editor = operator(site, "merchandiser")
    pictured = {"type": "text", "body": {"en": "<p><img src='/media/x'></p>"}}
    rows = {
        "law": written("law", "law", {"items": {}}),
        "feature": written("feature", "spring", {**story("Spring"), "blocks": [pictured]}),
    }
    view = gathered(rows)
    path = f"/s/{site.slug}/releases/{view.release.id}/"
    shown = editor.get(path).content.decode()
    assert f'<li><a href="/s/{site.slug}/law/">' in shown
    assert "no words for those who cannot see it" in shown
    unread = editor.post(f"{path}do/", do="publish", mark=view.mark)
    assert "Please read it first" in unread.content.decode()
    failing = editor.post(f"{path}do/", do="publish", mark=view.mark, seen=view.mark)
    assert failing.status_code == 422
    assert "these have to be mended first" in failing.content.decode()
    assert queries.stories("feature").rows == []
    releasing.leave_out(view.release.id, rows["law"].id)
    mark = seen(view.release.id).mark
    assert editor.post(f"{path}do/", do="publish", mark=mark, seen=mark).status_code == 302
    assert len(queries.stories("feature").rows) == 1


def test_the_second_person_at_the_console(site: Site) -> None:
    actions.set_two_persons(wanted=True, by=None)
    editor, owner = operator(site, "merchandiser"), operator(site, "owner")
    view = gathered({"faq": written("faq", "faq", text("New"))})
    path = f"/s/{site.slug}/releases/{view.release.id}/"
    assert 'value="publish"' not in editor.get(path).content.decode()
    assert editor.post(f"{path}do/", do="publish", mark=view.mark).status_code == 422
    assert editor.post(f"{path}do/", do="ask", mark=view.mark).status_code == 302
    assert 'value="approve"' not in editor.get(path).content.decode()
    assert editor.post(f"{path}do/", do="approve", mark=view.mark).status_code == 422
    assert path in owner.get(f"/s/{site.slug}/content/").content.decode()
    assert 'value="approve"' in owner.get(path).content.decode()
    assert owner.post(f"{path}do/", do="approve", mark=view.mark).status_code == 302
    assert editor.post(f"{path}do/", do="publish", mark=view.mark).status_code == 302
    assert queries.live("faq") == text("New")


def test_a_page_is_drafted_where_one_person_publishes_alone(site: Site) -> None:
    editor, path = operator(site, "owner"), f"/s/{site.slug}/pages/new-page/"
    fields = {"slug": "fair", "title_ja": "フェア", "body_ja": "<p>一</p>", "do": "draft"}
    assert editor.post(path, **fields).status_code == 302
    row = queries.find_document("page", "fair")
    assert row is not None
    assert queries.find_page("fair") is None
    view = gathered({"page": row})
    more = {**fields, "body_ja": "<p>二</p>", "do": "", "version": str(row.version)}
    assert editor.post(f"/s/{site.slug}/pages/fair/", **more).status_code == 302
    assert queries.find_page("fair") is None  # the release publishes it, not who saves
    assert "part of a release" in editor.get(f"/s/{site.slug}/pages/fair/").content.decode()
    publish(seen(view.release.id))
    shown = queries.find_page("fair")
    assert shown is not None
    assert shown.body == {"ja": "<p>二</p>"}


@pytest.mark.parametrize("role", ["orders", "support", "readonly"])
def test_who_may_not_edit_content_only_looks(site: Site, role: str) -> None:
    view = gathered({"faq": written("faq", "faq", text("New"))})
    reader, base = operator(site, role), f"/s/{site.slug}/releases/"
    path = f"{base}{view.release.id}/"
    assert reader.get(base).status_code == reader.get(path).status_code == 200
    assert reader.post(base, name="x").status_code == 403
    for deed in ("plan", "gather", "leave_out", "ask", "approve", "publish", "roll_back", "drop"):
        assert reader.post(f"{path}do/", do=deed, mark=view.mark).status_code == 403
    assert seen(view.release.id).standing == "draft"
    assert queries.live("faq") is None
