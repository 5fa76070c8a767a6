"""What nobody can put under a new root lapses, and its key after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guard.client import GuardRefused
from guard.wire import (
    ApproveExport,
    ConfirmRegistration,
    OpenExport,
    RotateKey,
    SignInMember,
    StartRegistration,
    Trace,
)
from tests.guard.conftest import PASSWORD, Guard, eventually
from tests.guard.everything import AGED, Everything
from tests.guard.smtp import SmtpServer
from tests.guard.test_auth import code_in
from tests.guard.test_deliver import post, state
from tests.guard.test_exports import HERE, Worker, asked, deposits, pages
from tests.guard.test_members import returned


@pytest.fixture
def house(own_guard: Guard, tmp_path: Path) -> Iterator[Everything]:
    made = Everything(own_guard, tmp_path)
    yield made
    made.twin.kill()


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
