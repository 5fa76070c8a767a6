"""アラート and 緊急対応: what was noticed is there by itself, is looked into, and is dealt with."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import StorageState

from lockstitch.cli.instance import Instance
from tests.browser.axe import violations
from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.window import PHONE, WIDE, Window


def tell(demo: Demo, kind: str, source: str = "", *, site: str = "", **detail: Any) -> None:
    """What a door of this instance notices."""
    instance: Instance = demo.up.instance
    with psycopg.connect(instance.cluster.url("ls_owner"), autocommit=True) as db:
        found = db.execute("SELECT id FROM tenancy_site WHERE slug = %s", [site]).fetchone()
        db.execute(
            "INSERT INTO guard.signal (kind, site_id, source, detail) VALUES (%s, %s, %s, %s)",
            [kind, found[0] if found else None, source, json.dumps(detail)],
        )


def test_an_alert_comes_by_itself_and_is_dealt_with(
    demo: Demo, console: Window, opened: Opener, signed_in: Callable[[str], StorageState]
) -> None:
    marker = f"form-{uuid4().hex[:6]}"
    console.goto(f"{demo.console_desk}/alerts/")
    assert marker not in console.text()
    tell(demo, "script", "203.0.113.9", site="north", form=marker, field="given_name")
    console.page.wait_for_selector(f"text={marker}", timeout=10_000)  # nobody pressed anything
    console.shot("wide-alerts")
    assert violations(console) == []
    console.goto(demo.console)
    frame = console.frame("/s/north/alerts/count/")
    assert int(frame.inner_text("b.number")) >= 1
    console.shot("wide-today-alerts")
    console.goto(f"{demo.console_desk}/alerts/?site=north&rule=input.script")
    console.press(f"li:has-text('{marker}') a")
    assert "203.0.113.9" in console.text()
    console.shot("wide-alert")
    assert violations(console) == []
    phone = opened(PHONE, storage_state=signed_in(demo.logins.owner))
    phone.goto(console.page.url)
    phone.shot("phone-alert")
    phone.goto(f"{demo.console_desk}/alerts/")
    phone.shot("phone-alerts")
    console.page.fill("[name=note]", "a test of ours")
    console.press("form .button--main")
    assert marker not in console.text()
    console.goto(f"{demo.console_desk}/alerts/?all=1&site=north")
    console.press(f"li:has-text('{marker}') a")
    assert "a test of ours" in console.text()


@pytest.mark.parametrize("scripts", [True, False])
def test_staff_shut_a_source_out_and_let_it_in(
    demo: Demo, opened: Opener, signed_in: Callable[[str], StorageState], *, scripts: bool
) -> None:
    staff = opened(WIDE, storage_state=signed_in(demo.logins.staff), java_script_enabled=scripts)
    staff.goto(f"{demo.console_desk}/staff/protect/")
    staff.page.fill("[name=source]", "198.51.100.7")
    staff.page.fill("[name=minutes]", "30")
    staff.press("button[value=block]")
    assert "198.51.100.7/32" in staff.text()
    if scripts:
        staff.shot("wide-staff-protect")
        assert violations(staff) == []
        phone = opened(PHONE, storage_state=signed_in(demo.logins.staff))
        phone.goto(f"{demo.console_desk}/staff/protect/")
        phone.shot("phone-staff-protect")
    staff.press("li:has-text('198.51.100.7/32') button")
    assert "198.51.100.7/32" not in staff.text()


def test_staff_see_what_is_the_platforms_own(
    demo: Demo, opened: Opener, signed_in: Callable[[str], StorageState], console: Window
) -> None:
    path = f"/opt/{uuid4().hex[:8]}.py"
    tell(demo, "file", "files", path=path, was="", now="ab" * 32, uid=33)
    staff = opened(WIDE, storage_state=signed_in(demo.logins.staff))
    staff.goto(f"{demo.console_desk}/alerts/")
    staff.page.wait_for_selector(f"code:has-text('{path}')", timeout=10_000)
    console.goto(f"{demo.console_desk}/alerts/?all=1")
    assert path not in console.text()


def test_an_owner_sees_what_can_be_stopped(
    demo: Demo, opened: Opener, signed_in: Callable[[str], StorageState]
) -> None:
    phone = opened(PHONE, storage_state=signed_in(demo.logins.owner))
    phone.goto(f"{demo.console_desk}/s/north/protect/")
    phone.shot("phone-protect")
    assert violations(phone) == []
    assert phone.page.locator("button[value=credentials]").is_enabled()
