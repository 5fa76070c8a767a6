"""A shop with a key of the guard's, and a colour to send pictures for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings

from guard.sealing import generate
from lockstitch.catalogue.queries import colour_ids
from lockstitch.catalogue.uploads import USE, take_in
from lockstitch.cli.cluster import Cluster
from lockstitch.files.actions import receive
from lockstitch.files.queries import Upload, find_upload
from lockstitch.tenancy.queries import Site
from tests import world

OPERATOR = uuid4()


@dataclass(frozen=True)
class Key:
    key_id: UUID
    private: bytes


@pytest.fixture
def key(database: Cluster, site: Site) -> Key:
    """As the guard makes one."""
    key_id, (public, private) = uuid4(), generate(1)
    with psycopg.connect(database.superuser_url(), autocommit=True) as db:
        db.execute("SET session_replication_role = replica")  # the guard's own tables are not here
        db.execute(
            "INSERT INTO guard.site_public_key (key_id, site_id, suite, public_key)"
            " VALUES (%s, %s, 1, %s)",
            [key_id, site.id, public],
        )
    return Key(key_id, private)


@pytest.fixture
def colour(key: Key) -> UUID:
    """White, of the only product, without a picture."""
    world.new_product()
    return colour_ids()["shirt", "white"][0]


@pytest.fixture
def quarantine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    return tmp_path / "quarantine"


Sender = Callable[[str, bytes], Upload]


@pytest.fixture
def send(colour: UUID, quarantine: Path) -> Sender:
    """An operator sends a file, and the worker looks at it: what became of it."""

    def sent(name: str, data: bytes) -> Upload:
        upload = receive(data, name, by=OPERATOR, use=USE, target=colour, source="203.0.113.9")
        take_in(upload.id)
        found = find_upload(upload.id)
        assert found is not None
        return found

    return sent
