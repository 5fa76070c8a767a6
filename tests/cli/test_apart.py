"""Processes that somebody else starts, by the commands of ops/systemd and ops/compose.yaml."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockstitch.cli import accounts
from lockstitch.cli.instance import ROOT
from tests.cli.test_watch import alerts, sql
from tests.filled import STAFF, filled
from tests.instance import Running, call, end_all, wait_until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes others of processes")


@contextmanager
def started(argv: list[str], **more: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        argv, cwd=ROOT, env={**os.environ, **more}, stdout=subprocess.DEVNULL, process_group=0
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@pytest.fixture
def apart() -> Iterator[tuple[Running, list[subprocess.Popen[bytes]]]]:
    """Everything runs, and nothing of it was started by `up`."""
    with filled(STAFF, "--separate-users") as (up, _world):
        assert up.stop() == 0
        told = up.data.parent / "told"
        own = [sys.executable, "-m", "lockstitch.cli", "--data", str(up.data)]
        python, needs = accounts.python()
        ready = [*own, "prepare", "--into", str(told), "--stay"]
        with started(ready) as database:
            wait_until((told / "files").exists, 60)
            running = []
            for name in ("files", "guard", "shop", "desk", "worker"):
                argv = [*accounts.account(name).prefix(), python, *own[1:], "run", name]
                running.append(started([*argv, "--from", str(told)], **needs))
            processes = [each.__enter__() for each in running]
            try:
                wait_until(up.is_healthy, 60)
                yield up, [database, *processes]
            finally:
                for each in reversed(running):
                    each.__exit__(None, None, None)
        end_all(up.data)


def test_it_runs_and_is_watched(apart: tuple[Running, list[subprocess.Popen[bytes]]]) -> None:
    up, processes = apart
    beats = "SELECT name FROM guard.beat WHERE at > now() - interval '3 seconds'"
    wait_until(lambda: len(sql(up, beats)) == 4)
    assert [(row["rule"], row["evidence"]) for row in alerts(up)] == []
    said = call(up.data, "doctor")
    assert said.returncode == 0, said.stdout
    assert up.is_healthy()  # doctor has not stopped the database
    assert [process.poll() for process in processes] == [None] * 6
    whose = [Path(f"/proc/{process.pid}").stat().st_uid for process in processes[3:]]
    assert whose == [accounts.account(name).uid for name in ("shop", "desk", "worker")]
