"""A member's way: over the desk and back, an order, their own data, a new account and password."""

import pytest

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, WIDE, Window


@pytest.fixture
def member(wide: Window, demo: Demo) -> Window:
    steps.sign_in(wide, demo, demo.logins.member, demo.logins.password)
    return wide


def test_buys_by_bank_transfer_and_sees_it_in_my_page(member: Window, demo: Demo) -> None:
    assert member.page.url == f"{demo.shop()}/account/"
    steps.into_cart(member, demo, in_stock("lambswool-crew"))
    member.press(steps.TO_CHECKOUT)
    assert member.value("family_name") == "見本"
    assert member.value("street").startswith("神宮前")
    member.press(steps.MAIN_BUTTON)
    number = steps.place(member, "bank")
    assert "ひかり銀行" in member.text()
    member.goto(f"{demo.shop()}/account/")
    row = member.page.locator("tr", has_text=number)
    assert "ご入金待ち" in row.inner_text()
    member.press(row.locator("a"))
    assert number in member.text()


def test_changes_the_profile_and_sees_who_saw_it(member: Window, demo: Demo) -> None:
    member.press("main a[href*='/account/?']")
    member.fill({"building": "光ビル 301"})
    member.press(steps.MAIN_BUTTON)
    assert member.page.locator(".notice--good").is_visible()
    assert member.value("building") == "光ビル 301"
    member.press("main a[href='/account/who-saw/']")
    newest = member.page.locator("tbody tr").first.inner_text()
    assert "ご本人" in newest
    assert "住所" in newest


def test_the_session_ends_at_both_origins(member: Window, demo: Demo) -> None:
    member.press("form[action='/sign-out/'] button")
    for page in (f"{demo.shop()}/account/", f"{demo.desk()}/account/"):
        member.goto(page)
        assert "/sign-in/" in member.page.url


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_wrong_password_says_so_and_keeps_the_address(wide: Window, demo: Demo) -> None:
    steps.sign_in(wide, demo, "nobody@example.jp", "not this one")
    assert wide.page.url.startswith(demo.desk())
    assert wide.page.locator("#problems").is_visible()
    assert wide.value("email") == "nobody@example.jp"
    assert wide.value("password") == ""
    wide.page.wait_for_selector("#problems:focus")  # the browser does so with its first frame


def test_registers_with_the_mailed_code_then_resets_the_password(
    opened: Opener, demo: Demo
) -> None:
    phone, mailbox = opened(PHONE), opened(WIDE)
    email = steps.new_email()
    phone.goto(f"{demo.shop()}/account/")
    phone.press("main a[href^='/register/']")
    phone.fill(
        {"family_name": "森", "given_name": "光", "email": email, "password": steps.PASSWORD}
    )
    phone.press(steps.MAIN_BUTTON)
    phone.fill({"code": "000000"})
    phone.press(steps.MAIN_BUTTON)
    assert phone.page.locator("[name=code]").get_attribute("aria-invalid") == "true"
    phone.fill({"code": steps.code_in(steps.letter(mailbox, demo, email))})
    phone.press(steps.MAIN_BUTTON)
    assert phone.page.url == f"{demo.shop()}/account/"
    assert phone.page.locator("main h1").is_visible()

    other = opened(PHONE)
    steps.sign_in(other, demo, email, "another sentence altogether")
    other.press("main a[href^='/reset/']")
    other.fill({"email": email})
    other.press(steps.MAIN_BUTTON)
    code = steps.code_in(steps.letter(mailbox, demo, email, "パスワード"))
    other.fill({"code": code, "password": "another sentence altogether"})
    other.press(steps.MAIN_BUTTON)
    steps.sign_in(other, demo, email, "another sentence altogether")
    assert other.page.url == f"{demo.shop()}/account/"
    phone.goto(f"{demo.desk()}/account/")
    assert "/sign-in/" in phone.page.url, "a new password ends the sessions of the old one"
