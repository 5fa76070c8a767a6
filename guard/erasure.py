"""Erasing a person: their data key is destroyed, and what they could be found by.

A database restored from an older copy would bring the key back. So each erasure is also a line of a
file beside the master key, outside the database; at each start the listed people are erased again
before anything is answered.
"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from guard.accounts import retire
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.entry import Entry, in_parts, system_entry
from guard.keys import KeyFileError, sync_folder
from guard.refusal import Refusal
from guard.wire import Erase, Erased

LIST = "erased"


async def erase(core: Core, asker: Asker, ask: Erase) -> Erased:
    async with core.pool.connection() as db, db.transaction():
        entry = asker.entry("vault.erase", site_id=ask.site_id)
        records = await erase_one(core, db, ask.site_id, ask.person_id, entry)
    if records is None:
        raise Refusal("not_found", "no such person, or erased before")
    return Erased(records=records)


async def erase_one(
    core: Core, db: Db, site_id: UUID, person_id: UUID, entry: Entry
) -> int | None:  # fmt: skip
    """As the last act of the caller's transaction. How many records it was; None: nothing there."""
    records = await _destroy(core, db, site_id, person_id, entry)
    if records is not None:
        # Before the commit: an erasure that is not listed could be undone by a restore.
        await asyncio.to_thread(_list, core.settings.folder / LIST, site_id, person_id)
    return records


async def erase_again(core: Core) -> None:
    """Who is on the list and has a key: the database is an older copy. Raises KeyFileError."""
    listed = read_list(core.settings.folder / LIST)
    async with core.pool.connection() as db:
        back = await every(
            db,
            "SELECT site_id, person_id FROM guard.person WHERE person_id = ANY(%s)"
            " AND data_key <> ''",
            [list(listed)],
        )
        for row in back:
            async with db.transaction():
                entry = system_entry(
                    "vault", "vault.erase", purpose="erase.restored", site_id=row["site_id"]
                )
                await _destroy(core, db, row["site_id"], row["person_id"], entry)


def read_list(path: Path) -> set[UUID]:
    """The ids of people. Raises KeyFileError: a damaged list is no reason to show them again."""
    if not path.exists():
        return set()
    try:
        return {UUID(line.split()[1]) for line in path.read_text().splitlines()}
    except (OSError, ValueError, IndexError):
        raise KeyFileError(f"{path.name}, the list of erased people, is damaged") from None


def _list(path: Path, site_id: UUID, person_id: UUID) -> None:
    with path.open("a") as file:
        file.write(f"{site_id} {person_id} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


async def _destroy(
    core: Core, db: Db, site_id: UUID, person_id: UUID, entry: Entry
) -> int | None:  # fmt: skip
    """In the caller's transaction. How many records it was; None: nothing to destroy."""
    gone = await one(
        db,
        "UPDATE guard.person SET data_key = '', identity_index = NULL,"
        " left_at = coalesce(left_at, now())"
        " WHERE person_id = %s AND site_id = %s AND data_key <> '' RETURNING person_id",
        [person_id, site_id],
    )
    if gone is None:
        return None
    # The rows stay: an order is a contract, and the ledger names its record.
    rows = await every(
        db,
        "UPDATE guard.record SET sealed = '', access_hash = NULL WHERE person_id = %s"
        " RETURNING record_id",
        [person_id],
    )
    ids = [row["record_id"] for row in rows]
    await db.execute("DELETE FROM guard.blind WHERE record_id = ANY(%s)", [ids])
    await db.execute(
        "UPDATE guard.letter SET sealed = NULL,"
        " state = CASE state WHEN 'waiting' THEN 'void' ELSE state END WHERE person_id = %s",
        [person_id],
    )
    accounts = await every(
        db, "SELECT principal_id FROM guard.principal WHERE person_id = %s", [person_id]
    )
    for account in accounts:
        await retire(db, account["principal_id"])
        await db.execute(
            "DELETE FROM guard.pending WHERE principal_id = %s", [account["principal_id"]]
        )
    whole = msgspec.structs.replace(entry, records=ids, persons=[person_id])
    await core.ledger.append_in(db, in_parts(whole, dict.fromkeys(ids, person_id)))
    return len(ids)
