"""From a look at an order to the case that names its buyer, the drafts and the letter."""

from collections.abc import Callable

import pytest
from playwright.sync_api import StorageState

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window
from tests.guard.conftest import eventually


def test_a_case_names_whom_an_operator_saw(
    phone: Window, demo: Demo, console: Window, opened: Opener,
    signed_in: Callable[[str], StorageState],
) -> None:  # fmt: skip
    number, _email = steps.buy(phone, demo, in_stock("dense-jersey-tee"))
    console.goto(f"{demo.console}/s/north/orders/{number}/")
    frame = console.frame("/reveal/")
    frame.click(".button--main")
    frame.wait_for_selector("dl")

    staff = opened(WIDE, storage_state=signed_in(demo.logins.staff))
    staff.goto(f"{demo.console_desk}/staff/incidents/")
    staff.shot("incidents")
    staff.fill({"title": "夜間の不審な閲覧"})
    staff.press("main .button--main")
    staff.shot("incident-new")
    staff.fill({"addresses": "nowhere"})
    staff.press("main .button--main >> nth=0")
    assert staff.page.locator("[aria-invalid=true]").count() == 1
    staff.fine.add(422)
    staff.fill({"addresses": "127.0.0.1"})
    staff.press("main .button--main >> nth=0")

    def computed() -> bool:
        staff.page.goto(staff.page.url.split("?")[0])
        return staff.page.locator("#sets").count() == 1

    eventually(computed, seconds=60)
    row = staff.page.locator("#sets ~ div tbody tr").first
    assert int(row.locator("td").nth(2).inner_text()) >= 1
    staff.shot("incident-assessed")
    staff.fill({"what": "未出荷の注文についての問い合わせから調査しました。"})
    staff.press("form[action$='/facts/'] .button--main")
    case = staff.page.url
    staff.press("#drafts ~ div a >> nth=0")
    assert "未出荷の注文" in staff.text()
    staff.shot("incident-draft")
    staff.goto(case)
    staff.press("#letters ~ div button")
    staff.press("#public ~ div button")
    assert "1" in staff.page.locator("#public ~ div td").first.inner_text()
    phone.goto(demo.shop())
    phone.page.click(".told a")
    assert "お客様" in phone.text()
    assert phone.page.locator("#history ~ ol li").count() == 1
    phone.shot("incident-notice")
    narrow = opened(PHONE, storage_state=signed_in(demo.logins.staff))
    narrow.goto(case)
    narrow.shot("incident-phone")
    told_by_the_platform(narrow, opened(PHONE), demo, case)


def told_by_the_platform(staff: Window, anybody: Window, demo: Demo, case: str) -> None:
    """Published twice, the page has both texts, in both languages, and nobody's data."""
    anybody.goto(f"{demo.console_desk}/sign-in/")
    anybody.press("main a[href$='/notices/']")
    assert anybody.page.locator(".empty").count() == 1
    anybody.shot("platform-notices-none")
    staff.press("form[action$='/platform-notice/'] button")
    staff.goto(case)
    staff.fill({"done": "該当のセッションを失効させました。"})
    staff.press("form[action$='/facts/'] .button--main")
    staff.goto(case)
    staff.press("form[action$='/platform-notice/'] button")
    assert "2" in staff.page.inner_text("#platform-text")
    anybody.goto(f"{demo.console}/notices/")
    anybody.shot("platform-notices")
    anybody.press("#notices a")
    assert "失効させました" in anybody.text()
    assert anybody.page.locator("#history ~ ol li").count() == 2
    assert "hanako" not in anybody.page.content()
    anybody.shot("platform-notice")
    anybody.press("#history ~ ol li:last-child a")
    assert "失効させました" not in anybody.text()
    assert anybody.page.locator(".notice a").count() == 1
    anybody.press(".bar__end form button")
    assert anybody.page.locator("html").get_attribute("lang") == "en"
    assert "personal" in anybody.text()
    anybody.shot("platform-notice-en")


@pytest.mark.parametrize("path", ["/staff/incidents/"])
def test_an_operator_finds_no_such_page(console: Window, demo: Demo, path: str) -> None:
    console.fine.add(404)
    console.goto(f"{demo.console_desk}{path}")
    assert console.page.inner_text("main .number") == "404"
