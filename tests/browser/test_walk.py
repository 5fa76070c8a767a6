"""A walk over every page in both languages, light and dark: axe finds nothing, nothing overflows,
and a picture of each is left in `screens/` to be looked at."""

from collections.abc import Callable

import pytest
from playwright.sync_api import StorageState

from tests.browser import steps
from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window

SCREENS = {"phone": PHONE, "wide": WIDE}
LOOKS = [
    ("phone", "ja", "light"), ("phone", "en", "dark"), ("wide", "ja", "dark"),
    ("wide", "en", "light"),
]  # fmt: skip
looks = pytest.mark.parametrize(("screen", "language", "scheme"), LOOKS)


class Walk:
    """Looks at one page after another."""

    def __init__(self, window: Window, name: str) -> None:
        self.window, self.name = window, name
        self.found: list[str] = []

    def look(self, page: str) -> None:
        self.window.shot(f"{self.name}-{page}")
        self.found += violations(self.window)

    def visit(self, page: str, url: str) -> None:
        self.window.goto(url)
        self.look(page)


@pytest.fixture
def walk(opened: Opener, screen: str, language: str, scheme: str) -> Walk:
    window = opened(SCREENS[screen], language=language, color_scheme=scheme)
    return Walk(window, f"{screen}-{language}-{scheme}")


@looks
def test_the_shop(walk: Walk, demo: Demo) -> None:
    for brand, slug in (("north", "dense-jersey-tee"), ("south", "left-hook-hoodie")):
        shop = demo.shop(brand)
        walk.visit(f"{brand}-home", shop)
        walk.visit(f"{brand}-list", f"{shop}/items/")
        walk.visit(f"{brand}-product", f"{shop}/items/{slug}/")
    walk.visit("category", f"{demo.shop()}/items/c/shirts/")
    walk.visit("found-nothing", f"{demo.shop()}/items/?q=zzz")
    walk.visit("law", f"{demo.shop()}/pages/law/")
    walk.visit("cart-empty", f"{demo.shop()}/cart/")
    walk.window.fine.add(404)
    walk.visit("not-here", f"{demo.shop()}/nowhere/")
    assert walk.found == []


@looks
def test_the_checkout(walk: Walk, demo: Demo, screen: str) -> None:
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


@looks
def test_the_member_s_pages(walk: Walk, demo: Demo) -> None:
    window, desk = walk.window, demo.desk()
    walk.visit("register", f"{desk}/register/")
    window.press(steps.MAIN_BUTTON)
    walk.look("register-mistakes")
    walk.visit("register-code", f"{desk}/register/confirm/")
    walk.visit("reset", f"{desk}/reset/")
    walk.visit("reset-code", f"{desk}/reset/confirm/")
    window.goto(f"{demo.shop()}/account/")
    walk.look("sign-in")
    steps.sign_in(window, demo, demo.logins.member, demo.logins.password)
    walk.look("account")
    walk.visit("profile", f"{desk}/account/")
    walk.visit("who-saw", f"{desk}/account/who-saw/")
    assert walk.found == []


@pytest.mark.parametrize(
    ("screen", "language", "scheme"),
    [("wide", "ja", "light"), ("wide", "en", "dark"), ("phone", "ja", "light")],
)
def test_the_console(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], screen: str,
    language: str, scheme: str,
) -> None:  # fmt: skip
    buyer = opened(PHONE)
    number, _email = steps.buy(buyer, demo, in_stock("aran-cardigan"))
    window = opened(
        SCREENS[screen], language=language, color_scheme=scheme,
        storage_state=signed_in(demo.logins.owner),
    )  # fmt: skip
    walk, console = Walk(window, f"{screen}-{language}-{scheme}-console"), demo.console
    walk.visit("today", console)
    walk.visit("orders", f"{console}/s/north/orders/")
    walk.visit("orders-none", f"{console}/s/north/orders/?number=NOPE")
    walk.visit("order", f"{console}/s/north/orders/{number}/")
    frame = window.frame(f"/orders/{number}/reveal/")
    frame.click(".button--main")
    frame.wait_for_selector("dl.person")
    window.page.reload()
    walk.look("order-seen")
    walk.visit("search", f"{console}/s/north/orders/search/")
    walk.visit("products", f"{console}/s/north/products/")
    walk.visit("grid", f"{console}/s/north/products/dense-jersey-tee/")
    window.page.locator("[name^=price-]").first.fill("twelve")
    window.press("main .button--main")
    walk.look("grid-mistakes")
    walk.visit("mailbox", f"{demo.console_desk}/mailbox/")
    walk.visit("sign-in", f"{demo.console_desk}/sign-in/")
    window.press(steps.MAIN_BUTTON)
    walk.look("sign-in-mistakes")
    walk.visit("enrol", f"{demo.console_desk}/enrol/an-old-token/")
    assert walk.found == []


@pytest.mark.parametrize(("language", "scheme"), [("ja", "light"), ("en", "dark")])
def test_the_staff_s_page(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], language: str,
    scheme: str,
) -> None:  # fmt: skip
    window = opened(
        WIDE, language=language, color_scheme=scheme, storage_state=signed_in(demo.logins.staff)
    )
    walk = Walk(window, f"wide-{language}-{scheme}-staff")
    walk.visit("overview", f"{demo.console_desk}/staff/")
    for summary in window.page.locator("summary").all():
        summary.click()
    walk.look("forms")
    assert walk.found == []
