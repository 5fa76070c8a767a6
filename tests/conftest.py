"""What every test may use: a real PostgreSQL cluster, made once a run in a temporary folder, and
in it the shop's database. A test gets a site of its own, so that tests do not see each other."""

import atexit
import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lockstitch.cli.cluster import Cluster

FOLDER = Path(tempfile.mkdtemp(prefix="ls-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
FOLDER.chmod(0o755)
CLUSTER = Cluster(FOLDER / "pg", durable=False)

if "LOCKSTITCH_MADE" not in os.environ:  # of whoever starts the workers: they share it
    os.environ["LOCKSTITCH_MADE"] = str(FOLDER / "made")
    (FOLDER / "made").mkdir()

# Django reads its settings at import, long before the cluster runs.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "lockstitch.settings",
    "SURFACE": "cli",
    "LOCKSTITCH_DATA": str(FOLDER),
    "LOCKSTITCH_DATABASE_URL": CLUSTER.url("ls_owner"),
}

import django  # noqa: E402

django.setup()

gc.freeze()  # all this stays; looking through it again and again took a sixteenth of the time

from django.utils.translation import override  # noqa: E402

from lockstitch.tenancy.queries import Site  # noqa: E402
from lockstitch.tenancy.scope import scope  # noqa: E402
from tests import world  # noqa: E402

# Fixtures that start an instance or a guard of their own: what needs one is slow.
STARTS = {"running", "seeded", "apart", "own_guard"}
LONG = 10  # tests of a file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Cheap ones first: those that start a whole instance late, those that drive a browser last;
    of these files a long one first, so that no worker has it alone in the end."""
    for item in items:
        if STARTS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    lengths = Counter(item.path for item in items)

    def late(item: pytest.Item) -> tuple[int, int]:
        if any(item.iter_markers("browser")):
            return 2, lengths[item.path] < LONG
        return int(any(item.iter_markers("slow"))), 0

    items.sort(key=late)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in English, whether the Japanese is compiled or not."""
    with override("en"):
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster without fsync, with the roles and an empty database of the real one."""
    CLUSTER.start()
    yield CLUSTER
    CLUSTER.stop(mode="immediate")


@pytest.fixture(scope="session")
def database(cluster: Cluster) -> Iterator[Cluster]:
    """The shop's tables and the guard's schema, with every fence."""
    from django.db import connections

    from guard.schema import migrate
    from lockstitch.cli.migrating import apply_migrations
    from lockstitch.tenancy import fence

    apply_migrations()
    fence.apply()
    migrate(cluster.url("ls_owner"))
    yield cluster
    connections.close_all()


@pytest.fixture
def site(database: Cluster) -> Iterator[Site]:
    """A new site, in scope."""
    made = world.new_site()
    with scope(made.id):
        yield made
