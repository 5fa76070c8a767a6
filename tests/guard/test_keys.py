"""New keys while everything goes on, a master key in shares, and a person's key destroyed."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from itertools import combinations
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from guard.client import GuardRefused, GuardUnavailable
from guard.keys import MASTER, MASTER_NEXT, MASTER_OLD
from guard.verify import verify
from guard.wire import (
    Erase,
    MyRecords,
    Reveal,
    RotateKey,
    Search,
    SignInMember,
    WhoSaw,
)
from lockstitch.cli.cluster import Cluster, binaries
from tests.guard.conftest import PASSWORD, PERSON, Guard, Site, eventually
from tests.guard.test_ledger import reveal


class Shop:
    """A running guard's site with an operator, and records from before."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        guard.start()
        self.site: Site = guard.site()
        self.session, _ = guard.operator(self.site, "orders")
        self.before = [self.deposit("a@example.jp"), self.deposit("b@example.jp")]
        self.opens(*self.before)

    def deposit(self, email: str) -> UUID:
        return self.guard.deposit(self.site, {**PERSON, "email": email})

    def opens(self, *record_ids: UUID) -> None:
        ask = Reveal(record_ids=list(record_ids), fields=["family_name"], purpose="order.ship")
        shown = self.guard.desk.call(ask, session=self.session)
        assert [each.fields for each in shown.records] == [{"family_name": "山田"}] * len(
            record_ids
        )

    def finds(self, email: str) -> list[UUID]:
        ask = Search(site_id=self.site.site_id, by="email", value=email)
        return self.guard.desk.call(ask, session=self.session).record_ids

    def rotate(self, key: str, *, begin: bool = True) -> int:
        site_id = None if key == "master" else self.site.site_id
        ask = RotateKey(key=key, site_id=site_id, begin=begin)  # type: ignore[arg-type]
        return self.guard.cli.call(ask).remaining

    def restart(self) -> None:
        self.guard.stop()
        self.guard.start()

    def works(self) -> None:
        """What was there, what waited and what is new; before and after a restart."""
        self.opens(*self.before, self.deposit("a@example.jp"), self.deposit("new@example.jp"))
        assert self.before[0] in self.finds("a@example.jp")
        member, _ = self.guard.member(self.site, f"{uuid4()}@example.jp", family_name="佐藤")
        assert self.guard.desk.call(MyRecords(kinds=["profile"]), session=member).record_ids

    def journalled(self, purpose: str) -> None:
        rows = self.guard.entries("key.rotate")
        assert [row["purpose"] for row in rows] == [purpose]
        assert verify(self.guard.url("ls_guard"), self.guard.data / "guard") == []


@pytest.fixture
def shop(own_guard: Guard) -> Shop:
    return Shop(own_guard)


def test_a_new_seal_key_takes_over_and_the_old_one_opens_what_waits(shop: Shop) -> None:
    guard = shop.guard
    keys = "SELECT key_id FROM guard.site_public_key WHERE site_id = %s AND retired_at IS NULL"
    [old] = guard.sql(keys, [shop.site.site_id])
    guard.process.send_signal(signal.SIGSTOP)  # type: ignore[union-attr]
    waiting = shop.deposit("waits@example.jp")
    guard.process.send_signal(signal.SIGCONT)  # type: ignore[union-attr]
    assert shop.rotate("seal") == 0
    [new] = guard.sql(keys, [shop.site.site_id])
    assert new != old
    shop.opens(waiting)
    stored = guard.sql("SELECT key_id FROM guard.site_key WHERE key_id = %s", [old["key_id"]])
    assert len(stored) == 1
    shop.works()
    shop.restart()
    shop.works()
    shop.journalled("key.seal")


def test_a_new_master_key_wraps_everything_and_the_old_one_nothing(shop: Shop) -> None:
    guard, folder = shop.guard, shop.guard.data / "guard"
    old, wrapped = (folder / MASTER).read_bytes(), "SELECT wrapped FROM guard.site_key ORDER BY 1"
    before = guard.sql(wrapped)
    stop, wrong = threading.Event(), list[BaseException]()

    def look() -> None:
        try:
            while not stop.is_set():
                shop.opens(*shop.before)
        except BaseException as error:
            wrong.append(error)

    looking = threading.Thread(target=look)
    looking.start()
    shop.rotate("master")
    stop.set()
    looking.join()
    assert not wrong
    assert (folder / MASTER).read_bytes() != old == (folder / MASTER_OLD).read_bytes()
    assert not (folder / MASTER_NEXT).exists()
    after = guard.sql(wrapped)
    assert len(after) == len(before)
    assert not {row["wrapped"] for row in after} & {row["wrapped"] for row in before}
    shop.works()
    shop.guard.site()  # one that is made now
    with pytest.raises(GuardRefused) as refused:
        shop.rotate("master")  # the old one has to be taken away first
    assert refused.value.code == "conflict"
    shop.restart()
    shop.works()
    shop.journalled("key.master")
    guard.stop()
    (folder / MASTER).write_bytes(old)
    assert "master.key is not the one" in guard.command("serve").stderr


@pytest.mark.parametrize("committed", [True, False])
def test_a_kill_between_two_master_keys_loses_nothing(shop: Shop, committed: bool) -> None:
    """The database says which one counts, whatever the files are called."""
    guard, folder = shop.guard, shop.guard.data / "guard"
    old = (folder / MASTER).read_bytes()
    if committed:
        shop.rotate("master")
        guard.kill()
        (folder / MASTER).replace(folder / MASTER_NEXT)  # as it lay before the commit
        (folder / MASTER_OLD).replace(folder / MASTER)
    else:
        guard.kill()
        (folder / MASTER_NEXT).write_bytes(os.urandom(32))
    guard.start()
    shop.works()
    assert not (folder / MASTER_NEXT).exists()
    assert ((folder / MASTER).read_bytes() == old) is not committed


def test_people_are_put_under_a_new_wrap_key_in_batches(shop: Shop) -> None:
    guard = shop.guard
    versions = "SELECT key_version, count(*) AS people FROM guard.person GROUP BY 1 ORDER BY 1"
    assert shop.rotate("wrap") == 0
    assert [row["key_version"] for row in guard.sql(versions)] == [2]
    shop.works()
    assert shop.rotate("wrap", begin=False) == 0
    shop.restart()
    shop.works()
    shop.journalled("key.wrap")


def test_an_interrupted_rewrapping_is_gone_on_with(shop: Shop) -> None:
    guard = shop.guard
    for number in range(3):
        shop.deposit(f"{number}@example.jp")
    eventually(lambda: not guard.sql("SELECT 1 FROM guard.inbox"))
    with psycopg.connect(guard.url("postgres")) as db:  # somebody holds one of the people
        db.execute("SELECT 1 FROM guard.person ORDER BY person_id DESC LIMIT 1 FOR NO KEY UPDATE")

        def rotate() -> None:
            with contextlib.suppress(GuardUnavailable):
                shop.rotate("wrap")

        asking = threading.Thread(target=rotate)
        asking.start()
        eventually(lambda: guard.entries("key.rotate"))  # the new version is there, the rest waits
        shop.works()
        guard.kill()
        asking.join()
    guard.start()
    old = "SELECT 1 FROM guard.person WHERE key_version = 1"
    assert guard.sql(old)
    shop.works()  # of both versions
    assert shop.rotate("wrap", begin=False) == 0
    assert not guard.sql(old)
    shop.works()
    shop.journalled("key.wrap")


def test_no_site_no_key(shop: Shop) -> None:
    for ask in (
        RotateKey(key="seal"), RotateKey(key="wrap", site_id=uuid4()),
        RotateKey(key="wrap", site_id=uuid4(), begin=False), RotateKey(key="seal", site_id=uuid4()),
    ):  # fmt: skip
        with pytest.raises(GuardRefused):
            shop.guard.cli.call(ask)
    with pytest.raises(GuardRefused) as refused:
        shop.guard.desk.call(RotateKey(key="master"), session=shop.session)
    assert refused.value.code == "forbidden"


def test_two_of_three_shares_are_the_master_key(shop: Shop, tmp_path: Path) -> None:
    guard, folder = shop.guard, shop.guard.data / "guard"
    guard.stop()
    made = guard.command("split", "--into", str(tmp_path / "shares"))
    assert made.returncode == 0, made.stderr
    shares = sorted((tmp_path / "shares").iterdir())
    assert [share.stat().st_mode & 0o777 for share in shares] == [0o600] * 3
    key = (folder / MASTER).read_bytes()
    assert not any(key in share.read_bytes() or key.hex().encode() in share.read_bytes()
                   for share in shares)  # fmt: skip
    assert guard.command("split", "--into", str(tmp_path / "shares")).returncode == 2
    (folder / MASTER).unlink()
    assert guard.command("serve").returncode == 2
    for pair in combinations(shares, 2):
        guard.shares = ",".join(map(str, pair))
        assert guard.command("init").returncode == 0
        assert not (folder / MASTER).exists()
        guard.start()
        shop.works()
        with pytest.raises(GuardRefused):
            shop.rotate("master")
        guard.stop()
    shares[0].write_text(shares[1].read_text())
    guard.shares = f"{shares[0]},{shares[1]}"
    said = guard.command("serve")
    assert (said.returncode, "not two shares" in said.stderr) == (2, True)


# --- erasure


def dump(cluster: Cluster, guard: Guard, file: Path) -> None:
    done = subprocess.run(
        [binaries() / "pg_dump", "-Fc", "-f", str(file), guard.url("postgres")],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def restored(cluster: Cluster, guard: Guard, file: Path) -> Guard:
    """The same instance on a database as it was."""
    name = f"restored_{uuid4().hex[:12]}"
    cluster.create_database(name)
    done = subprocess.run(
        [binaries() / "pg_restore", "-d", guard.cluster.url("postgres", name), str(file)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Guard(cluster, name, guard.data)


def test_an_erased_person_stays_erased_when_a_backup_comes_back(
    shop: Shop, cluster: Cluster, tmp_path: Path
) -> None:
    guard, kept = shop.guard, shop.before[1]
    member, identity = guard.member(shop.site, "gone@example.jp", family_name="佐藤")
    [profile] = guard.desk.call(MyRecords(kinds=["profile"]), session=member).record_ids
    order = shop.deposit("gone@example.jp")
    shop.opens(order)
    dump(cluster, guard, tmp_path / "dump")
    assert identity.person_id is not None
    ask = Erase(site_id=shop.site.site_id, person_id=identity.person_id)
    assert guard.cli.call(ask).records == 2
    with pytest.raises(GuardRefused):
        guard.cli.call(ask)

    def is_gone(where: Guard, session: str) -> None:
        for record_id in (order, profile):
            with pytest.raises(GuardRefused) as refused:
                where.desk.call(reveal(record_id), session=session)
            assert refused.value.code == "not_found"
        look = Search(site_id=shop.site.site_id, by="email", value="gone@example.jp")
        assert where.desk.call(look, session=session).record_ids == []
        with pytest.raises(GuardRefused):
            where.desk.call(
                SignInMember(site_id=shop.site.site_id, email="gone@example.jp", password=PASSWORD)
            )
        left = "SELECT data_key, identity_index FROM guard.person WHERE person_id = %s"
        assert where.sql(left, [identity.person_id]) == [{"data_key": b"", "identity_index": None}]
        sealed = "SELECT sealed FROM guard.record WHERE person_id = %s"
        assert {row["sealed"] for row in where.sql(sealed, [identity.person_id])} == {b""}
        assert where.desk.call(reveal(kept), session=session).records

    is_gone(guard, shop.session)
    [entry] = guard.entries("vault.erase")
    assert set(entry["records"]) == {order, profile}
    assert entry["persons"] == [identity.person_id]
    seen = guard.cli.call(WhoSaw(person_id=identity.person_id)).disclosures
    assert seen  # who saw them is still known
    guard.stop()
    assert verify(guard.url("ls_guard"), guard.data / "guard") == []

    back = restored(cluster, guard, tmp_path / "dump")
    left = back.sql("SELECT data_key FROM guard.person WHERE person_id = %s", [identity.person_id])
    assert left[0]["data_key"]  # the copy has the key: nothing in the database could prevent it
    assert "the ledger has fewer" in back.command("serve").stderr
    for name in ("checkpoints", "log"):  # as the restore's instructions say
        shutil.move(guard.data / "guard" / name, tmp_path / name)
    erased = guard.data / "guard" / "erased"
    text = erased.read_text()
    erased.write_text("damaged")
    assert "the list of erased people, is damaged" in back.command("serve").stderr
    erased.write_text(text)
    back.start()
    try:
        is_gone(back, shop.session)
        [entry] = back.entries("vault.erase")
        assert (entry["principal_kind"], entry["purpose"]) == ("system", "erase.restored")
        assert verify(back.url("ls_guard"), back.data / "guard") == []
    finally:
        back.stop()


def test_what_is_erased_is_one_of_the_sites(shop: Shop) -> None:
    _, identity = shop.guard.member(shop.site, "m@example.jp", family_name="佐藤")
    other = shop.guard.site()
    for ask in (Erase(site_id=other.site_id, person_id=identity.person_id or uuid4()),
                Erase(site_id=shop.site.site_id, person_id=uuid4())):  # fmt: skip
        with pytest.raises(GuardRefused) as refused:
            shop.guard.cli.call(ask)
        assert refused.value.code == "not_found"
    assert not (shop.guard.data / "guard" / "erased").exists()
    assert shop.finds("m@example.jp") == []
    shop.guard.desk.call(
        SignInMember(site_id=shop.site.site_id, email="m@example.jp", password=PASSWORD)
    )
