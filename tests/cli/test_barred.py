"""Code that runs inside a process of the program starts nothing, and its trying is told."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from guard.barred import libseccomp
from lockstitch.cli.instance import ROOT
from lockstitch.cli.processes import as_process
from tests.cli.test_watch import alerts
from tests.filled import filled
from tests.instance import Running, processes, wait_until

pytestmark = pytest.mark.skipif(libseccomp() is None, reason="no seccomp here")
TOLD_S = 1.0

# What somebody tries who runs code of their own there.
INTRUDER = """
import ctypes, json, mmap, os, socket, subprocess, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
done = {}
def attempt(name, deed):
    try:
        deed()
        done[name] = True
    except (OSError, ValueError) as error:
        done[name] = type(error).__name__ if isinstance(error, ValueError) else error.errno
def call(function, *arguments):
    if getattr(libc, function)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), function)
def thread():
    started = threading.Thread(target=lambda: None)
    started.start()
    started.join()
raw = lambda number, *rest: call("syscall", number, *rest)
attempt("exec", lambda: os.execv("/bin/true", ["true"]))
attempt("run", lambda: subprocess.run(["/bin/true"]))
attempt("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("fork", os.fork)
attempt("ptrace", lambda: call("ptrace", 16, os.getppid(), 0, 0))
attempt("read another", lambda: call("process_vm_readv", os.getppid(), 0, 0, 0, 0, 0))
attempt("file in memory", lambda: os.memfd_create("x"))
attempt("code in memory", lambda: mmap.mmap(-1, 4096, prot=7))
attempt("internet", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("internet 6", lambda: socket.socket(socket.AF_INET6))
attempt("odd family", lambda: raw(41, ctypes.c_ulong(2 | 1 << 32), 1, 0))
attempt("packets", lambda: socket.socket(17, socket.SOCK_RAW))
attempt("another filter", lambda: call("prctl", 22, 2, 0, 0, 0))
attempt("module", lambda: raw(313, 0, b"", 0))
attempt("own files", lambda: socket.socket(socket.AF_UNIX))
attempt("thread", thread)
print(json.dumps(done))
"""
ALLOWED = {"own files", "thread"}
PERMITTED_NOT = 1


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with filled() as (up, _world):
        yield up


def inside(running: Running, name: str, code: str) -> subprocess.CompletedProcess[str]:
    argv, environment = as_process(running.instance, name, code)
    return subprocess.run(
        argv, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


# The guard's environment is read to be the guard, which only root may.
NAMES = ["shop", "desk", "worker", *(["guard"] if os.geteuid() == 0 else [])]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_started_from_inside(running: Running, name: str) -> None:
    ran = inside(running, name, INTRUDER)
    assert ran.returncode == 0, ran.stderr
    done = json.loads(ran.stdout)
    reached = {what for what, answer in done.items() if answer is True}
    beyond = {"internet 6"} if name == "guard" else set()  # letters and payments go out from there
    assert reached == ALLOWED | beyond
    refused = {what: answer for what, answer in done.items() if what not in reached | {"internet"}}
    assert set(refused.values()) == {PERMITTED_NOT}, refused
    calls = ("execve", "clone", "ptrace", "memfd_create", "socket AF_PACKET")
    tried = {f"{name}: {call}" for call in calls}
    wait_until(lambda: tried <= {row["subject"] for row in alerts(running, "process.refused")}, 5)


def test_it_is_told_at_once(running: Running) -> None:
    before = time.time()
    code = (
        "import os, time\nprint(time.time())\ntry: os.execv('/bin/id', ['id'])\nexcept OSError: 0"
    )
    at = float(inside(running, "worker", code).stdout.split()[0])
    assert at > before

    def found() -> list[dict[str, Any]]:
        rows = alerts(running, "process.refused")
        return [
            r for r in rows if r["subject"] == "worker: execve" and at < r["last_at"].timestamp()
        ]

    wait_until(found, 5)
    [alert] = found()
    assert alert["last_at"].timestamp() - at < TOLD_S
    assert (alert["severity"], alert["evidence"]["process"]) == ("critical", "worker")
    assert alert["evidence"]["number"] in (59, 221)  # x86_64, aarch64


def test_a_socket_is_told_with_its_family(running: Running) -> None:
    inside(running, "desk", "import socket\ntry: socket.socket(socket.AF_INET6)\nexcept OSError: 0")
    rows = alerts(running, "process.refused")
    [alert] = [row for row in rows if row["subject"] == "desk: socket AF_INET6"]
    assert alert["evidence"]["family"] == 10


def test_no_core_is_written(running: Running) -> None:
    code = "import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE))"
    for name in NAMES:
        assert inside(running, name, code).stdout.strip() == "(0, 0)"


def test_whoever_lost_their_listener_starts_again(running: Running) -> None:
    """Else what they try would be refused, and told to nobody."""
    found = processes(running.data)
    [files] = [pid for pid, line in found.items() if line.rstrip().endswith("watch-files")]
    subprocess.run(["kill", "-KILL", str(files)], check=True)
    marks = ("cli.serving", "cli worker", "guard serve", "watch-files")

    def anew() -> bool:
        now = {pid: line for pid, line in processes(running.data).items() if pid not in found}
        return all(any(mark in line for line in now.values()) for mark in marks)

    wait_until(anew, 30)
    wait_until(running.is_healthy, 30)
    inside(running, "shop", "import os\ntry: os.fork()\nexcept OSError: 0")
    wait_until(
        lambda: any(row["subject"] == "shop: clone" for row in alerts(running, "process.refused")),
        5,
    )
