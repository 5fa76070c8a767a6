"""A passkey from its making to its use, with the browser's own virtual authenticator."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from playwright.sync_api import CDPSession

from tests.browser import axe, steps
from tests.browser.conftest import Opener
from tests.browser.window import PHONE, WIDE, Window
from tests.filled import STAFF
from tests.seam.conftest import Operator, Seeded, seed
from tests.seed import PASSWORD

ORDERS, SHOPPERS = 31, 4
ADD = "form[action$='/security/passkeys/']"
BY_PASSKEY = "form[data-passkey] .button--main"


@pytest.fixture(scope="module")
def seeded() -> Iterator[Seeded]:
    with seed(STAFF) as made:
        yield made


def device(window: Window) -> tuple[CDPSession, str]:
    """A device of the visitor's that verifies its user; to speak with it, and its id."""
    session = window.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def sign_in_by_code(window: Window, seeded: Seeded, role: str, slug: str = "north") -> None:
    window.goto(f"{seeded.up.desk()}/sign-in/")
    code = pyotp.TOTP(seeded.world["totp"]).now()
    window.fill({"email": f"{role}@{slug}.example", "password": PASSWORD, "totp": code})
    window.press(steps.MAIN_BUTTON)


def add_passkey(window: Window, seeded: Seeded, name: str) -> None:
    window.goto(f"{seeded.up.desk()}/security/")
    window.page.fill(f"{ADD} [name=name]", name)
    if window.page.locator(f"{ADD} [name=totp]").count():
        totp = pyotp.TOTP(seeded.world["totp"])
        # The code of now was used to sign in; the guard lets a clock be a step ahead.
        window.page.fill(f"{ADD} [name=totp]", totp.at(int(steps.time.time()) + 30))
    window.press(f"{ADD} .button--main")


def batch_of_labels(seeded: Seeded, operator: Operator) -> str:
    """The desk's page for the label file of more parcels than the budget has people."""
    with ThreadPoolExecutor(SHOPPERS) as crowd:
        list(crowd.map(lambda _number: seeded.shopper().buy("shirt"), range(ORDERS)))
    operator.keep_sender()
    page = operator.get(f"{operator.shop}/s/north/shipping/")
    numbers = sorted(set(re.findall(r'name="order" value="([0-9A-Z-]+)"', page.text)))
    batch = operator.submit(page.form("/plan/"), order=numbers, carrier="yamato")
    return f"{operator.desk}/s/north/batches/{batch.url.split('/')[-2]}/labels/"


def test_it_is_made_signs_in_and_proves_for_a_batch_of_labels(
    opened: Opener, seeded: Seeded
) -> None:
    labels = batch_of_labels(seeded, seeded.operator())
    window = opened(WIDE)
    device(window)
    sign_in_by_code(window, seeded, "orders")
    add_passkey(window, seeded, "仕事用のMac")
    assert "仕事用のMac" in window.text()
    window.shot("wide-ja-security")
    assert axe.violations(window) == []

    window.goto(f"{seeded.up.desk()}/signed-out/")
    window.shot("wide-ja-sign-in-passkey")
    assert axe.violations(window) == []
    window.press(BY_PASSKEY)
    assert window.page.url == f"{seeded.up.shop()}/"

    window.fine.add(403)
    window.goto(labels)
    window.press("main form .button--main")
    assert window.page.locator("form[data-options]").count() == 1
    window.shot("wide-ja-prove-passkey")
    assert axe.violations(window) == []
    with window.page.expect_download() as fetched:
        window.choose("form[data-options] .button--main")
    assert fetched.value.suggested_filename.startswith("yamato-")
    assert fetched.value.path().read_text("cp932").count("\n") > ORDERS


def test_on_a_phone_it_comes_and_goes_and_other_sessions_end(
    opened: Opener, seeded: Seeded
) -> None:
    phone = opened(PHONE)
    said, authenticator = device(phone)
    sign_in_by_code(phone, seeded, "readonly", "south")
    phone.goto(f"{seeded.up.desk()}/security/")
    phone.shot("phone-ja-security-none")
    add_passkey(phone, seeded, "スマホ")
    phone.context.clear_cookies()  # as on another device: that session stays open
    phone.goto(f"{seeded.up.desk()}/sign-in/")
    phone.shot("phone-ja-sign-in-passkey")
    phone.press(BY_PASSKEY)
    phone.goto(f"{seeded.up.desk()}/security/")
    assert phone.page.locator("form[action$='/sessions/end/']").count() == 2
    phone.shot("phone-ja-security")
    assert axe.violations(phone) == []
    phone.press("form[action$='/sessions/end/'] button >> nth=0")
    assert phone.page.locator("form[action$='/sessions/end/']").count() == 0

    who = {"authenticatorId": authenticator}
    said.send("WebAuthn.setUserVerified", {**who, "isUserVerified": False})
    remove = "form[action$='/remove/']"
    phone.choose(f"{remove} button")
    phone.page.wait_for_selector(f"{remove} [data-said]:visible")
    phone.shot("phone-ja-security-not-verified")
    said.send("WebAuthn.setUserVerified", {**who, "isUserVerified": True})
    phone.press(f"{remove} button")
    assert phone.page.locator(f"{ADD} [name=totp]").count() == 1  # as before the first one


def test_a_browser_without_passkeys_is_told_so(opened: Opener, seeded: Seeded) -> None:
    old = opened(PHONE)
    old.context.add_init_script("delete window.PublicKeyCredential")
    old.goto(f"{seeded.up.desk()}/sign-in/")
    assert old.page.locator("form[data-passkey] [data-said]").is_visible()
    assert old.page.locator(BY_PASSKEY).is_disabled()
    assert old.page.locator(steps.MAIN_BUTTON).is_enabled()


def test_an_owner_restricts_and_approves(opened: Opener, seeded: Seeded) -> None:
    owner = opened(PHONE)
    device(owner)
    sign_in_by_code(owner, seeded, "owner", "south")
    add_passkey(owner, seeded, "スマホ")
    owner.goto(f"{seeded.up.desk()}/team/")
    owner.shot("phone-ja-team")
    assert axe.violations(owner) == []
    shop = "li:has(.tag):has-text('south') >> nth=1"
    owner.choose(f"{shop} >> summary")
    owner.page.fill(f"{shop} >> textarea", "192.0.2.0/24")
    owner.press(f"{shop} >> .button--main")
    assert owner.page.locator("main > div > .notice--bad").is_visible()
    owner.shot("phone-ja-team-locked-out")
    owner.page.fill(f"{shop} >> textarea", "192.0.2.0/24\n127.0.0.1")
    owner.press(f"{shop} >> .button--main")
    assert "127.0.0.1/32, 192.0.2.0/24" in owner.text()

    limits = "li:has(form[action$='/limits/']):has-text('south')"
    for typed, said in (("31", ".notice--bad"), ("20", ".notice--good")):
        if not owner.page.locator(f"{limits} >> details[open]").count():
            owner.choose(f"{limits} >> summary")
        owner.page.fill(f"{limits} >> [name=ten]", typed)
        owner.press(f"{limits} >> .button--main")
        assert owner.page.locator(f"main > div > {said}").is_visible()
    owner.shot("phone-ja-team-limits")

    lost = "li:has-text('south-orders'):has(form[action$='/recover/'])"
    owner.choose(f"{lost} summary")
    owner.press(f"{lost} .button--main")
    assert owner.page.locator(".tag--awaiting").count() == 1
    owner.shot("phone-ja-team-recovering")
    them = opened(WIDE)
    sign_in_by_code(them, seeded, "orders", "south")
    them.goto(f"{seeded.up.desk()}/security/")
    them.shot("wide-ja-security-recovering")
    them.press("form[action$='/cancel/'] button")
    assert them.page.locator("form[action$='/cancel/']").count() == 0


def test_a_member_adds_one_with_the_password_and_signs_in(opened: Opener, seeded: Seeded) -> None:
    shop, desk = seeded.up.shop("north.localhost"), seeded.up.desk("north.localhost")
    member = opened(PHONE)
    device(member)
    member.goto(f"{desk}/sign-in/")
    member.fill({"email": "hanako@example.jp", "password": PASSWORD})
    member.press(steps.MAIN_BUTTON)
    member.press("a[href*='/security/']")
    member.page.fill(f"{ADD} [name=password]", "not the password")
    member.choose(f"{ADD} .button--main")
    member.page.wait_for_selector(f"{ADD} [data-said]:visible")
    member.page.fill(f"{ADD} [name=password]", PASSWORD)
    member.press(f"{ADD} .button--main")
    member.shot("phone-ja-member-security")
    assert axe.violations(member) == []
    member.context.clear_cookies()
    member.goto(f"{desk}/sign-in/")
    member.shot("phone-ja-member-sign-in")
    assert axe.violations(member) == []
    member.press("form[data-passkey] button")
    assert member.page.url == f"{shop}/account/"
    names = {cookie["name"] for cookie in member.context.cookies(desk)}
    assert "desk-device" in names
