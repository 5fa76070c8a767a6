"""Containment takes effect at once, on those it names, and is written down."""

from uuid import UUID

import msgspec
import pyotp
import pytest

from guard.client import GuardRefused, GuardUnavailable
from guard.wire import (
    CallProvider,
    ConfirmEnrolment,
    Contain,
    Enrol,
    ListProviders,
    Reveal,
    SetProviderSecret,
    WhoAmI,
)  # fmt: skip
from tests.guard.conftest import Guard


def code(guard: Guard, session: str, record: UUID) -> str:
    """What a look at this record is refused with, if it is."""
    ask = Reveal(record_ids=[record], fields=["city"], purpose="order.ship")
    try:
        guard.desk.call(ask, session=session)
    except GuardRefused as refused:
        return refused.code
    return ""


def test_sessions_of_one_site_end_at_once(guard: Guard) -> None:
    here, there = guard.site(), guard.site()
    first, _identity = guard.operator(here, "orders")
    second, _identity = guard.operator(here, "owner")
    other, _identity = guard.operator(there, "orders")
    record = guard.deposit(here)
    rehearsed = guard.cli.call(Contain(action="sessions", site_id=here.site_id, dry_run=True))
    assert code(guard, first, record) == ""
    assert guard.cli.call(Contain(action="sessions", site_id=here.site_id)) == rehearsed
    assert rehearsed.sessions == 2
    assert {code(guard, each, record) for each in (first, second)} == {"session"}
    guard.desk.call(WhoAmI(), session=other)
    assert guard.cli.call(Contain(action="sessions", site_id=here.site_id)).sessions == 0
    assert guard.entries("contain")[-1]["purpose"] == "sessions.site"


def test_one_operator_is_signed_out_everywhere(guard: Guard) -> None:
    site = guard.site()
    session, identity = guard.operator(site, "orders")
    other, _identity = guard.operator(site, "orders")
    guard.cli.call(Contain(action="sessions", principal_id=identity.principal_id))
    record = guard.deposit(site)
    assert (code(guard, session, record), code(guard, other, record)) == ("session", "")


def test_a_frozen_site_shows_nobody(guard: Guard) -> None:
    here, there = guard.site(), guard.site()
    looker, _identity = guard.operator(here, "orders")
    neighbour, _identity = guard.operator(there, "orders")
    record, elsewhere = guard.deposit(here), guard.deposit(there)
    owner, _identity = guard.operator(here, "owner")
    for _time in range(2):
        guard.desk.call(Contain(action="freeze", site_id=here.site_id), session=owner)
    assert (code(guard, looker, record), code(guard, neighbour, elsewhere)) == ("frozen", "")
    with pytest.raises(GuardRefused):
        guard.desk.call(Contain(action="thaw", site_id=here.site_id), session=owner)
    guard.cli.call(Contain(action="thaw", site_id=here.site_id))
    assert code(guard, looker, record) == ""


def test_everything_can_be_frozen(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    session, _identity = own_guard.operator(site, "orders")
    record = own_guard.deposit(site)
    own_guard.cli.call(Contain(action="freeze"))
    own_guard.kill()
    own_guard.start()
    assert code(own_guard, session, record) == "frozen"
    assert own_guard.entries("reveal")[-1]["outcome"] == "refused:frozen"
    own_guard.cli.call(Contain(action="thaw"))
    assert code(own_guard, session, record) == ""


def test_an_owner_contains_at_home_only(guard: Guard) -> None:
    here, there = guard.site(), guard.site()
    owner, _identity = guard.operator(here, "owner")
    packer, _identity = guard.operator(here, "orders")
    for session, site_id in ((owner, there.site_id), (owner, None), (packer, here.site_id)):
        with pytest.raises(GuardRefused):
            guard.desk.call(Contain(action="freeze", site_id=site_id), session=session)
    assert not guard.sql("SELECT 1 FROM guard.frozen WHERE site_id = %s", [there.site_id])


def test_whoever_contains_stays_signed_in(guard: Guard) -> None:
    site = guard.site()
    owner, _identity = guard.operator(site, "owner")
    guard.desk.call(Contain(action="sessions", site_id=site.site_id), session=owner)
    guard.desk.call(WhoAmI(), session=owner)


def test_one_operator_is_kept_from_looking(guard: Guard) -> None:
    site, there = guard.site(), guard.site()
    owner, _identity = guard.operator(site, "owner")
    session, identity = guard.operator(site, "orders")
    other, _identity = guard.operator(site, "orders")
    _stranger, stranger = guard.operator(there, "orders")
    record, me = guard.deposit(site), identity.principal_id
    ask = Contain(action="freeze", site_id=site.site_id, principal_id=me)
    assert guard.desk.call(ask, session=owner).frozen
    assert (code(guard, session, record), code(guard, other, record)) == ("frozen", "")
    with pytest.raises(GuardRefused, match="not_found"):
        guard.desk.call(
            Contain(action="freeze", site_id=site.site_id, principal_id=stranger.principal_id),
            session=owner,
        )
    guard.cli.call(Contain(action="thaw", principal_id=me))
    assert code(guard, session, record) == ""


@pytest.mark.parametrize("reach", ["operator", "site", "company"])
def test_credentials_end_and_come_back_by_invitation(guard: Guard, reach: str) -> None:
    site, there = guard.site(), guard.site()
    _owner, _identity = guard.operator(site, "owner")
    session, identity = guard.operator(site, "orders")
    other, _identity = guard.operator(there, "orders")
    me = identity.principal_id
    ask = Contain(
        action="credentials", site_id=site.site_id if reach == "site" else None,
        company_id=site.company_id if reach == "company" else None,
        principal_id=me if reach == "operator" else None,
    )  # fmt: skip
    rehearsed = guard.cli.call(msgspec.structs.replace(ask, dry_run=True))
    assert {one.token for one in rehearsed.invited} == {""}
    guard.desk.call(WhoAmI(), session=session)
    done = guard.cli.call(ask)
    assert len(done.invited) == len(rehearsed.invited) == (1 if reach == "operator" else 2)
    guard.desk.call(WhoAmI(), session=other)
    with pytest.raises(GuardRefused):
        guard.desk.call(WhoAmI(), session=session)
    assert guard.cli.call(ask).invited == []  # again: nobody is left to disarm
    [token] = [one.token for one in done.invited if one.operator_id == me]
    secret = guard.desk.call(Enrol(token=token, password="another horse 55 nail")).totp_secret
    guard.desk.call(ConfirmEnrolment(token=token, totp=pyotp.TOTP(secret).now()))
    state = "SELECT state FROM guard.principal WHERE principal_id = %s"
    assert guard.sql(state, [me]) == [{"state": "active"}]
    assert guard.entries("contain")[-1]["purpose"].startswith("credentials.")


def test_whoever_disarms_a_site_stays_armed(guard: Guard) -> None:
    site = guard.site()
    owner, _identity = guard.operator(site, "owner")
    guard.operator(site, "orders")
    ask = Contain(action="credentials", site_id=site.site_id)
    assert len(guard.desk.call(ask, session=owner).invited) == 1
    guard.desk.call(WhoAmI(), session=owner)


def test_a_source_is_shut_out_and_let_in(guard: Guard) -> None:
    blocked = "SELECT 1 FROM guard.blocked_source WHERE source >>= '198.51.100.9'::inet"
    ask = Contain(action="block", source="198.51.100.9/24", minutes=5)
    guard.cli.call(msgspec.structs.replace(ask, dry_run=True))
    assert not guard.sql(blocked)
    for _time in range(2):
        assert guard.cli.call(ask).blocked == "198.51.100.0/24"
    assert len(guard.sql(f"{blocked} AND until > now() + interval '4 minutes'")) == 1
    guard.cli.call(Contain(action="unblock", source="198.51.100.0/24"))
    assert not guard.sql(blocked)


@pytest.mark.parametrize("source", ["", "nobody", "0.0.0.0/0", "::/0", "10.0.0.0/7"])
def test_half_the_internet_is_no_source(guard: Guard, source: str) -> None:
    with pytest.raises(GuardRefused, match="invalid"):
        guard.cli.call(Contain(action="block", source=source))


def test_an_owner_shuts_nobody_out_of_every_shop(guard: Guard) -> None:
    site = guard.site()
    owner, _identity = guard.operator(site, "owner")
    ask = Contain(action="block", source="198.51.100.77", site_id=site.site_id)
    with pytest.raises(GuardRefused, match="forbidden"):
        guard.desk.call(ask, session=owner)


def test_a_key_that_may_have_been_seen_is_not_used(guard: Guard) -> None:
    site = guard.site()
    owner, _identity = guard.operator(site, "owner")
    ask = SetProviderSecret(
        site_id=site.site_id, provider="stripe", name="api", value="sk_test_0123456789"
    )
    guard.desk.call(ask, session=owner)
    spend = Contain(action="providers", site_id=site.site_id)
    assert guard.desk.call(msgspec.structs.replace(spend, dry_run=True), session=owner).keys == 1
    assert [guard.desk.call(spend, session=owner).keys for _time in range(2)] == [1, 0]
    rows = ListProviders(site_id=site.site_id)
    assert [row.spent for row in guard.desk.call(rows, session=owner).rows] == [True]
    call = CallProvider(site_id=site.site_id, provider="stripe", method="GET", path="/v1/events")
    before = len(guard.entries("provider.call"))
    with pytest.raises(GuardUnavailable, match="replaced"):
        guard.worker.call(call)
    assert len(guard.entries("provider.call")) == before
    guard.desk.call(ask, session=owner)
    assert [row.spent for row in guard.desk.call(rows, session=owner).rows] == [False]
