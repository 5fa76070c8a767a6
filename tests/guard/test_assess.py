"""An assessment names everybody whose data was shown to whom it asks about, and nobody else; and
says so when it cannot know."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from guard.client import GuardRefused
from guard.wire import (
    Assess,
    AssessedPerson,
    Assessment,
    GetAssessed,
    GetAssessment,
    GetIncidents,
    GetNotices,
    Indicators,
    OpenIncident,
    Reveal,
    SendNotices,
    SiteSets,
    StateFacts,
)  # fmt: skip
from tests.guard.conftest import PERSON, Guard, Site, eventually

THIEF = "198.51.100.9"


def window(**said: Any) -> Indicators:
    now = datetime.now(UTC)
    return Indicators(since=now - timedelta(hours=1), until=now + timedelta(hours=1), **said)


def assessed(guard: Guard, asked: Indicators, incident: UUID | None = None) -> Assessment:
    begun = guard.cli.call(Assess(indicators=asked, incident_id=incident))
    look = GetAssessment(assessment_id=begun.assessment_id)
    done = eventually(lambda: (a := guard.cli.call(look)).state != "running" and a, seconds=60)
    assert done.state == "done", done
    return done


def of_site(found: Assessment, site: Site) -> SiteSets:
    [sets] = [each for each in found.sites if each.site_id == site.site_id]
    parts = (sets.disclosed, sets.in_flight, sets.cannot_be_excluded, sets.sealed_only)
    assert sum(each.people for each in parts) + sets.untouched == sets.people
    return sets


def people(guard: Guard, found: Assessment) -> list[AssessedPerson]:
    return guard.cli.call(GetAssessed(assessment_id=found.assessment_id)).people


def holds(found: Assessment) -> dict[str, bool | None]:
    return {each.id: each.holds for each in found.assumptions}


def deposits(guard: Guard, site: Site, count: int) -> list[UUID]:
    """Orders of as many people."""
    return [
        guard.deposit(site, {**PERSON, "email": f"{uuid4().hex}@example.jp"}) for _n in range(count)
    ]


def person_of(guard: Guard, record_id: UUID) -> UUID:
    [row] = guard.sql("SELECT person_id FROM guard.record WHERE record_id = %s", [record_id])
    person: UUID = row["person_id"]
    return person


def look(
    guard: Guard, session: str, *ids: UUID, address: str = THIEF, fields: tuple[str, ...] = ()
) -> None:
    ask = Reveal(record_ids=list(ids), fields=[*fields] or ["phone"], purpose="order.ship")
    guard.desk.call(ask, session=session, address=address)


@pytest.fixture
def ids(guard: Guard, site: Site) -> list[UUID]:
    return deposits(guard, site, 8)


def test_it_names_those_shown_and_nobody_else(guard: Guard, site: Site, ids: list[UUID]) -> None:
    session, identity = guard.operator(site, "orders")
    colleague, _ = guard.operator(site, "orders")
    look(guard, session, *ids[:2])
    look(guard, session, ids[0], fields=("city", "street"))
    look(guard, colleague, ids[5], address="203.0.113.99")
    found = assessed(guard, window(operators=[identity.principal_id]))
    sets = of_site(found, site)
    assert (sets.disclosed.people, sets.disclosed.orders) == (2, 2)
    assert sets.disclosed.fields == {"phone": 2, "city": 1, "street": 1}
    assert (sets.in_flight.people, sets.cannot_be_excluded.people) == (0, 0)
    assert sets.sealed_only.people == 0
    named = {each.person_id: each for each in people(guard, found)}
    assert set(named) == {person_of(guard, each) for each in ids[:2]}
    assert named[person_of(guard, ids[0])].fields == ["city", "phone", "street"]
    assert found.checkpoint.startswith("lockstitch/")
    assert holds(found) == {"A1": True, "A2": True, "A3": True, "A4": True, "A5": True, "A6": True,
                            "A7": True}  # fmt: skip


def test_one_address_taints_the_session_wherever_it_was_used(
    guard: Guard, site: Site, ids: list[UUID]
) -> None:
    session, identity = guard.operator(site, "orders")
    address = "198.51.100.23"
    look(guard, session, ids[0], address=address)
    look(guard, session, ids[1], address="203.0.113.50")
    found = assessed(guard, window(addresses=[address]))
    assert of_site(found, site).disclosed.people == 2
    assert identity.principal_id in found.operators
    assert any(moment.address == address for moment in found.timeline)


def test_a_refused_look_discloses_nobody(guard: Guard, site: Site, ids: list[UUID]) -> None:
    stranger, identity = guard.operator(guard.site(), "orders")
    with pytest.raises(GuardRefused):
        look(guard, stranger, ids[0])
    found = assessed(guard, window(operators=[identity.principal_id]))
    assert of_site(found, site).disclosed.people == 0


def test_who_is_looked_at_outside_the_time_is_not_in_it(
    guard: Guard, site: Site, ids: list[UUID]
) -> None:
    session, identity = guard.operator(site, "orders")
    look(guard, session, ids[0])
    now = datetime.now(UTC)
    asked = Indicators(
        since=now - timedelta(days=2), until=now - timedelta(days=1),
        operators=[identity.principal_id],
    )  # fmt: skip
    assert of_site(assessed(guard, asked), site).disclosed.people == 0
    with pytest.raises(GuardRefused):
        guard.cli.call(Assess(indicators=Indicators(since=now, until=now)))
    with pytest.raises(GuardRefused):
        guard.cli.call(Assess(indicators=window(addresses=["not an address"])))


def test_a_desk_taken_over_saw_what_passed(guard: Guard, site: Site, ids: list[UUID]) -> None:
    session, identity = guard.operator(site, "orders")
    look(guard, session, ids[0])
    sets = of_site(
        assessed(guard, window(processes=["desk"], operators=[identity.principal_id])), site
    )
    assert sets.disclosed.people == 1  # the strongest set takes them
    assert sets.in_flight.people == len(ids) - 1
    assert sets.in_flight.fields["street"] == len(ids) - 1


def test_a_member_who_signs_in_passes_with_the_password(guard: Guard, site: Site) -> None:
    _session, member = guard.member(site, f"{uuid4().hex}@example.jp")
    found = assessed(guard, window(processes=["desk"]))
    [passed] = [each for each in people(guard, found) if each.person_id == member.person_id]
    assert {"email", "password"} <= set(passed.fields)


def test_a_read_database_is_sealed_and_a_taken_guard_is_everybody(
    guard: Guard, site: Site, ids: list[UUID]
) -> None:
    sets = of_site(assessed(guard, window(processes=["database"])), site)
    assert (sets.sealed_only.people, sets.cannot_be_excluded.people) == (len(ids), 0)
    found = assessed(guard, window(processes=["guard"]))
    assert holds(found)["A1"] is False
    assert of_site(found, site).cannot_be_excluded.people == len(ids)


def test_what_investigators_found_out_counts(guard: Guard, site: Site, ids: list[UUID]) -> None:
    found = assessed(guard, window(failed={"A5": "a copy of master.key lay on a laptop"}))
    [keys] = [each for each in found.assumptions if each.id == "A5"]
    assert (keys.holds, keys.evidence) == (False, "a copy of master.key lay on a laptop")
    assert of_site(found, site).cannot_be_excluded.people == len(ids)


def test_a_copy_holds_nothing_in_clear(own_guard: Guard) -> None:
    """A6: what is sealed is looked at, and nothing of it is found anywhere else."""
    own_guard.start()
    site = own_guard.site()
    deposits(own_guard, site, 3)
    said = '{"mail": "shop@example.jp", "phone": "0312345678"}'
    own_guard.sql("CREATE TABLE public.shop_words (id int, said jsonb)")
    own_guard.sql("INSERT INTO public.shop_words VALUES (1, %s)", [said])
    own_guard.sql("ALTER TABLE public.shop_words OWNER TO ls_owner")
    found = assessed(own_guard, window(processes=["database"]))
    [copies] = [each for each in found.assumptions if each.id == "A6"]
    assert copies.holds is True, copies.evidence
    assert "all 3 records have the form of sealed ones; 3 of them open" in copies.evidence
    assert of_site(found, site).sealed_only.people == 3


@pytest.mark.parametrize(
    ("leak", "said"),
    [
        ("INSERT INTO public.shop_log VALUES (1, ARRAY['sent to ' || %(word)s])",
         "stands in clear in public.shop_log (1)"),
        ("UPDATE guard.record SET source = %(word)s", "stands in clear in guard.record (3)"),
        ("UPDATE guard.record SET sealed = convert_to(%(word)s, 'UTF8')", "form of sealed ones"),
        ("UPDATE guard.record SET sealed = decode(repeat('00', 92), 'hex')", "do not open"),
    ],
)  # fmt: skip
def test_what_stands_in_clear_is_found(own_guard: Guard, leak: str, said: str) -> None:
    own_guard.start()
    site = own_guard.site()
    deposits(own_guard, site, 3)
    assessed(own_guard, window())  # stores them
    own_guard.sql("CREATE TABLE public.shop_log (id int, said text[])")
    own_guard.sql("ALTER TABLE public.shop_log OWNER TO ls_owner")
    own_guard.sql(leak, {"word": PERSON["phone"]})
    found = assessed(own_guard, window())
    [copies] = [each for each in found.assumptions if each.id == "A6"]
    assert (copies.holds, said in copies.evidence) == (False, True), copies.evidence
    assert PERSON["phone"] not in copies.evidence
    assert of_site(found, site).cannot_be_excluded.people == 0  # nobody read it
    read = assessed(own_guard, window(processes=["backup"]))
    assert of_site(read, site).cannot_be_excluded.people == 3


def test_a_key_that_others_may_read_is_an_exposed_one(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    deposits(own_guard, site, 3)
    (own_guard.data / "guard" / "master.key").chmod(0o644)
    found = assessed(own_guard, window())
    assert holds(found)["A5"] is False
    assert of_site(found, site).cannot_be_excluded.people == 3


def test_a_missing_entry_means_that_anybody_may_have_been_seen(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    ids = deposits(own_guard, site, 3)
    session, identity = own_guard.operator(site, "orders")
    look(own_guard, session, ids[0])
    [shown] = own_guard.entries("reveal")
    own_guard.sql("SET session_replication_role = replica; "
                  f"DELETE FROM guard.ledger_person WHERE seq = {shown['seq']}; "
                  f"DELETE FROM guard.ledger_record WHERE seq = {shown['seq']}; "
                  f"DELETE FROM guard.ledger WHERE seq = {shown['seq']}")  # fmt: skip
    found = assessed(own_guard, window(operators=[identity.principal_id]))
    [ledger] = [each for each in found.assumptions if each.id == "A2"]
    assert ledger.holds is False
    assert str(shown["seq"]) in ledger.evidence
    assert of_site(found, site).cannot_be_excluded.people == 3


def test_a_silent_sensor_puts_those_in_doubt_who_passed_meanwhile(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    deposits(own_guard, site, 2)
    assessed(own_guard, window())  # stores them, before the sensor falls silent
    own_guard.sql("UPDATE guard.record SET deposited_at = deposited_at - interval '30 minutes'")
    own_guard.sql(
        "INSERT INTO guard.alert (rule, severity, subject, happened_at, last_at, times, evidence)"
        " VALUES ('sensor.silent', 'critical', 'files', now() - interval '1 minute',"
        " now() + interval '1 minute', 1, '{}')"
    )
    deposits(own_guard, site, 3)
    found = assessed(own_guard, window())
    assert holds(found)["A3"] is False
    assert of_site(found, site).cannot_be_excluded.people == 3


def test_only_staff_assess(guard: Guard, site: Site) -> None:
    owner, _ = guard.operator(site, "owner")
    staff, _ = guard.operator(site, "owner", staff=True)
    with pytest.raises(GuardRefused):
        guard.desk.call(Assess(indicators=window()), session=owner)
    assert guard.desk.call(Assess(indicators=window()), session=staff).state == "running"


def test_each_person_gets_one_letter_about_their_own_fields(
    guard: Guard, site: Site, ids: list[UUID]
) -> None:
    session, identity = guard.operator(site, "orders")
    look(guard, session, *ids[:2])
    look(guard, session, ids[1], fields=("street",))
    [case] = guard.cli.call(OpenIncident(title="Downloads at night")).incidents
    notices = SendNotices(
        incident_id=case.incident_id, site_id=site.site_id, kinds=["disclosed"],
        subject="お知らせ", body="{{name}} 様: [[fields]] ([[times]])",
        words={"phone": "電話番号", "street": "番地"},
    )  # fmt: skip
    with pytest.raises(GuardRefused):  # nothing is assessed yet
        guard.cli.call(notices)
    assessed(guard, window(operators=[identity.principal_id]), case.incident_id)
    rehearsal = SendNotices(**{
        name: getattr(notices, name) for name in notices.__struct_fields__
    } | {"dry_run": True})  # fmt: skip
    assert guard.cli.call(rehearsal).sites[0].waiting == 2
    assert guard.cli.call(GetNotices(incident_id=case.incident_id)).sites == []
    for _n in range(2):  # asked for twice, sent once
        guard.cli.call(notices)
    run = GetNotices(incident_id=case.incident_id)
    eventually(lambda: guard.cli.call(run).sites[0].sent == 2)
    texts = [mail.text for mail in guard.mails(site) if mail.subject == "お知らせ"]
    assert len(texts) == 2
    assert sum("番地" in text for text in texts) == 1
    assert all("山田 花子 様" in text and "電話番号" in text for text in texts)


def test_what_is_known_of_a_case_is_kept(guard: Guard) -> None:
    [case] = guard.cli.call(OpenIncident(title=" A case ")).incidents
    state = StateFacts(incident_id=case.incident_id, facts={"cause": "PUT was open", "police": "x"})
    guard.cli.call(state)
    guard.cli.call(StateFacts(incident_id=case.incident_id, facts={"police": " "}))
    [kept] = guard.cli.call(GetIncidents(incident_id=case.incident_id)).incidents
    assert (kept.title, kept.facts) == ("A case", {"cause": "PUT was open"})
    with pytest.raises(GuardRefused):
        guard.cli.call(GetIncidents(incident_id=uuid4()))
