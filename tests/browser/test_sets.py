"""An operator makes a set, mistakes first; a shopper with a phone buys it, and changes it in the
cart."""

from tests.browser import axe, steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, Window

NAME = "秋の三点セット"


def test_a_set_is_made_and_bought(demo: Demo, console: Window, opened: Opener) -> None:
    tee, skirt = in_stock("dense-jersey-tee"), in_stock("pleated-wool-skirt")
    page = console.page
    console.goto(f"{demo.console}/s/north/sets/new/")
    assert axe.violations(console) == []
    page.fill("[name=name_ja]", NAME)
    page.fill("[name=price_yen]", "20000")
    page.fill("[name=published_from]", "2026-01-01T00:00")
    page.fill("[name=parts]", f"{tee.sku} 2\nnot-there 1")
    console.press("main form .button--main")
    assert "not-there" in page.inner_text("[role=alert]")
    assert page.input_value("[name=name_ja]") == NAME
    page.fill("[name=parts]", f"{tee.sku} 2\n{skirt.sku} one")
    console.press("main form .button--main")
    assert f"{skirt.sku} one" in page.inner_text(".problem")
    page.fill("[name=parts]", f"{tee.sku} 2\n{skirt.sku}")
    console.press("main form .button--main")
    console.press(f"a:has-text('{NAME}')")
    number = page.url.rstrip("/").rsplit("/", 1)[1]

    phone = opened(PHONE, language="ja")
    shop = phone.page
    phone.goto(f"{demo.shop()}/items/{tee.slug}/{tee.colour}/")
    phone.press(f"a:has-text('{NAME}')")
    assert shop.url == f"{demo.shop()}/sets/{number}/"
    assert axe.violations(phone) == []
    phone.press(".outfit__form .button--main")
    assert shop.locator(".piece__said").count() == 3
    for select in shop.locator(".piece select").all():
        free = select.locator("option:not([disabled]):not([value=''])")
        select.select_option(free.first.get_attribute("value") or "")
    phone.press(".outfit__form .button--main")
    shop.wait_for_url("**/cart/")
    assert axe.violations(phone) == []
    assert shop.locator("#cart .line").count() == 1
    assert "20,000" in shop.inner_text("#cart .line .price")
    for sets, price in (("2", "40,000"), ("1", "20,000")):
        shop.locator("select[name=quantity]").select_option(sets)
        shop.wait_for_selector(f"#cart .line .price:has-text('{price}')")
    steps.to_delivery(phone)
    phone.choose(".choice:has([value=cod])")  # another test may have opened the shop for cards
    phone.press(steps.MAIN_BUTTON)
    shop.wait_for_url("**/confirm/")
    assert NAME in shop.inner_text(".check")
    phone.press(steps.MAIN_BUTTON)
    shop.wait_for_url("**/orders/**")
    assert NAME in shop.inner_text("main")
    assert "20,000" in shop.inner_text(".line--set .line__row")
