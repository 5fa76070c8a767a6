"""Started by root from a folder that nobody else may enter, as root's home is."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lockstitch.cli import reach
from lockstitch.cli.cluster import Cluster, binaries

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root is somebody else's")


@pytest.fixture
def closed() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ls-closed-") as folder:
        yield Path(folder)  # 0700, as made


def test_the_cluster_is_made_where_it_can_be_reached(closed: Path) -> None:
    cluster = Cluster(closed / "data" / "pg", durable=False)
    try:
        cluster.start()
        assert cluster.root.is_symlink()
        assert cluster.home.is_relative_to(reach.PLACE)
        with psycopg.connect(cluster.url("ls_owner")) as db:
            assert db.execute("SELECT 1").fetchone() == (1,)
        cluster.stop()
        cluster.start()  # the link is followed, nothing is made anew
        assert cluster.is_running()
    finally:
        cluster.stop(mode="immediate")
        shutil.rmtree(cluster.home)


def test_the_programs_are_copied_where_they_can_be_reached(closed: Path) -> None:
    package = binaries().parents[1]
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, closed / name, symlinks=True)
    account = pwd.getpwnam("nobody")
    found = closed / package.name / binaries().parent.name / "bin"
    copy = reach.programs(found, account)
    try:
        assert copy != found
        assert reach.programs(found, account) == copy
        for program in ("postgres", "initdb", "psql"):
            said = subprocess.run(
                [copy / program, "--version"], capture_output=True, text=True, check=True, cwd="/",
                user=account.pw_uid, group=account.pw_gid, extra_groups=[],
            )  # fmt: skip
            assert "PostgreSQL" in said.stdout
    finally:
        shutil.rmtree(copy.parents[2])


def test_what_is_in_reach_stays_where_it_is() -> None:
    account = pwd.getpwnam("nobody")
    assert reach.door(Path("/usr/bin"), account) is None
    assert reach.programs(Path("/usr/bin"), account) == Path("/usr/bin")
