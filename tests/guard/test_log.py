"""The log's files: whole after any stop, proofs that another implementation takes, and an auditor
that takes nothing else."""

import base64
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from guard import audit, merkle
from guard.checkpoint_text import note
from guard.entry import BYTES_MAX, PART_MAX, Entry, canonical, in_parts, system_entry
from guard.keys import Keys, make_files, write_file
from guard.proofs import Log, ProofError
from guard.tiles import Files, tile_path
from guard.wire import Health
from lockstitch.cli.main import cli
from tests.guard.conftest import Guard, eventually
from tests.guard.test_ledger import reveal

SIZE = 66_000  # more than 256 * 256: three levels of tiles


def entry(number: int) -> bytes:
    return canonical(system_entry("test", "look", purpose=f"n.{number}", records=[uuid4()]))


class Made:
    """A log made without a database, and pymerkle's tree of the same entries."""

    def __init__(self, data: Path) -> None:
        self.data, self.folder = data, data / "guard" / "log"
        make_files(data / "guard")
        self.folder.mkdir()
        self.keys = Keys(data / "guard")
        self.files, self.entries = Files(self.folder), list[bytes]()
        self.theirs, self.frontier = InmemoryTree(algorithm="sha256"), list[bytes]()

    def grow(self, size: int) -> None:
        done = len(self.entries)
        for number in range(done, size):
            self.entries.append(entry(number))
            self.theirs.append_entry(self.entries[-1])
            leaf = merkle.leaf_hash(self.entries[-1])
            self.frontier = merkle.grow(self.frontier, number, leaf)
        self.write(done)

    def write(self, done: int) -> None:
        size, start = len(self.entries), done // 256 * 256
        self.files.put(start, [(each, merkle.leaf_hash(each)) for each in self.entries[start:]])
        self.files.finish(done, size, note(self.keys, size, merkle.root(self.frontier)))

    def audit(self, *arguments: str) -> tuple[int, str]:
        return run_audit(str(self.folder), "--pub", str(self.data / "guard/ledger.pub"), *arguments)


def run_audit(*arguments: str) -> tuple[int, str]:
    """In a folder where there is nothing else: the file needs no other."""
    done = subprocess.run(
        [sys.executable, "-I", audit.__file__, *arguments],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = Made(tmp_path_factory.mktemp("log"))
    for size in (1, 3, 255, 256, 257, 700, SIZE - 300, SIZE):
        made.grow(size)
    return made


def test_names_are_those_of_the_specification() -> None:
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 0, 7) == "tile/entries/000.p/7"
    assert tile_path(3, 1_000) == "tile/3/x001/000"


def test_the_layout_is_that_of_the_specification(made: Made) -> None:
    """For 66,000 entries: 257 full tiles and 208 hashes, 1 and 1, 1."""
    for level, number, width in ((0, 256, 256), (0, 257, 208), (1, 0, 256), (1, 1, 1), (2, 0, 1)):
        assert (made.folder / tile_path(level, number, width)).stat().st_size == 32 * width
    assert not (made.folder / "tile/0/000.p").exists()
    assert not (made.folder / tile_path(0, 258, 1)).exists()
    assert (made.folder / tile_path(1, 0)).stat().st_mode & 0o222 == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_proofs_are_those_of_pymerkle_and_the_auditor_takes_them(made: Made, data: Any) -> None:
    log, theirs = Log(made.folder), made.theirs
    size = data.draw(st.integers(1, SIZE))
    seq = data.draw(st.integers(0, size - 1))
    path, root = log.inclusion(seq, size), log.root(size)
    assert root == theirs.get_root(size)
    their_path = [bytes.fromhex(each) if isinstance(each, str) else each
                  for each in theirs.prove_inclusion(seq + 1, size).path]  # fmt: skip
    assert path == their_path[1:]  # theirs begins with the leaf
    assert audit.included(made.entries[seq], seq, size, path, root)
    assert not audit.included(made.entries[seq] + b"x", seq, size, path, root)
    assert not audit.included(made.entries[seq], seq, size, [*path, root], root)
    assert seq == 0 or not audit.included(made.entries[seq], seq - 1, size, path, root)
    old = data.draw(st.integers(1, size))
    path, old_root = log.consistency(old, size), log.root(old)
    assert audit.consistent(old, old_root, size, root, path)
    assert not audit.consistent(old, root[::-1], size, root, path)
    assert not audit.consistent(old, old_root, size, root[::-1], path)
    assert old == size or not audit.consistent(old, old_root, size, root, path[:-1])
    verify_consistency(old_root, root, theirs.prove_consistency(old, size))
    verify_inclusion(merkle.leaf_hash(made.entries[seq]), root,
                     theirs.prove_inclusion(seq + 1, size))  # fmt: skip


def test_what_is_not_there_has_no_proof(made: Made) -> None:
    log = Log(made.folder)
    for ask in (
        lambda: log.inclusion(SIZE), lambda: log.inclusion(5, 5), lambda: log.inclusion(-1),
        lambda: log.consistency(0), lambda: log.consistency(7, 6), lambda: log.entries([SIZE]),
        lambda: log.consistency(1, SIZE + 1), lambda: log.pack([1], 77),
    ):  # fmt: skip
        with pytest.raises(ProofError):
            ask()


def test_the_auditor_finds_the_whole_log_sound(made: Made) -> None:
    code, said = made.audit()
    assert code == 0, said
    assert said.startswith(f"sound: {SIZE} entries, checkpoint of {SIZE} by lockstitch/")


def changed(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (lambda log: changed(log / "tile/entries/001", 90), "tile/0/001: not what is below"),
        (lambda log: changed(log / "tile/0/002.p/188", 90), "tile/0/002.p/188: not what"),
        (lambda log: changed(log / "tile/1/000.p/2", 40), "tile/1/000.p/2: not what is below"),
        (lambda log: (log / "tile/0/001").unlink(), "tile/0/001: cannot be read"),
        (lambda log: (log / "tile/entries/000").unlink(), "tile/entries/000: cannot be read"),
        (lambda log: changed(log / "checkpoint", 26), "signed"),
    ],
)
def test_damage_is_found(tmp_path: Path, damage: Any, finding: str) -> None:
    small = Made(tmp_path)
    small.grow(700)
    damage(small.folder)
    code, said = small.audit()
    assert code == 1
    assert said.startswith("NOT SOUND: ")
    assert finding in said, said


def test_a_second_history_does_not_fit_an_older_checkpoint(tmp_path: Path) -> None:
    one = Made(tmp_path / "one")
    one.grow(300)
    older = tmp_path / "older"
    shutil.copy(one.folder / "checkpoint", older)
    one.grow(600)
    assert one.audit("--older", str(older))[0] == 0
    other = Made(tmp_path / "other")
    for name in ("ledger.key", "ledger.pub"):
        shutil.copy(one.data / "guard" / name, other.data / "guard" / name)
    other.keys = Keys(other.data / "guard")
    other.grow(700)
    assert other.audit()[0] == 0
    code, said = other.audit("--older", str(older))
    assert (code, "not those of the older checkpoint" in said) == (1, True)


def test_only_what_is_missing_is_written_again(tmp_path: Path) -> None:
    """As after a kill between two files: any of the new ones may be there, the checkpoint not."""
    made = Made(tmp_path)
    made.grow(300)
    before = (made.folder / "checkpoint").read_text()
    made.grow(1_000)
    full = made.folder / "tile/0/001"
    kept = full.stat().st_ino
    for gone in ("tile/0/002", "tile/entries/003.p/232", "tile/1/000.p/3"):
        (made.folder / gone).unlink()
    write_file(made.folder / "checkpoint", before.encode())
    (made.folder / "tile/0/.003.999").write_text("left by a kill")
    assert made.files.size() == 300
    made.write(300)
    assert made.audit()[0] == 0
    assert full.stat().st_ino == kept


@pytest.mark.parametrize("count", [1, 20_000])
def test_a_pack_is_taken_and_a_changed_one_is_not(made: Made, tmp_path: Path, count: int) -> None:
    seqs = random.Random(count).sample(range(SIZE), count)
    pack, file = Log(made.folder).pack(seqs), tmp_path / "pack.json"
    pub = str(made.data / "guard/ledger.pub")
    file.write_text(json.dumps(pack))
    code, said = run_audit("--pack", str(file), "--pub", pub, "--show")
    assert (code, f"sound: {count} entries" in said) == (0, True)
    shown = json.loads(said.split("\n")[0])
    assert (shown["seq"], shown["purpose"]) == (min(seqs), f"n.{min(seqs)}")
    assert shown["at"] is None
    pack["entries"][-1]["seq"] -= 1
    file.write_text(json.dumps(pack))
    assert run_audit("--pack", str(file), "--pub", pub)[0] == 1


def test_the_command_prints_proofs(made: Made) -> None:
    def said(*arguments: str) -> Any:
        done = CliRunner().invoke(cli, ["--data", str(made.data), "ledger", "proof", *arguments])
        return json.loads(done.output) if done.exit_code == 0 else done.exit_code

    def data(text: str) -> bytes:
        return base64.b64decode(text)

    one = said("--seq", "5", "--size", "1000")
    path, root = list(map(data, one["proof"])), made.theirs.get_root(1000)
    assert (data(one["entry"]), data(one["root"])) == (made.entries[5], root)
    assert audit.included(made.entries[5], 5, 1000, path, root)
    two = said("--consistency", "300", "1000")
    path, old = list(map(data, two["proof"])), made.theirs.get_root(300)
    assert (data(two["old_root"]), data(two["root"])) == (old, root)
    assert audit.consistent(300, old, 1000, root, path)
    assert said("--seq", str(SIZE)) == said() == said("--consistency", "9", "8") == 1


def test_an_entry_with_many_records_is_several() -> None:
    records, persons = [uuid4() for _ in range(15_581)], [uuid4() for _ in range(10_946)]
    owners = {each: persons[at % len(persons)] for at, each in enumerate(records)}
    whole = system_entry("test", "reveal", purpose="orders.export", records=records,
                         fields=["email"], persons=persons)  # fmt: skip
    parts = in_parts(whole, owners)
    assert len(parts) == -(-15_581 // PART_MAX)
    assert [each for part in parts for each in part.records] == records
    assert {each for part in parts for each in part.persons} == set(persons)
    for part in parts:
        assert len(canonical(part)) <= BYTES_MAX
        assert set(part.persons) == {owners[each] for each in part.records}
        assert (part.purpose, part.fields, part.verb) == (whole.purpose, whole.fields, "reveal")
    few = system_entry("test", "export", records=records[:3])
    assert [part.persons for part in in_parts(few, owners)] == [persons[:3]]
    single: Entry = system_entry("test", "sign_in")
    assert in_parts(single, {}) == [single]


def test_the_guard_writes_it_and_goes_on_after_a_kill(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    record_id, log = own_guard.deposit(site), own_guard.data / "guard" / "log"

    def written() -> bool:
        size = own_guard.cli.call(Health()).ledger_size
        return (log / "checkpoint").exists() and Log(log).size >= size

    own_guard.desk.call(reveal(record_id), session=session)
    eventually(written)
    own_guard.kill()
    for tile in (log / "tile").rglob("*.p/*"):
        tile.unlink()
    (log / "checkpoint").unlink()
    own_guard.start()
    for _ in range(260):
        seq = own_guard.desk.call(reveal(record_id), session=session).seq
    eventually(written)
    held = Log(log)
    root = held.root(held.size)
    [row] = own_guard.sql("SELECT entry FROM guard.ledger WHERE seq = %s", [seq])
    assert held.entries([seq])[seq] == row["entry"]
    assert audit.included(row["entry"], seq, held.size, held.inclusion(seq), root)
    own_guard.stop()
    code, said = run_audit(str(log), "--pub", str(own_guard.data / "guard/ledger.pub"), "--show")
    assert code == 0, said
    shown = [json.loads(line) for line in said.splitlines()[:-1]]
    at = own_guard.sql("SELECT at FROM guard.ledger WHERE seq = %s", [seq])[0]["at"]
    assert shown[seq]["verb"] == "reveal"
    assert shown[seq]["at"] == at.isoformat()
    assert shown[seq]["records"] == [str(record_id)]
