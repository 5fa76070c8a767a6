"""Code that runs in the shop's process reaches nothing of the guard's, nor of any other process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from lockstitch.cli.confine import version
from lockstitch.cli.instance import ROOT
from lockstitch.cli.processes import confined
from tests.filled import STAFF, filled
from tests.instance import Running, processes

pytestmark = pytest.mark.skipif(not version(), reason="this kernel has no Landlock")

# What somebody would try who runs code of their own in the shop.
INTRUDER = """
import json, os, socket, sys
asked = json.loads(sys.argv[1])
done = {}
def attempt(name, deed):
    try:
        deed()
        done[name] = True
    except OSError:
        done[name] = False
for path in asked["read"]:
    attempt("read " + path, lambda: open(path, "rb").read(1))
for path in asked["write"]:
    attempt("write " + path, lambda: open(path, "w").close())
for pid in asked["pids"]:
    for name in ("environ", "mem", "maps"):
        attempt(f"{name} of {pid}", lambda: open(f"/proc/{pid}/{name}", "rb").read(1))
    attempt(f"signal {pid}", lambda: os.kill(pid, 0))
attempt("network", lambda: socket.create_connection(("127.0.0.1", asked["port"]), 2))
print(json.dumps(done))
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with filled(STAFF) as (up, _world):
        yield up


def intrude(running: Running, **asked: Any) -> dict[str, bool]:
    instance = running.instance
    program = [*confined(instance, "shop", running.port), sys.executable, "-c", INTRUDER]
    done = subprocess.run(
        [*program, json.dumps({"read": [], "write": [], "pids": [], "port": 9, **asked})],
        cwd=ROOT, env=instance.environment("shop"), capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer: dict[str, bool] = json.loads(done.stdout)
    return answer


def test_the_guards_keys_and_the_others_passwords_are_out_of_reach(running: Running) -> None:
    data = running.data
    paths = [
        *(data / "guard").rglob("*"), *(data / "pg" / "secrets").iterdir(),
        data / "keys" / "desk", data / "logs" / "guard.log",
    ]  # fmt: skip
    secrets = [str(path) for path in paths if path.is_file() and path.name != "ls_shop"]
    assert any("master.key" in path for path in secrets)
    assert any("ls_guard" in path for path in secrets)
    done = intrude(running, read=secrets, write=[*secrets, str(ROOT / "lockstitch" / "wsgi.py")])
    assert [name for name, reached in done.items() if reached] == []


def test_no_other_process_can_be_read_or_signalled(running: Running) -> None:
    others = list(processes(running.data))
    assert len(others) > 6
    done = intrude(running, pids=others, port=running.port + 1)
    assert [name for name, reached in done.items() if reached] == []


def test_its_own_files_are_there(running: Running) -> None:
    """Else the tests above would pass for a process that reaches nothing at all."""
    data = running.data
    own = [data / "pg" / "secrets" / "ls_shop", data / "keys" / "shop", ROOT / "lockstitch/wsgi.py"]
    done = intrude(running, read=[str(path) for path in own])
    assert list(done.values()) == [True, True, True, False]
