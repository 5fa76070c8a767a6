"""An owner looks through who works at the shop, keeps one, and takes the rights of another."""

from collections.abc import Iterator

import pytest

from tests.browser import axe
from tests.browser.conftest import Opener
from tests.browser.test_passkey import sign_in_by_code
from tests.browser.window import PHONE, WIDE, Window
from tests.filled import STAFF
from tests.seam.conftest import Seeded, seed

CONFIRM = "main form .button--main"


@pytest.fixture(scope="module")
def seeded() -> Iterator[Seeded]:
    with seed(STAFF) as made:
        yield made


def person(handle: str) -> str:
    return f".reviewed > li:has(h2:text-is('{handle}'))"


def choose_all(window: Window, *, take: str) -> None:
    for index in range(window.page.locator(".reviewed > li").count()):
        row = window.page.locator(".reviewed > li").nth(index)
        goes = row.locator("h2").inner_text() == take
        row.locator(f"[value={'take' if goes else 'keep'}]").check()


def test_rights_are_looked_through_and_taken(opened: Opener, seeded: Seeded) -> None:
    leaver = opened(WIDE)
    sign_in_by_code(leaver, seeded, "orders")
    owner = opened(PHONE)
    sign_in_by_code(owner, seeded, "owner")
    owner.goto(f"{seeded.up.desk()}/team/")
    owner.press("main a[href$='/review/']")
    names = owner.page.locator(".reviewed h2").all_inner_texts()
    assert {"north-owner", "north-orders"} <= set(names)
    assert axe.violations(owner) == []
    owner.shot("phone-ja-review")
    # Nobody can take their own.
    assert owner.page.locator(f"{person('north-owner')} [value=take]").count() == 0

    choose_all(owner, take="north-orders")
    owner.press(CONFIRM)
    assert owner.page.locator(".notice--good").is_visible()
    assert "north-orders" not in owner.page.locator(".reviewed").inner_text()
    owner.shot("phone-ja-review-confirmed")
    leaver.goto(f"{seeded.up.shop()}/s/north/orders/")
    assert "/sign-in/" in leaver.page.url

    # Who was seen before is not confirmed for who is there now: what is chosen stays chosen.
    owner.fine.add(422)
    choose_all(owner, take="")
    owner.page.locator("[name=person]").last.evaluate("box => box.remove()")
    owner.press(CONFIRM)
    assert owner.page.locator("[role=alert]").is_visible()
    owner.shot("phone-ja-review-changed")
    wide = opened(WIDE, language="en")
    sign_in_by_code(wide, seeded, "owner", "south")
    wide.goto(f"{seeded.up.desk()}/team/")
    wide.shot("wide-en-team-reviews")
    wide.press("main a[href$='/review/']")
    wide.shot("wide-en-review")
