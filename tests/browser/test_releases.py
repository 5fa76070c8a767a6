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


def gather(desk: Window, demo: Demo) -> str:
    """A release of both drafts that is meant for later; its address."""
    page = desk.page
    desk.goto(f"{demo.console}/s/south/releases/")
    page.fill("#name", "2040 春夏オープン")
    page.locator("main form .button--main").press("Enter")
    page.wait_for_url("**/releases/*/?done=begin")
    for words in (NEWS, "よくあるご質問"):
        page.locator("fieldset.choices label", has_text=words).locator("input").first.check()
    desk.press("button[value=gather]")
    assert page.locator(".ordered__row .tag--taken").count() == 2
    page.fill("#since", LATER)
    desk.press("button[value=plan]")
    return page.url.partition("?")[0]


def walk(desk: Window, opened: Opener) -> None:
    """Through the preview in its frame, and on a phone by itself."""
    frame = desk.page.frame_locator(".preview__frame")
    frame.locator("footer a[href$='/news/']").click()
    frame.get_by_role("link", name=NEWS).first.click()
    frame.locator("h1", has_text=NEWS).wait_for()
    frame.locator(".strip", has_text="2040-03-01 10:00").wait_for()
    frame.locator("footer a[href$='/faq/']").click()
    frame.get_by_text(ANSWER).first.wait_for()
    walker = opened(PHONE)
    by_itself = desk.page.get_by_role("link", name="単独で開く")
    walker.goto(by_itself.get_attribute("href") or "")
    assert axe.violations(walker) == []
    assert walker.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_season_is_gathered_looked_at_published_and_taken_back(
    demo: Demo, console: Window, desk: Window, opened: Opener,
    signed_in: Callable[[str], StorageState],
) -> None:  # fmt: skip
    draft_all(console, demo)
    release, shop, visitor = gather(desk, demo), demo.shop("south"), opened(PHONE)
    walk(desk, opened)
    assert NEWS not in said(visitor, f"{shop}/news/")
    cookies = signed_in(demo.logins.owner)
    for screen, name in ((PHONE, "phone"), (WIDE, "wide")):
        for language in ("ja", "en"):
            seen = opened(screen, language=language, storage_state=cookies)
            for path, what in ((release, "release"), (f"{release}../", "releases")):
                seen.goto(path)
                assert axe.violations(seen) == []
                seen.shot(f"{name}-{language}-{what}")

    desk.press("button[value=publish]")
    assert "2040-03-01 10:00" in desk.text()
    assert NEWS not in said(visitor, f"{shop}/news/")
    desk.press("button[value=roll_back]")  # the plan
    desk.page.fill("#since", "")
    desk.press("button[value=plan]")
    desk.press("button[value=publish]")
    assert NEWS in said(visitor, f"{shop}/news/")
    assert ANSWER in said(visitor, f"{shop}/faq/")

    console.goto(f"{demo.console}/s/south/content/faq/faq/")
    console.page.locator("[name$='-question-ja']").last.fill(f"{ANSWER}（訂正）")
    console.press("button[value=save].button--main")
    console.press("form[action$='/publish/'] .button--main")
    phone = opened(PHONE, storage_state=cookies)
    phone.goto(release)
    assert axe.violations(phone) == []
    phone.shot("phone-ja-release-published")
    phone.press("button[value=roll_back]")
    assert NEWS not in said(visitor, f"{shop}/news/")
    assert f"{ANSWER}（訂正）" in said(visitor, f"{shop}/faq/")
    desk.goto(release)
    assert "戻さなかったもの" in desk.text()
