"""`up`, with real processes: started, refused, killed and stopped."""

import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.filled import filled
from tests.instance import (
    Running,
    call,
    ended,
    folder,
    processes,
    spawn,
    started,
    wait_until,
)

MARKS = {
    "shop": "lockstitch.cli.serving",
    "desk": "lockstitch.cli.serving",
    "worker": "lockstitch.cli worker",
    "guard": "guard serve",
}


def environment(pid: int) -> dict[str, str]:
    try:
        pairs = Path(f"/proc/{pid}/environ").read_text().strip("\0").split("\0")
    except PermissionError:  # the guard's, for anyone but root
        return {"LOCKSTITCH_MAIL_URL": ""}
    return dict(pair.split("=", 1) for pair in pairs)


def leader(running: Running, name: str) -> int:
    """The process that the supervisor started under this name."""
    for pid, line in processes(running.data).items():
        known = environment(pid)
        surface = known.get("SURFACE", "guard" if "LOCKSTITCH_MAIL_URL" in known else "")
        if surface == name and MARKS[name] in line and os.getpgid(pid) == pid:
            return pid
    raise AssertionError(f"no {name} among {processes(running.data)}")


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with filled() as (up, _world):
        yield up


def test_all_answer(running: Running) -> None:
    assert running.is_healthy()
    for name in MARKS:
        assert leader(running, name)


def test_doctor_finds_nothing_while_it_runs(running: Running) -> None:
    said = call(running.data, "doctor", "--json")
    states = {one["name"]: one["state"] for one in json.loads(said.stdout)["checks"]}
    assert [name for name, state in states.items() if state == "failed"] == []
    assert states["guard answers"] == states["shop answers"] == "ok"


def test_a_process_is_told_only_what_it_needs(running: Running) -> None:
    shop, desk, worker, guard = (environment(leader(running, name)) for name in MARKS)
    assert not {"LOCKSTITCH_WORKER_TOKEN", "LOCKSTITCH_GUARD_SOCKET"} & set(shop)
    assert shop["LOCKSTITCH_DESK_TOKEN"] != desk["LOCKSTITCH_DESK_TOKEN"]  # a decoy
    assert "LOCKSTITCH_DESK_TOKEN" not in worker
    assert "LOCKSTITCH_WORKER_TOKEN" not in desk
    if os.geteuid() == 0:  # else the guard's is closed
        assert worker["LOCKSTITCH_WORKER_TOKEN"] == guard["LOCKSTITCH_WORKER_TOKEN"]
        assert desk["LOCKSTITCH_DESK_TOKEN"] == guard["LOCKSTITCH_DESK_TOKEN"]
        assert "ls_guard@" in guard["LOCKSTITCH_DATABASE_URL"]
    assert "ls_shop@" in shop["LOCKSTITCH_DATABASE_URL"]
    assert "ls_desk@" in desk["LOCKSTITCH_DATABASE_URL"]
    assert shop["LOCKSTITCH_KEY_FILE"] != desk["LOCKSTITCH_KEY_FILE"]
    beyond = {"PATH", "HOME", "LANG", "TZ", "LC_CTYPE", "SURFACE"}
    assert all(key in beyond or key.startswith("LOCKSTITCH_") for key in [*shop, *guard])


def test_a_second_start_is_refused(running: Running) -> None:
    again = call(running.data, "up")
    assert again.returncode == 1
    assert again.stderr.strip().endswith(f"is already running (pid {running.process.pid})")
    assert running.is_healthy()


def test_a_busy_port_is_named(running: Running) -> None:
    with folder() as other:
        refused = call(other, "up", "--empty", "--port", str(running.port - 1))
        assert refused.returncode == 1
        assert f"port {running.port} cannot be used" in refused.stderr
        assert "--port" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
        assert not processes(other)


def test_a_strange_folder_is_left_alone() -> None:
    with folder() as data:
        data.mkdir()
        (data / "letters.txt").write_text("mine")
        refused = call(data, "up", "--empty")
        assert refused.returncode == 1
        assert "is no Lockstitch folder" in refused.stderr
        assert [path.name for path in data.iterdir()] == ["letters.txt"]


def test_a_new_folder_asks_what_it_shall_be() -> None:
    with folder() as data:
        refused = call(data, "up")
        assert refused.returncode == 1
        assert "choose --demo" in refused.stderr


def test_a_later_format_is_refused() -> None:
    with folder() as data:
        data.mkdir()
        (data / "instance.json").write_text('{"format": 99}')
        assert "has format 99" in call(data, "up", "--empty").stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", list(MARKS))
def test_a_killed_process_is_started_again(running: Running, name: str) -> None:
    before = leader(running, name)
    os.kill(before, signal.SIGKILL)

    def is_back() -> bool:
        try:
            return leader(running, name) != before and running.is_healthy()
        except (AssertionError, ProcessLookupError, FileNotFoundError):
            return False

    wait_until(is_back)


@pytest.mark.slow
def test_a_killed_database_is_started_again(running: Running) -> None:
    cluster = running.instance.cluster
    before = cluster.postmaster()
    assert before is not None
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: cluster.postmaster() not in (None, before))
    wait_until(lambda: answers(running))
    job = add_job(running, "todo")
    wait_until(lambda: not job_exists(running, job), 60)  # the worker has found back too
    assert running.is_healthy()


@pytest.mark.slow
def test_a_job_that_was_cut_off_is_done_again(running: Running) -> None:
    job = add_job(running, "doing")
    wait_until(lambda: not job_exists(running, job), 60)


def answers(running: Running) -> bool:
    try:
        psycopg.connect(running.instance.cluster.url("ls_owner")).close()
    except psycopg.OperationalError:
        return False
    return True


def add_job(running: Running, status: str) -> int:
    """A job that does nothing; 'doing' without a worker is what a killed worker leaves."""
    with psycopg.connect(running.instance.cluster.url("ls_owner")) as db:
        row = db.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES"
            " ('default', 'builtin:procrastinate.builtin_tasks.remove_old_jobs',"
            " '{\"max_hours\": 100000}', %s) RETURNING id",
            [status],
        ).fetchone()
    assert row is not None
    return int(row[0])


def job_exists(running: Running, job: int) -> bool:
    try:
        with psycopg.connect(running.instance.cluster.url("ls_owner")) as db:
            return bool(db.execute("SELECT FROM procrastinate_jobs WHERE id = %s", [job]).rowcount)
    except psycopg.OperationalError:
        return True


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_leaves_nothing(number: int) -> None:
    with filled() as (up, _world):
        data = up.data
        assert len(processes(data)) > 5
        assert up.stop(number) == 0
        assert processes(data) == {}
        assert "Traceback" not in up.said


@pytest.mark.slow
def test_killed_it_takes_everything_along_and_starts_again() -> None:
    with filled() as (up, _world):
        data = up.data
        up.process.kill()
        up.process.wait()
        with started(data, port=up.port) as again:  # at once, while the old ones still end
            assert again.is_healthy()
            assert again.stop() == 0
        wait_until(lambda: not processes(data))


@pytest.mark.slow
@pytest.mark.parametrize("until", ["secrets", "cluster", "run"])
def test_a_first_start_killed_half_way_is_finished_by_the_next(until: str) -> None:
    with folder() as data:
        first = spawn(data, "--empty")
        wait_until(lambda: (data / "pg" / until).exists() or ended(first))
        first.process.kill()
        first.process.wait()
        with started(data, "--empty") as again:
            assert again.is_healthy()
            findings = json.loads(call(data, "doctor", "--json").stdout)["checks"]
            states = {finding["name"]: finding["state"] for finding in findings}
            assert states["every tenant table is fenced"] == "ok"
            assert states["migrations applied"] == "ok"


@pytest.mark.slow
def test_the_port_is_remembered() -> None:
    with filled() as (up, _world):
        data, port = up.data, up.port
        assert up.stop() == 0
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            taken.listen()
            assert f"port {port} cannot be used" in call(data, "up").stderr


def test_logs_are_kept_by_name(running: Running) -> None:
    names = {path.name for path in (running.data / "logs").iterdir()}
    assert {"shop.log", "desk.log", "worker.log", "guard.log", "files.log"} >= names
    assert re.search(r"worker ready", (running.data / "logs" / "worker.log").read_text())
