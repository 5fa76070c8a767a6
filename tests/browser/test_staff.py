"""Staff open a company and a shop and invite an operator, who enrols and signs in."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pyotp
from playwright.sync_api import StorageState

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.window import WIDE, Window


def open_details(staff: Window, action: str) -> str:
    """Opens the part of the page that holds this form; the form's selector."""
    form = f"form[action$='/{action}/']"
    staff.choose(f"details:has({form}) summary")
    return form


def test_from_a_company_to_an_operator_who_signs_in(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState]
) -> None:
    slug = f"w{uuid4().hex[:8]}"
    email = f"{slug}@example.jp"
    staff = opened(WIDE, storage_state=signed_in(demo.logins.staff))
    staff.goto(f"{demo.console_desk}/staff/")
    open_a_shop(staff, slug)
    address = invite(staff, slug, email)
    staff.shot("wide-ja-staff-invited")

    operator = opened(WIDE)
    secret = enrol(operator, address)
    # The code of now was used up to enrol; the guard lets a clock be a step ahead.
    totp = pyotp.TOTP(secret)
    code = totp.generate_otp(totp.timecode(datetime.now(UTC)) + 1)
    operator.fill({"email": email, "password": steps.PASSWORD, "totp": code})
    operator.press(steps.MAIN_BUTTON)
    assert operator.page.url == f"{demo.console}/"
    assert slug in operator.text()
    operator.fine.add(404)
    operator.goto(f"{demo.console}/s/north/orders/")
    assert operator.page.inner_text("main .number") == "404"
    operator.goto(f"{demo.console}/s/{slug}/orders/")
    assert operator.page.locator(".empty").is_visible()
    operator.goto(f"{demo.console}/s/{slug}/products/")
    operator.shot("wide-ja-products-none")


def open_a_shop(staff: Window, slug: str) -> None:
    form = open_details(staff, "companies")
    staff.page.fill(f"{form} [name=name]", f"Company {slug}")
    staff.press(f"{form} .button--main")
    form = open_details(staff, "sites")
    staff.page.select_option(f"{form} [name=company]", label=f"Company {slug}")
    fields = {
        "slug": slug, "name": f"Shop {slug}", "name_ja": f"店 {slug}",
        "host": f"{slug}.example.jp", "mail_from": f"shop@{slug}.example.jp",
    }  # fmt: skip
    for name, value in fields.items():
        staff.page.fill(f"{form} [name={name}]", value)
    staff.press(f"{form} .button--main")
    assert f"{slug}.example.jp" in staff.text()


def invite(staff: Window, slug: str, email: str) -> str:
    """The address to enrol at."""
    form = open_details(staff, "operators")
    staff.page.select_option(f"{form} [name=company]", label=f"Company {slug}")
    for name, value in {"name": "新人 一", "email": email, "handle": slug}.items():
        staff.page.fill(f"{form} [name={name}]", value)
    staff.page.select_option(f"{form} [name=role]", "owner")
    staff.choose(staff.page.locator(f"{form} label", has_text=f"Shop {slug}").locator("input"))
    staff.press(f"{form} .button--main")
    assert email not in staff.text()
    return staff.page.inner_text(".notice--good code")


def enrol(operator: Window, address: str) -> str:
    """Chooses a password and proves the authenticator; its secret."""
    operator.goto(address)
    operator.fill({"password": "password"})
    operator.press("main .button--main")
    assert operator.page.locator("[role=alert]").is_visible()
    operator.fill({"password": steps.PASSWORD})
    operator.press("main .button--main")
    secret = operator.page.inner_text("main code")
    operator.shot("wide-ja-enrol")
    operator.fill({"code": pyotp.TOTP(secret).now()})
    operator.press("main .button--main")
    assert "/sign-in/" in operator.page.url
    return secret
