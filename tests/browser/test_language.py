"""The language switch, and dark mode."""

import pytest

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window

SWITCH = "form[action='/language/'] button"


def spoken(window: Window) -> str | None:
    return window.page.get_attribute("html", "lang")


def test_the_switch_keeps_the_page_and_crosses_to_the_desk(wide: Window, demo: Demo) -> None:
    tee = in_stock("dense-jersey-tee")
    address = f"{demo.shop()}/items/{tee.slug}/{tee.colour}/"
    wide.goto(address)
    assert spoken(wide) == "ja"
    wide.press(SWITCH)
    assert wide.page.url == address
    assert spoken(wide) == "en"
    assert wide.page.inner_text("main h1") == "Dense jersey tee"
    wide.press("header a[href='/account/']")
    assert wide.page.url.startswith(demo.desk())
    assert spoken(wide) == "en"
    assert wide.page.inner_text("main h1") == "Sign in"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_without_a_choice_the_browser_s_language_counts(
    phone: Window, demo: Demo, language: str
) -> None:
    phone.goto(demo.shop("south"))
    assert spoken(phone) == language


def test_the_order_s_mail_is_in_the_buyer_s_language(opened: Opener, demo: Demo) -> None:
    phone, mailbox = opened(PHONE, language="en"), opened(WIDE)
    number, email = steps.buy(phone, demo, in_stock("penny-loafers"))
    letter = steps.letter(mailbox, demo, email)
    assert number in letter
    assert "Penny loafers" in letter


@pytest.mark.parametrize("brand", ["north", "south"])
def test_dark_mode_is_dark(opened: Opener, demo: Demo, brand: str) -> None:
    phone = opened(PHONE, color_scheme="dark")
    phone.goto(demo.shop(brand))
    shown = phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in shown.strip("rgb()").split(",")) < 64
    phone.shot(f"phone-dark-{brand}-home")
