"""What is found in a draft before it is published: words on pictures, pictures without words."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image, ImageDraw

from lockstitch.catalogue.actions import store_picture
from lockstitch.catalogue.images import take
from lockstitch.content import actions, contrast, queries, themes
from lockstitch.content.checks import Finding, findings
from lockstitch.content.contrast import poorest
from lockstitch.kernel.clock import today_jst
from lockstitch.tenancy.queries import Site
from tests.members.test_pages import Visitor, operator, plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
DARK, LIGHT = "#1d1b18", "#ffffff"
HERO = "1. Large picture"


def halves(left: str, right: str, size: tuple[int, int] = (1050, 500)) -> Image.Image:
    image = Image.new("RGB", size, right)
    image.paste(left, (0, 0, size[0] // 2, size[1]))
    return image


GROUNDS = [("#777777", DARK), ("#767676", LIGHT), ("#faf8f4", DARK), ("#000000", "#0000ff")]


@pytest.mark.parametrize(("ground", "ink"), GROUNDS)
def test_on_one_colour_it_is_what_wcag_says(ground: str, ink: str) -> None:
    found = poorest(Image.new("RGB", (400, 200), ground), ink)
    assert found == pytest.approx(themes.contrast(ground, ink), abs=0.001)


def test_only_what_lies_beneath_the_words_counts() -> None:
    assert poorest(halves("white", "black"), DARK) > 15
    assert poorest(halves("black", "white"), DARK) < 1.3


@pytest.mark.parametrize(("focus", "is_good"), [("cl", True), ("cr", False), ("", False)])
def test_a_tall_or_wide_picture_is_cut_as_the_page_cuts_it(focus: str, is_good: bool) -> None:
    """Four to one: of its left half, white, nothing is seen when the right stays in view."""
    wide = halves("white", "black", (2000, 500))
    assert (poorest(wide, DARK, focus=focus) >= 4.5) is is_good


@pytest.mark.parametrize(("share", "is_good"), [(0.02, True), (0.12, False)])
def test_a_seam_fails_nobody_and_a_sleeve_does(share: float, is_good: bool) -> None:
    """That share of the ground beneath the words is black."""
    image = Image.new("RGB", (1050, 500), "white")
    ImageDraw.Draw(image).rectangle((0, 0, round(420 * share), 500), fill="black")
    assert (poorest(image, DARK) >= 4.5) is is_good


@pytest.mark.parametrize("scrim", contrast.SCRIMS)
@pytest.mark.parametrize("ground", ["black", "white", "#808080", "red", "blue", "yellow"])
def test_with_a_ground_under_them_words_are_read_on_every_picture(scrim: str, ground: str) -> None:
    assert poorest(Image.new("RGB", (400, 200), ground), "#777777", scrim=scrim) > 7


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    css = (settings.ROOT / "lockstitch/looks/static/looks/scrim.css").read_text()
    assert set(contrast.SCRIMS) == {"light", "dark"}
    for name, rgb in (("light", "255 255 255"), ("dark", "0 0 0")):
        rule = css.partition(f".hero--{name} .hero__words {{\n      color")[2].partition("}")[0]
        scrim = contrast.SCRIMS[name]
        assert f"rgb({rgb} / {scrim.opacity:.0%})" in rule
        assert scrim.ink in rule.replace("#fff;", "#ffffff;")
    shop = (settings.ROOT / "lockstitch/looks/static/looks/shop.css").read_text()
    hero = shop.partition(".hero__words {\n      position")[2].partition("}")[0]
    assert f"max-width: {contrast.WORDS[2]:.0%}" in hero
    assert f"var(--hero-ink, {contrast.INK})" in hero


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    return tmp_path


def in_library(image: Image.Image, *, alt: str = "海辺の二人", **kept: Any) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    medium = actions.add_medium(store_picture(take(out.getvalue())), by=None, alt={"ja": alt})
    if kept:
        actions.describe_medium(medium.id, title="", alt={"ja": alt}, rights="", **kept)
    return str(medium.id)


def hero(**fields: Any) -> dict[str, Any]:
    return {"blocks": [{"type": "hero", "title": {"ja": "秋"}, **fields}]}


def test_the_block_is_named_with_its_contrast_and_a_ground_mends_it(
    site: Site, media: Path
) -> None:
    key = in_library(Image.new("RGB", (1050, 500), "#404040"))
    found = findings("home", hero(picture=key), {})
    assert [(one.kind, one.place) for one in found] == [("contrast", HERO)]
    assert found[0].ratio == pytest.approx(themes.contrast("#404040", DARK), abs=0.1)
    assert findings("home", hero(picture=key, scrim="dark"), {}) == []
    assert findings("home", hero(picture=key), {"tokens": {"hero-ink": "#FFFFFF"}}) == []
    broken = {"tokens": {"hero-ink": "light-dark(red, blue)"}}
    assert [one.kind for one in findings("home", hero(picture=key), broken)] == ["contrast"]


def test_the_picture_that_the_site_was_opened_with_counts_too(site: Site, media: Path) -> None:
    picture = queries.pictures([in_library(Image.new("RGB", (700, 300), "black"))]).popitem()[1]
    look = {"pictures": {"hero": {"width": 700, "height": 300, "renditions": picture.renditions}}}
    assert [one.kind for one in findings("home", hero(), look)] == ["contrast"]
    assert [one.kind for one in findings("home", {"blocks": []}, look)] == ["contrast"]
    lost = {"pictures": {"hero": {"renditions": [{"type": "webp", "width": 1, "key": "no/no"}]}}}
    assert findings("home", hero(), lost) == []


def test_pictures_without_words_and_pictures_that_are_gone(site: Site, media: Path) -> None:
    mute = in_library(Image.new("RGB", (40, 30), "white"), alt="")
    over = in_library(
        Image.new("RGB", (30, 40), "white"), good_until=today_jst() - dt.timedelta(days=1)
    )
    state = {
        "cover": mute, "title": {},
        "blocks": [
            {"type": "picture", "picture": over},
            {"type": "text", "body": {"ja": "<p><img src='/a.png'></p>"}},
            {"type": "text", "body": {"ja": "<img alt='' src='/a.png'>"}},
            {"type": "video", "picture": mute, "url": "https://example.jp/v"},
        ],
    }  # fmt: skip
    assert findings("feature", state, {}) == [
        Finding("alt", "Cover"), Finding("gone", "1. Picture"), Finding("alt", "2. Text"),
    ]  # fmt: skip
    assert findings("page", {"body": {"en": "<IMG src=x>"}}, {}) == [Finding("alt", "Text")]


def test_a_look_that_cannot_be_read_is_found_when_it_is_gone_back_to(site: Site) -> None:
    theme = themes.read_theme({"light-ink": "#bbbbbb"})
    assert {one.kind for one in findings("theme", theme, {})} == {"colours"}
    assert findings("theme", themes.read_theme({}), {}) == []


def test_it_is_published_when_the_warnings_of_this_version_were_seen(
    site: Site, media: Path
) -> None:
    owner, path = operator(site, "owner"), f"/s/{site.slug}/content/home/home/"
    key = in_library(Image.new("RGB", (1050, 500), "#404040"), alt="")
    first = actions.begin("home", "home", hero(picture=key), by=None)
    page = owner.get(path).content.decode()
    assert "a contrast of 1.6" in page
    assert "written in the library" in page
    assert _publish(owner, path).status_code == 422
    assert _publish(owner, path, seen="0").status_code == 422
    assert queries.live("home") is None
    actions.save("home", "home", hero(picture=key, text={"ja": "変更"}), by=None)
    assert _publish(owner, path, seen=str(first.version)).status_code == 422
    assert _publish(owner, path, seen=str(first.version + 1)).status_code == 302
    assert queries.live("home") is not None
    assert _publish(owner, path, do="withdraw").status_code == 302
    actions.save("home", "home", hero(), by=None)
    assert _publish(owner, path).status_code == 302


def _publish(visitor: Visitor, path: str, **fields: str) -> Any:
    return visitor.post(f"{path}publish/", **fields)
