"""S7, S7s, S13, S14: the web's database roles, the superuser, and SQL that moves money."""

import re
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from guard.client import GuardRefused, GuardUnavailable
from guard.watch.traps import TABLE
from guard.wire import AskSignIn, Reveal, SignInPasskey
from lockstitch.cli.drill.ground import SURFACES, Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.softkey import SoftKey

BATCH = 2_000
BINARY = re.compile(r"\\+x([0-9a-f]+)")
_READABLE = """SELECT c.oid::regclass::text AS name FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog',
        'information_schema') AND has_schema_privilege(n.oid, 'USAGE')
    AND has_any_column_privilege(c.oid, 'SELECT') ORDER BY 1"""
_COLUMNS = """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
    AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'SELECT')"""


def dump(ground: Ground, stage: Stage) -> None:
    """S7: every table that a role can read, of every shop, searched for the drill's people."""
    for surface in SURFACES:
        rows = tables = 0
        at, began = stage.now(), time.perf_counter()
        with ground.database(f"ls_{surface}") as db:
            for table in db.execute(_READABLE).fetchall():
                tables += 1
                if table["name"] == TABLE:
                    at, began = stage.now(), time.perf_counter()
                for some in _rows(db, table["name"]):
                    rows += len(some)
                    if _finds(ground, some):
                        stage.leaked(f"ls_{surface} reads a person in {table['name']}")
        stage.stopped(f"ls_{surface}: {rows:,} rows of {tables} tables", "sealed records")
        stage.see("decoy.touched", at, began, about=f"%ls_{surface}")
    _forbidden(ground, stage)


def _rows(db: psycopg.Connection[dict[str, Any]], table: str) -> Iterator[list[str]]:
    """All that can be read of it, as JSON, some rows at a time."""
    names = [row["attname"] for row in db.execute(_COLUMNS, [table]).fetchall()]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    query = sql.SQL("SELECT to_jsonb(t)::text AS text FROM (SELECT {} FROM {}) t")
    place = sql.Identifier(*table.replace('"', "").split("."))
    with db.transaction(), db.cursor(name="drill") as cursor:
        cursor.execute(query.format(columns, place))
        while some := cursor.fetchmany(BATCH):
            yield [row["text"] for row in some]


def _finds(ground: Ground, rows: list[str]) -> bool:
    """In text as it stands, and in binary columns once they are binary again: in so much
    hexadecimal there is every telephone number."""
    text = "\n".join(rows)
    binary = b"\n".join(bytes.fromhex(each) for each in BINARY.findall(text) if len(each) % 2 == 0)
    return ground.finds(BINARY.sub("", text).encode()) or ground.finds(binary)


def _forbidden(ground: Ground, stage: Stage) -> None:
    """What no role of the web may read: deposits, records, logins, providers' keys."""
    for surface in SURFACES:
        with ground.database(f"ls_{surface}") as db:
            for table in ("inbox", "record", "person", "credential", "session", "blind",
                          "ledger", "provider_secret", "site_key", "own_key"):  # fmt: skip
                try:
                    db.execute(f"SELECT 1 FROM guard.{table} LIMIT 1")  # noqa: S608
                    stage.leaked(f"ls_{surface} reads guard.{table}")
                except psycopg.errors.InsufficientPrivilege:
                    stage.stopped(f"ls_{surface}: guard.{table}", "no right to it")


def superuser(ground: Ground, stage: Stage) -> None:
    """S7s: all rights in the database. What is sealed stays sealed, under its own name only, and a
    way in that is written into the table is none."""
    first = ground.orders[0]  # and another order of the same person, under the same key
    other = next(each for each in ground.orders[1:] if each.person == first.person)
    with ground.database("postgres") as db:
        if any(_finds(ground, some) for table in _guards(db) for some in _rows(db, table)):
            stage.leaked("a person in clear in the guard's tables")
        else:
            stage.stopped("every table of the guard", "sealed records, keys elsewhere")
        desk, session = ground.as_channel("desk"), ground.session("second")
        ask = Reveal(record_ids=[first.record_id], fields=["email"], purpose="order.check")

        def read() -> None:
            try:
                shown = desk.call(ask, session=session, address=ground.home("second"))
                stage.leaked(f"another's record opens: {len(shown.records)}")
                stage.disclosed.add(ground.people[other.record_id])
            except (GuardUnavailable, GuardRefused):
                stage.stopped("open a record that was moved", "bound to shop, record, person")

        _swap(db, first.record_id, other.record_id)
        try:
            stage.expect("record.damaged", read, about=str(first.record_id))
        finally:
            _swap(db, first.record_id, other.record_id)
        _own_passkey(ground, stage, db)


def _guards(db: psycopg.Connection[dict[str, Any]]) -> list[str]:
    return [
        row["name"] for row in db.execute(
            "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE nspname = 'guard' AND relkind IN ('r', 'p')"
            " AND NOT relispartition"
        ).fetchall()
    ]  # fmt: skip


def _swap(db: psycopg.Connection[dict[str, Any]], one: object, two: object) -> None:
    db.execute(
        "UPDATE guard.record r SET sealed = o.sealed FROM guard.record o WHERE (r.record_id,"
        " o.record_id) IN ((%(a)s, %(b)s), (%(b)s, %(a)s))", {"a": one, "b": two},
    )  # fmt: skip


def _own_passkey(ground: Ground, stage: Stage, db: psycopg.Connection[dict[str, Any]]) -> None:
    mine, desk = SoftKey(origin=ground.console_desk("").rstrip("/")), ground.as_channel("desk")
    db.execute(
        "INSERT INTO guard.passkey (credential_id, principal_id, public_key, sign_count, name)"
        " VALUES (%s, %s, %s, 0, 'DRILL')",
        [mine.id, ground.operators["victim"].id, mine.public],
    )

    def enter() -> None:
        options = desk.call(AskSignIn(), address=ground.source(7)).options
        try:
            desk.call(SignInPasskey(assertion=mine.get(options)), address=ground.source(7))
            stage.leaked("a passkey written into the table is let in")
        except GuardRefused:
            stage.stopped("sign in with a passkey written into the table", "it has no mac")

    try:
        stage.expect("credential.stolen", enter, about="passkey")
    finally:
        db.execute("DELETE FROM guard.passkey WHERE credential_id = %s", [mine.id])


def money(ground: Ground, stage: Stage) -> None:
    """S13: the provider's keys, and an amount made smaller."""
    for surface in SURFACES:
        with ground.database(f"ls_{surface}") as db:
            try:
                db.execute("SELECT sealed FROM guard.provider_secret LIMIT 1")
                stage.leaked(f"ls_{surface} reads the providers' keys")
            except psycopg.errors.InsufficientPrivilege:
                stage.stopped(f"ls_{surface}: keys of providers", "no right to them")
    number = ground.orders[1].number  # not that of S14: its alert would be taken for this one's
    with ground.database("ls_shop") as db:
        try:
            db.execute("UPDATE orders_order SET total_yen = 1 WHERE number = %s", [number])
            stage.leaked("a sum that does not add up")
        except psycopg.errors.CheckViolation:
            stage.stopped("a sum that does not add up", "constraints")

        def lower(by: int) -> None:
            db.execute("UPDATE orders_order SET items_yen = items_yen - %(by)s, total_yen ="
                       " total_yen - %(by)s WHERE number = %(no)s",
                       {"by": by, "no": number})  # fmt: skip

        stage.expect("order.state", lambda: lower(1), about=number)
        lower(-1)
        for column in ("total_yen", "unit_price_yen", "quantity"):
            try:
                db.execute(f"UPDATE orders_orderline SET {column} = 1")  # noqa: S608
                stage.leaked(f"the shop changes {column} of a line that was sold")
            except psycopg.errors.InsufficientPrivilege:
                stage.stopped(f"change {column} of a line", "lines are written once")
    stage.note(
        "an amount that adds up, lowered by the shop's own role, is seen, not stopped; one"
        " lowered at a provider is found by its own poll (tests/payments/test_watched.py)"
    )


def states(ground: Ground, stage: Stage) -> None:
    """S14: the tell-tale of 2016. The shop's role may move its orders: seen, not stopped."""
    number = ground.orders[0].number
    with ground.database("ls_shop") as db:

        def flip(to: str) -> None:
            db.execute("UPDATE orders_order SET fulfilment = %s WHERE number = %s", [to, number])

        stage.expect("order.state", lambda: flip("unshipped"), about=number)
        flip("delivered")
        for table in ("orders_orderevent", "payments_capture", "accounting_line"):
            try:
                db.execute(f"DELETE FROM {table}")  # noqa: S608
                stage.leaked(f"the shop deletes {table}")
            except psycopg.errors.InsufficientPrivilege:
                stage.stopped(f"delete {table}", "insert only")
    stage.note("moving an order's state past its machine is seen, not stopped")
