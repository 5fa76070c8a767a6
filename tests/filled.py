"""An instance with the small world in it, made once a run and copied: making the tables is most of
a first start."""

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from lockstitch.cli.instance import ROOT
from tests.instance import started
from tests.seed import PASSWORD

STAFF = {
    "LOCKSTITCH_STAFF_EMAIL": "root@example.jp", "LOCKSTITCH_STAFF_PASSWORD": PASSWORD,
}  # fmt: skip


def copy_filled(data: Path) -> dict[str, Any]:
    """Makes `data` a copy of the stopped instance; what is in it."""
    filled, world = _filled()
    subprocess.run(["cp", "-a", str(filled), str(data)], check=True)
    settings = data / "pg" / "cluster" / "postgresql.auto.conf"
    settings.write_text(settings.read_text().replace(str(filled), str(data)))
    return world


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
