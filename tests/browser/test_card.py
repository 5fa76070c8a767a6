"""A card on the phone: to the provider's page, through its 3-D Secure, and back; and what the shop
does of it later."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window
from tests.fakes.running import HOOKS, KEYS, Running


@pytest.fixture(scope="module", autouse=True)
def connected(
    demo: Demo, browser: Browser, signed_in: Callable[[str], StorageState], stripe: Running
) -> None:
    """The owner has typed the keys in."""
    window = Window(browser, **WIDE, storage_state=signed_in(demo.logins.owner))
    window.goto(f"{demo.console_desk}/s/north/providers/")
    for name, value in (("api", KEYS["stripe"]), ("webhook", HOOKS["stripe"])):
        window.page.fill(f"#v-stripe-{name}", value)
        window.press(f"form:has(#v-stripe-{name}) button")
        assert value not in window.page.content()
    for method in ("card", "konbini"):
        window.page.check(f"[name=methods][value={method}]")
    window.shot("providers")
    window.press("form:has([name=methods][value=card]) .button--main")
    assert window.close() == []
    stripe.knobs(url=f"{demo.desk()}/hooks/stripe/", secret=HOOKS["stripe"])


def to_provider(phone: Window, demo: Demo, stripe: Running, slug: str, method: str) -> None:
    steps.into_cart(phone, demo, in_stock(slug))
    steps.to_delivery(phone)
    phone.choose(f".choice:has([value={method}])")
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/confirm/")
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url(f"{stripe.url}/**")


def test_a_card_is_paid_and_taken_when_the_parcel_leaves(
    phone: Window, demo: Demo, stripe: Running, console: Window
) -> None:
    to_provider(phone, demo, stripe, "dense-jersey-tee", "card")
    phone.shot("card-provider")
    phone.press("button[value=card]")
    phone.press("button[value=authenticated]")
    phone.page.wait_for_url("**/orders/**")
    number = phone.page.inner_text("main .number >> nth=0")
    phone.shot("card-placed")
    assert [row["kind"] for row in stripe.journal(order=number)] == ["authorised"]
    console.goto(f"{demo.console}/s/north/orders/{number}/")
    assert "売上未確定" in console.text()
    console.goto(f"{demo.console}/s/north/payments/")
    console.shot("payments-quiet")


def test_whoever_goes_back_can_pay_in_another_way(
    phone: Window, demo: Demo, stripe: Running
) -> None:
    to_provider(phone, demo, stripe, "broadcloth-shirt", "card")
    phone.press("button[value=declined]")
    phone.press("text=お店に戻る")
    phone.page.goto(f"{phone.page.url.partition('?')[0]}?n=99")
    phone.shot("card-not-paid")
    phone.press("form[action$='/other/'] button")
    phone.page.wait_for_selector("[name=method][value=konbini]")
    phone.shot("card-other-way")
    phone.press("[name=method][value=konbini]")
    phone.page.wait_for_url(f"{stripe.url}/**")
    phone.press("button[value=number]")
    phone.page.wait_for_url("**/orders/**")
    assert "ローソン" in phone.text()
    phone.shot("konbini-number")


def test_the_same_without_scripts(opened: Opener, demo: Demo, stripe: Running) -> None:
    phone = opened(PHONE, java_script_enabled=False)
    to_provider(phone, demo, stripe, "dense-jersey-tee", "card")
    phone.press("button[value=card]")
    phone.press("button[value=authenticated]")
    phone.page.wait_for_url("**/orders/**")
