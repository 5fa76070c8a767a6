"""Opening a company, a shop and a login, through the platform's own pages."""

import os
import re
import signal

import pyotp
import pytest

from tests.instance import wait_until
from tests.seam.conftest import Seeded
from tests.seam.test_kills import pids_of
from tests.seed import PASSWORD
from tests.shopper import Browser, Page

pytestmark = pytest.mark.slow


def staff(seeded: Seeded) -> Browser:
    browser = Browser()
    form = browser.get(f"{seeded.up.desk()}/sign-in/").form(having="totp")
    code = pyotp.TOTP(seeded.world["totp"]).now()
    page = browser.submit(form, email="staff@example.jp", password=PASSWORD, totp=code)
    assert page.url.endswith("/staff/")
    return browser


def open_shop(browser: Browser, page: Page, company: str, slug: str) -> Page:
    form = page.form("/staff/sites/")
    chosen = re.search(rf'value="([0-9a-f-]+)"[^>]*>{company}<', page.text)
    assert chosen
    return browser.submit(
        form, company=chosen.group(1), slug=slug, name=f"Shop {slug}", host=f"{slug}.localhost",
        mail_from=f"shop@{slug}.example",
    )  # fmt: skip


def test_a_shop_opens_only_when_the_guard_has_made_its_keys(seeded: Seeded) -> None:
    browser = staff(seeded)
    page = browser.submit(
        browser.get(f"{seeded.up.desk()}/staff/").form("/staff/companies/"), name="Newcomer"
    )
    (guard,) = pids_of(seeded, "guard")
    os.kill(guard, signal.SIGKILL)
    refused = open_shop(browser, page, "Newcomer", "fresh")
    assert refused.status == 422
    assert Browser().get(seeded.up.shop("fresh.localhost") + "/").status == 404

    def opened() -> bool:
        page = browser.get(f"{seeded.up.desk()}/staff/")
        return page.status == 200 and open_shop(browser, page, "Newcomer", "fresh").status == 200

    wait_until(opened)
    shop = seeded.up.shop("fresh.localhost") + "/"
    wait_until(lambda: "Shop fresh" in Browser().get(shop).text)  # hosts are remembered for 5 s
    assert Browser().get(shop).status == 503  # in preparation, until its legal notice is whole


def test_an_operator_cannot_see_the_staff_pages(seeded: Seeded) -> None:
    operator = seeded.operator()
    assert operator.get(f"{seeded.up.desk()}/staff/").status == 404
    nobody = Browser().get(f"{seeded.up.desk()}/staff/")
    assert nobody.url.endswith("/sign-in/")
