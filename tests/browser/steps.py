"""What visitors do again and again."""

import re
import time
from uuid import uuid4

from tests.browser.demo import Demo, Variant
from tests.browser.window import Window

PERSON = {
    "family_name": "高橋", "given_name": "みなみ", "family_kana": "たかはし",
    "given_kana": "ミナミ", "phone": "090-1234-5678", "postal_code": "150-0001",
    "prefecture": "東京都", "city": "渋谷区", "street": "神宮前5-6-7",
}  # fmt: skip
MAIN_BUTTON = "main form[data-once] .button--main"
TO_CART = "form[action='/cart/add/'] .button--main"
TO_CHECKOUT = "form[action='/checkout/'] .button--main"
PASSWORD = "a sentence of five words"
MAIL_S = 60


def new_email() -> str:
    return f"guest-{uuid4().hex[:12]}@example.jp"


def into_cart(window: Window, demo: Demo, variant: Variant, brand: str = "north") -> None:
    """From the product's page to the cart."""
    window.goto(f"{demo.shop(brand)}/items/{variant.slug}/{variant.colour}/")
    window.choose(size(variant))
    window.press(TO_CART)
    window.page.wait_for_url("**/cart/")


def size(variant: Variant, form: str = "[action*=cart]") -> str:
    """The line of the product's page that offers this size; or of another form there."""
    label = f"{variant.size[:2]}.{variant.size[2:]}cm" if len(variant.size) > 2 else variant.size
    return f"{form} label.size:has(span:text-is('{label}'))"


def to_delivery(window: Window, **changes: str) -> str:
    """From the cart over the address to delivery and payment; the buyer's e-mail address."""
    window.press(TO_CHECKOUT)
    window.page.wait_for_url("**/contact/**")
    person = {**PERSON, "email": new_email(), **changes}
    window.fill(person)
    window.press(MAIN_BUTTON)
    window.page.wait_for_url("**/checkout/**")
    return person["email"]


def place(window: Window, method: str = "cod") -> str:
    """From delivery and payment to the placed order; its number."""
    window.choose(f".choice:has([value={method}])")
    window.press(MAIN_BUTTON)
    window.page.wait_for_url("**/confirm/")
    window.press(MAIN_BUTTON)
    window.page.wait_for_url("**/orders/**")
    return window.page.inner_text("main .number >> nth=0")


def buy(window: Window, demo: Demo, variant: Variant, method: str = "cod") -> tuple[str, str]:
    """A guest's whole purchase: the order's number and the buyer's e-mail address."""
    into_cart(window, demo, variant)
    email = to_delivery(window)
    return place(window, method), email


def sign_in(window: Window, demo: Demo, email: str, password: str) -> None:
    """A member of the first shop, from My page and back to it."""
    window.goto(f"{demo.shop()}/account/")
    window.page.wait_for_url("**/sign-in/**")
    window.fill({"email": email, "password": password})
    window.press(MAIN_BUTTON)


def sign_in_to_console(window: Window, demo: Demo, login: str, code: str) -> None:
    window.goto(demo.console)
    window.page.wait_for_url("**/sign-in/")
    window.fill({"email": login, "password": demo.logins.password, "totp": code})
    window.press(MAIN_BUTTON)


def letter(window: Window, demo: Demo, email: str, subject: str = "") -> str:
    """The newest mail to this address in the demo's mailbox, once it has arrived."""
    until = time.monotonic() + MAIL_S
    entry = window.page.locator(f".mailbox__list a:has-text('{email}'):has-text('{subject}')")
    window.goto(f"{demo.console_desk}/mailbox/")
    while not entry.count():
        assert time.monotonic() < until, f"no mail to {email}"
        time.sleep(0.5)
        window.page.reload()
    window.press(entry.first)
    return window.page.inner_text(".letter")


def code_in(letter: str) -> str:
    found = re.search(r"(?<!\d)\d{6}(?!\d)", letter)
    assert found, letter
    return found.group()
