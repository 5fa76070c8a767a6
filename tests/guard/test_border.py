"""What the other roles may do in schema guard: insert at the border, and read keys to seal to."""

import psycopg
import pytest
from psycopg import sql

from tests.guard.conftest import Guard, Site

READABLE = {("ls_desk", "site_public_key"), ("ls_worker", "site_public_key")}
READABLE_IN_PART = {  # which records, but neither who nor why; who is shut out, but not why
    ("ls_worker", "returned"), ("ls_shop", "blocked_source"), ("ls_desk", "blocked_source"),
}  # fmt: skip
WRITABLE = {
    ("ls_desk", "inbox"), ("ls_worker", "postbox"),
    ("ls_shop", "signal"), ("ls_desk", "signal"), ("ls_worker", "signal"),
}  # fmt: skip


@pytest.mark.parametrize("role", ["ls_shop", "ls_desk", "ls_worker"])
def test_the_others_read_nothing_and_write_only_their_box(guard: Guard, role: str) -> None:
    tables = [
        row["tablename"]
        for row in guard.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'guard'")
    ]
    assert len(tables) > 15
    with psycopg.connect(guard.url(role), autocommit=True) as db:
        for table in tables:
            name = sql.Identifier("guard", table)
            attempts = {
                "read": sql.SQL("SELECT 1 FROM {} LIMIT 1"),
                "delete": sql.SQL("DELETE FROM {}"),
                "truncate": sql.SQL("TRUNCATE {}"),
                "insert": sql.SQL("INSERT INTO {} DEFAULT VALUES"),
            }
            for verb, attempt in attempts.items():
                if verb == "read" and (role, table) in READABLE:
                    continue
                if verb == "read" and (role, table) in READABLE_IN_PART:
                    attempt = sql.SQL("SELECT * FROM {}")  # noqa: PLW2901
                if verb == "insert" and (role, table) in WRITABLE:
                    continue
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(attempt.format(name))


def test_the_guard_may_not_change_its_own_ledger(guard: Guard, site: Site) -> None:
    with psycopg.connect(guard.url("ls_guard"), autocommit=True) as db:
        for table in ("ledger", "ledger_record", "ledger_person", "checkpoint"):
            for verb in ("DELETE FROM", "TRUNCATE"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(f"{verb} guard.{table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("UPDATE guard.ledger SET verb = 'x'")


def test_even_the_owner_is_stopped_by_the_trigger(guard: Guard, site: Site) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        guard.sql("DELETE FROM guard.ledger", role="ls_owner")


def test_a_deposit_for_a_site_out_of_scope_is_refused(guard: Guard, site: Site) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        guard.deposit(site, site_id=guard.site().site_id)
