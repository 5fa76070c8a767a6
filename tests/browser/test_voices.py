"""A guest waits for a size without the shop ever seeing the address; a buyer reviews, the shop
reads it first, and everybody sees how it fits."""

import re

from tests.browser import axe, steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock, variants
from tests.browser.window import PHONE, Window

NUMBER = "1234-5678-9013"


def test_a_guest_waits_for_a_size(phone: Window, demo: Demo) -> None:
    gone = variants(lambda pieces: pieces == 0)[0]
    phone.goto(f"{demo.shop()}/items/{gone.slug}/{gone.colour}/")
    phone.choose("details.wait summary")
    phone.choose(steps.size(gone, "details.wait"))
    phone.shot("phone-ja-wait")
    phone.press("details.wait .button >> nth=0")
    phone.page.wait_for_url("**/restock/**")
    assert "desk." in phone.page.url
    email = steps.new_email()
    phone.fill({"email": email})
    phone.shot("phone-ja-wait-desk")
    assert axe.violations(phone) == []
    phone.press(steps.MAIN_BUTTON)
    assert phone.page.locator(".notice--good").is_visible()
    letter = steps.letter(phone, demo, email)
    link = re.search(r"http\S+/waits/\S+", letter)
    assert link, letter
    phone.goto(link.group())
    phone.press("main .button--main")
    assert phone.page.locator(".notice--good").is_visible()
    phone.shot("phone-ja-wait-confirmed")


def test_a_buyer_reviews_and_the_shop_shows_it(
    phone: Window, console: Window, opened: Opener, demo: Demo
) -> None:
    bought = in_stock("crescent-shoulder-bag")
    number, _email = steps.buy(phone, demo, bought)
    order = phone.page.url
    console.goto(f"{demo.console}/s/north/orders/{number}/")
    console.fill({"tracking_number": NUMBER})
    console.press("form[action$='/ship/'] .button--main")
    phone.goto(order)
    phone.press("a[href*='/review/']")
    phone.choose("[name=stars][value='4']")
    phone.choose("[name=fit][value='1']")
    phone.page.fill("[name=text]", "電話は090-1234-5678です")
    phone.press(steps.MAIN_BUTTON)
    assert phone.page.locator(".notice--bad").is_visible()
    assert phone.page.is_checked("[name=stars][value='4']")
    phone.page.fill("[name=text]", "軽くて毎日使っています。")
    phone.shot("phone-ja-review")
    assert axe.violations(phone) == []
    phone.press(steps.MAIN_BUTTON)
    assert "毎日" not in phone.text()
    reader = opened(PHONE)
    shown = f"{demo.shop()}/items/{bought.slug}/{bought.colour}/"
    reader.goto(shown)
    assert "毎日" not in reader.text()
    console.goto(f"{demo.console}/s/north/voices/")
    console.page.fill("[name=words]", "うれしいお言葉をありがとうございます。")
    console.shot("wide-ja-voices")
    assert axe.violations(console) == []
    console.press("[name=state][value=published]")
    reader.goto(shown)
    assert "毎日" in reader.text()
    reader.press("a[href*='/voices/']")
    assert "うれしい" in reader.text()
    reader.page.fill("[name=text]", "A4は入りますか？")
    reader.press("form[action$='/ask/'] button")
    assert reader.page.locator(".notice--good").is_visible()
    reader.shot("phone-ja-voices")
    assert axe.violations(reader) == []
    console.goto(f"{demo.console}/s/north/voices/?kind=questions")
    console.page.fill("[name=words]", "はい、ぴったり入ります。")
    console.press("[name=state][value=published]")
    reader.goto(reader.page.url.split("?")[0].removesuffix("ask/"))
    assert "ぴったり" in reader.text()
