"""A new root: what derives from it opens, and gets people in, before, during and after."""

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pyotp
import pytest

from guard.accounts import email_of
from guard.client import GuardRefused, GuardUnavailable
from guard.keys import BoxError, Keys
from guard.own_keys import OwnKey, OwnKeys, Roots
from guard.passkeys import mac_of
from guard.verify import verify
from guard.wire import (
    AddOperator,
    ApproveExport,
    CheckWebhook,
    ConfirmEnrolment,
    ConfirmRegistration,
    Enrol,
    GetSeconds,
    ListOperators,
    ListProviders,
    OpenExport,
    Proof,
    RotateKey,
    SetProviderSecret,
    SetSecond,
    SignInMember,
    StartRegistration,
    Trace,
)
from lockstitch.cli.softkey import SoftKey
from tests.guard.conftest import PASSWORD, Guard, eventually
from tests.guard.smtp import SmtpServer
from tests.guard.test_auth import code_in
from tests.guard.test_budgets import fresh
from tests.guard.test_deliver import post, state
from tests.guard.test_exports import HERE, THERE, Worker, asked, deposits, pages
from tests.guard.test_members import returned
from tests.guard.test_passkeys import add, sign_in
from tests.guard.test_renewal import House
from tests.guard.test_second import approval, new_key, waiting

HOOK = "whsec_" + "b" * 24
# As if half a minute had passed since nothing was under it any more.
AGED = "UPDATE guard.own_key SET spare_at = spare_at - interval '1 minute'"
# What of each kind is under the root, and the columns that say so.
UNDER = {
    "guard.principal": ("sealed", "sealed <> ''"),
    "guard.credential": ("value", "kind = 'totp'"),
    "guard.pending": ("sealed", "sealed <> ''"),
    "guard.letter": ("sealed", "sealed IS NOT NULL"),
    "guard.provider_secret": ("sealed", "true"),
    "guard.passkey": ("mac", "true"),
    "guard.second": ("digest", "ended_at IS NULL"),
    "guard.export_mark": ("digest", "true"),
}


class Everything(House):
    """Of each kind one, and two guards of one database. No mail server: letters wait."""

    def __init__(self, guard: Guard, folder: Path) -> None:
        guard.mail_url = "smtp://127.0.0.1:1"
        super().__init__(guard, folder)
        self.one = Worker(guard, self.site, "owner", HERE, False)
        self.other = Worker(guard, self.site, "owner", THERE, False)
        self.clerk = Worker(guard, self.site, "orders", HERE, False)
        self.key: SoftKey = add(guard, self.clerk.session, Proof(totp=fresh(guard, self.clerk.me)))
        hook = SetProviderSecret(
            site_id=self.site.site_id, provider="stripe", name="webhook", value=HOOK
        )
        assert not self.one.ask(hook).waits
        assert not self.one.ask(SetSecond(site_id=self.site.site_id, wanted=True)).waits
        assert self.one.ask(new_key(self.site)).waits
        ask = AddOperator(
            company_id=self.site.company_id, email="new@house.example", handle="new", name="新人",
            role="orders", site_ids=[self.site.site_id],
        )  # fmt: skip
        self.invited = self.one.ask(ask).token
        self.chosen = guard.desk.call(Enrol(token=self.invited, password=PASSWORD)).totp_secret
        hired = Worker(guard, self.site, "orders", HERE, False)
        export, token = self.opened_export(hired)
        [page] = pages(hired, export, token)
        self.mark, self.export_id = page.marks[0]["email"], export.export_id
        start = StartRegistration(
            site_id=self.site.site_id, email="m@house.example", password=PASSWORD
        )
        guard.desk.call(start)  # whose letter waits
        guard.sql("DELETE FROM guard.pending WHERE kind = 'registration'")

    def opened_export(self, who: Worker) -> tuple[Any, str]:
        [record] = deposits(self.guard, self.site, 1)  # which the twin may be taking in
        stored = "SELECT 1 FROM guard.record WHERE record_id = %s"
        eventually(lambda: self.guard.sql(stored, [record]))
        export = asked(who, self.site, [record])
        who.ask(ApproveExport(export_id=export.export_id, proof=who.code()))
        return export, who.ask(OpenExport(export_id=export.export_id)).token

    def opens(self) -> None:
        """By both guards."""
        payload, at = b"{}", str(int(time.time()))
        signed = hmac.new(HOOK.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
        bell = CheckWebhook(
            site_id=self.site.site_id, provider="stripe", payload=payload,
            signature=f"t={at},v1={signed}",
        )  # fmt: skip
        for guard in (self.guard, self.twin):
            for email in self.emails[:1]:
                assert self.sign_in(email, guard=guard) == self.ids[email]
            self.operator_gets_in(guard)
            signed_in = sign_in(guard, self.key)
            assert signed_in.identity.principal_id == self.clerk.me.principal_id
            guard.desk.call(bell)
            found = guard.cli.call(Trace(value=self.mark)).exports
            assert [each.export_id for each in found] == [self.export_id]
            listed = guard.desk.call(ListOperators(), session=self.one.session).operators
            assert "o***@house.example" in {each.masked_email for each in listed}
            seconds = GetSeconds(site_id=self.site.site_id)
            assert len(guard.desk.call(seconds, session=self.other.session).waiting) == 1

    def ends(self) -> None:
        """What waited all the time: an invited operator, a second person's word, a letter."""
        code = pyotp.TOTP(self.chosen).now()
        self.twin.desk.call(ConfirmEnrolment(token=self.invited, totp=code))
        [row] = waiting(self.other, self.site)
        self.guard.sql("DELETE FROM guard.throttle")
        assert self.other.ask(approval(self.other, row.second_id)).last4 == "2222"
        rows = self.one.ask(ListProviders(site_id=self.site.site_id)).rows
        assert {row.name for row in rows} == {"api", "webhook"}
        self.guard.stop()
        self.twin.stop()
        self.guard.mail_url = ""
        self.guard.start()
        self.guard.sql("UPDATE guard.letter SET next_try_at = now() WHERE state = 'waiting'")
        mails = eventually(
            lambda: [m for m in self.guard.mails(self.site) if m.to == "m@house.example"]
        )
        assert code_in(mails[0])

    def go_on(self, *, guard: Guard | None = None) -> int:
        return self.rotate("root", begin=False, guard=guard)

    def renew(self) -> None:
        left = self.rotate("root")
        while left:
            self.guard.sql(AGED)
            left = self.go_on(guard=self.twin)

    def under(self) -> dict[str, list[tuple[int, bytes]]]:
        """By table: the root and the seal, or mark, of each row."""
        return {
            table: [
                (row["root_version"], bytes(row["value"]))
                for row in self.guard.sql(
                    f"SELECT root_version, {column} AS value FROM {table} WHERE {which}"
                )
            ]
            for table, (column, which) in UNDER.items()
        }

    def root(self) -> OwnKey:
        return root_of(self.guard)

    def is_sound(self, times: int = 1) -> None:
        verbs = [row["verb"] for row in self.guard.sql(
            "SELECT verb FROM guard.ledger WHERE purpose = 'key.root' ORDER BY seq")]  # fmt: skip
        assert verbs == ["key.rotate", "key.destroy"] * times
        assert self.guard.sql("SELECT * FROM guard.signal WHERE kind = 'stolen'") == []
        assert verify(self.guard.url("ls_guard"), self.guard.data / "guard") == []


def root_of(guard: Guard) -> OwnKey:
    """The newest, as its master key opens it."""
    [row] = guard.sql(
        "SELECT * FROM guard.own_key WHERE purpose = 'root' ORDER BY version DESC LIMIT 1"
    )
    keys = OwnKeys(Keys(guard.data / "guard"))
    return keys.opened("root", row["version"], bytes(row["wrapped"]))


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


def test_the_old_root_waits_for_codes_and_exports_that_stand_open(own_guard: Guard) -> None:
    guard = own_guard
    guard.start()
    site = guard.site()
    clerk = Worker(guard, site, "orders", HERE, False)
    export = asked(clerk, site, deposits(guard, site, 1))
    clerk.ask(ApproveExport(export_id=export.export_id, proof=clerk.code()))
    token = clerk.ask(OpenExport(export_id=export.export_id)).token
    pending = {}
    for email in ("one@house.example", "two@house.example"):
        start = StartRegistration(site_id=site.site_id, email=email, password=PASSWORD)
        pending[email] = guard.desk.call(start).pending

    def go_on(*, begin: bool = False) -> int:
        guard.sql(AGED)
        return guard.cli.call(RotateKey(key="root", begin=begin)).remaining

    left = go_on(begin=True)
    for _ in range(20):
        left = go_on()
    assert left == 1 + 3
    [page] = pages(clerk, export, token)
    mark = page.marks[0]["email"]
    assert go_on() == 1 + 2
    [mail] = eventually(lambda: [m for m in guard.mails(site) if m.to == "one@house.example"])
    confirm = ConfirmRegistration(pending=pending["one@house.example"], code=code_in(mail))
    assert guard.desk.call(confirm).identity.kind == "member"
    assert go_on() == 1 + 1
    guard.sql("UPDATE guard.pending SET expires_at = now()")
    assert go_on() == 1
    assert go_on() == 0
    [found] = guard.cli.call(Trace(value=mark)).exports
    assert found.export_id == export.export_id
    again = SignInMember(site_id=site.site_id, email="one@house.example", password=PASSWORD)
    guard.desk.call(again)


def test_a_hash_has_the_new_key_in_it_after_the_next_sign_in(house: Everything) -> None:
    guard, (one, other) = house.guard, house.emails[:2]
    query = "SELECT * FROM guard.credential WHERE principal_id = %s AND kind = 'password'"

    def stored(email: str) -> dict[str, Any]:
        return guard.sql(query, [house.ids[email]])[0]

    def later() -> None:
        guard.sql("UPDATE guard.own_key SET made_at = made_at - interval '15 days'")
        guard.stop()
        guard.start()  # looks at once

    before = stored(one)
    house.renew()
    assert stored(one)["hash_version"] == 1
    assert house.sign_in(one, guard=house.twin) == house.ids[one]
    after = stored(one)
    assert (after["hash_version"], after["made_at"]) == (2, before["made_at"])
    with pytest.raises(GuardRefused):
        house.sign_in(one, "not this one")
    assert house.stand("hash") == [1, 2]
    later()
    eventually(lambda: house.stand("bounce") == [2])
    assert house.stand("hash") == [1, 2]  # somebody's hash still has it
    for email in [*house.emails, "owner"]:
        if email == "owner":
            house.operator_gets_in(guard)
        else:
            assert house.sign_in(email) == house.ids[email]
    assert stored(other)["hash_version"] == 2
    guard.sql("DELETE FROM guard.credential WHERE kind = 'password' AND hash_version = 1")
    later()
    eventually(lambda: house.stand("hash") == [2])
    gone = [row["purpose"] for row in guard.entries("key.destroy")]
    assert gone == ["key.root", "key.bounce", "key.hash"]
    house.get_in()


def test_a_letter_from_before_comes_back_after(own_guard: Guard) -> None:
    guard = own_guard
    with SmtpServer() as smtp:
        guard.mail_url, guard.bounces = smtp.url, "bounces@shop.example"
        guard.start()
        site = guard.site()
        first, second = guard.deposit(site), guard.deposit(site)
        letter = post(guard, site, first)
        eventually(lambda: state(guard, letter)["state"] == "sent")
        guard.cli.call(RotateKey(key="root"))
        guard.sql(AGED)
        assert guard.cli.call(RotateKey(key="root", begin=False)).remaining == 0
        letter = post(guard, site, second)
        eventually(lambda: state(guard, letter)["state"] == "sent")
        folder = guard.data / "guard" / "returns" / "new"
        folder.mkdir(parents=True)
        for number, back in enumerate(smtp.senders):
            (folder / str(number)).write_bytes(returned(back))
        guard.stop()
        guard.start()  # looks at once
        eventually(lambda: not list(folder.iterdir()))
        found = {row["record_id"] for row in guard.sql("SELECT record_id FROM guard.returned")}
        assert found == {first, second}
        smtp.shutdown()
