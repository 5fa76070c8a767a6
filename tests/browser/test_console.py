"""An operator's day, and that the console's own page never holds a name."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Authenticator, Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window

GOOD_NUMBER, BAD_NUMBER = "1234-5678-9013", "1234-5678-9012"
SEALED = ("高橋", "みなみ", "神宮前", "09012345678")


def test_signs_in_with_a_code_and_not_with_a_wrong_one(
    wide: Window, demo: Demo, authenticator: dict[str, Authenticator]
) -> None:
    """The order desk of the first shop: a login that no other test uses up."""
    app = authenticator[demo.logins.orders]
    steps.sign_in_to_console(wide, demo, demo.logins.orders, app.wrong())
    assert wide.page.locator("#problems").is_visible()
    assert wide.value("email") == demo.logins.orders
    wide.fill({"password": demo.logins.password, "totp": app.code()})
    wide.press(steps.MAIN_BUTTON)
    assert wide.page.url == f"{demo.console}/"
    assert wide.page.locator("main .panel").count() == 1
    wide.fine.add(404)
    wide.goto(f"{demo.console}/s/south/orders/")
    assert "/s/south/" in wide.page.url
    assert wide.page.inner_text("main .number") == "404"


@pytest.fixture(scope="module")
def order(demo: Demo, browser: Browser) -> tuple[str, str]:
    """The number of a guest's order and the buyer's e-mail address."""
    window = Window(browser, **PHONE)
    bought = steps.buy(window, demo, in_stock("crescent-shoulder-bag"))
    assert window.close() == []
    return bought


def open_order(console: Window, demo: Demo, number: str) -> None:
    console.goto(f"{demo.console}/s/north/orders/{number}/")


def test_filters_orders(console: Window, demo: Demo, order: tuple[str, str]) -> None:
    number, _email = order
    console.goto(f"{demo.console}/s/north/orders/")
    console.page.select_option("[name=method]", "cod")
    console.page.select_option("[name=fulfilment]", "unshipped")
    console.press(".filters .button--main")
    shown = console.page.locator("tbody tr")
    assert all("代金引換" in row for row in shown.all_inner_texts())
    assert number in console.text()
    assert console.page.input_value("[name=method]") == "cod"
    console.page.select_option("[name=method]", "bank")
    console.press(".filters .button--main")
    assert number not in console.text()
    console.goto(f"{demo.console}/s/north/orders/?number=NOPE")
    console.press(".empty a")
    assert number in console.text()


def test_reveals_in_the_frame_and_ships(
    console: Window, opened: Opener, demo: Demo, order: tuple[str, str]
) -> None:
    number, email = order
    open_order(console, demo, number)
    frame = console.frame(f"/orders/{number}/reveal/")
    frame.select_option("[name=purpose]", "order.check")
    frame.click(".button--main")
    frame.wait_for_selector("dl.person")
    shown = frame.inner_text("main")
    assert all(word in shown for word in (*SEALED[:3], email))
    assert not any(word in console.page.content() for word in (*SEALED, email))
    beside = console.page.frame_locator("iframe[src$='/history/']")
    beside.get_by_text("不審な注文の確認").wait_for()  # without reading the page anew

    console.fill({"tracking_number": BAD_NUMBER})
    console.press("form[action$='/ship/'] .button--main")
    assert console.page.locator("[role=alert]").is_visible()
    assert console.value("tracking_number") == BAD_NUMBER
    console.fill({"tracking_number": GOOD_NUMBER})
    console.press("form[action$='/ship/'] .button--main")
    assert console.page.url.endswith(f"/orders/{number}/")
    assert GOOD_NUMBER.replace("-", "") in console.text()

    history = console.frame(f"/orders/{number}/history/").inner_text("main")
    assert "owner" in history
    assert "不審な注文の確認" in history
    letter = steps.letter(opened(WIDE), demo, email, "発送")
    assert GOOD_NUMBER.replace("-", "") in letter


def test_finds_orders_by_the_buyers_address(
    console: Window, demo: Demo, order: tuple[str, str]
) -> None:
    number, email = order
    console.goto(f"{demo.console}/s/north/orders/search/")
    frame = console.frame("/search/")
    frame.fill("[name=value]", email.upper())
    frame.click(".button--main")
    frame.wait_for_selector("table")
    assert email not in console.page.content()
    with console.page.expect_navigation():
        frame.click(f"a:text-is('{number}')")
    assert console.page.url == f"{demo.console}/s/north/orders/{number}/"


def test_a_mistake_in_the_grid_saves_nothing_and_keeps_all(console: Window, demo: Demo) -> None:
    coat = in_stock("flannel-jacket")
    console.goto(f"{demo.console}/s/north/products/{coat.slug}/")
    row = console.page.locator(f"tr:has(input[value='{coat.sku}'])")
    was = row.locator("[name$=-price]").input_value()
    row.locator("[name$=-price]").fill("51000")
    row.locator("[name$=-gtin]").fill("4901234567890")
    console.press(".goods__save .button--main")
    assert coat.sku in console.page.inner_text("[role=alert]")
    assert row.locator("[name$=-price]").input_value() == "51000"
    console.goto(console.page.url)
    assert row.locator("[name$=-price]").input_value() == was


def test_the_frame_is_shown_by_the_console_alone(
    console: Window, demo: Demo, order: tuple[str, str]
) -> None:
    answer = console.page.goto(f"{demo.console_desk}/s/north/orders/{order[0]}/reveal/")
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert f"frame-ancestors {demo.console};" in policy + ";"
    answer = console.page.goto(demo.console)
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "frame-ancestors 'none'" in policy
    assert f"frame-src {demo.console_desk}" in policy


def test_cookies_stay_with_their_host_and_out_of_scripts(
    console: Window, phone: Window, demo: Demo, signed_in: Callable[[str], StorageState]
) -> None:
    steps.buy(phone, demo, in_stock("dense-jersey-tee"))
    cookies = phone.context.cookies() + signed_in(demo.logins.owner)["cookies"]
    hosts = {cookie["domain"] for cookie in cookies}
    assert {"north.localhost", "desk.north.localhost", "console.localhost"} <= hosts
    assert not any(host.startswith(".") for host in hosts), "a dot would share it with subdomains"
    assert all(cookie["httpOnly"] for cookie in cookies)
    assert all(cookie["sameSite"] == "Lax" for cookie in cookies)
