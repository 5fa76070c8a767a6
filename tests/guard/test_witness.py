"""Witnesses: they sign only what grew, and a guard whose ledger did not says so."""

import asyncio
import base64
import http.client
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from guard import audit
from guard.db import make_pool
from guard.ledger import Ledger
from guard.proofs import Log
from guard.refusal import Refusal
from guard.verify import verify
from guard.wire import Health, HealthReport
from guard.witness import Signer, Witness
from lockstitch.cli.cluster import Cluster
from tests.guard.conftest import Elsewhere, Guard, eventually, make_guard
from tests.guard.test_ledger import reveal
from tests.guard.test_log import Made, run_audit

type Asked = Callable[..., tuple[int, str]]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = Made(tmp_path)
    made.grow(300)
    return made


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.in_file(tmp_path / "w.key", "w1.example")


def witness_of(made: Made, signer: Signer) -> Witness:
    key = audit.read_key((made.data / "guard/ledger.pub").read_text())
    return Witness([key], signer, made.data / "state")


def body(made: Made, old: int, proof: list[bytes] | None = None, note: str = "") -> bytes:
    if proof is None:
        log = Log(made.folder)
        proof = log.consistency(old) if 0 < old < log.size else []
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof)]
    text = note or (made.folder / "checkpoint").read_text()
    return ("\n".join(lines) + "\n\n" + text).encode()


def test_it_cosigns_what_grew(made: Made, signer: Signer, tmp_path: Path) -> None:
    witness, key = witness_of(made, signer), audit.read_key(signer.vkey)
    for old, size in ((0, 300), (300, 300), (300, 301), (301, 900)):
        made.grow(size)
        said = witness.add_checkpoint(body(made, old))
        assert said.status == 200, said
        whole = (made.folder / "checkpoint").read_text() + said.body
        assert audit.signed_at(audit.read_checkpoint(whole), key) is not None
    moved = whole.replace("\n900\n", "\n901\n")
    assert audit.signed_at(audit.read_checkpoint(moved), key) is None
    again = Signer.in_file(tmp_path / "w.key", None)  # and it remembers
    found = witness_of(made, again).add_checkpoint(body(made, 300))
    assert (found.status, found.body, found.content_type) == (409, "900\n", "text/x.tlog.size")


def test_it_refuses_what_did_not(made: Made, signer: Signer, tmp_path: Path) -> None:
    witness = witness_of(made, signer)
    assert witness.add_checkpoint(body(made, 0)).status == 200
    first = (made.folder / "checkpoint").read_text()
    made.grow(500)
    proof = Log(made.folder).consistency(300)
    wrong = [proof[0][::-1], *proof[1:]]
    assert witness.add_checkpoint(body(made, 300, wrong)).status == 422
    assert witness.add_checkpoint(body(made, 300, [])).status == 422
    assert witness.add_checkpoint(body(made, 500, [], first)).status == 400
    assert witness.add_checkpoint(body(made, 0)).status == 409
    note = (made.folder / "checkpoint").read_text()
    assert witness.add_checkpoint(body(made, 300, None, note.replace("\n500\n", "\n499\n"))
                                  ).status == 403  # fmt: skip
    stranger = Made(tmp_path / "stranger")
    stranger.grow(3)
    assert witness.add_checkpoint(body(stranger, 0)).status == 404
    for bad in (b"", b"old 0\n\n", b"old 00\n\n" + note.encode(), b"\xff", b"old 300\nx\n\n"):
        assert witness.add_checkpoint(bad).status == 400, bad
    twin = Made(tmp_path / "twin")  # another history, signed with the same key
    for name in ("ledger.key", "ledger.pub"):
        shutil.copy(made.data / "guard" / name, twin.data / "guard" / name)
    twin.keys = type(twin.keys)(twin.data / "guard")
    twin.grow(300)
    said = witness.add_checkpoint(body(twin, 300))
    assert (said.status, said.body) == (409, "300\n")
    twin.grow(400)
    assert witness.add_checkpoint(body(twin, 300)).status == 422
    assert witness.add_checkpoint(body(made, 300)).status == 200


def health(guard: Guard) -> HealthReport:
    return guard.cli.call(Health())


def cosigned(guard: Guard) -> bool:
    """Whether the checkpoint in the files covers the ledger and has a second signature."""
    path, size = guard.data / "guard/log/checkpoint", health(guard).ledger_size
    text = path.read_text() if path.exists() else ""
    return text.count("\n— ") == 2 and audit.read_checkpoint(text).size == size


def waits(guard: Guard, url: str, seq: int) -> None:
    """What bulk does. Refusal."""

    async def ask() -> None:
        pool = make_pool(guard.url("ls_guard"))
        await pool.open(wait=True)
        try:
            await Ledger(pool, [url]).need_witnessed(seq)
        finally:
            await pool.close()

    asyncio.run(ask())


def test_checkpoints_are_cosigned_and_bulk_waits_for_it(
    own_guard: Guard, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    own_guard.start()
    own_guard.site()
    eventually(lambda: cosigned(own_guard))
    said = health(own_guard)
    assert (said.witnesses, said.witnesses_disagree) == (1, False)
    assert said.witness_age is not None
    waits(own_guard, elsewhere.url, said.ledger_size - 1)
    elsewhere.stop()
    own_guard.site()
    size = health(own_guard).ledger_size
    with pytest.raises(Refusal) as refused:
        waits(own_guard, elsewhere.url, size - 1)
    assert refused.value.code == "unavailable"
    elsewhere.start()  # it goes on from where it was
    eventually(lambda: cosigned(own_guard))
    waits(own_guard, elsewhere.url, size - 1)
    assert not health(own_guard).witnesses_disagree
    own_guard.stop()
    key = tmp_path / "w.pub"
    key.write_text(elsewhere.address.partition("#")[2])
    folder = str(own_guard.data / "guard/log")
    pub = str(own_guard.data / "guard/ledger.pub")
    code, told = run_audit(folder, "--pub", pub, "--witness-key", str(key))
    assert (code, "cosigned by w1.example at 20" in told) == (0, True), told
    stranger = Signer.in_file(tmp_path / "other.key", "w2.example")
    key.write_text(stranger.vkey)
    assert run_audit(folder, "--pub", pub, "--witness-key", str(key))[0] == 1
    assert verify(own_guard.url("ls_guard"), own_guard.data / "guard") == []


def test_a_second_history_is_found_by_the_witness(
    own_guard: Guard, elsewhere: Elsewhere, cluster: Cluster, tmp_path: Path
) -> None:
    """A ledger begun anew under the same key, as after a database and its files were set back."""
    own_guard.start()
    for _ in range(6):
        own_guard.site()
    eventually(lambda: cosigned(own_guard))
    known = health(own_guard).ledger_size
    own_guard.stop()
    (tmp_path / "second").mkdir()
    second = make_guard(cluster, tmp_path / "second")
    for name in ("ledger.key", "ledger.pub"):
        shutil.copy(own_guard.data / "guard" / name, second.data / "guard" / name)
    second.witnesses = elsewhere.address
    second.start()
    try:
        second.site()
        eventually(lambda: health(second).witnesses_disagree)
        [row] = second.sql("SELECT * FROM guard.witness")
        assert row["refused_why"] == f"it has {known} entries, the ledger fewer"
        assert row["last_at"] is None
        [entry] = second.entries("witness.refused")
        assert entry["purpose"] == "witness.w1.example"
        second.sql("DELETE FROM guard.witness")
        while health(second).ledger_size <= known:
            second.site()  # the ledger goes on
        eventually(lambda: health(second).witnesses_disagree)
        [row] = second.sql("SELECT * FROM guard.witness")
        assert "do not begin with" in row["refused_why"]
    finally:
        second.stop()


def test_a_witness_that_hangs_stops_what_is_bulk_and_nothing_else(
    own_guard: Guard, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes the call, and says nothing
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        vkey = Signer.in_file(tmp_path / "w.key", "w1.example").vkey
        own_guard.witnesses = f"{url}#{vkey}"
        own_guard.start()
        site = own_guard.site()
        session, _ = own_guard.operator(site, "orders")
        seq = own_guard.desk.call(reveal(own_guard.deposit(site)), session=session).seq
        eventually(lambda: health(own_guard).checkpoint_size > seq)
        with pytest.raises(Refusal):
            waits(own_guard, url, seq)
        said = health(own_guard)
        assert (said.witnesses, said.witness_age, said.witnesses_disagree) == (1, None, False)
        own_guard.stop()


def test_a_witness_is_named_with_its_key(own_guard: Guard) -> None:
    own_guard.witnesses = "http://127.0.0.1:1#w1.example+00000000+AAAA"
    done = own_guard.command("serve")
    assert (done.returncode, "LOCKSTITCH_WITNESSES" in done.stderr) == (2, True)


def test_only_a_checkpoint_is_taken_over_http(elsewhere: Elsewhere) -> None:
    for path, sent, status in (
        ("/", b"", 404), ("/add-checkpoint", b"x" * 70_000, 400), ("/add-checkpoint", b"old", 400)
    ):  # fmt: skip
        connection = http.client.HTTPConnection(urlsplit(elsewhere.url).netloc, timeout=10)
        connection.request("POST", path, body=sent)
        assert connection.getresponse().status == status
        connection.close()
