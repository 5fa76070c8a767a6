"""Orders on a Japanese phone from the cart to their end: points and a coupon, two recipients, goods
not there yet, a card given back in part, a size exchanged. Every page is kept to be looked at."""

from tests.browser import steps
from tests.browser.demo import Demo, in_stock
from tests.browser.test_card import connected as connected
from tests.browser.window import Window
from tests.fakes.running import Running
from tests.instance import wait_until
from tests.world import TRACKING

FRIEND = {**steps.PERSON, "family_name": "佐々木", "given_name": "ゆう", "family_kana": "ササキ",
          "given_kana": "ユウ", "city": "新宿区", "street": "西新宿2-8-1"}  # fmt: skip


def ship(console: Window, demo: Demo, number: str) -> None:
    console.goto(f"{demo.console}/s/north/orders/{number}/")
    console.page.fill("form[action$='/ship/'] [name=tracking_number]", TRACKING)
    console.press("form[action$='/ship/'] .button--main")
    assert not console.page.locator("form[action$='/ship/']").count()


def two_pieces(phone: Window) -> None:
    with phone.page.expect_response("**/cart/set/"):
        phone.page.select_option("form[action='/cart/set/'] [name=quantity]", "2")


def take_back(console: Window, demo: Demo, number: str, shot: str = "") -> None:
    """The return of this order is approved, and what came back is inspected."""
    console.goto(f"{demo.console}/s/north/returns/")
    console.press(f"tr:has-text('{number}') a")
    console.press("form:has([value=approved]) .button--main")
    if shot:
        console.shot(shot)
    console.press("form[action$='/inspect/'] .button--main")


def test_a_member_with_points_and_a_coupon(phone: Window, demo: Demo) -> None:
    steps.sign_in(phone, demo, demo.logins.member, demo.logins.password)
    steps.into_cart(phone, demo, in_stock("lambswool-crew"))
    phone.press(steps.TO_CHECKOUT)
    phone.press(steps.MAIN_BUTTON)
    phone.fill({"coupons": "WELCOME", "points": "100"})
    phone.shot("life-member-offers")
    number = steps.place(phone)
    phone.shot("life-member-order")
    assert "−¥1,000" in phone.text()
    assert "−¥100" in phone.text()
    phone.goto(f"{demo.shop()}/account/points/")
    assert number in phone.text()
    phone.shot("life-member-points")


def test_a_gift_to_two_recipients(phone: Window, demo: Demo) -> None:
    steps.into_cart(phone, demo, in_stock("dense-jersey-tee"))
    two_pieces(phone)
    steps.to_delivery(phone)
    phone.press("a[href*='/to/']")
    phone.fill({**FRIEND, "note": "お誕生日おめでとう"})
    phone.shot("life-gift-recipient")
    phone.press(steps.MAIN_BUTTON)
    phone.page.fill("[name^=share]", "1")
    phone.shot("life-gift-delivery")
    phone.choose(".choice:has([value=bank])")
    phone.press(steps.MAIN_BUTTON)
    phone.shot("life-gift-confirm")
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/orders/**")
    assert phone.page.locator("text=メッセージ").count()
    phone.shot("life-gift-order")


def test_a_piece_sold_before_it_is_there(phone: Window, demo: Demo) -> None:
    piece = in_stock("satin-slip-dress")
    phone.goto(f"{demo.shop()}/items/{piece.slug}/{piece.colour}/")
    assert "発送予定" in phone.text()
    phone.shot("life-ahead-product")
    steps.into_cart(phone, demo, piece)
    assert "予約" in phone.text()
    phone.shot("life-ahead-cart")
    steps.to_delivery(phone)
    steps.place(phone, "bank")
    phone.shot("life-ahead-order")


def test_a_card_is_given_back_in_part(
    phone: Window, demo: Demo, stripe: Running, console: Window
) -> None:
    steps.into_cart(phone, demo, in_stock("dense-jersey-tee"))
    two_pieces(phone)
    steps.to_delivery(phone)
    phone.choose(".choice:has([value=card])")
    phone.press(steps.MAIN_BUTTON)
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url(f"{stripe.url}/**")
    phone.press("button[value=card]")
    phone.press("button[value=authenticated]")
    phone.page.wait_for_url("**/orders/**")
    number, page = phone.page.inner_text("main .number >> nth=0"), phone.page.url
    ship(console, demo, number)
    phone.goto(page)
    phone.press("a[href$='/return/']")
    phone.page.select_option("[name^=pieces]", "1")
    phone.press(steps.MAIN_BUTTON)
    take_back(console, demo, number)
    wait_until(lambda: len(stripe.journal(order=number)) == 3)
    held, taken, returned = stripe.journal(order=number)
    assert [each["kind"] for each in (held, taken, returned)] == [
        "authorised", "captured", "refunded",
    ]  # fmt: skip
    assert held["yen"] == taken["yen"] == 2 * returned["yen"]
    console.goto(f"{demo.console}/s/north/orders/{number}/")
    console.shot("life-card-console")
    phone.goto(page)
    phone.shot("life-card-order")


def test_a_size_is_exchanged(phone: Window, demo: Demo, console: Window) -> None:
    number, _email = steps.buy(phone, demo, in_stock("broadcloth-shirt"))
    page = phone.page.url
    ship(console, demo, number)
    phone.goto(page)
    phone.press("a[href$='/return/']")
    other = phone.page.locator("[name^=wanted] option:not([disabled])").nth(1)
    size = other.inner_text()
    phone.page.select_option("[name^=wanted]", label=size)
    phone.shot("life-exchange-ask")
    phone.press(steps.MAIN_BUTTON)
    phone.shot("life-exchange-asked")
    take_back(console, demo, number, shot="life-exchange-console")
    phone.goto(page)
    assert size in phone.text()
    phone.shot("life-exchange-order")
    console.goto(f"{demo.console}/s/north/orders/{number}/")
    assert console.page.locator("form[action$='/ship/']").count()  # the other size is to be sent
    console.shot("life-exchange-to-send")
