"""What is under the guard's root, table by table: how it is put under a new one, and what lapses.

Seals are opened and made again; marks are checked, and made again of what they are of. What does
not open, or is not ours, stays as it is under the new version: nobody gets by with it, before or
after. Codes that were mailed and exports that stand open cannot be made again; they lapse in
minutes, and the old root stays until then. Counts of failed attempts begin anew.
"""

import asyncio
import hmac
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.rows import DictRow

from guard import export_marks, provider, second
from guard.db import Db, every, many, one
from guard.exports import OPEN_FOR
from guard.keys import BoxError
from guard.own_keys import OwnKey
from guard.passkeys import mac_of
from guard.wire import EXPORT_MAX

BREATH = 25  # rows made again before others have their turn

type Remade = Callable[[DictRow], list[bytes]]


class Work(NamedTuple):
    """One kind of rows. `remake` gives, of the new and the old root, how a row's columns are made
    again; that raises BoxError for what the old one has not made."""

    table: str
    which: str
    key: Sequence[str]
    columns: Sequence[str]
    remake: Callable[[OwnKey, OwnKey], Remade]


async def move(db: Db, new: OwnKey, old: OwnKey, limit: int) -> None:
    """At most so many rows, of the first kind that has any; in the caller's transaction."""
    for work in WORKS:
        rows = await every(
            db,
            f"SELECT * FROM {work.table} WHERE root_version < %s AND {work.which}"  # noqa: S608
            " ORDER BY root_version LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            [new.version, limit],
        )
        if rows:
            values = ", ".join(f"{column} = %s" for column in work.columns)
            names = " AND ".join(f"{column} = %s" for column in work.key)
            update = f"UPDATE {work.table} SET {values}, root_version = %s WHERE {names}"  # noqa: S608
            await many(db, update, await _moved(work, new, old, rows))
            return


async def left(db: Db, new: OwnKey) -> int:
    """How many rows are under an older root, those that lapse among them."""
    rows = [*((work.table, work.which) for work in WORKS), *_LAPSING]
    counts = " + ".join(
        f"(SELECT count(*) FROM {table} WHERE root_version < %(new)s AND {which})"  # noqa: S608
        for table, which in rows
    )
    values = {"new": new.version, "open_for": OPEN_FOR}
    row = await one(db, f"SELECT {counts} AS count", values)
    return int(row["count"]) if row else 0


async def _moved(work: Work, new: OwnKey, old: OwnKey, rows: list[DictRow]) -> list[list[Any]]:
    remade, moved = work.remake(new, old), []
    for count, row in enumerate(rows):
        if count % BREATH == 0:
            await asyncio.sleep(0)
        values = [row[column] for column in work.columns]
        try:
            if row["root_version"] == old.version:
                values = remade(row)
        except BoxError:
            pass
        moved.append([*values, new.version, *(row[column] for column in work.key)])
    return moved


def _sealed(table: str, which: str, key: Sequence[str], column: str, label: str) -> Work:
    """Sealed for the id that `key` begins with."""

    def remake(new: OwnKey, old: OwnKey) -> Remade:
        to, of = new.box(label), old.box(label)

        def remade(row: DictRow) -> list[bytes]:
            bound = str(row[key[0]])
            return [to.seal(of.open(row[column], bound), bound)]

        return remade

    return Work(table, which, key, (column,), remake)


def _secrets(new: OwnKey, old: OwnKey) -> Remade:
    to, of = new.box("provider"), old.box("provider")

    def remade(row: DictRow) -> list[bytes]:
        bound = provider.binding(row["site_id"], row["provider"], row["name"])
        return [to.seal(of.open(row["sealed"], bound), bound)]

    return remade


def _passkeys(new: OwnKey, old: OwnKey) -> Remade:
    def remade(row: DictRow) -> list[bytes]:
        if not hmac.compare_digest(row["mac"], mac_of(old, row)):
            raise BoxError("not added through the guard")
        return [mac_of(new, row)]

    return remade


def _seconds(new: OwnKey, old: OwnKey) -> Remade:
    def remade(row: DictRow) -> list[bytes]:
        deed, value = second.Deed.of(row), second.value_in(old, row)
        if not hmac.compare_digest(row["digest"], second.digest_of(old, deed, value)):
            raise BoxError("not what was asked for")
        return [second.sealed_value(new, deed, value), second.digest_of(new, deed, value)]

    return remade


def _marks(new: OwnKey, old: OwnKey) -> Remade:
    before: dict[UUID, dict[bytes, str]] = {}  # of exports from before values were kept

    def value_of(row: DictRow) -> str:
        export_id = row["export_id"]
        if row["sealed"]:
            return export_marks.value_in(old, row)
        if export_id not in before:
            values = export_marks.values_of(old, export_id, export_marks.count(EXPORT_MAX))
            before[export_id] = {export_marks.digest_of(old, each): each for each in values}
        if row["digest"] not in before[export_id]:
            raise BoxError("not a mark of this export")
        return before[export_id][row["digest"]]

    def remade(row: DictRow) -> list[bytes]:
        value = value_of(row)
        return [
            export_marks.digest_of(new, value),
            export_marks.sealed_value(new, row["export_id"], value),
        ]

    return remade


WORKS = (
    _sealed("guard.principal", "sealed <> ''", ["principal_id"], "sealed", "principal"),
    _sealed("guard.credential", "kind = 'totp'", ["principal_id", "kind"], "value", "totp"),
    _sealed(
        "guard.pending", "kind = 'enrolment' AND sealed <> ''", ["pending_id"], "sealed", "pending"
    ),
    _sealed("guard.letter", "sealed IS NOT NULL", ["id"], "sealed", "letter"),
    Work("guard.provider_secret", "true", ("site_id", "provider", "name"), ("sealed",), _secrets),
    Work("guard.passkey", "true", ("credential_id",), ("mac",), _passkeys),
    Work("guard.second", "ended_at IS NULL", ("second_id",), ("sealed", "digest"), _seconds),
    Work("guard.export_mark", "true", ("digest", "export_id"), ("digest", "sealed"), _marks),
)
_LAPSING = (
    (
        "guard.pending",
        "kind <> 'enrolment' AND sealed <> '' AND used_at IS NULL AND expires_at > now()",
    ),
    ("guard.export", "ended_at IS NULL AND opened_at > now() - %(open_for)s"),
)
