"""An instance with the small world in it, made once a run and copied: making the tables is most of
a first start."""

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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
    """A running copy of it, and what is in it."""
    made, world = _filled()
    with folder() as data:
        subprocess.run(["cp", "-a", str(made), str(data)], check=True)
        settings = data / "pg" / "cluster" / "postgresql.auto.conf"
        settings.write_text(settings.read_text().replace(str(made), str(data)))
        with started(data, *arguments, environment=environment) as up:
            yield up, world


@cache
def _filled() -> tuple[Path, dict[str, Any]]:
    made = Path(tempfile.mkdtemp(prefix="ls-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    made.chmod(0o755)
    data = made / "data"
    with started(data, "--empty", environment=STAFF):
        done = subprocess.run(
            [sys.executable, "-m", "tests.seed", str(data)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return data, json.loads(done.stdout)
