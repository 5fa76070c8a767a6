"""Containment takes effect at once, on those it names, and is written down."""

from uuid import UUID

import pytest

from guard.client import GuardRefused
from guard.wire import Contain, Reveal, WhoAmI
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
