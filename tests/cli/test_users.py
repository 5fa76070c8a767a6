"""`up --separate-users`: a user for each process, who reaches nothing of another's. The users do it
alone here: neither Landlock nor seccomp is in the way of whoever tries."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lockstitch.cli import accounts, processes
from lockstitch.cli.instance import ROOT
from tests.cli.test_watch import alerts, sql
from tests.filled import STAFF, filled
from tests.instance import Running, call, folder, spawn, started, wait_until
from tests.instance import processes as running_processes
from tests.seam.conftest import Seeded

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes others of processes")

INTRUDER = """
import json, os, socket, sys
asked, done = json.loads(sys.argv[1]), {}
def attempt(name, deed):
    try:
        deed()
        done[name] = True
    except OSError as error:
        done[name] = False
for path in asked["read"]:
    attempt("read " + path, lambda: open(path, "rb").read(1))
    attempt("write " + path, lambda: open(path, "ab").close())
for pid in asked["pids"]:
    attempt(f"environ of {pid}", lambda: open(f"/proc/{pid}/environ", "rb").read(1))
    attempt(f"signal {pid}", lambda: os.kill(pid, 0))
for path in asked["knock"]:
    kind = socket.SOCK_STREAM if "guard" in path else socket.SOCK_SEQPACKET
    attempt("knock " + path, lambda: socket.socket(socket.AF_UNIX, kind).connect(path))
print(json.dumps(done))
"""
CALL = """
import sys
from guard.client import GuardClient, GuardError
from guard.wire import Health
try:
    GuardClient(sys.argv[1], sys.argv[2]).call(Health())
except GuardError as error:
    print("no" if "ended the connection" in str(error) else error)
"""
NAMES = accounts.PROCESSES


@pytest.fixture(scope="module")
def seeded() -> Iterator[Seeded]:
    with filled(STAFF, "--separate-users") as (up, world):
        yield Seeded(up, world)


def run_as(name: str, code: str, *arguments: str) -> str:
    """As this user and nothing else."""
    program, needs = accounts.python()
    done = subprocess.run(
        [*accounts.account(name).prefix(), program, "-c", code, *arguments],
        cwd=ROOT, env=needs, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def intrude(name: str, **asked: Any) -> list[str]:
    """What this user reached."""
    said = run_as(name, INTRUDER, json.dumps({"read": [], "pids": [], "knock": [], **asked}))
    done: dict[str, bool] = json.loads(said)
    return sorted(what for what, reached in done.items() if reached)


def users(up: Running) -> dict[int, str]:
    """Every process of the instance, and whose it is."""
    names = {accounts.account(name).uid: name for name in NAMES}
    found = {}
    for pid in running_processes(up.data):
        status = Path(f"/proc/{pid}/status").read_text().split()
        uid = int(status[status.index("Uid:") + 1])
        found[pid] = names.get(uid, str(uid))
    return found


def secrets(data: Path) -> dict[str, list[str]]:
    """Whose secret file is which; those of root, too."""
    guard = [path for path in (data / "guard").rglob("*") if path.is_file()]
    public = {"files.manifest", "signing.pub"}
    return {
        "shop": [str(data / "pg/secrets/ls_shop"), str(data / "keys/shop")],
        "desk": [str(data / "pg/secrets/ls_desk"), str(data / "keys/desk")],
        "worker": [str(data / "pg/secrets/ls_worker")],
        "guard": [str(data / "pg/secrets/ls_guard"),
                  *(str(path) for path in guard if path.name not in public)],
        "files": [],
        "root": [*(str(data / "pg/secrets" / name) for name in ("ls_owner", "postgres")),
                 str(data / "logs/guard.log")],
    }  # fmt: skip


def test_each_process_is_a_user_of_its_own(seeded: Seeded) -> None:
    assert set(users(seeded.up).values()) >= set(NAMES)
    for name in ("shop", "desk", "worker", "guard"):
        _, told = processes.as_process(seeded.up.instance, name, "")
        code = "import os\nprint(os.getuid(), os.getgroups())"
        argv, _ = processes.as_process(seeded.up.instance, name, code)
        said = subprocess.run(argv, env=told, cwd=ROOT, capture_output=True, text=True, check=True)
        assert said.stdout.split()[0] == str(accounts.account(name).uid)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_reaches_anothers_secrets(seeded: Seeded, name: str) -> None:
    whose = secrets(seeded.up.data)
    others = [path for who, paths in whose.items() if who != name for path in paths]
    assert any("master.key" in path for path in others) or name == "guard"
    code = [str(ROOT / "lockstitch" / "wsgi.py"), str(seeded.up.data / "static/shop/looks")]
    assert intrude(name, read=others) == []
    assert [what for what in intrude(name, read=code) if what.startswith("write")] == []
    own = set(intrude(name, read=whose[name]))
    assert {f"read {path}" for path in whose[name]} <= own  # else the above would say nothing


def test_the_worker_alone_keeps_originals(seeded: Seeded) -> None:
    made = seeded.up.data / "quarantine" / "marker"
    wrote = [name for name in NAMES if f"write {made}" in intrude(name, read=[str(made)])]
    made.unlink()
    assert wrote == ["worker"]


def test_the_database_is_known_to_whoever_may_not_trace_it(seeded: Seeded) -> None:
    cluster = seeded.up.instance.cluster
    code = """import sys
from pathlib import Path
from lockstitch.cli.tether import is_server
print(*(is_server(int(pid), Path(sys.argv[1])) for pid in sys.argv[2:]))"""
    said = run_as("shop", code, str(cluster.files), str(cluster.postmaster()), str(os.getpid()))
    assert said.split() == ["True", "False"]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_signals_or_reads_another(seeded: Seeded, name: str) -> None:
    others = [pid for pid, who in users(seeded.up).items() if who != name]
    assert len(others) > 5
    assert intrude(name, pids=others) == []


def test_who_may_knock(seeded: Seeded) -> None:
    instance = seeded.up.instance
    doors = [str(instance.guard_socket), str(instance.refusals)]
    reached = {
        name: sorted(doors.index(what[6:]) for what in intrude(name, knock=doors)) for name in NAMES
    }
    assert reached == {"shop": [1], "desk": [0, 1], "worker": [0, 1], "guard": [0, 1], "files": [0]}


def test_a_stolen_pass_is_not_enough(seeded: Seeded) -> None:
    up = seeded.up
    _, told = processes.as_process(up.instance, "desk", "")
    token, socket = told["LOCKSTITCH_DESK_TOKEN"], str(up.instance.guard_socket)
    assert run_as("desk", CALL, socket, token).strip() != "no"
    assert run_as("files", CALL, socket, token).strip() == "no"
    wait_until(lambda: alerts(up, "process.refused"), 5)
    [alert] = alerts(up, "process.refused")
    uid = accounts.account("files").uid
    assert (alert["subject"], alert["evidence"]["uid"]) == (f"guard.sock: desk as user {uid}", uid)
    sql(up, "UPDATE guard.alert SET handled_at = now(), handled_by = 'test'")


def test_the_decoy_is_watched(seeded: Seeded) -> None:
    path = str(seeded.up.instance.decoy)
    assert f"read {path}" in intrude("shop", read=[path])
    wait_until(lambda: alerts(seeded.up, "decoy.touched"), 5)
    sql(seeded.up, "UPDATE guard.alert SET handled_at = now(), handled_by = 'test'")


def test_all_works_and_is_no_alarm(seeded: Seeded) -> None:
    assert seeded.shopper().get(f"{seeded.up.shop('north.localhost')}/").status == 200
    assert seeded.operator().get(f"{seeded.up.shop()}/s/north/orders/").status == 200
    assert {row["rule"] for row in alerts(seeded.up)} <= {"operator.new_device"}


@pytest.mark.slow
def test_the_folder_is_started_again_by_root_alone() -> None:
    with filled(STAFF, "--separate-users") as (up, _world):
        assert up.stop() == 0
        with started(up.data) as again:
            assert again.is_healthy()
            assert set(users(again).values()) & set(NAMES) == set()
            assert json.loads(call(again.data, "doctor", "--json").stdout)["ok"]


def test_only_root_may() -> None:
    accounts.make()
    with folder() as data:
        data.parent.chmod(0o777)
        program, needs = accounts.python()
        done = subprocess.run(
            [*accounts.account("shop").prefix(), program, "-m", "lockstitch.cli", "--data",
             str(data), "up", "--demo", "--separate-users"],
            cwd=ROOT, env=needs, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, "only root" in done.stderr, data.exists()) == (1, True, False)


@pytest.mark.slow
def test_a_door_that_is_shut_is_named() -> None:
    with folder() as data:
        data.parent.chmod(0o700)
        up = spawn(data, "--empty", "--separate-users", environment=STAFF)
        assert up.process.wait(120) == 1
        assert f"may not enter {data.parent}" in up.said
        elsewhere = (data / "pg").resolve()  # where the database may go: see `reach`
        wait_until(lambda: not (elsewhere / "cluster" / "postmaster.pid").exists())
        shutil.rmtree(elsewhere)
