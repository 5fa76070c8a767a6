"""Without a mouse: the focus can be seen and leads through a whole purchase."""

from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.demo import Demo, in_stock
from tests.browser.window import Window

TABS_MAX = 60


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is there. On the way it can always be seen."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if page.locator(f":is({selector}):focus").count():
            assert outlined(page)
            return
        assert focused.count(), "the focus is lost"
    raise AssertionError(f"no way to {selector}")


def outlined(page: Page) -> bool:
    return bool(
        page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        }""")
    )


def enter(window: Window) -> None:
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")


def test_the_skip_link_is_first_and_leads_to_the_content(wide: Window, demo: Demo) -> None:
    wide.goto(demo.shop())
    wide.page.keyboard.press("Tab")
    assert wide.page.locator(".skip:focus").is_visible()
    wide.page.keyboard.press("Enter")
    wide.page.wait_for_selector("#main:focus")
    wide.page.keyboard.press("Tab")
    assert wide.page.locator("main .hero a:focus").count() == 1


def test_an_order_by_keyboard_alone(wide: Window, demo: Demo) -> None:
    tee, page = in_stock("dense-jersey-tee"), wide.page
    wide.goto(f"{demo.shop()}/items/{tee.slug}/{tee.colour}/")
    tab_to(page, "[action*=cart] [name=sku]")
    page.keyboard.press("Space")
    assert page.locator("[action*=cart] [name=sku]:checked").count() == 1
    tab_to(page, steps.TO_CART)
    enter(wide)
    tab_to(page, steps.TO_CHECKOUT)
    enter(wide)
    person = {**steps.PERSON, "email": steps.new_email()}
    for name in ("family_name", "given_name", "family_kana", "given_kana", "email", "phone"):
        tab_to(page, f"[name={name}]")
        page.keyboard.insert_text(person[name])
    tab_to(page, "[name=postal_code]")
    page.keyboard.insert_text("1500001")
    page.wait_for_function("() => document.activeElement.name === 'street'")
    page.keyboard.insert_text("5-6-7")
    enter(wide)
    page.wait_for_url("**/checkout/**")
    tab_to(page, "[name=delivery_date]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=method]")
    for _choice in range(5):  # as many ways to pay as the shop has
        if page.locator("[name=method]:checked").get_attribute("value") == "bank":
            break
        page.keyboard.press("ArrowDown")
    assert page.locator("[name=method]:checked").get_attribute("value") == "bank"
    enter(wide)
    page.wait_for_url("**/confirm/")
    tab_to(page, steps.MAIN_BUTTON)
    enter(wide)
    page.wait_for_url("**/orders/**")
    assert page.locator("main .line").count() == 1
    assert page.locator("main section.panel").is_visible()
