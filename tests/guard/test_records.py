"""Deposits, the vault, revealing and searching."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from guard.client import GuardRefused, GuardUnavailable
from guard.wire import (
    Forget,
    Health,
    Keep,
    MyRecords,
    Reveal,
    Search,
    SearchBy,
)  # fmt: skip
from tests.guard.conftest import PERSON, Guard, Site, eventually


def test_an_operator_sees_the_fields_asked_for_and_no_others(guard: Guard, site: Site) -> None:
    session, me = guard.operator(site, "orders")
    record_id = guard.deposit(site)
    ask = Reveal(record_ids=[record_id], fields=["family_name", "phone"], purpose="order.ship")
    shown = guard.desk.call(ask, session=session, address="203.0.113.7")
    assert shown.records[0].fields == {"family_name": "山田", "phone": "09012345678"}
    entry = guard.sql("SELECT * FROM guard.ledger WHERE seq = %s", [shown.seq])[0]
    assert entry["verb"] == "reveal"
    assert entry["outcome"] == "ok"
    assert entry["principal_id"] == str(me.principal_id)
    assert entry["session_id"] == me.session_id
    assert entry["address"] == "203.0.113.7"
    assert entry["purpose"] == "order.ship"
    assert entry["site_id"] == site.site_id
    assert entry["fields"] == ["family_name", "phone"]
    assert entry["records"] == [record_id]
    assert len(entry["persons"]) == 1


def test_the_answer_has_the_order_of_the_question(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "support")
    ids = [guard.deposit(site, {**PERSON, "note": str(number)}) for number in range(4)]
    ids.reverse()
    ask = Reveal(record_ids=ids, fields=["note"], purpose="order.check")
    shown = guard.desk.call(ask, session=session)
    assert [record.record_id for record in shown.records] == ids
    assert [record.fields["note"] for record in shown.records] == ["3", "2", "1", "0"]


def test_one_person_for_one_address_and_for_one_phone(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "orders")
    one = guard.deposit(site, {**PERSON, "email": "A.B@Example.JP "})
    two = guard.deposit(site, {**PERSON, "email": "ａ.b@example.jp", "phone": "08000000000"})
    three = guard.deposit(site, {"phone": "+81 90-9999-8888"})
    four = guard.deposit(site, {"phone": "０９０９９９９８８８８"})
    five = guard.deposit(site, {"note": "nobody"})
    six = guard.deposit(site, {"note": "nobody"})
    ids = [one, two, three, four, five, six]
    guard.desk.call(Reveal(record_ids=ids, fields=["note"], purpose="order.ship"), session=session)
    rows = guard.sql(
        "SELECT record_id, person_id FROM guard.record WHERE record_id = ANY(%s)", [ids]
    )
    person = {row["record_id"]: row["person_id"] for row in rows}
    assert person[one] == person[two]
    assert person[three] == person[four]
    assert len(set(person.values())) == 4


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("email", " HANAKO@example.jp"), ("phone", "+81-90-1234-5678"), ("phone", "090 1234 5678"),
        ("name", "山田花子"), ("name", "山田　花子"), ("name", "花子山田"), ("name", "山"),
        ("name", "山田"), ("name", "山田花"), ("kana", "やまだはなこ"), ("kana", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("kana", "やま"), ("kana", "ハナコ"), ("kana", "ヤマダハナコ"),
    ],
)  # fmt: skip
def test_a_search_finds(
    guard: Guard, searched: tuple[Site, str, UUID], by: SearchBy, value: str
) -> None:
    site, session, record_id = searched
    found = guard.desk.call(Search(site_id=site.site_id, by=by, value=value), session=session)
    assert found.record_ids == [record_id]


@pytest.mark.parametrize(
    ("by", "value"),
    [("name", "田"), ("name", "山田花"+"太郎"), ("email", "anako@example.jp"), ("phone", "1234"),
     ("kana", "山田"), ("name", "  "), ("email", "")],
)  # fmt: skip
def test_a_search_finds_nothing_else(
    guard: Guard, searched: tuple[Site, str, UUID], by: SearchBy, value: str
) -> None:
    site, session, _ = searched
    found = guard.desk.call(Search(site_id=site.site_id, by=by, value=value), session=session)
    assert found.record_ids == []


@pytest.fixture(scope="module")
def searched(guard: Guard) -> tuple[Site, str, UUID]:
    site = guard.site()
    session, _ = guard.operator(site, "orders")
    return site, session, guard.deposit(site)


def test_a_search_is_newest_first_and_ids_only_of_its_site(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "orders")
    other = guard.site()
    guard.deposit(other)
    ids = [guard.deposit(site) for _ in range(3)]
    ask = Search(site_id=site.site_id, by="email", value=PERSON["email"])
    assert guard.desk.call(ask, session=session).record_ids == ids[::-1]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"sealed": b"short"}, "seal"), ({"sealed": b""}, "seal"), ({"sealed": bytes(300)}, "seal"),
        ({"record_id": uuid4()}, "seal"), ({"kind": "profile"}, "kind"),
        ({"key_id": uuid4()}, "key"), ({"suite": 2}, "key"),
    ],
)  # fmt: skip
def test_a_deposit_that_does_not_open_is_put_aside(
    guard: Guard, site: Site, changed: dict[str, Any], reason: str
) -> None:
    record_id = guard.deposit(site, **changed)
    query = "SELECT reason FROM guard.inbox_refused WHERE record_id = %s"
    assert eventually(lambda: guard.sql(query, [record_id])) == [{"reason": reason}]
    left = "SELECT 1 FROM guard.inbox WHERE record_id = %s"
    assert guard.sql(left, [record_id]) == []


def test_a_deposit_may_not_take_the_place_of_a_record(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "orders")
    first = guard.deposit(site)
    ask = Reveal(record_ids=[first], fields=["family_name"], purpose="order.ship")
    guard.desk.call(ask, session=session)
    guard.deposit(site, {**PERSON, "family_name": "偽"}, record_id=first)
    query = "SELECT reason FROM guard.inbox_refused WHERE record_id = %s"
    assert eventually(lambda: guard.sql(query, [first])) == [{"reason": "exists"}]
    assert guard.desk.call(ask, session=session).records[0].fields == {"family_name": "山田"}


def test_a_sealed_record_opens_only_in_its_own_place(guard: Guard, site: Site) -> None:
    """Whoever owns the database swaps two people's records: neither opens."""
    session, _ = guard.operator(site, "orders")
    one = guard.deposit(site, {**PERSON, "email": "one@example.jp"})
    two = guard.deposit(site, {**PERSON, "email": "two@example.jp"})
    ask = Reveal(record_ids=[one], fields=["email"], purpose="order.ship")
    guard.desk.call(ask, session=session)
    eventually(lambda: guard.sql("SELECT 1 FROM guard.record WHERE record_id = %s", [two]))
    guard.sql(
        "UPDATE guard.record a SET sealed = b.sealed FROM guard.record b"
        " WHERE a.record_id = %s AND b.record_id = %s",
        [one, two],
    )
    with pytest.raises(GuardUnavailable):
        guard.desk.call(ask, session=session)


def test_a_member_keeps_replaces_and_forgets(guard: Guard, site: Site) -> None:
    session, me = guard.member(site, "keep@example.jp", family_name="佐藤")
    assert me.handle == "佐＊ ＊＊"
    call = guard.desk.call
    address = call(Keep(kind="address", fields={"city": "札幌市"}), session=session).record_id
    again = Keep(kind="address", fields={"city": "小樽市"}, record_id=address)
    assert call(again, session=session).record_id == address
    mine = call(MyRecords(kinds=["profile", "address"]), session=session).record_ids
    assert mine[0] == address
    assert len(mine) == 2
    profile = call(Keep(kind="profile", fields={"family_name": "Smith"}), session=session).record_id
    assert profile == mine[1]
    ask = Reveal(record_ids=mine, fields=["family_name", "city"], purpose="self.profile")
    shown = call(ask, session=session).records
    assert shown[0].fields["city"] == "小樽市"
    assert shown[1].fields["family_name"] == "Smith"
    call(Forget(record_id=address), session=session)
    assert call(MyRecords(kinds=["address"]), session=session).record_ids == []
    with pytest.raises(GuardRefused) as refused:
        call(Forget(record_id=address), session=session)
    assert refused.value.code == "not_found"


def test_a_full_inbox_survives_a_kill(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    own_guard.kill()
    ids = {
        own_guard.deposit(site, {**PERSON, "email": f"p{n % 90}@example.jp"}) for n in range(150)
    }
    own_guard.start()
    eventually(lambda: own_guard.cli.call(Health()).inbox == 0)
    stored = own_guard.sql("SELECT record_id, person_id FROM guard.record")
    assert {row["record_id"] for row in stored} == ids
    assert len({row["person_id"] for row in stored}) == 90
    ask = Reveal(record_ids=[*ids][:5], fields=["email"], purpose="order.ship")
    own_guard.desk.call(ask, session=session)
    own_guard.stop()
    assert own_guard.command("verify").returncode == 0
