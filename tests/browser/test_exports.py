"""An export of many: asked for on a desk, approved on a phone, downloaded once."""

import csv
import subprocess
import sys
from collections.abc import Callable
from io import StringIO

from playwright.sync_api import StorageState

from lockstitch.cli.instance import ROOT
from tests.browser.conftest import Opener
from tests.browser.demo import Authenticator, Demo
from tests.browser.window import PHONE, WIDE

ORDERS = 120
TELEPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"


def test_two_people_let_a_file_go(
    demo: Demo, opened: Opener, signed_in: Callable[[str], StorageState],
    authenticator: dict[str, Authenticator],
) -> None:  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "tests.history", str(demo.up.data), "north", str(ORDERS)],
        cwd=ROOT, check=True, timeout=120,
    )  # fmt: skip
    clerk = opened(WIDE, storage_state=signed_in(demo.logins.orders))
    clerk.goto(f"{demo.console}/s/north/orders/?since=2015-01-01&until=2016-12-31")
    clerk.press("button[formaction*='/exports/']")
    clerk.fine.add(422)
    clerk.press("main .button--main")
    assert clerk.page.locator("[role=alert]").is_visible()
    for name in ("name", "email", "address"):
        clerk.page.check(f"input[value={name}]")
    clerk.shot("exports-asking")
    clerk.press("main .button--main")
    clerk.shot("export-asked")
    clerk.fill({"totp": authenticator[demo.logins.orders].code()})
    clerk.press("main .button--main")
    address = clerk.page.inner_text("main .notice code")
    clerk.shot("export-waits")

    state = signed_in(demo.logins.owner)
    owner = opened(PHONE, storage_state=state, user_agent=TELEPHONE)
    owner.goto(address)
    assert f"{ORDERS}" in owner.page.inner_text("dl dd >> nth=0")
    owner.shot("export-approve-phone")
    owner.fill({"totp": authenticator[demo.logins.owner].code()})
    owner.press("main .button--main")
    clerk.goto(address)
    clerk.shot("export-ready")
    with clerk.page.expect_download() as caught:
        clerk.page.click("main .button--main")
    text = caught.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == ORDERS + 1  # and a row of nobody
    people = [row for row in rows if row["メールアドレス"].endswith(".people.example")]
    assert len({row["受注番号"] for row in people}) == ORDERS
    assert all(row["氏"] and row["番地"] for row in rows)
    clerk.goto(address)
    assert not clerk.page.locator("select").count()
    clerk.shot("export-done")
    clerk.goto(f"{demo.console_desk}/s/north/exports/")
    clerk.shot("exports")
