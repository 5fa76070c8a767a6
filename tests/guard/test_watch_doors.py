"""Rules over signals: each fires at what it is for, and not at what comes in on any day."""

from typing import Any
from uuid import uuid4

import pytest

from guard.client import GuardClient, GuardUnavailable
from guard.wire import ListAlerts, Sensed, Sighting, WhoAmI
from tests.guard.conftest import Guard, Site, eventually
from tests.guard.test_watch_alerts import (
    alerts,
    is_blocked,
    new_source,
    settled,
    tell,
    the_alert,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "rule", "detail"),
    [
        ("method", "edge.method", {"method": "PUT"}), ("scanner", "edge.scanner", {}),
        ("host", "edge.host", {}), ("framing", "edge.framing", {"why": "length"}),
    ],
)  # fmt: skip
def test_a_source_that_knocks(guard: Guard, kind: str, rule: str, detail: dict[str, Any]) -> None:
    source = new_source()
    tell(guard, kind, source, **detail)
    assert the_alert(guard, rule, source).severity == "notice"
    assert not is_blocked(guard, source)


def test_many_missing_pages_are_a_scan_and_a_few_are_none(guard: Guard) -> None:
    few, many, hostile = new_source(), new_source(), new_source()
    tell(guard, "missing", few, distinct=19)
    tell(guard, "missing", many, distinct=20)
    tell(guard, "missing", hostile, distinct=20, hostile=3)
    assert the_alert(guard, "edge.scan", many).action == ""
    assert the_alert(guard, "edge.scan", hostile).action == "block"
    settled(guard)
    assert alerts(guard, "edge.scan", few) == []
    assert [is_blocked(guard, each) for each in (few, many, hostile)] == [False, False, True]


@pytest.mark.parametrize("source", ["127.0.0.1", "10.0.0.7", "::1", "unknown", ""])
def test_nobody_is_shut_out_with_their_proxy(guard: Guard, source: str) -> None:
    tell(guard, "missing", source, distinct=50, hostile=50)
    the_alert(guard, "edge.scan", source or "unknown")
    settled(guard)
    assert not guard.sql("SELECT 1 FROM guard.blocked_source WHERE source >>= '10.0.0.7'::inet")
    assert not guard.sql("SELECT 1 FROM guard.blocked_source WHERE source >>= '127.0.0.1'::inet")


@pytest.mark.parametrize(
    ("kind", "rule", "name"),
    [
        ("report", "page.report", "what"),
        ("script", "input.script", "form"),
        ("payment", "payment.differs", "ref"),
    ],
)
def test_what_a_page_a_form_or_a_provider_tells(
    guard: Guard, site: Site, kind: str, rule: str, name: str
) -> None:
    subject = str(uuid4())
    tell(guard, kind, "", site_id=site.site_id, **{name: subject})
    assert the_alert(guard, rule, subject).site_id == site.site_id


@pytest.mark.parametrize(
    ("kind", "rule"), [("state", "order.state"), ("capture", "payment.unanswered")]
)
def test_what_the_database_itself_tells(guard: Guard, site: Site, kind: str, rule: str) -> None:
    number = str(uuid4())[:20]
    tell(guard, kind, "ls_shop", role="ls_owner", site_id=site.site_id, number=number)
    assert the_alert(guard, rule, number).severity == "critical"


def test_a_deposit_that_does_not_open(guard: Guard, site: Site) -> None:
    good = guard.deposit(site)
    bad = guard.deposit(site, record_id=uuid4())  # sealed for another record
    the_alert(guard, "deposit.refused", str(bad))
    settled(guard)
    assert alerts(guard, "deposit.refused", str(good)) == []


def test_a_decoy_pass_opens_nothing_and_is_an_alarm(own_guard: Guard) -> None:
    own_guard.start()
    for token in ("x" * 32, own_guard.decoy):
        with pytest.raises(GuardUnavailable):
            GuardClient(own_guard.socket, token).call(WhoAmI())
    found = eventually(lambda: own_guard.cli.call(ListAlerts()).alerts)
    assert [(each.rule, each.subject, each.times) for each in found] == [
        ("decoy.used", "shop.file", 1)
    ]


def test_a_changed_file_and_a_touched_decoy(guard: Guard) -> None:
    path = f"lockstitch/{uuid4()}.py"
    seen = Sighting(what="file", path=path, was="", now="ab" * 32, uid=33)
    guard.sensor.call(Sensed(sightings=[seen, Sighting(what="decoy", path=path)]))
    alert = the_alert(guard, "file.changed", path)
    assert (alert.evidence["now"], alert.evidence["uid"]) == ("ab" * 32, 33)
    the_alert(guard, "decoy.touched", path)


def test_a_sensor_that_falls_silent(own_guard: Guard) -> None:
    own_guard.start()
    own_guard.sensor.call(Sensed())
    own_guard.sql("SELECT guard.beat()", role="ls_worker")
    eventually(lambda: alerts(own_guard, "sensor.silent", "worker"), seconds=20)
    eventually(lambda: alerts(own_guard, "sensor.silent", "files"), seconds=5)
    own_guard.sql("SELECT guard.beat()", role="ls_shop")
    settled(own_guard)
    assert alerts(own_guard, "sensor.silent", "shop") == []


def test_who_beats_is_what_the_database_says(guard: Guard) -> None:
    guard.sql("SELECT guard.beat()", role="ls_shop")
    names = {row["name"] for row in guard.sql("SELECT name FROM guard.beat")}
    assert "shop" in names
