"""Drafts, the clock, versions, and what a shop's own CSS and markup never reach."""

import datetime as dt
import re
from uuid import uuid4

import pytest

from lockstitch.catalogue.models import Picture
from lockstitch.content import actions, blocks, laws, queries, themes
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.test_pages import Visitor, operator, plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
DAY = dt.timedelta(days=1)
LAW = {name: {"ja": "記載"} for name in laws.ITEMS}
STATE = {"title": {"ja": "題", "en": "Title"}, "lead": {}, "cover": "", "blocks": []}


def story(**changes: object) -> dict[str, object]:
    return {**STATE, **changes}


def test_a_draft_is_seen_by_nobody_until_it_is_published(site: Site) -> None:
    actions.begin("news", "first", story(), by=None)
    assert queries.stories("news").rows == []
    actions.publish("news", "first", by=None)
    actions.save("news", "first", story(title={"en": "Later"}), by=None)
    shown = queries.find_story("news", "first")
    assert shown is not None
    assert shown.state["title"]["en"] == "Title"


def test_a_change_that_comes_later_leaves_what_is_shown(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.begin("feature", "wool", story(), by=None)
    actions.publish("feature", "wool", by=None)
    actions.save("feature", "wool", story(title={"en": "Second"}), by=None)
    actions.publish("feature", "wool", by=None, since=now() + DAY, until=now() + 3 * DAY)
    titles = []
    for ahead in (0, 2, 4):
        moment = now() + ahead * DAY
        monkeypatch.setattr(queries, "now", lambda moment=moment: moment)
        found = queries.find_story("feature", "wool")
        titles.append(found.state["title"]["en"] if found else None)
        monkeypatch.undo()
    assert titles == ["Title", "Second", None]


def test_any_version_can_be_gone_back_to(site: Site) -> None:
    actions.begin("news", "first", story(), by=None)
    actions.save("news", "first", story(title={"en": "Worse"}), by=None)
    actions.restore("news", "first", 1, by=None)
    row = queries.find_document("news", "first")
    assert row is not None
    assert row.draft["title"]["en"] == "Title"
    assert [(one.version, one.verb) for one in queries.editions(row.id)] == [
        (3, "saved"), (2, "saved"), (1, "made"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="no such version"):
        actions.restore("news", "first", 99, by=None)


def test_who_saves_an_older_version_is_told_and_the_same_again_is_none(site: Site) -> None:
    row = actions.begin("news", "first", story(), by=None)
    assert actions.save("news", "first", story(), by=None, version=1).version == row.version
    actions.save("news", "first", story(title={"en": "New"}), by=None, version=1)
    with pytest.raises(Refused, match="Somebody else"):
        actions.save("news", "first", story(title={"en": "Old"}), by=None, version=1)
    with pytest.raises(Refused, match="already"):
        actions.begin("news", "first", story(), by=None)


def test_a_shop_with_gaps_in_its_legal_notice_does_not_open(site: Site) -> None:
    actions.set_opening(closed=True, by=None)
    short = {name: text for name, text in LAW.items() if name != "phone"}
    actions.save("law", "law", {"items": short}, by=None)
    with pytest.raises(Refused, match="Telephone and hours"):
        actions.publish("law", "law", by=None)
    with pytest.raises(Refused, match="cannot open"):
        actions.set_opening(closed=False, by=None)
    visitor = Visitor(site.hosts[0])
    assert visitor.get("/").status_code == 503
    assert visitor.get("/items/").status_code == 503
    actions.save("law", "law", {"items": LAW}, by=None)
    actions.publish("law", "law", by=None)
    actions.set_opening(closed=False, by=None)
    assert visitor.get("/").status_code == 200
    assert "Person in charge" in visitor.get("/pages/law/").content.decode()


SECTIONS = sorted(blocks.HOME)


@pytest.mark.parametrize("kind", SECTIONS)
def test_each_section_of_the_home_is_shown_even_when_it_is_empty(site: Site, kind: str) -> None:
    world.new_product()
    actions.save("home", "home", {"blocks": [{"type": kind}]}, by=None)
    actions.publish("home", "home", by=None)
    assert Visitor(site.hosts[0]).get("/").status_code == 200


@pytest.mark.parametrize("kind", sorted(blocks.STORY))
def test_each_block_of_a_story_is_shown(site: Site, kind: str) -> None:
    world.new_product()
    typed = {
        "b-text-en": "Words", "b-body-en": "<script>x</script>Words", "b-title-en": "Words",
        "b-rule": "list", "b-value": "SHIRT", "b-url": "https://video.example/1",
        "b-source": "{{ shop.name }}", "b-numbers": "1, 2 x",
    }  # fmt: skip
    block = blocks.read_block(kind, blocks.STORY[kind], typed, "b")
    actions.begin("feature", "wool", story(blocks=[block]), by=None)
    actions.publish("feature", "wool", by=None)
    page = Visitor(site.hosts[0]).get("/features/wool/").content.decode()
    assert "<script>x" not in page
    shown = {"text": "Words", "heading": "Words", "quote": "Words", "rail": "Shirt",
             "video": "video.example", "template": site.name}  # fmt: skip
    assert shown.get(kind, "") in page


def test_sections_come_and_go_by_the_clock(site: Site) -> None:
    local = now().astimezone(queries.JST)
    before, after = ((local + n * DAY).strftime("%Y-%m-%dT%H:%M") for n in (-1, 1))
    kept = [{"type": "new", "since": before, "until": after}, {"type": "news", "since": after},
            {"type": "story", "until": before}]  # fmt: skip
    actions.save("home", "home", {"blocks": kept}, by=None)
    actions.publish("home", "home", by=None)
    assert [block["type"] for block in queries.home()] == ["new"]


@pytest.mark.parametrize(
    ("link", "kept"),
    [("/items/", True), ("https://a.example/x", True), ("//a.example", False), ("/\\a", False),
     ("javascript:alert(1)", False), ("http://a.example", False), ("https://", False)],
)  # fmt: skip
def test_links_lead_into_the_shop_or_to_the_web(link: str, kept: bool) -> None:
    assert blocks.is_link(link) is kept


def test_blocks_move_and_stay_in_the_list() -> None:
    rows = [{"n": n} for n in range(3)]
    assert [one["n"] for one in blocks.moved(rows, 0, -1)] == [0, 1, 2]
    assert [one["n"] for one in blocks.moved(rows, 0, 1)] == [1, 0, 2]
    assert [one["n"] for one in blocks.moved(rows, 2, -1)] == [0, 2, 1]


def test_a_picture_is_shown_until_its_contract_ends_and_its_uses_are_known(site: Site) -> None:
    medium = actions.add_medium(Picture(width=1, height=1, source_sha256="e" * 64), by=None)
    key = str(medium.id)
    row = actions.begin("feature", "wool", story(cover=key), by=None)
    assert queries.uses_of(medium.id) == [row]
    assert set(queries.pictures([key, "nonsense"])) == {key}
    actions.describe_medium(medium.id, title="", alt={}, rights="", good_until=None, focus="tr")
    [shown] = queries.pictures([key]).values()
    assert shown.focus == "tr"
    actions.describe_medium(
        medium.id, title="", alt={}, rights="", good_until=today_jst() - dt.timedelta(days=1)
    )
    assert queries.pictures([key]) == {}


def test_own_css_is_worn_by_public_pages_and_never_where_people_pay_or_sign_in(site: Site) -> None:
    world.new_product()
    theme = themes.read_theme({"css": "h1{color:red} h2{position:fixed}"})
    actions.save("theme", "theme", theme, by=None)
    actions.publish("theme", "theme", by=None)
    visitor = Visitor(site.hosts[0])
    page = visitor.get("/").content.decode()
    link = re.search(r"/theme/[0-9a-f]{32}\.css", page)
    assert link is not None
    assert re.search(r'<body class="[^"]*\bdressed\b', page)
    answer = visitor.get(link[0])
    assert answer.content.decode().strip() == "body.dressed h1{color:red;}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].startswith("text/css")
    assert visitor.get(f"/theme/{'0' * 32}.css").status_code == 404
    for path in ("/cart/", "/account/", "/favourites/", "/points/"):
        undressed = visitor.get(path)
        assert "/theme/" not in undressed.content.decode(), path
        assert "dressed" not in undressed.content.decode(), path


def test_which_pages_may_be_dressed_is_a_list_without_the_private_ones() -> None:
    from lockstitch.looks.theming import DRESSED

    private = re.compile("cart|checkout|pay|order|account|session|sign|favourite|point|return|mine")
    assert [name for name in DRESSED if private.search(name)] == []


def test_a_preview_is_signed_for_one_site_and_may_be_framed_by_the_console_only(
    site: Site,
) -> None:
    world.new_product()
    editor = operator(site, "merchandiser")
    actions.begin("feature", "wool", story(title={"en": "Unseen"}), by=None)
    page = editor.get(f"/s/{site.slug}/content/feature/wool/")
    found = re.search(r"/preview/[^\"]+/", page.content.decode())
    assert found is not None
    assert site.hosts[0] in page["Content-Security-Policy"]
    preview = Visitor(site.hosts[0]).get(found[0])
    assert "Unseen" in preview.content.decode()
    assert "frame-ancestors http://console.localhost" in preview["Content-Security-Policy"]
    other = Visitor(world.new_site().hosts[0])
    assert other.get(found[0]).status_code == 404
    assert Visitor(site.hosts[0]).get("/preview/forged/").status_code == 404
    plain = Visitor(site.hosts[0]).get("/")
    assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]


def test_an_editor_adds_moves_and_keeps_blocks_without_a_script(site: Site) -> None:
    editor, path = operator(site, "merchandiser"), f"/s/{site.slug}/content/home/home/"
    assert editor.post(path, count="0", do="add", add="new").status_code == 302
    row = queries.find_document("home")
    assert row is not None
    typed = {
        "version": str(row.version), "count": "2", "b0-type": "new", "b0-title-en": "Kept",
        "b1-type": "news", "do": "up:1",
    }  # fmt: skip
    assert editor.post(path, **typed).status_code == 302
    row = queries.find_document("home")
    assert row is not None
    assert [one["type"] for one in row.draft["blocks"]] == ["news", "new"]
    assert row.draft["blocks"][1]["title"] == {"en": "Kept"}
    stale = editor.post(path, **typed)
    assert stale.status_code == 422
    assert "Kept" in stale.content.decode()


@pytest.mark.parametrize("role", ["orders", "support", "readonly"])
def test_who_may_not_edit_content_is_refused(site: Site, role: str) -> None:
    reader, base = operator(site, role), f"/s/{site.slug}"
    actions.begin("news", "first", story(), by=uuid4())
    for path in ("/content/", "/content/home/home/", "/theme/", "/law/", "/library/"):
        assert reader.get(base + path).status_code == 200, path
    for path in ("/content/home/home/", "/content/news/first/publish/", "/theme/", "/law/",
                 "/opening/"):  # fmt: skip
        assert reader.post(base + path, do="close").status_code == 403, path


def test_every_page_of_the_editors_answers(site: Site) -> None:
    world.new_product()
    editor, base = operator(site, "owner"), f"/s/{site.slug}"
    actions.keep_page(slug="guide", title={"ja": "案内"}, body={"ja": "<p>x</p>"})
    actions.begin("news", "first", story(), by=None)
    for path in (
        "/content/", "/content/news/", "/content/news/new/", "/content/news/first/",
        "/content/faq/faq/", "/content/banners/banners/", "/pages/guide/", "/theme/", "/law/",
        "/opening/", "/library/", "/coordinates/", "/coordinates/new/", "/coordinates/post/",
        "/authors/", "/authors/new/", "/pages/new-page/", "/inquiries/",
    ):  # fmt: skip
        assert editor.get(base + path).status_code == 200, path
    assert editor.get(base + "/content/nonsense/x/").status_code == 404
    made = {"slug": "size-guide", "title_ja": "採寸", "body_ja": "<script>x</script><p>表</p>"}
    assert editor.post(base + "/pages/new-page/", **made).status_code == 302
    kept = queries.find_page("size-guide")
    assert kept is not None
    assert kept.body["ja"] == "<p>表</p>"
    assert editor.post(base + "/pages/new-page/", **made).status_code == 422
    bad = editor.post(base + "/theme/", **{"light-ink": "#ffffff"})
    assert (bad.status_code, queries.find_document("theme")) == (422, None)
