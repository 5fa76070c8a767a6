"""Rules over the ledger: each fires at what it is for, and not at a day's work."""

import asyncio
from uuid import UUID

import pytest

from guard.client import GuardRefused
from guard.db import make_pool
from guard.entry import Entry
from guard.ledger import Ledger
from guard.limits import DEFAULT
from guard.verify import verify
from guard.wire import ListAlerts, PlantHoney, Prove, Reveal, WhoAmI
from tests.guard.conftest import PERSON, Guard, Site, eventually
from tests.guard.test_watch_alerts import alerts, settled, the_alert

MOST = DEFAULT.in_ten_minutes


def look(guard: Guard, session: str, *ids: UUID) -> None:
    ask = Reveal(record_ids=list(ids), fields=["city"], purpose="order.ship")
    guard.desk.call(ask, session=session, address="203.0.113.7")


def append(guard: Guard, *entries: Entry) -> None:
    """What another part of the guard writes down."""

    async def write() -> None:
        async with make_pool(guard.url("ls_guard")) as pool:
            for entry in entries:
                await Ledger(pool).append(entry)

    asyncio.run(write())


def rules_about(guard: Guard, subject: str) -> set[str]:
    settled(guard)
    found = guard.cli.call(ListAlerts(handled=True, limit=100)).alerts
    return {each.rule for each in found if each.subject == subject}


def test_half_a_budget_and_all_of_it(guard: Guard, site: Site) -> None:
    ids = [guard.deposit(site) for _n in range(MOST + 1)]
    session, identity = guard.operator(site, "orders")
    me = str(identity.principal_id)
    look(guard, session, *ids[: MOST // 2 - 1])
    assert rules_about(guard, me) == set()
    look(guard, session, ids[MOST // 2])
    assert the_alert(guard, "budget.half", me).evidence["most"] == MOST
    with pytest.raises(GuardRefused):
        look(guard, session, *ids)
    assert the_alert(guard, "budget.full", me).severity == "warning"


def test_a_refused_step_up(guard: Guard, site: Site) -> None:
    record = guard.deposit(site)
    session, identity = guard.operator(site, "orders")
    look(guard, session, record)
    assert rules_about(guard, str(identity.principal_id)) == set()
    ask = Prove(record_ids=[record], fields=["city"], purpose="order.ship", totp="000000")
    with pytest.raises(GuardRefused):
        guard.desk.call(ask, session=session)
    the_alert(guard, "step_up.refused", str(identity.principal_id))


def test_whoever_opens_honey_is_stopped_and_nobody_else(guard: Guard, site: Site) -> None:
    kept = guard.cli.call(
        PlantHoney(site_id=site.site_id, fields={**PERSON, "email": "x@y.example"})
    )
    record = guard.deposit(site)
    session, identity = guard.operator(site, "orders")
    other, _identity = guard.operator(site, "orders")
    look(guard, session, record)
    assert rules_about(guard, str(identity.principal_id)) == set()
    look(guard, session, kept.record_id)
    alert = the_alert(guard, "honey.opened", str(identity.principal_id))
    assert (alert.severity, alert.action) == ("critical", "sessions freeze")
    assert alert.evidence["records"] == [str(kept.record_id)]
    with pytest.raises(GuardRefused, match="session"):
        guard.desk.call(WhoAmI(), session=session)
    look(guard, other, record)
    held = guard.sql(
        "SELECT 1 FROM guard.frozen_operator WHERE principal_id = %s", [identity.principal_id]
    )
    assert held


def test_a_planted_record_is_no_forged_one(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    own_guard.cli.call(PlantHoney(site_id=site.site_id, fields=PERSON))
    own_guard.stop()
    assert verify(own_guard.url("ls_guard"), own_guard.data / "guard") == []


def test_no_letter_goes_to_nobody(guard: Guard, site: Site) -> None:
    kept = guard.cli.call(PlantHoney(site_id=site.site_id, fields=PERSON))
    for record in (kept.record_id, guard.deposit(site, {**PERSON, "email": "some@body.example"})):
        guard.sql(
            "INSERT INTO guard.postbox (site_id, record_id, purpose, subject, body_text,"
            " dedupe_key) VALUES (%s, %s, 'order.placed', 'x', 'x', %s)",
            [site.site_id, record, str(record)],
        )
    assert [mail.to for mail in eventually(lambda: guard.mails(site))] == ["some@body.example"]
    waiting = "SELECT 1 FROM guard.postbox WHERE site_id = %s AND state = 'waiting'"
    eventually(lambda: not guard.sql(waiting, [site.site_id]))
    assert len(guard.mails(site)) == 1


def export(site: Site, *records: UUID, outcome: str = "ok") -> Entry:
    return Entry(
        verb="export", principal_kind="operator", principal_id=str(site.company_id),
        site_id=site.site_id, records=list(records), outcome=outcome,
    )  # fmt: skip


def test_an_export_and_a_second_of_the_same_people(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    me, ids = str(site.company_id), [own_guard.deposit(site) for _n in range(4)]
    append(own_guard, export(site, *ids[:2], outcome="refused:forbidden"))
    assert rules_about(own_guard, me) == set()
    append(own_guard, export(site, *ids[:2]))
    append(own_guard, export(site, *ids[2:]))
    assert rules_about(own_guard, me) == {"export.requested"}
    append(own_guard, export(site, ids[1], ids[2]))
    assert the_alert(own_guard, "export.overlap", me).evidence["earlier"] > 0


def test_honey_in_an_export_is_a_watermark_that_is_told(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    kept = own_guard.cli.call(PlantHoney(site_id=site.site_id, fields=PERSON))
    append(own_guard, export(site, own_guard.deposit(site)))
    assert rules_about(own_guard, str(site.company_id)) == {"export.requested"}
    append(own_guard, export(site, kept.record_id))
    assert the_alert(own_guard, "honey.exported", str(site.company_id)).action == ""


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("", set()), ("known", set()), ("new_device", {"operator.new_device"}),
        ("new_address", {"operator.new_address"}),
    ],
)  # fmt: skip
def test_a_sign_in_from_a_new_place(own_guard: Guard, purpose: str, expected: set[str]) -> None:
    own_guard.start()
    for kind in ("operator", "member"):
        entry = Entry(verb="sign_in", principal_kind=kind, principal_id=kind, purpose=purpose)
        append(own_guard, entry)
    assert rules_about(own_guard, "operator") == expected
    assert rules_about(own_guard, "member") == set()


def test_a_login_storm(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    failed = Entry(
        verb="sign_in", principal_kind="anonymous", principal_id="", site_id=site.site_id,
        outcome="refused:credentials",
    )  # fmt: skip
    append(own_guard, failed)
    assert rules_about(own_guard, str(site.site_id)) == set()
    storm = Entry(
        verb="login_storm", principal_kind="system", principal_id="auth", site_id=site.site_id
    )
    append(own_guard, storm)
    assert alerts(own_guard, "login.storm", str(site.site_id)) or the_alert(
        own_guard, "login.storm", str(site.site_id)
    )
