"""An operator's budget: exact whatever comes at once, kept over a restart, and beyond it only what
a fresh code was given for."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pyotp
import pytest

from guard.client import GuardRefused
from guard.limits import DEFAULT
from guard.wire import Identity, ListLimits, Prove, Reveal, SetLimits
from tests.guard.conftest import Guard, Site

FIELDS = ["family_name"]
IN_TEN_MINUTES = DEFAULT.in_ten_minutes


def shown(guard: Guard, session: str, *ids: UUID, purpose: str = "order.ship") -> bool:
    ask = Reveal(record_ids=list(ids), fields=FIELDS, purpose=purpose)
    try:
        guard.desk.call(ask, session=session, address="203.0.113.7")
    except GuardRefused as refused:
        if refused.code != "budget":
            raise
        return False
    return True


def prove(guard: Guard, session: str, code: str, *ids: UUID) -> str:
    """What it was refused with, if it was."""
    ask = Prove(record_ids=list(ids), fields=FIELDS, purpose="order.ship", totp=code)
    try:
        guard.desk.call(ask, session=session, address="203.0.113.7")
    except GuardRefused as refused:
        return refused.code
    return ""


def fresh(guard: Guard, identity: Identity) -> str:
    """Signing in used the present code up; its neighbour is taken too."""
    return pyotp.TOTP(guard.secrets[identity.principal_id]).at(int(time.time()) + 30)


@pytest.fixture
def ids(guard: Guard, site: Site) -> list[UUID]:
    return [guard.deposit(site) for _n in range(IN_TEN_MINUTES + 20)]


def test_two_hundred_at_once_see_no_more_than_the_budget(guard: Guard, site: Site) -> None:
    records = [guard.deposit(site) for _n in range(60)]
    session, identity = guard.operator(site, "orders")
    assert shown(guard, session, records[0])
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda n: shown(guard, session, records[n % 60]), range(200)))
    looks = [
        entry for entry in guard.entries("reveal")
        if entry["principal_id"] == str(identity.principal_id) and entry["outcome"] == "ok"
    ]  # fmt: skip
    assert len({each for look in looks for each in look["records"]}) == IN_TEN_MINUTES
    assert answers.count(True) == len(looks) - 1
    assert any(
        entry["outcome"] == "refused:budget" for entry in guard.entries("reveal")
        if entry["principal_id"] == str(identity.principal_id)
    )  # fmt: skip


def test_the_same_person_again_costs_nothing(guard: Guard, site: Site, ids: list[UUID]) -> None:
    session, _identity = guard.operator(site, "orders")
    assert shown(guard, session, *ids[:IN_TEN_MINUTES])
    assert shown(guard, session, *ids[:IN_TEN_MINUTES])
    assert not shown(guard, session, ids[-1])
    other, _identity = guard.operator(site, "orders")
    assert shown(guard, other, ids[-1])


def test_a_large_ask_is_refused_whole(guard: Guard, site: Site, ids: list[UUID]) -> None:
    session, _identity = guard.operator(site, "orders")
    assert not shown(guard, session, *ids[: IN_TEN_MINUTES + 1])
    assert shown(guard, session, *ids[:IN_TEN_MINUTES])


def test_a_fresh_code_is_good_for_what_it_names(guard: Guard, site: Site, ids: list[UUID]) -> None:
    session, identity = guard.operator(site, "orders")
    named, rest = ids[:40], ids[40:]
    more = [guard.deposit(site) for _n in range(IN_TEN_MINUTES)]
    assert not shown(guard, session, *named)
    assert prove(guard, session, "000000", *named) == "credentials"
    assert prove(guard, session, fresh(guard, identity), *named) == ""
    assert shown(guard, session, *named[:25])
    assert shown(guard, session, *named[25:])
    assert not shown(guard, session, *named, purpose="order.support")
    assert not shown(guard, session, *rest, *more)
    assert shown(guard, session, rest[0])  # what was proven for was no part of the budget
    entry = guard.entries("step_up")[-1]
    assert (entry["outcome"], len(entry["records"])) == ("ok", 40)


def test_a_code_proves_once_and_in_its_own_session(
    guard: Guard, site: Site, ids: list[UUID]
) -> None:
    session, identity = guard.operator(site, "orders")
    code = fresh(guard, identity)
    assert prove(guard, session, code, *ids) == ""
    assert prove(guard, session, code, *ids) == "credentials"
    stranger, _identity = guard.operator(site, "orders")
    assert not shown(guard, stranger, *ids)


def test_guesses_are_slowed_down(guard: Guard, site: Site, ids: list[UUID]) -> None:
    session, _identity = guard.operator(site, "orders")
    said = [prove(guard, session, "000000", *ids) for _n in range(8)]
    assert said[0] == "credentials"
    assert said[-1] == "throttled"


def test_it_outlives_a_restart(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    records = [own_guard.deposit(site) for _n in range(IN_TEN_MINUTES + 1)]
    session, _identity = own_guard.operator(site, "orders")
    assert shown(own_guard, session, *records[:-1])
    own_guard.kill()
    own_guard.start()
    assert not shown(own_guard, session, records[-1])


def test_a_site_has_limits_of_its_own_which_only_staff_widens(guard: Guard) -> None:
    site, other = guard.site(), guard.site()
    ids, elsewhere = [guard.deposit(site) for _n in range(9)], guard.deposit(other)
    owner, _identity = guard.operator(site, "owner")
    session, _identity = guard.operator(site, "orders")

    def limited(session: str, *, ten: int, day: int = 200, alone: int = 100) -> str:
        ask = SetLimits(site_id=site.site_id, in_ten_minutes=ten, in_a_day=day, alone=alone)
        try:
            guard.desk.call(ask, session=session, address="203.0.113.7")
        except GuardRefused as refused:
            return refused.code
        return ""

    assert limited(owner, ten=31) == "forbidden"
    assert limited(session, ten=5) == "forbidden"  # not an owner
    assert limited(owner, ten=-1) == "invalid"
    assert limited(owner, ten=5, alone=0) == ""
    assert not shown(guard, session, *ids[:6])
    assert shown(guard, session, *ids[:5])
    assert shown(guard, guard.operator(other, "orders")[0], elsewhere)
    assert limited(owner, ten=6) == "forbidden"  # nor back again
    [shown_to_owner] = guard.desk.call(ListLimits(), session=owner, address="203.0.113.7").sites
    assert (shown_to_owner.in_ten_minutes, shown_to_owner.alone) == (5, 0)
    guard.cli.call(SetLimits(site_id=site.site_id, in_ten_minutes=8, in_a_day=8, alone=100))
    assert shown(guard, session, *ids[5:8])
    assert not shown(guard, session, ids[8])
    assert guard.entries("limits")[-1]["site_id"] == site.site_id
