"""An editor gathers a season, walks through the shop as it will be, publishes all of it at once and
takes it back, without a script, on a phone as on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import StorageState

from tests.browser import axe
from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.window import PHONE, WIDE, Window

NEWS, ANSWER = "春夏シーズンのはじまり", "春夏の配送について"
LATER = "2040-03-01T10:00"


def draft_all(console: Window, demo: Demo) -> None:
    """A news of the season that is new, and a question more among those that are shown."""
    base = f"{demo.console}/s/south/content"
    console.goto(f"{base}/news/new/")
    console.fill({"title_ja": NEWS, "slug": "spring-opens"})
    console.press("main form button.button--main")
    console.goto(f"{base}/faq/faq/")
    console.page.select_option("#add", "question")
    console.press("button[value=add]")
    console.page.locator("[name$='-question-ja']").last.fill(ANSWER)
    console.press("button[value=save].button--main")


def said(window: Window, path: str) -> str:
    window.goto(path)
    return window.page.inner_text("main")


@pytest.fixture
def desk(opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState]) -> Window:
    """The owner, with scripts off."""
    cookies = signed_in(demo.logins.owner)
    return opened(WIDE, storage_state=cookies, java_script_enabled=False)


def test_a_season_is_gathered_looked_at_published_and_taken_back(
    demo: Demo,
    console: Window,
    desk: Window,
    opened: Opener,
    signed_in: Callable[[str], StorageState],
) -> None:
    draft_all(console, demo)
    page, shop = desk.page, demo.shop("south")
    desk.goto(f"{demo.console}/s/south/releases/")
    page.fill("#name", "2040 春夏オープン")
    page.locator("main form .button--main").press("Enter")
    page.wait_for_url("**/releases/*/?done=begin")
    for words in (NEWS, "よくある質問"):
        page.locator("fieldset.choices label", has_text=words).locator("input").first.check()
    desk.press("button[value=gather]")
    assert page.locator(".ordered__row .tag--taken").count() == 2
    page.fill("#since", LATER)
    desk.press("button[value=plan]")

    frame = page.frame_locator(".preview__frame")
    frame.locator("footer a[href$='/news/']").click()
    frame.get_by_role("link", name=NEWS).first.click()
    frame.locator("h1", has_text=NEWS).wait_for()
    frame.locator(".strip", has_text="2040-03-01 10:00").wait_for()
    frame.locator("footer a[href$='/faq/']").click()
    frame.get_by_text(ANSWER).first.wait_for()
    visitor = opened(PHONE)
    assert NEWS not in said(visitor, f"{shop}/news/")
    by_itself = page.get_by_role("link", name="単独で開く").get_attribute("href") or ""
    walker = opened(PHONE)
    walker.goto(by_itself)
    assert axe.violations(walker) == []
    assert walker.page.evaluate("document.documentElement.scrollWidth") <= 390
    walker.shot("phone-ja-release-preview")

    for screen, name in ((PHONE, "phone"), (WIDE, "wide")):
        for language in ("ja", "en"):
            seen = opened(screen, language=language, storage_state=signed_in(demo.logins.owner))
            seen.goto(page.url.partition("?")[0])
            assert axe.violations(seen) == []
            seen.shot(f"{name}-{language}-release-draft")
            seen.goto(f"{demo.console}/s/south/releases/")
            assert axe.violations(seen) == []
            seen.shot(f"{name}-{language}-releases")

    desk.press("button[value=publish]")
    assert "2040-03-01 10:00" in desk.text()
    assert NEWS not in said(visitor, f"{shop}/news/")
    desk.press("button[value=roll_back]")  # the plan
    page.fill("#since", "")
    desk.press("button[value=plan]")
    desk.press("button[value=publish]")
    assert NEWS in said(visitor, f"{shop}/news/")
    assert ANSWER in said(visitor, f"{shop}/faq/")

    console.goto(f"{demo.console}/s/south/content/faq/faq/")
    console.page.locator("[name$='-question-ja']").last.fill(f"{ANSWER}（訂正）")
    console.press("button[value=save].button--main")
    console.press("form[action$='/publish/'] .button--main")
    page.reload()
    phone = opened(PHONE, storage_state=signed_in(demo.logins.owner))
    phone.goto(page.url.partition("?")[0])
    assert axe.violations(phone) == []
    phone.shot("phone-ja-release-published")
    phone.press("button[value=roll_back]")
    assert NEWS not in said(visitor, f"{shop}/news/")
    assert f"{ANSWER}（訂正）" in said(visitor, f"{shop}/faq/")
    page.reload()
    assert "戻さなかったもの" in desk.text()
    desk.shot("wide-ja-release-rolled-back")
