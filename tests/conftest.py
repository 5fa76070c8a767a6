"""What every test may use: a real PostgreSQL cluster, made once a run in a temporary folder."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lockstitch.cli.cluster import Cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster without fsync, with the roles and an empty database of the real one."""
    with tempfile.TemporaryDirectory(prefix="ls-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder) / "pg", durable=False)
        made.start()
        yield made
        made.stop(mode="immediate")
