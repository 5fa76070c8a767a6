"""Instances made once a run and copied, whichever of its workers comes first: making the tables and
the pictures is most of a first start."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lockstitch.cli.instance import ROOT
from tests.instance import Running, folder, started
from tests.seed import PASSWORD

STAFF = {
    "LOCKSTITCH_STAFF_EMAIL": "root@example.jp", "LOCKSTITCH_STAFF_PASSWORD": PASSWORD,
}  # fmt: skip


@contextmanager
def filled(
    environment: dict[str, str] | None = None, *arguments: str
) -> Iterator[tuple[Running, dict[str, Any]]]:
    """One with the small world in it, running, and what is in it."""
    with (
        _copied("filled", _fill) as data,
        started(data, *arguments, environment=environment) as up,
    ):
        yield up, json.loads((data / "world.json").read_text())


@contextmanager
def demo(environment: dict[str, str] | None = None) -> Iterator[Running]:
    """The demo, running."""
    with _copied("demo", _load) as data, started(data, environment=environment) as up:
        yield up


@contextmanager
def _copied(name: str, make: Callable[[Path], None]) -> Iterator[Path]:
    folders = Path(os.environ["LOCKSTITCH_MADE"])
    made, done = folders / name, folders / f"{name}.done"
    with (folders / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(made, ignore_errors=True)
            make(made)
            done.touch()
    with folder() as data:
        subprocess.run(["cp", "-a", str(made), str(data)], check=True)
        settings = data / "pg" / "cluster" / "postgresql.auto.conf"
        settings.write_text(settings.read_text().replace(str(made), str(data)))
        yield data


def _fill(data: Path) -> None:
    with started(data, "--empty", environment=STAFF):
        done = subprocess.run(
            [sys.executable, "-m", "tests.seed", str(data)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    (data / "world.json").write_text(done.stdout)


def _load(data: Path) -> None:
    with started(data, "--demo"):
        pass
