"""An editor puts a point on a picture with the keyboard and publishes; a shopper with a phone buys
the whole look; what the editors write is seen in the preview."""

import re

import pytest

from tests.browser import axe
from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.window import PHONE, Window

TITLE = "鍵盤だけで作った装い"


@pytest.fixture
def published(demo: Demo, console: Window) -> str:
    """The address of a coordinate that was made in the console, with keys alone where it counts."""
    page = console.page
    console.goto(f"{demo.console}/s/south/coordinates/1/")
    assert axe.violations(console) == []
    first = page.locator("[data-spot]:visible").first
    shot = page.locator("[data-board]").first
    assert shot.is_visible()
    first.focus()
    x = page.locator("input[name^='x-']").first
    before = int(x.input_value())
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert int(x.input_value()) == before + 20
    console.press("form[action$='/place/'] .button--main")
    assert int(page.locator("input[name^='x-']").first.input_value()) == before + 20
    page.fill("[name=title_ja]", TITLE)
    console.press("form:has([name=title_ja]) .button--main")
    console.press("button[value=take_back]")
    console.press("button[value=approve]")
    return f"{demo.shop('south')}/coordinates/1/"


def test_a_shopper_buys_the_whole_look_on_a_phone(
    published: str, demo: Demo, opened: Opener
) -> None:
    phone = opened(PHONE, language="ja")
    page = phone.page
    phone.goto(f"{demo.shop('south')}/coordinates/")
    assert axe.violations(phone) == []
    phone.press(f"a:has-text('{TITLE}')")
    assert page.url == published
    assert axe.violations(phone) == []
    point = page.locator(".spot").first
    name = point.inner_text().split("¥")[0].strip()
    point.focus()
    page.keyboard.press("Enter")
    assert name in page.locator(".piece:target").inner_text()
    wanted = 0
    for piece in page.locator(".piece").all():
        select = piece.locator("select")
        if not select.count() or select.is_disabled():
            continue
        free = select.locator("option:not([disabled]):not([value=''])")
        select.select_option(free.first.get_attribute("value") or "")
        wanted += 1
    assert wanted >= 2
    phone.press(".outfit__form .button--main")
    page.wait_for_url("**/cart/")
    assert page.locator("#cart .line").count() == wanted


def test_a_piece_without_a_size_is_told_of_on_the_page(demo: Demo, opened: Opener) -> None:
    phone = opened(PHONE, language="en")
    phone.goto(f"{demo.shop()}/coordinates/2/")
    phone.press(".outfit__form .button--main")
    said = phone.page.locator(".piece__said").all_inner_texts()
    assert "Please choose a size." in said
    assert axe.violations(phone) == []


def test_the_home_is_composed_and_looked_at_before_it_is_shown(
    demo: Demo, console: Window, opened: Opener
) -> None:
    page, path = console.page, f"{demo.console}/s/east/content/home/home/"
    console.goto(path)
    assert axe.violations(console) == []
    page.fill("[name='b1-title-en']", "Seen first in the frame")
    console.press("button[value='save'].button--main")
    frame = page.frame_locator(".preview__frame")
    page.locator(".preview__frame").scroll_into_view_if_needed()
    frame.get_by_text("Seen first in the frame").wait_for()
    visitor = opened(PHONE, language="en")
    visitor.goto(demo.shop("east"))
    assert not visitor.page.get_by_text("Seen first in the frame").count()
    assert axe.violations(visitor) == []
    console.press("form[action$='/publish/'] .button--main")
    visitor.page.reload()
    visitor.page.get_by_text("Seen first in the frame").wait_for()


def test_the_editors_of_looks_and_laws_are_accessible(demo: Demo, console: Window) -> None:
    paths = ("theme/", "law/", "library/", "content/", "coordinates/", "coordinates/post/",
             "pages/guide/", "goods/sizes/", "goods/sizes/new/")  # fmt: skip
    for path in paths:
        console.goto(f"{demo.console}/s/east/{path}")
        assert axe.violations(console) == [], path


def test_stories_and_questions_are_accessible(demo: Demo, opened: Opener) -> None:
    phone = opened(PHONE, language="ja")
    for path in ("features/how-wool-is-fulled/", "news/", "faq/", "pages/law/", "staff/nagi/"):
        phone.goto(f"{demo.shop()}/{path}")
        assert axe.violations(phone) == [], path
    heading = phone.page.locator("h1").first.inner_text()
    assert re.search(r"\S", heading)
