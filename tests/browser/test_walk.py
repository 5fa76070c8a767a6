"""A walk over every page: axe finds nothing, nothing overflows or complains, and a picture of each
is left in `screens/` to be looked at."""

from collections.abc import Callable

import pytest
from playwright.sync_api import StorageState

from tests.browser import steps
from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window

SCREENS = {"phone": PHONE, "wide": WIDE}
PRODUCTS = {"north": "dense-jersey-tee", "south": "left-hook-hoodie"}


class Walk:
    """Looks at one page after another, in a way such as `phone-ja-light`."""

    def __init__(self, opened: Opener, way: str, state: StorageState | None = None) -> None:
        screen, language, scheme = way.split("-")
        self.window: Window = opened(
            SCREENS[screen], language=language, color_scheme=scheme, storage_state=state
        )
        self.way, self.found = way, list[str]()

    def look(self, page: str) -> None:
        self.window.shot(f"{self.way}-{page}")
        self.found += violations(self.window)

    def visit(self, page: str, url: str) -> None:
        self.window.goto(url)
        self.look(page)


both_ways = pytest.mark.parametrize("way", ["phone-ja-light", "wide-en-light"])


@both_ways
def test_the_shop(opened: Opener, demo: Demo, way: str) -> None:
    walk = Walk(opened, way)
    for brand, slug in PRODUCTS.items():
        shop = demo.shop(brand)
        walk.visit(f"{brand}-home", shop)
        walk.visit(f"{brand}-list", f"{shop}/items/")
        walk.visit(f"{brand}-product", f"{shop}/items/{slug}/")
    walk.visit("found-nothing", f"{demo.shop()}/items/?q=zzz")
    walk.visit("law", f"{demo.shop()}/pages/law/")
    walk.visit("cart-empty", f"{demo.shop()}/cart/")
    walk.window.fine.add(404)
    walk.visit("not-here", f"{demo.desk()}/nowhere/")
    assert walk.found == []


@both_ways
def test_the_checkout(opened: Opener, demo: Demo, way: str) -> None:
    walk = Walk(opened, way)
    window = walk.window
    steps.into_cart(window, demo, in_stock("dense-jersey-tee"))
    steps.into_cart(window, demo, in_stock("gabardine-trench"))
    walk.look("cart")
    window.press(steps.TO_CHECKOUT)
    walk.look("contact")
    window.press(steps.MAIN_BUTTON)
    walk.look("contact-mistakes")
    window.goto(f"{demo.shop()}/cart/")
    steps.to_delivery(window, note="玄関先に置いてください。")
    walk.look("delivery")
    window.choose(".choice:has([value=bank])")
    window.press(steps.MAIN_BUTTON)
    walk.look("confirm")
    window.press(steps.MAIN_BUTTON)
    walk.look("order")
    window.press("main a[href*='/order/']")
    walk.look("desk-order")
    assert walk.found == []


@both_ways
def test_the_member_s_pages(opened: Opener, demo: Demo, way: str) -> None:
    walk = Walk(opened, way)
    desk = demo.desk()
    walk.visit("register", f"{desk}/register/")
    walk.window.press(steps.MAIN_BUTTON)
    walk.look("register-mistakes")
    walk.visit("register-code", f"{desk}/register/confirm/")
    walk.visit("reset", f"{desk}/reset/")
    walk.visit("reset-code", f"{desk}/reset/confirm/")
    walk.visit("sign-in", f"{desk}/sign-in/")
    steps.sign_in(walk.window, demo, demo.logins.member, demo.logins.password)
    walk.look("account")
    walk.visit("profile", f"{desk}/account/")
    walk.visit("who-saw", f"{desk}/account/who-saw/")
    assert walk.found == []


@pytest.mark.parametrize("way", ["phone-en-dark", "wide-ja-dark"])
def test_the_main_pages_in_the_dark(opened: Opener, demo: Demo, way: str) -> None:
    walk = Walk(opened, way)
    for brand, slug in PRODUCTS.items():
        walk.visit(f"{brand}-home", demo.shop(brand))
        steps.into_cart(walk.window, demo, in_stock(slug, brand), brand)
        walk.look(f"{brand}-cart")
        walk.window.press(steps.TO_CHECKOUT)
        walk.window.press(steps.MAIN_BUTTON)
        walk.look(f"{brand}-contact-mistakes")
        walk.visit(f"{brand}-product", f"{demo.shop(brand)}/items/{slug}/")
    assert walk.found == []


@pytest.mark.parametrize("way", ["wide-ja-light", "phone-ja-light", "wide-en-dark"])
def test_the_console(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], way: str
) -> None:
    number, _email = steps.buy(opened(PHONE), demo, in_stock("aran-cardigan"))
    walk = Walk(opened, way, signed_in(demo.logins.owner))
    window, site = walk.window, f"{demo.console}/s/north"
    walk.visit("console-today", demo.console)
    walk.visit("console-orders", f"{site}/orders/")
    window.goto(f"{site}/orders/{number}/")
    reveal(window, number)
    walk.look("console-revealed")
    window.page.reload()
    window.fill({"tracking_number": "123"})
    window.press("form[action$='/ship/'] .button--main")
    walk.look("console-order-refused")
    walk.visit("console-grid", f"{site}/products/dense-jersey-tee/")
    if way.endswith("light"):
        window.page.locator("[name$=-price]").nth(1).fill("twelve")
        window.press(".goods__save .button--main")
        walk.look("console-grid-mistakes")
        walk.visit("console-search", f"{site}/orders/search/")
        walk.visit("console-products", f"{site}/products/")
        walk.visit("console-orders-none", f"{site}/orders/?number=NOPE")
        walk.visit("console-mailbox", f"{demo.console_desk}/mailbox/")
        walk.visit("console-sign-in", f"{demo.console_desk}/sign-in/")
        window.press(steps.MAIN_BUTTON)
        walk.look("console-sign-in-mistakes")
        walk.visit("console-enrol", f"{demo.console_desk}/enrol/an-old-token/")
    assert walk.found == []


def reveal(window: Window, number: str) -> None:
    frame = window.frame(f"/orders/{number}/reveal/")
    frame.click(".button--main")
    frame.wait_for_selector("dl.person")


@pytest.mark.parametrize("way", ["wide-ja-light", "phone-en-dark"])
def test_the_staff_s_page(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], way: str
) -> None:
    walk = Walk(opened, way, signed_in(demo.logins.staff))
    walk.visit("staff", f"{demo.console_desk}/staff/")
    for summary in walk.window.page.locator("summary").all():
        summary.click()
    walk.look("staff-forms")
    assert walk.found == []
