"""Who may not, and that a refused look is on the record too."""

from typing import Any, get_args
from uuid import UUID, uuid4

import pytest

from guard.answer import HANDLERS
from guard.client import GuardClient, GuardRefused, GuardUnavailable
from guard.policy import TABLE
from guard.wire import (
    FIELDS,
    AnyAsk,
    Ask,
    AskExport,
    Health,
    Keep,
    ListOperators,
    Mailbox,
    MyRecords,
    RegisterCompany,
    Reveal,
    Role,
    Search,
    SeedPrincipal,
    WhoAmI,
    WhoSaw,
)  # fmt: skip
from tests.guard.conftest import PASSWORD, PERSON, Guard, Site, eventually


def refused(client: GuardClient, ask: Ask[Any], session: str | None = None) -> str:
    with pytest.raises(GuardRefused) as caught:
        client.call(ask, session=session, address="203.0.113.9")
    return caught.value.code


def reveal(*record_ids: UUID, **more: Any) -> Reveal:
    asked = {"fields": ["family_name"], "purpose": "order.ship", **more}
    return Reveal(record_ids=list(record_ids), **asked)


def last_entry(guard: Guard, verb: str) -> dict[str, Any]:
    return guard.entries(verb)[-1]


def test_every_ask_has_a_rule_and_a_handler() -> None:
    asks = set(get_args(AnyAsk))
    assert set(TABLE) == asks
    assert set(HANDLERS) == asks


def test_a_wrong_token_gets_no_answer_at_all(guard: Guard) -> None:
    for token in ("", "x", guard.desk_token[:-1]):
        with pytest.raises(GuardUnavailable):
            GuardClient(guard.socket, token).call(Health())


@pytest.mark.parametrize("role", ["merchandiser", "readonly"])
def test_a_role_without_people_sees_none(guard: Guard, site: Site, role: Role) -> None:
    session, me = guard.operator(site, role)
    record_id = guard.deposit(site)
    eventually(lambda: guard.sql("SELECT 1 FROM guard.record WHERE record_id = %s", [record_id]))
    assert refused(guard.desk, reveal(record_id), session) == "forbidden"
    entry = last_entry(guard, "reveal")
    assert entry["outcome"] == "refused:forbidden"
    assert (entry["principal_id"], entry["address"]) == (str(me.principal_id), "203.0.113.9")
    assert (entry["records"], entry["site_id"]) == ([record_id], site.site_id)
    ask = Search(site_id=site.site_id, by="name", value="山田")
    assert refused(guard.desk, ask, session) == "forbidden"
    assert last_entry(guard, "search")["outcome"] == "refused:forbidden"


def test_an_operator_of_another_company_finds_nothing(guard: Guard, site: Site) -> None:
    other = guard.site()
    session, _ = guard.operator(other, "owner")
    own, foreign = guard.deposit(other), guard.deposit(site)
    assert refused(guard.desk, reveal(foreign), session) == "not_found"
    assert last_entry(guard, "reveal")["records"] == [foreign]
    assert refused(guard.desk, reveal(own, foreign), session) == "not_found"
    assert refused(guard.desk, reveal(own, uuid4()), session) == "not_found"
    ask = Search(site_id=site.site_id, by="name", value="山田")
    assert refused(guard.desk, ask, session) == "not_found"
    saw = WhoSaw(record_id=foreign, site_id=site.site_id)
    assert refused(guard.desk, saw, session) == "not_found"
    assert refused(guard.desk, WhoSaw(record_id=foreign), session) == "not_found"
    elsewhere = WhoSaw(record_id=foreign, site_id=other.site_id, all=True)
    assert guard.desk.call(elsewhere, session=session).disclosures == []


def test_staff_see_no_person(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "owner", staff=True)
    record_id = guard.deposit(site)
    assert refused(guard.desk, reveal(record_id), session) == "forbidden"
    assert last_entry(guard, "reveal")["principal_kind"] == "staff"
    for ask in (
        Search(site_id=site.site_id, by="name", value="山田"),
        WhoSaw(record_id=record_id, site_id=site.site_id),
        MyRecords(kinds=["order"]),
    ):
        assert refused(guard.desk, ask, session) == "forbidden"


def test_a_member_sees_their_own_and_nobody_elses(guard: Guard, site: Site) -> None:
    session, me = guard.member(site, "hanako@example.jp", family_name="山田")
    own = guard.deposit(site, source=f"member:{me.principal_id}")
    foreign = guard.deposit(site, {**PERSON, "email": "else@example.jp"})
    shown = guard.desk.call(reveal(own, purpose="self.order"), session=session)
    assert shown.records[0].fields == {"family_name": "山田"}
    assert refused(guard.desk, reveal(foreign), session) == "not_found"
    assert refused(guard.desk, reveal(own, foreign), session) == "not_found"
    assert refused(guard.desk, WhoSaw(record_id=foreign), session) == "not_found"
    assert refused(guard.desk, WhoSaw(person_id=uuid4()), session) == "not_found"
    assert refused(guard.desk, WhoSaw(address="203.0.113.9"), session) == "forbidden"
    keep = Keep(kind="address", fields={"city": "x"}, record_id=foreign)
    assert refused(guard.desk, keep, session) == "not_found"
    assert refused(guard.desk, ListOperators(), session) == "forbidden"
    same_address_other_site = guard.deposit(guard.site())
    assert refused(guard.desk, reveal(same_address_other_site), session) == "not_found"
    assert me.site_id == site.site_id


def test_an_operator_sees_orders_but_not_an_address_book(guard: Guard, site: Site) -> None:
    member, _ = guard.member(site, "book@example.jp", family_name="山田")
    kept = guard.desk.call(Keep(kind="address", fields={"city": "x"}), session=member).record_id
    session, _ = guard.operator(site, "owner")
    assert refused(guard.desk, reveal(kept), session) == "not_found"


def test_a_guest_sees_what_their_token_placed(guard: Guard, site: Site) -> None:
    one, two = guard.deposit(site, token="one browser"), guard.deposit(site, token="one browser")
    other, none = guard.deposit(site, token="another"), guard.deposit(site)
    ask = reveal(one, two, guest_token="one browser", purpose="self.order")
    assert len(guard.desk.call(ask).records) == 2
    assert last_entry(guard, "reveal")["principal_kind"] == "guest"
    for record_id in (other, none):
        assert refused(guard.desk, reveal(record_id, guest_token="one browser")) == "not_found"
        assert last_entry(guard, "reveal")["outcome"] == "refused:not_found"
    assert refused(guard.desk, reveal(none, guest_token="")) == "session"
    assert refused(guard.desk, reveal(one)) == "session"
    # An ended session does not take away what the token gives; another member's adds nothing.
    assert guard.desk.call(ask, session="ended long ago").records
    session, _ = guard.member(site, "someone@example.jp")
    assert guard.desk.call(ask, session=session).records
    assert refused(guard.desk, reveal(other, guest_token="one browser"), session) == "not_found"


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": "because I want"}, {"purpose": "order"}, {"purpose": "order.ship.it"},
        {"purpose": "注文.見"}, {"fields": []}, {"fields": ["password"]}, {"record_ids": []},
        {"record_ids": [uuid4()] * 201},
    ],
)  # fmt: skip
def test_a_malformed_reveal_is_invalid(guard: Guard, site: Site, changed: dict[str, Any]) -> None:
    session, _ = guard.operator(site, "orders")
    asked = {"record_ids": [guard.deposit(site)], "fields": ["email"], "purpose": "order.ship"}
    assert refused(guard.desk, Reveal(**{**asked, **changed}), session) == "invalid"
    entry = last_entry(guard, "reveal")
    assert entry["outcome"] == "refused:invalid"
    assert entry["purpose"] in ("", "order.ship")
    assert set(entry["fields"]) <= set(FIELDS)


def test_the_command_line_seeds_but_sees_no_person(guard: Guard, site: Site) -> None:
    record_id = guard.deposit(site)
    assert refused(guard.cli, reveal(record_id)) == "forbidden"
    assert refused(guard.cli, WhoAmI()) == "forbidden"
    seed = SeedPrincipal(
        kind="member", email="a@b.example", password=PASSWORD, site_id=site.site_id
    )
    assert refused(guard.desk, seed) == "forbidden"
    assert refused(guard.desk, RegisterCompany(company_id=uuid4(), name="x")) == "session"
    first = guard.cli.call(seed)
    assert guard.cli.call(seed) == first


def test_who_saw_answers_members_and_operators(guard: Guard, site: Site) -> None:
    member, me = guard.member(site, "hanako@example.jp", family_name="山田")
    own = guard.deposit(site, source=f"member:{me.principal_id}")
    other = guard.deposit(site, {**PERSON, "email": "else@example.jp"})
    operator, op = guard.operator(site, "support")
    guard.desk.call(reveal(own, other, purpose="order.support"), session=operator)
    guard.desk.call(reveal(own, purpose="self.order"), session=member)
    merchandiser, _ = guard.operator(site, "merchandiser")
    assert refused(guard.desk, reveal(own), merchandiser) == "forbidden"

    seen = guard.desk.call(WhoSaw(), session=member)
    assert [(one.handle, one.purpose, one.record_ids) for one in seen.disclosures] == [
        ("support-op", "order.support", [own]), ("山＊ ＊＊", "self.order", [own]),
    ]  # fmt: skip
    assert not seen.more
    by_operator, by_herself = seen.disclosures
    assert (by_operator.session_id, by_operator.address) == (None, "")
    assert by_herself.session_id == me.session_id
    every = guard.desk.call(WhoSaw(all=True), session=member).disclosures
    assert {(one.verb, one.outcome) for one in every} >= {
        ("vault.store", "ok"), ("reveal", "ok"), ("reveal", "refused:forbidden"),
    }  # fmt: skip
    assert all(set(one.record_ids) & {other} == set() for one in every)

    asked = WhoSaw(record_id=own, site_id=site.site_id, limit=1)
    page = guard.desk.call(asked, session=operator)
    assert [one.principal_id for one in page.disclosures] == [str(op.principal_id)]
    assert page.disclosures[0].record_ids == [own, other]
    assert page.more
    rest = WhoSaw(record_id=own, site_id=site.site_id, after=page.disclosures[0].seq)
    assert [one.principal_kind for one in guard.desk.call(rest, session=operator).disclosures] == [
        "member"
    ]
    by = WhoSaw(principal_id=str(op.principal_id), site_id=site.site_id)
    assert len(guard.desk.call(by, session=operator).disclosures) == 1
    readonly, _ = guard.operator(site, "readonly")
    assert guard.desk.call(asked, session=readonly).disclosures
    assert refused(guard.desk, by, readonly) == "forbidden"
    assert refused(guard.desk, by, merchandiser) == "forbidden"
    anyone = guard.cli.call(WhoSaw(session_id=me.session_id))
    assert [one.purpose for one in anyone.disclosures] == ["self.order"]
    assert refused(guard.cli, WhoSaw()) == "invalid"
    assert refused(guard.cli, WhoSaw(record_id=own, address="::1")) == "invalid"


def test_an_unknown_ask_is_invalid_and_the_connection_goes_on(guard: Guard, site: Site) -> None:
    client = guard.desk
    bad: Any = Search(site_id=site.site_id, by="blood type", value="A")  # type: ignore[arg-type]
    assert refused(client, bad) == "invalid"
    assert client.call(Mailbox(site_id=site.site_id)).mails == []


def test_a_role_sees_its_own_groups_of_fields(guard: Guard, site: Site) -> None:
    record = guard.deposit(site)
    for role, field, shown in (
        ("support", "street", True), ("support", "bank_account", False),
        ("orders", "bank_account", True), ("owner", "bank_account", True),
    ):  # fmt: skip
        session, _ = guard.operator(site, role)
        ask = Reveal(record_ids=[record], fields=[field], purpose="order.support")
        if shown:
            assert guard.desk.call(ask, session=session).records[0].fields.keys() == {field}
        else:
            with pytest.raises(GuardRefused, match="forbidden"):
                guard.desk.call(ask, session=session)
    session, _ = guard.operator(site, "owner")
    taken = AskExport(site_id=site.site_id, record_ids=[record], fields=["bank_account"])
    with pytest.raises(GuardRefused, match="forbidden"):
        guard.desk.call(taken, session=session)
