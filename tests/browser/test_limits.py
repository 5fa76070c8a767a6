"""A product of which one person may have one: said by an operator, held to for a guest whom the
shop does not know, in another browser."""

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window


def test_one_to_a_person(demo: Demo, console: Window, opened: Opener) -> None:
    shirt = in_stock("linen-band-collar-shirt")
    console.goto(f"{demo.console}/s/north/products/{shirt.slug}/")
    console.page.fill("[name=limit_per_person]", "1")
    console.page.fill("[name=limit_days]", "30")
    console.press(".button--main >> nth=0")
    phone = opened(PHONE, language="ja")
    phone.goto(f"{demo.shop()}/items/{shirt.slug}/{shirt.colour}/")
    assert "お一人様1点まで" in phone.text()
    steps.into_cart(phone, demo, shirt)
    email = steps.to_delivery(phone)
    steps.place(phone)

    again = opened(WIDE, language="ja")
    steps.into_cart(again, demo, shirt)
    steps.to_delivery(again, email=email.upper())  # now it is known who it is
    again.press(steps.MAIN_BUTTON)
    again.page.wait_for_url("**/confirm/")
    assert "ご購入いただける数を超えています" in again.page.inner_text("[role=alert]")
    assert again.page.locator("main form[data-once] .button--main").is_disabled()
    other = opened(PHONE, language="ja")
    steps.into_cart(other, demo, shirt)
    steps.to_delivery(other)
    assert steps.place(other)
