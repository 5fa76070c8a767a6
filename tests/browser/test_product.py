"""The product's page."""

import pytest

from tests.browser import steps
from tests.browser.demo import Demo, in_stock, variants
from tests.browser.window import Window

SLUG = "dense-jersey-tee"
PICTURE = ".gallery picture img >> nth=0"


def test_a_swatch_changes_picture_and_address_and_back_works(phone: Window, demo: Demo) -> None:
    phone.goto(f"{demo.shop()}/items/{SLUG}/")
    first, picture = phone.page.url, phone.page.get_attribute(PICTURE, "src")
    assert picture
    phone.choose(".colour:not([aria-current])")
    phone.page.wait_for_url(f"**/items/{SLUG}/*/")
    assert phone.page.get_attribute(PICTURE, "src") != picture
    assert phone.page.locator(".colour[aria-current]").count() == 1
    title = phone.page.title()
    phone.page.go_back()
    phone.page.wait_for_url(first)
    phone.page.wait_for_selector(f".gallery img[src='{picture}']")
    assert phone.page.title() != title


def test_a_size_that_is_sold_out_cannot_be_chosen(phone: Window, demo: Demo) -> None:
    gone = variants(lambda pieces: pieces == 0)[0]
    phone.goto(f"{demo.shop()}/items/{gone.slug}/{gone.colour}/")
    line = phone.page.locator(steps.size(gone))
    assert "売り切れ" in line.inner_text()
    assert line.locator("input").is_disabled()


def test_few_left_is_said(phone: Window, demo: Demo) -> None:
    few = variants(lambda pieces: 0 < pieces <= 2)[0]
    phone.goto(f"{demo.shop()}/items/{few.slug}/{few.colour}/")
    assert "残りわずか" in phone.page.inner_text(steps.size(few))


def test_without_a_size_nothing_is_added(wide: Window, demo: Demo) -> None:
    coat = in_stock("chesterfield-coat")
    wide.goto(f"{demo.shop()}/items/{coat.slug}/{coat.colour}/")
    wide.choose(steps.TO_CART)
    assert wide.page.evaluate("document.querySelector('[name=sku]').validity.valueMissing")
    assert wide.page.locator("#cart-link .badge").is_hidden()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_search_finds_by_name_and_number(wide: Window, demo: Demo, language: str) -> None:
    for words in ("NN-2611", {"ja": "チェスター", "en": "chesterfield"}[language]):
        wide.goto(f"{demo.shop()}/items/")
        wide.page.fill("#find", words)
        with wide.page.expect_navigation():
            wide.page.keyboard.press("Enter")
        assert wide.page.locator(".card").count() == 1
        assert "/chesterfield-coat/" in (wide.page.get_attribute(".card a", "href") or "")


def test_the_list_shows_the_whole_range(wide: Window, demo: Demo) -> None:
    wide.goto(f"{demo.shop()}/items/")
    links = wide.page.locator(".card a").evaluate_all("all => all.map(a => a.pathname)")
    shown = {link.split("/")[2] for link in links}  # another test may have made a product
    assert {variant.slug for variant in variants(lambda _pieces: True)} <= shown
