"""`--break`: a copy of the program with one defence taken out, started beside, and drilled.

There is no switch for it in the program: the copy's text is changed before it starts, which its own
signed list of files then has as it is.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lockstitch.cli.instance import ROOT
from lockstitch.cli.output import facts, say

COPIED = ("lockstitch", "guard")
READY_S, STOPPED_S, DRILL_S = 120.0, 30.0, 600.0
STAFF = {"LOCKSTITCH_STAFF_EMAIL": "staff@drill.example"}


@dataclass(frozen=True)
class Break:
    """`find` occurs once in `file`, and without it `stage` of the drill must fail."""

    name: str
    stage: str
    file: str
    find: str
    replace: str


def breaks() -> dict[str, Break]:
    kept = tomllib.loads((Path(__file__).parent / "breaks.toml").read_text())
    return {name: Break(name=name, **fields) for name, fields in kept.items()}


def list_breaks() -> None:
    for each in breaks().values():
        say(f"{each.name:<16} {each.stage:<11} {each.file}")


def break_one(name: str, *, as_json: bool) -> int:
    """The drill's own exit code: not 0, for it must notice. ClickException when it does not fail at
    the stage that it should."""
    known = breaks()
    if name not in known:
        raise click.ClickException(f"no such defence; there are: {', '.join(known)}")
    wanted = known[name]
    found = drilled(wanted)
    failed = failures(found)
    noticed = wanted.stage in failed
    if as_json:
        facts({**found, "broken": name, "expected": wanted.stage, "failed": failed,
               "noticed": noticed})  # fmt: skip
    else:
        say(f"{name} taken out of {wanted.file}: fails at {', '.join(failed) or 'no stage'}")
        for stage in found["stages"]:
            for failure in stage["failures"][:3]:
                say(f"  {stage['id']}: {failure}")
    if not noticed:
        raise click.ClickException(f"the drill does not notice at {wanted.stage}")
    return 1


def failures(found: dict[str, Any]) -> list[str]:
    """Where a drill failed."""
    failed = [stage["id"] for stage in found["stages"] if not stage["holds"]]
    failed += [] if found["assessment"]["holds"] else ["assessment"]
    return failed + ([] if all(each["holds"] for each in found["trust"]) else ["trust"])


def drilled(wanted: Break) -> dict[str, Any]:
    """What the drill says of an instance without this defence."""
    with tempfile.TemporaryDirectory(prefix="ls-drill-", ignore_cleanup_errors=True) as made:
        place = Path(made)
        place.chmod(0o755)  # the database's own user has to reach its folder
        root = _copied(place / "program", wanted)
        command = [sys.executable, "-m", "lockstitch.cli", "--data", str(place / "data")]
        with _started(command, root, place):
            done = subprocess.run(
                [*command, "drill", "--json", "--quick"], cwd=root, capture_output=True, text=True,
                check=False, timeout=DRILL_S,
            )  # fmt: skip
        try:
            found: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            raise click.ClickException(f"the drill broke off: {done.stderr[-300:]}") from None
        return found


def _copied(root: Path, wanted: Break) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", root)
    path = root / wanted.file
    text = path.read_text()
    if text.count(wanted.find) != 1:
        raise click.ClickException(f"{wanted.file} has changed: {wanted.find!r} is not there once")
    path.write_text(text.replace(wanted.find, wanted.replace))
    return root


@contextmanager
def _started(command: list[str], root: Path, place: Path) -> Iterator[None]:
    output = place / "up.txt"
    staff = {**STAFF, "LOCKSTITCH_STAFF_PASSWORD": os.urandom(12).hex()}
    with output.open("wb") as file:
        running = subprocess.Popen(
            [*command, "up", "--empty", "--port", str(free_port())], cwd=root,
            env={**os.environ, **staff}, stdin=subprocess.DEVNULL, stdout=file,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    until = time.monotonic() + READY_S
    try:
        while "Ready in" not in output.read_text():
            if running.poll() is not None or time.monotonic() > until:
                raise click.ClickException(f"it does not start: {output.read_text()[-500:]}")
            time.sleep(0.2)
        yield
    finally:
        running.terminate()
        try:
            running.wait(STOPPED_S)
        except subprocess.TimeoutExpired:
            running.kill()


def free_port() -> int:
    """A port that is free, as the next one is.

    Below those that Linux gives to connections going out: one of these would take it before `up`.
    """
    while True:
        port = 10_000 + secrets.randbelow(22_000)
        with socket.socket() as first, socket.socket() as second, suppress(OSError):
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
            return port
