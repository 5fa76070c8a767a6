"""The ledger's partitions: made ahead, append-only each, and moved into by the migration."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from guard.client import GuardUnavailable
from guard.schema import migrate, steps
from guard.verify import verify
from lockstitch.cli.cluster import Cluster
from tests.guard.conftest import Guard
from tests.guard.test_ledger import reveal

MONTHS = """SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'guard.ledger'::regclass ORDER BY 1"""
TABLES = ("ledger", "ledger_record", "ledger_person")


def test_next_months_are_made_ahead_and_no_month_can_be_emptied(own_guard: Guard) -> None:
    names = [row["name"] for row in own_guard.sql(MONTHS)]
    assert len(names) == 4
    for table in TABLES:
        own_guard.sql(f"DROP TABLE guard.{names[-1].replace('ledger', table)} CASCADE")
    own_guard.start()
    assert [row["name"] for row in own_guard.sql(MONTHS)] == names
    own_guard.site()
    for name in names:
        for table in TABLES:
            part = name.replace("ledger", table)
            for verb in (f"TRUNCATE guard.{part} CASCADE", f"DELETE FROM guard.{part}",
                         f"UPDATE guard.{part} SET seq = 0"):  # fmt: skip
                with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                    own_guard.sql(verb, role="ls_owner")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    own_guard.sql(verb, role="ls_guard")


def test_the_guard_may_make_months_and_nothing_else(own_guard: Guard) -> None:
    own_guard.sql("SELECT guard.make_months()", role="ls_guard")
    for attempt in ("SELECT guard.make_month('2031-01-01')", "CREATE TABLE guard.x ()",
                    "DROP TABLE guard.ledger_person"):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own_guard.sql(attempt, role="ls_guard")
    for role in ("ls_desk", "ls_worker", "ls_shop"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own_guard.sql("SELECT guard.make_months()", role=role)


def test_without_its_month_nothing_is_disclosed(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    record_id = own_guard.deposit(site)
    assert own_guard.desk.call(reveal(record_id), session=session).records
    month = f"{datetime.now(UTC):%Y%m}"
    for table in TABLES[::-1]:
        own_guard.sql(f"DROP TABLE guard.{table}_{month} CASCADE")
    with pytest.raises(GuardUnavailable):
        own_guard.desk.call(reveal(record_id), session=session)
    own_guard.stop()


def test_an_older_ledger_is_moved_into_months(cluster: Cluster, own_guard: Guard) -> None:
    """Written by a guard of now, laid out as before, with entries of long ago, and moved."""
    own_guard.start()
    site = own_guard.site()
    session, _ = own_guard.operator(site, "orders")
    for _ in range(3):
        own_guard.desk.call(reveal(own_guard.deposit(site)), session=session)
    own_guard.stop()
    name = f"before_{uuid4().hex[:12]}"
    cluster.create_database(name)
    with psycopg.connect(cluster.url("ls_owner", name), autocommit=True) as db:
        for number, body in steps():
            if number < 6:
                db.execute(body)
        db.execute("CREATE TABLE guard.schema_version (step integer, applied_at timestamptz)")
        db.execute("INSERT INTO guard.schema_version SELECT generate_series(1, 5)")
        old = datetime.now(UTC) - timedelta(days=400)
        with db.transaction(), psycopg.connect(own_guard.url("postgres")) as source:
            for table in ("ledger", "ledger_record", "ledger_person", "ledger_head"):
                columns = "*" if table in ("ledger", "ledger_head") else f"{table[7:]}_id, seq"
                rows = source.execute(f"SELECT {columns} FROM guard.{table}").fetchall()
                db.execute("DELETE FROM guard.ledger_head")
                for row in rows:
                    marks = ", ".join(["%s"] * len(row))
                    values = [*row]
                    if table == "ledger" and row[0] in (0, 1):
                        values[1] = old + timedelta(days=40 * row[0])
                    db.execute(f"INSERT INTO guard.{table} VALUES ({marks})", values)
    before = len(own_guard.sql("SELECT 1 FROM guard.ledger_record"))
    assert migrate(cluster.url("ls_owner", name))[0] == 6
    moved = Guard(cluster, name, own_guard.data)
    assert len(moved.sql(MONTHS)) == 6
    joined = "SELECT 1 FROM guard.ledger_record JOIN guard.ledger USING (seq, at)"
    assert len(moved.sql(joined)) == before > 0
    found = verify(moved.url("ls_guard"), own_guard.data / "guard")
    assert [line for line in found if line.startswith("entry")] == [
        f"entry {seq}: column at differs from its bytes" for seq in (0, 1)
    ]  # nothing else of the entries was lost: these two were moved into the past by the test
