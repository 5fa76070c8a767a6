"""お直し in the browser: the lengths follow the size, and nothing is bought without consent."""

from tests.browser import steps
from tests.browser.demo import Demo, in_stock
from tests.browser.window import Window

LENGTHS = "#hem option:not([disabled])"
SIZES = "[action*=cart] label.size:has(input:enabled)"


def test_jeans_are_hemmed_and_the_buyer_agrees(phone: Window, demo: Demo) -> None:
    jeans = in_stock("selvedge-straight-jeans")
    phone.goto(f"{demo.shop()}/items/{jeans.slug}/{jeans.colour}/")
    page = phone.page
    page.click(".hem summary")
    counts = []
    for n in range(page.locator(SIZES).count()):
        page.locator(SIZES).nth(n).click()
        counts.append(page.locator(LENGTHS).count())
    assert counts == sorted(set(counts))  # a longer size, more lengths
    longest = page.locator(LENGTHS).last.get_attribute("value")
    assert longest
    page.select_option("#hem", longest)
    page.locator(SIZES).first.click()
    assert page.input_value("#hem") == ""
    phone.choose(steps.size(jeans))
    page.select_option("#hem", "655")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.press(steps.TO_CART)
    page.wait_for_url("**/cart/")
    assert "65.5 cm" in page.inner_text("#cart")
    steps.to_delivery(phone)
    phone.choose(".choice:has([value=cod])")
    phone.press(steps.MAIN_BUTTON)
    page.wait_for_url("**/confirm/")
    phone.choose(steps.MAIN_BUTTON)
    assert page.evaluate("document.querySelector('[name=hem_agreed]').validity.valueMissing")
    page.check("[name=hem_agreed]")
    phone.press(steps.MAIN_BUTTON)
    page.wait_for_url("**/orders/**")
    assert "65.5 cm" in page.inner_text("main")
