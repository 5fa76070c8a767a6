"""Alerts: raised once, counted while they repeat, seen by those they concern, on the record."""

import json
from random import randrange
from typing import Any

import psycopg
import pytest

from guard.client import GuardRefused
from guard.wire import Alert, HandleAlert, ListAlerts, Sensed
from tests.guard.conftest import Guard, Site, eventually


def tell(guard: Guard, kind: str, source: str, *, role: str = "ls_desk", **detail: Any) -> None:
    """What shop, desk or worker do. `site_id` in the detail is the signal's."""
    site_id = detail.pop("site_id", None)
    guard.sql(
        "INSERT INTO guard.signal (kind, site_id, source, detail) VALUES (%s, %s, %s, %s)",
        [kind, site_id, source, json.dumps(detail)], role=role,
    )  # fmt: skip


def alerts(guard: Guard, rule: str, subject: str) -> list[Alert]:
    found = guard.cli.call(ListAlerts(rule=rule, handled=True, limit=100)).alerts
    return [each for each in found if each.subject == subject]


def the_alert(guard: Guard, rule: str, subject: str) -> Alert:
    return eventually(lambda: alerts(guard, rule, subject))[0]


def settled(guard: Guard) -> None:
    """Returns when the watch has read everything there is."""
    eventually(lambda: not guard.sql("SELECT 1 FROM guard.signal WHERE read_at IS NULL"))
    head = guard.sql("SELECT size FROM guard.ledger_head")[0]["size"]
    eventually(lambda: guard.sql("SELECT 1 FROM guard.watched WHERE upto >= %s", [head]))


def new_source() -> str:
    """An address of a network of its own, in its one spelling."""
    return f"2001:db8:{randrange(4096, 65536):x}:{randrange(4096, 65536):x}::1"


def test_a_repeat_counts_up_the_open_one(guard: Guard) -> None:
    source = new_source()
    tell(guard, "method", source, method="PUT", count=1)
    first = the_alert(guard, "edge.method", source)
    tell(guard, "method", source, method="PUT", count=5)
    eventually(lambda: alerts(guard, "edge.method", source)[0].times == 6)
    assert [each.alert_id for each in alerts(guard, "edge.method", source)] == [first.alert_id]
    guard.cli.call(HandleAlert(alert_id=first.alert_id, note="ours"))
    tell(guard, "method", source, method="PUT", count=1)
    eventually(lambda: len(alerts(guard, "edge.method", source)) == 2)


def test_after_the_cooldown_it_is_a_new_one(guard: Guard) -> None:
    source = new_source()
    tell(guard, "host", source)
    first = the_alert(guard, "edge.host", source)
    guard.sql(
        "UPDATE guard.alert SET last_at = last_at - interval '2 hours' WHERE alert_id = %s",
        [first.alert_id],
    )
    tell(guard, "host", source)
    eventually(lambda: len(alerts(guard, "edge.host", source)) == 2)


def test_an_alert_is_an_entry_of_the_ledger(guard: Guard, site: Site) -> None:
    tell(guard, "script", "", site_id=site.site_id, form="contact")
    found = eventually(lambda: [e for e in guard.entries("alert") if e["site_id"] == site.site_id])
    assert [(each["purpose"], each["principal_id"]) for each in found] == [
        ("input.script", "watch")
    ]


def test_an_owner_sees_their_own_and_staff_all(guard: Guard) -> None:
    here, there = guard.site(), guard.site()
    owner, _identity = guard.operator(here, "owner")
    packer, _identity = guard.operator(here, "orders")
    staff, _identity = guard.operator(here, "owner", staff=True)
    for site in (here, there):
        tell(guard, "script", "", site_id=site.site_id, form=str(site.site_id))
    mine = the_alert(guard, "input.script", str(here.site_id))
    other = the_alert(guard, "input.script", str(there.site_id))
    ask = ListAlerts(rule="input.script", limit=100)
    seen = {each.alert_id for each in guard.desk.call(ask, session=owner).alerts}
    assert (mine.alert_id in seen, other.alert_id in seen) == (True, False)
    both = {each.alert_id for each in guard.desk.call(ask, session=staff).alerts}
    assert {mine.alert_id, other.alert_id} <= both
    with pytest.raises(GuardRefused):
        guard.desk.call(ask, session=packer)
    with pytest.raises(GuardRefused):
        guard.desk.call(HandleAlert(alert_id=other.alert_id, note=""), session=owner)
    guard.desk.call(HandleAlert(alert_id=mine.alert_id, note="seen to"), session=owner)
    handled = the_alert(guard, "input.script", str(here.site_id))
    assert (handled.handled_note, handled.handled_at is not None) == ("seen to", True)
    assert guard.desk.call(ask, session=owner).open == 0


def test_alerts_come_page_by_page(guard: Guard, site: Site) -> None:
    owner, _identity = guard.operator(site, "owner")
    for number in range(5):
        tell(guard, "script", "", site_id=site.site_id, form=f"form-{number}")
    eventually(lambda: guard.desk.call(ListAlerts(), session=owner).open == 5)
    found, before = [], None
    while True:
        page = guard.desk.call(ListAlerts(before=before, limit=2), session=owner)
        found += [each.subject for each in page.alerts]
        if not page.more:
            break
        before = page.alerts[-1].alert_id
    assert found == [f"form-{number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("role", ["ls_shop", "ls_desk", "ls_worker"])
def test_the_box_takes_small_rows_of_known_kinds_only(guard: Guard, role: str) -> None:
    tell(guard, "method", new_source(), role=role)
    refused = (psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)
    for kind, source, text in (
        ("method", "x", "y" * 2100), ("method", "x" * 65, ""), ("gossip", "x", ""),
        ("file", "x", ""), ("decoy", "x", ""), ("deposit", "x", ""), ("capture", "x", ""),
    ):  # fmt: skip
        with pytest.raises(refused):
            tell(guard, kind, source, role=role, text=text)
    for query in ("SELECT 1 FROM guard.signal", "DELETE FROM guard.signal",
                  "INSERT INTO guard.signal (kind, read_at) VALUES ('method', now())"):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            guard.sql(query, role=role)


def test_what_makes_no_sense_stops_nothing_and_is_an_alert(guard: Guard) -> None:
    source = new_source()
    tell(guard, "report", "")  # without what it is about
    tell(guard, "method", source)
    the_alert(guard, "edge.method", source)
    the_alert(guard, "rule.failed", "doors.read")


def test_a_killed_guard_loses_none_and_raises_none_twice(own_guard: Guard) -> None:
    own_guard.start()
    own_guard.kill()
    sources = [new_source() for _ in range(5)]
    for source in sources:
        tell(own_guard, "method", source)
    own_guard.start()
    for source in sources:
        assert the_alert(own_guard, "edge.method", source).times == 1
    assert len(own_guard.cli.call(ListAlerts(rule="edge.method")).alerts) == len(sources)


def test_only_the_sensor_senses(guard: Guard, site: Site) -> None:
    session, _identity = guard.operator(site, "owner")
    for client in (guard.desk, guard.cli, guard.worker):
        with pytest.raises(GuardRefused):
            client.call(Sensed(), session=session)


def is_blocked(guard: Guard, source: str) -> bool:
    query = "SELECT 1 FROM guard.blocked_source WHERE source >>= %s::inet AND until > now()"
    return bool(guard.sql(query, [source], role="postgres"))
