"""A new signing key for the ledger: vouched for by the old one, or it is nobody's."""

import base64
import json
import shutil
import threading
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guard import merkle
from guard.checkpoint_text import note
from guard.keys import SIGNING, SIGNING_NEXT, SIGNING_PUB, Keys, write_file
from guard.proofs import Log
from guard.verify import verify
from guard.watch import manifest
from guard.wire import RotateKey
from guard.witness import Signer
from tests.guard.conftest import Elsewhere, Guard, eventually
from tests.guard.test_ledger import reveal
from tests.guard.test_log import Made, run_audit
from tests.guard.test_witness import body, cosigned, health, witness_of


class Succeeded(Made):
    """A log of files whose key changes."""

    def hand_over(self, following: Ed25519PrivateKey, by: Keys | None = None) -> str:
        """At the size it has; `by` is another signer than the key in use."""
        size = len(self.entries)
        text = note(by or self.keys, size, merkle.root(self.frontier), following)
        (self.folder / "succession").mkdir(exist_ok=True)
        write_file(self.folder / "succession" / f"{size:012}", text.encode())
        write_file(self.folder / "checkpoint", text.encode())
        self.keys.signing = following
        return text


@pytest.fixture
def made(tmp_path: Path) -> Succeeded:
    made = Succeeded(tmp_path)
    made.grow(300)
    return made


def fresh() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def test_the_auditor_follows_from_the_first_key(made: Succeeded, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copy(made.folder / "checkpoint", older)
    for size in (310, 600):
        made.hand_over(fresh())
        assert made.audit()[0] == 0  # the succession is a checkpoint itself
        made.grow(size)
        code, said = made.audit("--older", str(older))
        assert (code, "handed over to" in said) == (0, True), said
    pack = tmp_path / "pack.json"
    pub = str(made.data / "guard/ledger.pub")
    for packed in (Log(made.folder).pack([3, 305, 599]),):
        assert len(packed["successions"]) == 2
        pack.write_text(json.dumps(packed))
        assert run_audit("--pack", str(pack), "--pub", pub)[0] == 0
        pack.write_text(json.dumps({**packed, "successions": packed["successions"][1:]}))
        code, said = run_audit("--pack", str(pack), "--pub", pub)
        assert (code, "not signed by the key before it" in said) == (1, True), said
        pack.write_text(json.dumps({**packed, "successions": []}))
        code, said = run_audit("--pack", str(pack), "--pub", pub)
        assert (code, "not signed by this log" in said) == (1, True), said


def test_a_succession_by_anybody_else_is_none(made: Succeeded, tmp_path: Path) -> None:
    stranger = Keys(made.data / "guard")
    stranger.signing = fresh()
    made.hand_over(fresh(), by=stranger)
    code, said = made.audit()
    assert (code, "succession at 300 is not signed by the key before it" in said) == (1, True), said


def test_a_new_key_that_does_not_sign_is_none(made: Succeeded) -> None:
    """Nobody can be made the signer of a log by somebody else's word."""
    text = made.hand_over(fresh())
    [path] = (made.folder / "succession").iterdir()
    lines = text.splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    code, said = made.audit()
    assert (code, "not signed by its new key" in said) == (1, True), said


def test_the_old_key_signs_nothing_more(made: Succeeded) -> None:
    old = made.keys.signing
    made.hand_over(fresh())
    made.keys.signing = old
    made.grow(301)
    code, said = made.audit()
    assert (code, "signed by a key that was succeeded" in said) == (1, True), said


def test_a_succession_of_another_history_is_found(made: Succeeded, tmp_path: Path) -> None:
    """The old key has signed it, but what it says of the first 300 entries is not so."""
    root = merkle.root(made.frontier)
    new = fresh()
    text = note(made.keys, 300, root[::-1], new)
    (made.folder / "succession").mkdir()
    (made.folder / "succession" / f"{300:012}").write_text(text)
    made.keys.signing = new
    made.grow(400)
    code, said = made.audit()
    assert (code, "first 300 entries are not those" in said) == (1, True), said
    pack = tmp_path / "pack.json"
    pack.write_text(json.dumps(Log(made.folder).pack([3])))
    pub = str(made.data / "guard/ledger.pub")
    code, said = run_audit("--pack", str(pack), "--pub", pub)
    assert (code, "succession at 300 is of another log" in said) == (1, True), said


def test_a_witness_sees_the_succession_first(made: Succeeded, tmp_path: Path) -> None:
    signer = Signer.in_file(tmp_path / "w.key", "w1.example")
    witness, old = witness_of(made, signer), made.keys.signing
    assert witness.add_checkpoint(body(made, 0)).status == 200
    made.grow(310)
    succession = made.hand_over(fresh())
    new = made.keys.signing
    made.grow(400)
    assert witness.add_checkpoint(body(made, 300)).status == 403  # whose is this key?
    proof = Log(made.folder).consistency(300, 310)
    cut = "".join(succession.splitlines(keepends=True)[:-1])
    assert witness.add_checkpoint(body(made, 300, proof, cut)).status == 400
    assert witness.add_checkpoint(body(made, 300, proof, succession)).status == 200
    assert witness.add_checkpoint(body(made, 310, [], succession)).status == 200  # again
    again = witness_of(made, signer)  # it remembers
    assert again.add_checkpoint(body(made, 310)).status == 200
    made.keys.signing = old
    made.grow(401)
    said = again.add_checkpoint(body(made, 400))
    assert (said.status, "was succeeded" in said.body) == (403, True)
    made.keys.signing = new
    made.write(401)
    assert again.add_checkpoint(body(made, 400)).status == 200


def rotate(guard: Guard) -> None:
    guard.cli.call(RotateKey(key="ledger"))


def sound(guard: Guard, *arguments: str) -> str:
    """Database and files, by the two verifiers; what the second said."""
    assert verify(guard.url("ls_guard"), guard.data / "guard") == []
    folder, pub = guard.data / "guard/log", guard.data / "guard/ledger.pub"
    code, said = run_audit(str(folder), "--pub", str(pub), *arguments)
    assert code == 0, said
    return said


def test_a_new_key_while_reveals_go_on(
    own_guard: Guard, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    guard, folder = own_guard, own_guard.data / "guard"
    guard.start()
    manifest.make(folder, [tmp_path], Keys(folder).signing)
    site = guard.site()
    session, _ = guard.operator(site, "orders")
    record, first = guard.deposit(site), (folder / SIGNING).read_bytes()
    pub = (folder / "ledger.pub").read_bytes()
    seen: list[int] = []
    failed: list[Exception] = []
    over = threading.Event()

    def look(client_of: Guard, record_id: UUID) -> None:
        while not over.is_set():
            try:
                seen.append(client_of.desk.call(reveal(record_id), session=session).seq)
            except Exception as error:  # whatever it is, it is shown below
                failed.append(error)
                return
            over.wait(0.1)  # below the budget of looks in ten minutes

    looking = threading.Thread(target=look, args=(guard, record))
    looking.start()
    eventually(lambda: seen)
    for _ in range(2):
        rotate(guard)
        size = health(guard).ledger_size
        eventually(lambda size=size: seen[-1] > size)
    over.set()
    looking.join()
    assert not failed
    eventually(lambda: cosigned(guard))
    assert not health(guard).witnesses_disagree
    assert (folder / SIGNING).read_bytes() != first
    assert not (folder / SIGNING_NEXT).exists()
    assert (folder / "ledger.pub").read_bytes() == pub  # others have copies
    manifest.read(folder)  # the file watch goes on with it
    key = tmp_path / "w.pub"
    key.write_text(elsewhere.address.partition("#")[2])
    assert sound(guard, "--witness-key", str(key)).count("handed over to") == 2
    pack = tmp_path / "pack.json"
    pack.write_text(json.dumps(Log(folder / "log").pack(seen)))
    code, said = run_audit("--pack", str(pack), "--pub", str(folder / "ledger.pub"))
    assert (code, f"sound: {len(seen)} entries" in said) == (0, True), said
    rows = guard.sql("SELECT size FROM guard.succession ORDER BY size")
    signed = guard.sql("SELECT size FROM guard.cosignature")
    assert {row["size"] for row in rows} <= {row["size"] for row in signed}
    guard.stop()
    guard.start()
    guard.site()
    eventually(lambda: cosigned(guard))
    sound(guard)


def test_a_stop_between_any_two_steps_loses_nothing(own_guard: Guard, tmp_path: Path) -> None:
    guard, folder = own_guard, own_guard.data / "guard"
    guard.start()
    guard.site()
    guard.stop()
    first = (folder / SIGNING).read_bytes()
    # Before the commit: a key that nobody vouches for.
    write_file(folder / SIGNING_NEXT, fresh().private_bytes_raw())
    guard.start()
    assert not (folder / SIGNING_NEXT).exists()
    assert (folder / SIGNING).read_bytes() == first
    manifest.make(folder, [tmp_path], Keys(folder).signing)
    before = {name: (folder / name).read_bytes() for name in (SIGNING_PUB, manifest.NAME)}
    rotate(guard)
    eventually(lambda: health(guard).checkpoint_size == health(guard).ledger_size)
    guard.stop()
    second = (folder / SIGNING).read_bytes()
    # After the commit, and none, some or all of the files written.
    for undone in ((), (SIGNING_PUB,), (SIGNING_PUB, manifest.NAME)):
        write_file(folder / SIGNING_NEXT, second)
        write_file(folder / SIGNING, first)
        for name in undone:
            write_file(folder / name, before[name])
        shutil.rmtree(folder / "log" / "succession")
        guard.start()
        guard.site()
        eventually(lambda: health(guard).checkpoint_size == health(guard).ledger_size)
        guard.stop()
        assert (folder / SIGNING).read_bytes() == second
        assert not (folder / SIGNING_NEXT).exists()
        manifest.read(folder)
        assert sound(guard).count("handed over to") == 1
    (folder / SIGNING).write_bytes(first)  # brought back from an old copy
    said = guard.command("serve")
    assert (said.returncode, "not the one that this ledger goes on with" in said.stderr) == (
        2,
        True,
    )


def test_the_database_cannot_make_a_succession(own_guard: Guard) -> None:
    """Whoever owns it can write a row, and not sign it."""
    guard = own_guard
    guard.start()
    guard.site()
    rotate(guard)
    eventually(lambda: health(guard).checkpoint_size == health(guard).ledger_size)
    guard.stop()
    public = fresh().public_key().public_bytes_raw()
    text = base64.b64encode(b"\x01" + public).decode()
    guard.sql("ALTER TABLE guard.succession DISABLE TRIGGER USER")
    origin = (guard.data / "guard/ledger.pub").read_text().partition("+")[0]
    guard.sql("UPDATE guard.succession SET vkey = %s", [f"{origin}+00000000+{text}"])
    [found, *_] = verify(guard.url("ls_guard"), guard.data / "guard")
    assert "not signed by the key before it and by the new one" in found
    guard.sql("DELETE FROM guard.succession")
    found = "\n".join(verify(guard.url("ls_guard"), guard.data / "guard"))
    assert "the database does not have this succession" in found
