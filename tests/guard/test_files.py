"""The quarantine's seal: opened for the command line, on record, and no way around it to deposits;
and what the watch makes of a bad upload."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from guard.client import GuardRefused, seal
from guard.wire import OpenFile, RotateKey
from tests.guard.conftest import Guard, Site
from tests.guard.test_watch_alerts import alerts, settled, tell, the_alert

KEY = bytes(range(32))


def sealed(guard: Guard, site: Site, *, kind: str = "quarantine") -> OpenFile:
    """What the worker does."""
    [key] = guard.sql(
        "SELECT * FROM guard.site_public_key WHERE site_id = %s AND retired_at IS NULL",
        [site.site_id], role="ls_worker",
    )  # fmt: skip
    upload = uuid4()
    body = seal(
        key["public_key"], key["suite"], site_id=site.site_id, record_id=upload, kind=kind,
        key_id=key["key_id"], fields={"key": KEY.hex()},
    )  # fmt: skip
    return OpenFile(
        site_id=site.site_id, upload_id=upload, key_id=key["key_id"], suite=key["suite"],
        sealed=body,
    )  # fmt: skip


def opened(guard: Guard, upload: UUID) -> list[dict[str, Any]]:
    return [row for row in guard.entries("file.open") if row["records"] == [upload]]


def test_an_original_is_opened_and_written_down(guard: Guard, site: Site) -> None:
    ask = sealed(guard, site)
    guard.cli.call(RotateKey(key="seal", site_id=site.site_id))  # the old key still opens it
    assert guard.cli.call(ask).key == KEY
    [entry] = opened(guard, ask.upload_id)
    assert (entry["principal_kind"], entry["outcome"]) == ("cli", "ok")
    assert entry["site_id"] == site.site_id


def test_it_opens_no_deposit_and_no_other_shops_file(guard: Guard, site: Site) -> None:
    other, good = guard.site(), sealed(guard, site)
    deposit = sealed(guard, site, kind="order")
    moved = OpenFile(
        site_id=other.site_id, upload_id=good.upload_id, key_id=good.key_id, suite=good.suite,
        sealed=good.sealed,
    )  # fmt: skip
    for ask in (deposit, moved):
        with pytest.raises(GuardRefused) as refused:
            guard.cli.call(ask)
        assert refused.value.code == "not_found"
    assert [row["outcome"] for row in opened(guard, deposit.upload_id)] in ([], ["not_found"])


def test_nobody_else_may_ask(guard: Guard, site: Site) -> None:
    ask = sealed(guard, site)
    session, _owner = guard.operator(site, "owner")
    staff, _one = guard.operator(site, "owner", staff=True)
    for call in (
        lambda: guard.desk.call(ask, session=session), lambda: guard.desk.call(ask, session=staff),
        lambda: guard.worker.call(ask), lambda: guard.sensor.call(ask),
    ):  # fmt: skip
        with pytest.raises(GuardRefused) as refused:
            call()
        assert refused.value.code in ("forbidden", "session")


def test_the_shop_seals_nothing(guard: Guard, site: Site) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        guard.sql("SELECT * FROM guard.site_public_key", role="ls_shop")


@pytest.mark.parametrize(
    ("grave", "rule", "severity"),
    [(True, "upload.hostile", "critical"), (False, "upload.odd", "notice")],
)
def test_an_upload_with_something_in_it(
    guard: Guard, site: Site, grave: bool, rule: str, severity: str
) -> None:
    """About whoever sent it; a hundred of them are one alert."""
    by, other = str(uuid4()), {True: "upload.odd", False: "upload.hostile"}[grave]
    for _n in range(3):
        tell(
            guard, "upload", "203.0.113.9", role="ls_worker", site_id=site.site_id, by=by,
            upload=str(uuid4()), found="marker:php", grave=grave,
        )  # fmt: skip
    settled(guard)
    alert = the_alert(guard, rule, by)
    assert (alert.severity, alert.site_id, alert.action) == (severity, site.site_id, "")
    [alert] = alerts(guard, rule, by)
    assert alert.times == 3
    assert alerts(guard, other, by) == []
