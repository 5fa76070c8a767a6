"""`doctor` finds what is broken, and `migrate` mends what it can."""

import json
from collections.abc import Iterator

import psycopg
import pytest

from tests.filled import filled
from tests.instance import Running, call, folder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stopped() -> Iterator[Running]:
    """An instance that was started once."""
    with filled() as (up, _world):
        assert up.stop() == 0
        yield up


def states(running: Running) -> dict[str, str]:
    said = call(running.data, "doctor", "--json")
    document = json.loads(said.stdout)
    assert document["ok"] is (said.returncode == 0)
    return {finding["name"]: finding["state"] for finding in document["checks"]}


def test_nothing_is_wrong_after_a_start(stopped: Running) -> None:
    assert [name for name, state in states(stopped).items() if state == "failed"] == []


def test_it_names_a_secret_that_others_may_read(stopped: Running) -> None:
    key = stopped.data / "keys" / "shop"
    key.chmod(0o644)
    try:
        said = call(stopped.data, "doctor")
        assert said.returncode == 1
        assert f"chmod 600 {key}" in said.stdout
    finally:
        key.chmod(0o600)


def test_it_finds_a_hole_in_the_fence_and_migrate_mends_it(stopped: Running) -> None:
    name = "every tenant table is fenced"
    run_as_owner(stopped, "DROP POLICY own_site ON content_page")
    assert states(stopped)[name] == "failed"
    assert call(stopped.data, "migrate").returncode == 0
    assert states(stopped)[name] == "ok"


def test_it_finds_a_policy_beside_the_fence(stopped: Running) -> None:
    run_as_owner(stopped, "CREATE POLICY all_of_it ON content_page USING (true)")
    assert states(stopped)["every tenant table is fenced"] == "failed"
    run_as_owner(stopped, "DROP POLICY all_of_it ON content_page")


def test_it_finds_a_right_too_many(stopped: Running) -> None:
    run_as_owner(stopped, "GRANT SELECT ON guard.record TO ls_shop")
    assert states(stopped)["only the guard reads the guard's tables"] == "failed"
    run_as_owner(stopped, "REVOKE SELECT ON guard.record FROM ls_shop")


def test_without_an_instance_it_says_how_to_start_one() -> None:
    with folder() as data:
        said = call(data, "doctor")
        assert said.returncode == 1
        assert "bin/up --demo" in said.stdout
        assert not data.exists()


def run_as_owner(running: Running, statement: str) -> None:
    with running.instance.database() as cluster, psycopg.connect(cluster.url("ls_owner")) as db:
        db.execute(statement.encode())
