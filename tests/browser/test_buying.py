"""A guest buys: on the phone, and without scripts."""

import pytest

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, Window

TAPS_MAX = 9
TYPED = ("高橋", "みなみ", "たかはし", "ミナミ", "{email}", "09012345678")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_guest_buys_on_the_phone_in_few_taps(phone: Window, demo: Demo) -> None:
    """The fields are walked through with the keyboard's Next, as on a telephone."""
    tee = in_stock("dense-jersey-tee")
    phone.goto(f"{demo.shop()}/items/{tee.slug}/{tee.colour}/")
    phone.choose(steps.size(tee))
    phone.press(steps.TO_CART)
    phone.press(steps.TO_CHECKOUT)
    phone.choose("[name=family_name]")
    for text in TYPED:
        phone.page.keyboard.insert_text(text.format(email=steps.new_email()))
        phone.page.keyboard.press("Tab")
    phone.page.keyboard.type("1500001")
    phone.page.wait_for_function("() => document.activeElement.name === 'street'")
    phone.page.keyboard.insert_text("5-6-7")
    assert phone.value("prefecture") == "東京都"
    assert phone.value("city") == "渋谷区"
    assert phone.value("street") == "神宮前5-6-7"
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/checkout/**")
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/confirm/")
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/orders/**")
    assert phone.taps <= TAPS_MAX
    assert phone.page.locator("main .line").count() == 1
    assert "高橋" not in phone.page.content()
    phone.press("main a[href*='/order/']")
    assert "神宮前5-6-7" in phone.text()


def test_the_same_without_scripts(opened: Opener, demo: Demo) -> None:
    phone = opened(PHONE, java_script_enabled=False)
    shirt = in_stock("broadcloth-shirt")
    steps.into_cart(phone, demo, shirt)
    phone.page.locator("[name=quantity]").first.select_option("2")
    phone.press(".quantity .button")
    assert phone.page.input_value("main select[name=quantity]") == "2"
    phone.press(steps.TO_CHECKOUT)
    phone.fill({"postal_code": "1500001", "family_name": "高橋"})
    phone.press("[name=lookup]")
    assert phone.value("city") == "渋谷区"
    assert phone.value("family_name") == "高橋"
    person = {**steps.PERSON, "email": steps.new_email()}
    phone.fill({name: person[name] for name in person if name != "prefecture"})
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/checkout/**")
    steps.place(phone)
    assert "× 2" in phone.text()


def test_a_second_press_places_no_second_order(phone: Window, demo: Demo) -> None:
    """Back after the order leads to the order, not to a form that orders again."""
    steps.buy(phone, demo, in_stock("penny-loafers"))
    placed = phone.page.url
    phone.page.go_back()
    phone.page.wait_for_url(placed)
