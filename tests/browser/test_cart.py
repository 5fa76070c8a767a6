"""The cart, and what changes under it while the buyer thinks."""

from tests.browser import steps
from tests.browser.demo import Demo, in_stock, variants
from tests.browser.window import Window

REMOVE = ".line form:has([name=quantity][value='0']) .button--text"


def test_quantity_and_removal(phone: Window, demo: Demo) -> None:
    steps.into_cart(phone, demo, in_stock("dense-jersey-tee"))
    steps.into_cart(phone, demo, in_stock("crescent-shoulder-bag"))
    total = phone.page.inner_text(".sum dd.total")
    phone.page.locator("select[name=quantity]").first.select_option("3")
    phone.page.wait_for_function(
        "was => document.querySelector('.sum dd.total').innerText !== was", arg=total
    )
    assert phone.page.input_value("select[name=quantity] >> nth=0") == "3"
    assert phone.page.inner_text("#cart-link .badge") == "4"
    phone.choose(REMOVE)
    phone.page.wait_for_function("() => document.querySelectorAll('.line').length === 1")
    phone.choose(REMOVE)
    phone.page.wait_for_selector("#cart .empty")
    assert phone.page.locator("#cart-link .badge").is_hidden()


def set_in_grid(console: Window, demo: Demo, slug: str, sku: str, **cells: str) -> None:
    """What an operator types into the grid of a product: `price="22000"`, `stock="1"`."""
    console.goto(f"{demo.console}/s/north/products/{slug}/")
    row = console.page.locator(f"tr:has(input[value='{sku}'])")
    for name, value in cells.items():
        row.locator(f"[name$=-{name}]").fill(value)
    console.press(".goods__save .button--main")
    assert console.page.locator(".notice--good").is_visible()


def test_a_new_price_is_shown_before_it_is_paid(phone: Window, console: Window, demo: Demo) -> None:
    skirt = in_stock("pleated-wool-skirt")
    steps.into_cart(phone, demo, skirt)
    steps.to_delivery(phone)
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/confirm/")
    try:
        set_in_grid(console, demo, skirt.slug, skirt.sku, price="26400")
        phone.press(steps.MAIN_BUTTON)
        assert phone.page.locator("[role=alert]").is_visible()
        assert "26,400" in phone.page.inner_text(".two__side")
        assert "/confirm/" in phone.page.url
        phone.press("[role=alert] a")
        assert "24,200" in phone.page.inner_text(".line .notice")
    finally:
        set_in_grid(console, demo, skirt.slug, skirt.sku, price="24200")


def test_a_piece_that_has_gone_stops_the_order(phone: Window, console: Window, demo: Demo) -> None:
    jeans = in_stock("selvedge-straight-jeans")
    steps.into_cart(phone, demo, jeans)
    steps.to_delivery(phone)
    phone.press(steps.MAIN_BUTTON)
    try:
        set_in_grid(console, demo, jeans.slug, jeans.sku, stock="0")
        phone.press(steps.MAIN_BUTTON)
        assert phone.page.locator("[role=alert]").is_visible()
        phone.press("[role=alert] a")
        assert phone.page.locator(".line .notice--warn").is_visible()
        assert phone.page.locator(steps.TO_CHECKOUT).is_disabled()
    finally:
        set_in_grid(console, demo, jeans.slug, jeans.sku, stock="20")


def test_more_than_there_are_cannot_be_ordered(phone: Window, demo: Demo) -> None:
    few = next(one for one in variants(lambda pieces: pieces == 1))
    steps.into_cart(phone, demo, few)
    phone.page.locator("select[name=quantity]").select_option("2")
    phone.page.wait_for_selector(".line .notice--warn")
    assert phone.page.locator(steps.TO_CHECKOUT).is_disabled()
