"""A new pepper and a new key of the accounts: everybody signs in before, during and after."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyotp
import pytest

from guard.client import GuardRefused, GuardUnavailable
from guard.keys import Keys
from guard.own_keys import OwnKeys
from guard.verify import verify
from guard.wire import (
    ChangePassword,
    ImportMembers,
    MemberRow,
    RotateKey,
    SeedPrincipal,
    SignInMember,
    SignInOperator,
)
from tests.guard.conftest import PASSWORD, Guard, Site, eventually, unsealed

VERSIONS = "SELECT version FROM guard.own_key WHERE purpose = %s ORDER BY version"
NEW = "eine ganz andere Naht"
KINDS = ("pepper", "accounts")
# Where each is written: what a row is under, and how one row is held so that no batch takes it.
TABLES = {"pepper": "guard.credential", "accounts": "guard.principal"}


class House:
    """Members and an operator of one site, and two guards of one database."""

    def __init__(self, guard: Guard, folder: Path) -> None:
        self.guard = guard
        guard.start()
        self.site: Site = guard.site()
        self.emails = [f"{n}@house.example" for n in range(4)]
        self.ids = {email: guard.member(self.site, email)[1].principal_id for email in self.emails}
        self.secret = pyotp.random_base32()
        self.owner = "owner@house.example"
        guard.cli.call(
            SeedPrincipal(
                kind="operator", email=self.owner, password=PASSWORD, handle="owner", role="owner",
                totp_secret=self.secret, company_id=self.site.company_id,
                site_ids=[self.site.site_id],
            )
        )  # fmt: skip
        shutil.copytree(
            guard.data / "guard", folder / "guard",
            ignore=shutil.ignore_patterns(".*"),  # what is being written at this moment
        )  # fmt: skip
        self.twin = Guard(guard.cluster, guard.database, folder, mail_url=guard.mail_url)
        self.twin.start()

    def get_in(self) -> None:
        for guard in (self.guard, self.twin):
            for email in self.emails:
                assert self.sign_in(email, guard=guard) == self.ids[email]

    def operator_gets_in(self, guard: Guard) -> None:
        self.guard.sql("UPDATE guard.credential SET used_step = 0 WHERE kind = 'totp'")
        code = pyotp.TOTP(self.secret).now()
        guard.desk.call(SignInOperator(email=self.owner, password=PASSWORD, totp=code))

    def sign_in(self, email: str, password: str = PASSWORD, *, guard: Guard | None = None) -> UUID:
        ask = SignInMember(site_id=self.site.site_id, email=email, password=password)
        return (guard or self.guard).desk.call(ask).identity.principal_id

    def refuses(self, email: str) -> None:
        for guard in (self.guard, self.twin):
            with pytest.raises(GuardRefused) as refused:
                self.sign_in(email, guard=guard)
            assert refused.value.code == "credentials"

    def rotate(self, key: str, *, begin: bool = True, guard: Guard | None = None) -> int:
        ask = RotateKey(key=key, begin=begin)  # type: ignore[arg-type]
        return (guard or self.guard).cli.call(ask).remaining

    def stand(self, key: str) -> list[int]:
        return [row["version"] for row in self.guard.sql(VERSIONS, [key])]

    def stored(self, key: str, email: str) -> dict[str, Any]:
        extra = " AND kind = 'password'" if key == "pepper" else ""
        query = f"SELECT * FROM {TABLES[key]} WHERE principal_id = %s{extra}"
        return self.guard.sql(query, [self.ids[email]])[0]

    def writes(self) -> None:
        """A member who comes, one who comes from elsewhere, and one who changes a password."""
        number = len(self.emails)
        for guard in (self.guard, self.twin):
            number += 1
            here, moved = f"{number}@house.example", f"moved-{number}@house.example"
            session, who = guard.member(self.site, here)
            guard.desk.call(ChangePassword(current=PASSWORD, password=NEW), session=session)
            guard.desk.call(ChangePassword(current=NEW, password=PASSWORD), session=session)
            rows = [MemberRow(email=each) for each in (moved, here, self.emails[0])]
            done = guard.cli.call(ImportMembers(site_id=self.site.site_id, members=rows)).rows
            assert [row.outcome for row in done] == ["made", "exists", "exists"]
            assert [row.member_id for row in done[1:]] == [
                who.principal_id, self.ids[self.emails[0]],
            ]  # fmt: skip
            seed = SeedPrincipal(
                kind="member", email=here, password=PASSWORD, site_id=self.site.site_id
            )
            assert guard.cli.call(seed).principal_id == who.principal_id
            self.emails.append(here)
            self.ids[here] = who.principal_id

    def is_done(self, key: str) -> None:
        assert self.stand(key) == [2]
        self.get_in()
        self.writes()
        for guard in (self.guard, self.twin):
            self.operator_gets_in(guard)
        names = [(row["verb"], row["purpose"]) for verb in ("key.rotate", "key.destroy")
                 for row in self.guard.entries(verb)]  # fmt: skip
        assert names == [("key.rotate", f"key.{key}"), ("key.destroy", f"key.{key}")]
        assert verify(self.guard.url("ls_guard"), self.guard.data / "guard") == []


@pytest.fixture
def house(own_guard: Guard, tmp_path: Path) -> Iterator[House]:
    made = House(own_guard, tmp_path)
    yield made
    made.twin.kill()


def test_everybody_signs_in_while_both_are_renewed(house: House) -> None:
    stop, wrong, times = threading.Event(), list[BaseException](), [0]

    def look() -> None:
        try:
            while not stop.is_set():
                house.get_in()
                times[0] += 1
        except BaseException as error:
            wrong.append(error)

    looking = threading.Thread(target=look)
    looking.start()
    for round_ in range(2, 6):
        for key in KINDS:
            left = house.rotate(key, guard=house.twin)
            while left:  # who signs in at this moment is taken later
                left = house.rotate(key, begin=False, guard=house.twin)
            assert house.stand(key) == [round_]
    had = times[0]
    eventually(lambda: times[0] > had or wrong)
    stop.set()
    looking.join()
    assert not wrong


@pytest.mark.parametrize("key", KINDS)
def test_a_rotation_that_stops_anywhere_is_gone_on_with(house: House, key: str) -> None:
    guard, held = house.guard, house.emails[0]
    hold = f"SELECT 1 FROM {TABLES[key]} WHERE principal_id = %s FOR KEY SHARE"
    before = {email: house.stored(key, email) for email in house.emails}
    with psycopg.connect(guard.url("postgres")) as db:  # no batch gets at this one
        db.execute(hold, [house.ids[held]])
        assert house.rotate(key) > 1
        house.get_in()
        house.writes()
        assert house.stored(key, house.emails[1])["key_version"] == 2
        assert house.stored(key, held)["key_version"] == 1
        with pytest.raises(GuardRefused) as refused:
            house.rotate(key)
        assert refused.value.code == "conflict"
        guard.kill()
        assert house.rotate(key, begin=False, guard=house.twin) > 1
        guard.start()
        house.get_in()
        assert house.stand(key) == [1, 2]
    assert house.rotate(key, begin=False, guard=house.twin) == 0
    assert house.rotate(key, begin=False) == 0
    house.is_done(key)
    what = {"pepper": "value", "accounts": "login_index"}[key]
    for email, row in before.items():
        assert house.stored(key, email)[what] != row[what]
    guard.stop()
    guard.start()
    house.get_in()


@pytest.mark.parametrize("key", KINDS)
def test_a_kill_in_the_middle_of_a_batch_loses_nothing(house: House, key: str) -> None:
    guard = house.guard
    with psycopg.connect(guard.url("postgres")) as db:
        db.execute("LOCK TABLE guard.ledger_head IN EXCLUSIVE MODE")

        def rotate() -> None:
            with pytest.raises((GuardUnavailable, GuardRefused)):
                house.rotate(key)

        asking = threading.Thread(target=rotate)
        asking.start()  # has the key, and waits for its entry
        waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        eventually(lambda: guard.sql(waits))
        guard.kill()
        asking.join()
    guard.start()
    assert house.stand(key) == [1]  # no key without its entry
    house.get_in()
    assert house.rotate(key) == 0
    house.is_done(key)


def test_hashes_from_before_there_was_a_pepper_are_taken_along(house: House) -> None:
    email = house.emails[0]
    old = unsealed(house.guard, house.ids[email])
    assert old.startswith(b"$argon2id$")
    plant = "UPDATE guard.credential SET value = %s, key_version = 0 WHERE principal_id = %s"
    house.guard.sql(plant, [old, house.ids[email]])
    house.get_in()
    assert house.rotate("pepper") == 0
    row = house.stored("pepper", email)
    assert row["value"].startswith(b"$sealed$")
    assert b"argon2" not in row["value"]
    assert unsealed(house.guard, house.ids[email]) == old
    house.is_done("pepper")
    house.guard.sql(plant, [old, house.ids[email]])  # the first pepper is gone, and this with it
    house.refuses(email)
    assert house.rotate("pepper") == 0  # which makes it no better
    house.refuses(email)


def test_nothing_opens_under_a_pepper_that_is_gone_or_for_somebody_else(house: House) -> None:
    one, other = house.emails[:2]
    before = house.stored("pepper", one)
    house.rotate("pepper")
    after = house.stored("pepper", one)
    plant = (
        "UPDATE guard.credential SET value = %s, key_version = %s"
        " WHERE principal_id = %s AND kind = 'password'"
    )
    for version in (1, 2):
        house.guard.sql(plant, [before["value"], version, house.ids[one]])
        house.refuses(one)
    house.guard.sql(plant, [after["value"], 2, house.ids[other]])
    house.refuses(other)
    house.guard.sql(plant, [after["value"], 2, house.ids[one]])
    assert house.sign_in(one) == house.ids[one]


def test_nobody_is_found_under_an_accounts_key_that_is_gone(house: House) -> None:
    email = house.emails[0]
    before, plant = house.stored("accounts", email), (
        "UPDATE guard.principal SET login_index = %s WHERE principal_id = %s"
    )  # fmt: skip
    house.rotate("accounts")
    after = house.stored("accounts", email)
    house.guard.sql(plant, [before["login_index"], house.ids[email]])
    house.refuses(email)
    house.guard.sql(plant, [after["login_index"], house.ids[email]])
    assert house.sign_in(email) == house.ids[email]


def test_an_instance_from_before_keeps_its_accounts(house: House) -> None:
    """Its logins are under a key that derives from the root, its hashes under no pepper."""
    guard = house.guard
    house.twin.kill()
    guard.stop()
    guard.sql("DELETE FROM guard.own_key WHERE purpose <> 'root'")
    guard.sql("UPDATE guard.principal SET login_index = uuid_send(gen_random_uuid())")
    guard.start()
    [row] = guard.sql("SELECT * FROM guard.own_key WHERE purpose = 'accounts'")
    derived = derived_login(guard, f"{house.site.site_id}|{house.emails[0]}")
    guard.sql(
        "UPDATE guard.principal SET login_index = %s WHERE principal_id = %s",
        [derived, house.ids[house.emails[0]]],
    )
    with pytest.raises(GuardRefused):  # found, but the hash is under a pepper that is gone
        house.sign_in(house.emails[0])
    [entry] = guard.entries("sign_in")[-1:]
    assert entry["principal_id"] == str(house.ids[house.emails[0]])
    assert row["version"] == 1


def derived_login(guard: Guard, login: str) -> bytes:
    [row] = guard.sql("SELECT wrapped FROM guard.own_key WHERE purpose = 'root'")
    keys = OwnKeys(Keys(guard.data / "guard"))
    return keys.opened("root", 1, bytes(row["wrapped"])).digest("login-index", login)


def test_a_new_master_key_takes_them_along(house: House) -> None:
    house.twin.stop()
    house.guard.cli.call(RotateKey(key="master"))
    house.guard.stop()
    house.guard.start()
    for email in house.emails:
        assert house.sign_in(email) == house.ids[email]
    shutil.copytree(house.guard.data / "guard", house.twin.data / "guard", dirs_exist_ok=True)
    house.twin.start()
    house.get_in()
