"""The form that must not lose anything: contact and address at the desk."""

import pytest

from tests.browser import steps
from tests.browser.demo import Demo, in_stock
from tests.browser.window import Window

BAD = {"phone": "12", "postal_code": "150"}


@pytest.fixture
def form(phone: Window, demo: Demo) -> Window:
    steps.into_cart(phone, demo, in_stock("dense-jersey-tee"))
    phone.press(steps.TO_CHECKOUT)
    return phone


@pytest.mark.parametrize("language", ["ja", "en"])
def test_mistakes_keep_what_was_typed_and_are_named(form: Window, language: str) -> None:
    typed = {**steps.PERSON, "email": steps.new_email(), **BAD}
    form.fill(typed)
    form.press(steps.MAIN_BUTTON)
    form.page.wait_for_selector("#problems:focus")  # the browser does so with its first frame
    assert {name: form.value(name) for name in typed} == typed
    for name in BAD:
        field = form.page.locator(f"[name={name}]")
        assert field.get_attribute("aria-invalid") == "true"
        described = field.get_attribute("aria-describedby") or ""
        assert form.page.inner_text(f"#{described}").strip()
    assert form.page.locator("[name=city]").get_attribute("aria-invalid") is None
    form.shot(f"phone-{language}-contact-mistakes")


def test_a_postal_code_of_another_prefecture(form: Window) -> None:
    form.fill({**steps.PERSON, "email": steps.new_email(), "prefecture": "大阪府"})
    form.press(steps.MAIN_BUTTON)
    assert form.page.locator("#id_prefecture_error").is_visible()


def test_an_unknown_postal_code_is_said_at_the_field(form: Window) -> None:
    form.fine.add(404)  # what the script is told
    form.fill({"postal_code": "999-9999"})
    form.press("[name=lookup]")
    assert form.page.locator("#id_postal_code_error").is_visible()
    assert form.value("postal_code") == "999-9999"


def test_the_names_can_be_of_any_kana(form: Window) -> None:
    form.fill({**steps.PERSON, "email": steps.new_email(), "given_kana": "ﾐﾅﾐ"})
    form.press(steps.MAIN_BUTTON)
    form.page.wait_for_url("**/checkout/**")
