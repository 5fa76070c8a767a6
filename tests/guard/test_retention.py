"""Who left is erased by itself when the law asks for none of their orders any more."""

from uuid import UUID, uuid4

import pytest

from guard.client import GuardRefused
from guard.erasure import read_list
from guard.retention import MONTHS, MONTHS_MAX
from guard.verify import verify
from guard.wire import CloseAccount, ListLimits, SetRetention, WhoSaw
from tests.guard.conftest import PASSWORD, Guard, Site, eventually

ORDERED = (
    "UPDATE guard.record SET deposited_at = now() - make_interval(months => %s) + %s::interval"
    " WHERE record_id = %s"
)


def left(guard: Guard, site: Site, *months: int, days: int = 0) -> tuple[UUID, list[UUID]]:
    """Who ordered so many months ago, less `days`, and left: their id, and the orders'."""
    session, me = guard.member(site, f"{uuid4()}@example.jp", family_name="佐藤")
    orders = [guard.deposit(site, source=f"member:{me.principal_id}") for _ in months]
    for order, ago in zip(orders, months, strict=True):
        eventually(lambda one=order: guard.sql(  # type: ignore[misc]
            "SELECT 1 FROM guard.record WHERE record_id = %s", [one]))  # fmt: skip
        guard.sql(ORDERED, [ago, f"{days} days", order])
    guard.desk.call(CloseAccount(password=PASSWORD), session=session)
    assert me.person_id is not None
    return me.person_id, orders


def keys(guard: Guard, *people: UUID) -> set[UUID]:
    """Whose data can still be opened."""
    rows = guard.sql(
        "SELECT person_id FROM guard.person WHERE person_id = ANY (%s) AND data_key <> ''",
        [list(people)],
    )
    return {row["person_id"] for row in rows}


def test_who_left_is_erased_when_their_last_order_need_not_be_kept(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    _, stays = own_guard.member(site, "stays@example.jp", family_name="鈴木")
    assert stays.person_id is not None
    own_guard.sql("UPDATE guard.record SET deposited_at = now() - interval '20 years'")
    none, _ = left(own_guard, site)
    old, orders = left(own_guard, site, MONTHS + 30, MONTHS)
    young, _ = left(own_guard, site, MONTHS + 30, MONTHS, days=1)  # still owed for a day
    longer = own_guard.site()
    owner, me = own_guard.operator(longer, "owner")
    ask = SetRetention(site_id=longer.site_id, months=MONTHS + 12)
    own_guard.desk.call(ask, session=owner)
    kept, _ = left(own_guard, longer, MONTHS)
    [said] = own_guard.entries("retention")
    assert (said["principal_id"], said["purpose"]) == (str(me.principal_id), "months.120")
    own_guard.stop()

    everybody = (none, old, young, kept, stays.person_id)
    assert keys(own_guard, *everybody) == set(everybody)
    own_guard.start()
    eventually(lambda: not keys(own_guard, none, old))
    assert keys(own_guard, *everybody) == {young, kept, stays.person_id}
    entries = {entry["persons"][0]: entry for entry in own_guard.entries("vault.erase")}
    assert set(entries) == {none, old}
    assert set(entries[old]["records"]) == set(orders)
    assert entries[old]["purpose"] == "erase.retention"
    assert entries[old]["principal_kind"] == "system"
    assert own_guard.cli.call(WhoSaw(person_id=old, all=True)).disclosures
    # A restored copy does not bring them back.
    assert read_list(own_guard.data / "guard" / "erased") == {none, old}
    own_guard.stop()
    own_guard.start()
    own_guard.stop()
    assert len(own_guard.entries("vault.erase")) == 2
    assert verify(own_guard.url("ls_guard"), own_guard.data / "guard") == []


def test_a_look_that_was_cut_off_goes_on(own_guard: Guard) -> None:
    """In batches: more people than one holds, and what an earlier look erased is left as it is."""
    own_guard.start()
    site = own_guard.site()
    people = [left(own_guard, site)[0] for _ in range(3)]
    own_guard.sql(
        "INSERT INTO guard.person (site_id, data_key, key_version, left_at)"
        " SELECT %s, '\\x01', 1, now() FROM generate_series(1, 450)",
        [site.site_id],
    )
    own_guard.kill()
    own_guard.start()
    eventually(lambda: own_guard.entries("vault.erase"))
    own_guard.kill()  # somewhere in the middle
    own_guard.start()
    waiting = "SELECT 1 FROM guard.person WHERE data_key <> '' AND left_at IS NOT NULL LIMIT 1"
    eventually(lambda: not own_guard.sql(waiting), seconds=60)
    erased = [entry["persons"][0] for entry in own_guard.entries("vault.erase")]
    assert len(erased) == len(set(erased)) == 453
    assert set(people) < set(erased)
    own_guard.stop()
    assert verify(own_guard.url("ls_guard"), own_guard.data / "guard") == []


def test_a_site_keeps_longer_and_never_shorter_than_the_law(guard: Guard, site: Site) -> None:
    owner, _ = guard.operator(site, "owner")

    def months() -> int:
        return guard.desk.call(ListLimits(), session=owner).sites[0].kept_months

    def refused(ask: SetRetention, session: str) -> str:
        with pytest.raises(GuardRefused) as caught:
            guard.desk.call(ask, session=session)
        return caught.value.code

    assert months() == MONTHS
    for wrong in (0, MONTHS - 1, MONTHS_MAX + 1):
        assert refused(SetRetention(site_id=site.site_id, months=wrong), owner) == "invalid"
    guard.desk.call(SetRetention(site_id=site.site_id, months=MONTHS_MAX), session=owner)
    assert months() == MONTHS_MAX
    guard.desk.call(SetRetention(site_id=site.site_id, months=MONTHS), session=owner)
    assert months() == MONTHS
    ask = SetRetention(site_id=site.site_id, months=120)
    assert refused(ask, guard.operator(site, "orders")[0]) == "forbidden"
    assert refused(ask, guard.operator(guard.site(), "owner")[0]) == "not_found"
