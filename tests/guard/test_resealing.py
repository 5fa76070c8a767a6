"""A new root: what derives from it opens, and gets people in, before, during and after."""

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from guard.accounts import email_of
from guard.client import GuardRefused, GuardUnavailable
from guard.keys import BoxError
from guard.own_keys import Roots
from guard.passkeys import mac_of
from lockstitch.cli.softkey import SoftKey
from tests.guard.conftest import Guard, eventually
from tests.guard.everything import AGED, UNDER, Everything
from tests.guard.test_passkeys import sign_in


@pytest.fixture
def house(own_guard: Guard, tmp_path: Path) -> Iterator[Everything]:
    made = Everything(own_guard, tmp_path)
    yield made
    made.twin.kill()


def test_a_kill_after_each_step_loses_nothing(house: Everything) -> None:
    guard, before = house.guard, house.under()
    assert all(before.values()), "of each kind one"
    assert {version for rows in before.values() for version, _ in rows} == {1}
    left = [house.rotate("root")]
    with pytest.raises(GuardRefused) as refused:
        house.rotate("root")
    assert refused.value.code == "conflict"
    house.writes()
    while left[-1]:
        house.opens()
        guard.kill()
        guard.start()
        guard.sql("DELETE FROM guard.throttle")
        if left[-1] == 1:  # only the old key itself: not as long as a call may still need it
            assert house.go_on(guard=house.twin) == 1
            assert house.stand("root") == [1, 2]
            guard.sql(AGED)
        left.append(house.go_on())
    assert left[-2:] == [1, 0]
    assert len(left) > len(UNDER)  # a kind at a time
    assert house.go_on(guard=house.twin) == 0
    assert house.stand("root") == [2]
    house.opens()
    after = house.under()
    for table, rows in before.items():
        assert {version for version, _ in after[table]} == {2}
        assert not {value for _, value in rows} & {value for _, value in after[table]}, table
    guard.sql("DELETE FROM guard.throttle")
    house.get_in()
    house.is_sound()
    house.ends()


def test_a_third_root_follows_and_finds_the_marks_of_the_first(house: Everything) -> None:
    house.renew()
    house.renew()
    assert house.stand("root") == [3]
    assert {version for rows in house.under().values() for version, _ in rows} == {3}
    house.opens()
    house.is_sound(2)
    house.ends()


def test_who_kept_the_old_root_has_nothing_of_it(house: Everything) -> None:
    guard, old = house.guard, house.root()
    passkey = "SELECT * FROM guard.passkey"
    account = "SELECT * FROM guard.principal WHERE handle = 'owner'"
    [key_before], [owner_before] = guard.sql(passkey), guard.sql(account)
    assert email_of(Roots({1: old}), owner_before) == house.owner
    house.renew()
    [key_after], [owner_after] = guard.sql(passkey), guard.sql(account)
    for version in (1, 2):
        with pytest.raises(BoxError):
            email_of(Roots({1: old, 2: old}), {**owner_after, "root_version": version})
    assert mac_of(old, key_after) == key_before["mac"] != key_after["mac"]
    plant = "UPDATE guard.passkey SET mac = %s, root_version = %s"
    for version in (1, 2):  # what the old one made is a way in that nobody added
        guard.sql(plant, [key_before["mac"], version])
        for each in (guard, house.twin):
            with pytest.raises(GuardRefused):
                sign_in(each, house.key)
    assert eventually(lambda: guard.sql("SELECT 1 FROM guard.signal WHERE kind = 'stolen'"))
    guard.sql("UPDATE guard.credential SET root_version = 1 WHERE kind = 'totp'")
    with pytest.raises(GuardRefused) as refused:
        house.operator_gets_in(guard)
    assert refused.value.code == "credentials"
    guard.sql("UPDATE guard.credential SET root_version = 2 WHERE kind = 'totp'")
    guard.sql(plant, [key_after["mac"], 2])
    house.opens()


def test_a_row_that_the_old_root_did_not_make_stays_what_it_is(house: Everything) -> None:
    """A passkey written into the table is none after it either, and holds nothing up."""
    guard, planted = house.guard, SoftKey(handle=house.key.handle)
    guard.sql(
        "INSERT INTO guard.passkey (credential_id, principal_id, public_key, sign_count, name, mac)"
        " VALUES (%s, %s, %s, 0, 'x', %s)",
        [planted.id, house.clerk.me.principal_id, planted.public, bytes(32)],
    )
    house.renew()
    [row] = guard.sql("SELECT * FROM guard.passkey WHERE name = 'x'")
    assert (row["root_version"], bytes(row["mac"])) == (2, bytes(32))
    with pytest.raises(GuardRefused):
        sign_in(guard, planted)
    house.opens()


def test_requests_are_answered_while_it_is_renewed(house: Everything) -> None:
    stop, wrong, times = threading.Event(), list[BaseException](), [0]

    def look() -> None:
        try:
            while not stop.is_set():
                house.opens()
                house.guard.member(house.site, f"{uuid4()}@house.example")  # comes meanwhile
                house.guard.sql("DELETE FROM guard.throttle")
                times[0] += 1
        except BaseException as error:
            wrong.append(error)

    def all_of_before_are_over() -> None:
        had = times[0]
        eventually(lambda: times[0] > had + 1 or wrong, seconds=60)

    looking = threading.Thread(target=look)
    looking.start()
    for round_ in (2, 3):
        left = house.rotate("root")
        while left:
            if left == 1:
                all_of_before_are_over()
                house.guard.sql(AGED)
            left = house.go_on(guard=house.twin)
        assert house.stand("root") == [round_]
    all_of_before_are_over()
    stop.set()
    looking.join()
    assert not wrong
    assert {version for rows in house.under().values() for version, _ in rows} == {3}


def test_a_kill_before_the_entry_makes_no_key(house: Everything) -> None:
    guard = house.guard
    with psycopg.connect(guard.url("postgres")) as db:
        db.execute("LOCK TABLE guard.ledger_head IN EXCLUSIVE MODE")

        def rotate() -> None:
            with pytest.raises((GuardUnavailable, GuardRefused)):
                house.rotate("root")

        asking = threading.Thread(target=rotate)
        asking.start()
        eventually(lambda: guard.sql(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))  # fmt: skip
        guard.kill()
        asking.join()
    guard.start()
    for purpose in ("root", "hash", "bounce"):
        assert house.stand(purpose) == [1]
    house.opens()
    house.renew()
    house.is_sound()
