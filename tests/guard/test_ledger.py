"""The ledger: written before anything is shown, without gaps, and telling when it was changed."""

import base64
import contextlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import dict_row
from pymerkle import InmemoryTree

from guard.client import GuardClient, GuardUnavailable
from guard.verify import Db, Signers, Verifier, findings_in, verify
from guard.wire import EndSessions, Health, MyRecords, Reveal, Search, SignInMember
from lockstitch.cli.cluster import Cluster
from tests.guard.conftest import PASSWORD, PERSON, Guard, Site, eventually, make_guard


def reveal(record_id: UUID) -> Reveal:
    return Reveal(record_ids=[record_id], fields=["family_name"], purpose="order.ship")


def test_nothing_is_shown_that_cannot_be_written_down(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    record_id = own_guard.deposit(site)
    call = own_guard.desk.call
    call(reveal(record_id), session=session)
    own_guard.sql("REVOKE INSERT ON guard.ledger FROM ls_guard")
    for ask in (
        reveal(record_id),
        Search(site_id=site.site_id, by="email", value=PERSON["email"]),
        SignInMember(site_id=site.site_id, email="x@example.jp", password=PASSWORD),
    ):
        with pytest.raises(GuardUnavailable):
            call(ask, session=session)
    own_guard.sql("GRANT INSERT ON guard.ledger TO ls_guard")
    own_guard.sql("CREATE TABLE head AS SELECT * FROM guard.ledger_head")
    own_guard.sql("DELETE FROM guard.ledger_head")
    with pytest.raises(GuardUnavailable):
        call(reveal(record_id), session=session)
    own_guard.sql("INSERT INTO guard.ledger_head SELECT * FROM head")
    own_guard.sql("REVOKE INSERT ON guard.ledger FROM ls_guard")
    waiting = own_guard.deposit(site)
    own_guard.sql("GRANT INSERT ON guard.ledger TO ls_guard")
    assert call(reveal(waiting), session=session).records
    said = own_guard.stop()
    assert "InsufficientPrivilege" in said or "LedgerError" in said
    assert "山田" not in said
    assert verify(own_guard.url("ls_guard"), own_guard.data / "guard") == []


def test_fifty_at_once_leave_no_gap(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    ids = [own_guard.deposit(site) for _ in range(10)]

    def work(number: int) -> list[int]:
        client = GuardClient(own_guard.socket, own_guard.desk_token)
        asks = [reveal(ids[(number + turn) % 10]) for turn in range(6)]
        seqs = [client.call(ask, session=session).seq for ask in asks]
        client.close()
        return seqs

    with ThreadPoolExecutor(50) as threads:
        seqs = [seq for done in threads.map(work, range(50)) for seq in done]
    assert len(set(seqs)) == 300
    rows = own_guard.sql("SELECT seq FROM guard.ledger ORDER BY seq")
    assert [row["seq"] for row in rows] == list(range(len(rows)))
    own_guard.stop()
    progress: list[tuple[int, int]] = []
    found = verify(
        own_guard.url("ls_owner"), own_guard.data / "guard",
        lambda done, total: progress.append((done, total)),
    )  # fmt: skip
    assert found == []
    assert progress[-1] == (len(rows), len(rows))


def test_what_was_answered_before_a_kill_is_on_the_record(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    ids = [own_guard.deposit(site) for _ in range(3)]
    own_guard.desk.call(reveal(ids[0]), session=session)
    answered: list[int] = []

    def work(number: int) -> None:
        client = GuardClient(own_guard.socket, own_guard.desk_token)
        with contextlib.suppress(GuardUnavailable):
            while True:
                answered.append(client.call(reveal(ids[number % 3]), session=session).seq)

    with ThreadPoolExecutor(8) as threads:
        for number in range(8):
            threads.submit(work, number)
        eventually(lambda: len(answered) > 40)
        own_guard.kill()
    written = {row["seq"] for row in own_guard.entries("reveal")}
    assert len(answered) == len(set(answered))
    assert set(answered) <= written
    own_guard.start()
    own_guard.desk.call(reveal(ids[0]), session=session)
    own_guard.stop()
    assert verify(own_guard.url("ls_guard"), own_guard.data / "guard") == []


def test_checkpoints_are_signed_notes_of_the_true_root(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    own_guard.deposit(site)
    folder = own_guard.data / "guard"
    eventually(lambda: own_guard.cli.call(Health()).inbox == 0)
    size = own_guard.cli.call(Health()).ledger_size
    eventually(lambda: own_guard.cli.call(Health()).checkpoint_size >= size)
    own_guard.stop()
    theirs = InmemoryTree(algorithm="sha256")
    for row in own_guard.sql("SELECT entry FROM guard.ledger ORDER BY seq"):
        theirs.append_entry(row["entry"])
    name, _, body = (folder / "ledger.pub").read_text().strip().split("+", 2)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body)[1:])
    files = [path for path in (folder / "checkpoints").iterdir() if path.name.isdigit()]
    assert files
    for path in files:
        text, _, signature = path.read_text().partition("\n\n")
        origin, count, root = text.split("\n")
        assert origin == name
        assert int(count) == int(path.name)
        assert base64.b64decode(root) == theirs.get_root(int(count))
        mark, signer, blob = signature.rstrip("\n").split(" ")
        assert (mark, signer) == ("—", name)
        key.verify(base64.b64decode(blob)[4:], f"{text}\n".encode())
        with pytest.raises(InvalidSignature):
            key.verify(base64.b64decode(blob)[4:], f"{text}x\n".encode())
    latest = max(files, key=lambda path: int(path.name)).read_text()
    assert (folder / "checkpoints" / "latest").read_text() == latest


@pytest.fixture(scope="module")
def stopped(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Guard:
    """A guard that did a little of everything and ended: to be tampered with, on copies."""
    made = make_guard(cluster, tmp_path_factory.mktemp("g"))
    made.start()
    site = made.site()
    session, _ = made.operator(site, "orders")
    record_id = made.deposit(site)
    made.desk.call(reveal(record_id), session=session)
    member, _ = made.member(site, "m@example.jp", family_name="佐藤")
    made.desk.call(MyRecords(kinds=["profile"]), session=member)
    size = made.cli.call(Health()).ledger_size
    eventually(lambda: made.cli.call(Health()).checkpoint_size >= size)
    made.desk.call(reveal(record_id), session=session)
    made.stop()
    return made


TAMPERINGS = [
    ("UPDATE guard.ledger SET principal_id = 'x' WHERE seq = 5", r"entry 5: column principal_id"),
    ("UPDATE guard.ledger SET at = at - interval '1 day' WHERE seq = 5", r"entry 5: column at"),
    ("UPDATE guard.ledger SET entry = entry || '\\x00' WHERE seq = 5", r"entry 5: its bytes"),
    (
        "UPDATE guard.ledger a SET entry = b.entry, leaf_hash = b.leaf_hash, verb = b.verb"
        " FROM guard.ledger b WHERE b.seq = 4 AND a.seq = 5",
        r"checkpoint \d+: the entries",
    ),
    (
        "UPDATE guard.ledger SET seq = CASE seq WHEN 4 THEN -4 ELSE -5 END WHERE seq IN (4, 5);"
        " UPDATE guard.ledger SET seq = CASE seq WHEN -4 THEN 5 ELSE 4 END WHERE seq < 0",
        r"checkpoint \d+: the entries",
    ),
    ("DELETE FROM guard.ledger WHERE seq = 5", r"entry 5: missing"),
    ("DELETE FROM guard.ledger WHERE seq = (SELECT max(seq) FROM guard.ledger)", r"head: says"),
    (
        "DELETE FROM guard.ledger WHERE seq = (SELECT max(seq) FROM guard.ledger);"
        " UPDATE guard.ledger_head SET size = size - 1",
        r"head: its compact range|checkpoint \d+: signed, but",
    ),
    ("UPDATE guard.ledger_head SET frontier = '{}'", r"head: its compact range"),
    ("DELETE FROM guard.ledger_record WHERE true", r"the table of its records"),
    (
        "INSERT INTO guard.ledger_person SELECT gen_random_uuid(), seq, at FROM guard.ledger"
        " WHERE seq = 3",
        r"3: the table of its pers",
    ),
    ("UPDATE guard.ledger_record SET at = at + interval '1 month'", r"the table of its records"),
    (
        "INSERT INTO guard.ledger (seq, at, verb, principal_kind, principal_id, address, purpose,"
        " fields, outcome, records, persons, entry, leaf_hash) SELECT seq, at + interval '1 month',"
        " verb, principal_kind, principal_id, address, purpose, fields, outcome, records, persons,"
        " entry, leaf_hash FROM guard.ledger ORDER BY seq DESC LIMIT 1",
        r"entry \d+: missing|head: says",
    ),
    ("UPDATE guard.checkpoint SET root = sha256('x')", r"checkpoint \d+: its note"),
    ("UPDATE guard.checkpoint SET note = replace(note, 'A', 'B')", r"checkpoint \d+: its note"),
    ("DELETE FROM guard.checkpoint", r"checkpoints/latest: the database does not have"),
    ("DELETE FROM guard.record WHERE kind = 'order'", r"was stored, and is gone"),
    (
        "INSERT INTO guard.record SELECT gen_random_uuid(), site_id, person_id, 'order', sealed,"
        " key_version, access_hash, source, deposited_at FROM guard.record LIMIT 1",
        r"0 entries of its storing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tampering", "finding"), TAMPERINGS)
def test_tampering_is_found(stopped: Guard, tampering: str, finding: str) -> None:
    """By a superuser with the triggers off; taken back afterwards."""
    folder = stopped.data / "guard"
    with psycopg.connect(stopped.url("postgres"), row_factory=dict_row) as db:
        assert list(findings_in(db, folder, lambda done, total: None)) == []
        db.execute("SET session_replication_role = replica")
        db.execute(tampering)
        found = list(findings_in(db, folder, lambda done, total: None))
        assert any(re.search(finding, line) for line in found), found
        db.rollback()


def test_what_is_signed_while_it_is_verified_is_no_finding(
    guard: Guard, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = guard.operator(site, "orders")
    record_id = guard.deposit(site)
    folder = guard.data / "guard"
    latest = folder / "checkpoints" / "latest"
    eventually(latest.exists)

    class AndMeanwhile(Signers):
        def __init__(self, first: Verifier, db: Db) -> None:
            super().__init__(first, db)  # the first query: the view is of now
            before = latest.read_text()
            guard.desk.call(reveal(record_id), session=session)
            assert eventually(lambda: latest.read_text() != before)

    monkeypatch.setattr("guard.verify.Signers", AndMeanwhile)
    assert verify(guard.url("ls_guard"), folder) == []


def test_files_outside_are_held_against_the_table(stopped: Guard) -> None:
    folder = stopped.data / "guard" / "checkpoints"
    latest = folder / "latest"
    text = latest.read_text()
    latest.write_text(text.replace("\n", "\n9", 1))
    try:
        done = stopped.command("verify", "--json")
    finally:
        latest.write_text(text)
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "sound": False,
        "findings": ["checkpoints/latest: the database does not have this checkpoint"],
    }


def test_what_is_signed_while_it_is_recomputed_is_no_finding(own_guard: Guard) -> None:
    """A long ledger takes minutes, and the guard goes on meanwhile."""
    own_guard.start()
    session, _ = own_guard.operator(own_guard.site(), "orders")
    folder, log = own_guard.data / "guard", own_guard.data / "guard" / "log" / "checkpoint"
    eventually(log.exists)
    seen = []

    def meanwhile(done: int, _total: int) -> None:
        if not seen:
            seen.append(done)
            before = log.read_text()
            own_guard.desk.call(EndSessions(), session=session)
            eventually(lambda: log.read_text() != before)

    assert verify(own_guard.url("ls_guard"), folder, meanwhile) == []
    assert seen


def test_a_ledger_older_than_its_checkpoint_is_not_continued(own_guard: Guard) -> None:
    """A database restored from an old copy must not be signed as a second history."""
    own_guard.start()
    own_guard.site()
    size = own_guard.cli.call(Health()).ledger_size
    eventually(lambda: own_guard.cli.call(Health()).checkpoint_size >= size)
    own_guard.stop()
    own_guard.sql("UPDATE guard.ledger_head SET size = 1")
    done = own_guard.command("serve")
    assert done.returncode == 2
    assert "the ledger has fewer" in done.stderr


def test_no_entry_holds_a_personal_datum(stopped: Guard) -> None:
    rows: list[dict[str, Any]] = stopped.sql("SELECT entry, l::text AS columns FROM guard.ledger l")
    whole = b"".join(row["entry"] + row["columns"].encode() for row in rows)
    for value in (*PERSON.values(), "佐藤", "m@example.jp"):
        assert value.encode() not in whole


def test_the_vault_and_the_boxes_hold_no_plaintext(stopped: Guard) -> None:
    tables = stopped.sql("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'guard'")
    for table in tables:
        rows = stopped.sql(f"SELECT t::text AS row FROM guard.{table['name']} t")
        text = "\n".join(row["row"] for row in rows)
        for value in (*PERSON.values(), "佐藤", "m@example.jp", PASSWORD):
            assert value not in text
            assert value.encode().hex() not in text
