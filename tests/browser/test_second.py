"""Two owners on two devices: one types a new key in, the other sees which, and lets it be used."""

from collections.abc import Iterator

import pyotp
import pytest

from tests.browser import axe, steps
from tests.browser.conftest import Opener
from tests.browser.test_passkey import sign_in_by_code
from tests.browser.window import PHONE, WIDE, Window
from tests.fakes.running import KEYS
from tests.filled import STAFF
from tests.seam.conftest import Seeded, seed

SECTION = "section:has(#two)"
WAITS = f"{SECTION} .notice--warn"


@pytest.fixture(scope="module")
def seeded() -> Iterator[Seeded]:
    with seed(STAFF) as made:
        yield made


def keep(window: Window, value: str) -> None:
    window.page.fill("#v-stripe-api", value)
    window.press("form:has(#v-stripe-api) button")


def test_a_new_key_waits_for_the_other_owner(opened: Opener, seeded: Seeded) -> None:
    page = f"{seeded.up.desk()}/s/north/providers/"
    owner = opened(PHONE)
    sign_in_by_code(owner, seeded, "owner")
    owner.goto(page)
    owner.fine.add(422)
    owner.press(f"{SECTION} [value=on]")  # alone: said why not, and works as before
    assert owner.page.locator("[role=alert]").is_visible()
    owner.shot("phone-ja-second-alone")
    keep(owner, KEYS["stripe"])
    assert f"••••{KEYS['stripe'][-4:]}" in owner.text()

    with seeded.database() as db:
        db.execute("UPDATE guard.principal SET role = 'owner' WHERE handle = 'north-orders'")
    owner.press(f"{SECTION} [value=on]")
    keep(owner, "sk_test_newnewnew9876")
    assert "••••9876" in owner.page.inner_text(WAITS)
    assert owner.page.locator(f"{WAITS} [name=totp]").count() == 0  # not for who asked
    assert axe.violations(owner) == []
    owner.shot("phone-ja-second-waits")

    other = opened(WIDE, language="en", user_agent="Mozilla/5.0 another device")
    sign_in_by_code(other, seeded, "orders")
    other.goto(page)
    assert "9876" not in other.page.inner_text("section:has(#p-stripe)")
    assert "north-owner" in other.page.inner_text(WAITS)
    other.shot("wide-en-second-approve")
    # The code of now was used to sign in; the guard lets a clock be a step ahead.
    code = pyotp.TOTP(seeded.world["totp"]).at(int(steps.time.time()) + 30)
    other.page.fill(f"{WAITS} [name=totp]", code)
    other.press(f"{WAITS} .button--main")
    assert other.page.locator(WAITS).count() == 0
    assert "••••9876" in other.page.inner_text("section:has(#p-stripe)")
    other.press(f"{SECTION} [value=off]")
    assert other.page.locator(WAITS).count() == 1
    other.press(f"{WAITS} [name=cancel]")
    assert other.page.locator(f"{SECTION} [value=off]").count() == 1


def test_the_sum_of_refunds_is_set_on_a_phone(opened: Opener, seeded: Seeded) -> None:
    colleague = opened(WIDE)
    sign_in_by_code(colleague, seeded, "orders", "south")
    owner = opened(PHONE)
    sign_in_by_code(owner, seeded, "owner", "south")
    owner.goto(f"{seeded.up.shop()}/s/south/payments/")
    for typed in ("5,000", "9,000"):  # the second is laxer, and waits
        owner.choose("section:has(#second) summary")
        owner.page.fill("#second-yen", typed)
        owner.press("section:has(#second) details button")
    assert "￥5,000" in owner.page.inner_text("section:has(#second)").replace("¥", "￥")
    assert owner.page.locator("section:has(#second) .notice--warn").count() == 1
    assert owner.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe.violations(owner) == []
    owner.shot("phone-ja-refunds-by-two")
    colleague.goto(f"{seeded.up.shop()}/s/south/payments/")
    colleague.press("section:has(#second) .notice--warn button >> nth=0")
    assert colleague.page.locator("section:has(#second)").count() == 0  # nothing waits for them
    owner.goto(f"{seeded.up.shop()}/s/south/payments/")
    assert "9,000" in owner.page.inner_text("section:has(#second)")
