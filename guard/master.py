"""The master key in use: what it wraps, its successor, and which of two the database is under.

A new master key is on the disk as master.key.next before anything is wrapped by it, and takes
master.key's place after the commit; a start in between sees from the database which one counts.
"""

import os

from guard.db import Db, every, one
from guard.keys import KEY_BYTES, MASTER_NEXT, MASTER_OLD, BoxError, Keys, write_file
from guard.own_keys import FIRST_VERSION, OwnKeys
from guard.own_keys import binding as own_binding
from guard.refusal import Refusal
from guard.site_keys import binding

_ROOT = "SELECT * FROM guard.own_key WHERE purpose = 'root' ORDER BY version DESC LIMIT 1"
_WAS_USED = """SELECT EXISTS (SELECT 1 FROM guard.principal) OR EXISTS (SELECT 1 FROM guard.site)
    OR EXISTS (SELECT 1 FROM guard.provider_secret) AS used"""


async def open_root(db: Db, keys: Keys) -> None:
    """Makes it when there is none. Raises BoxError when no master key here is the database's."""
    if await one(db, _ROOT) is None:
        before = await one(db, _WAS_USED)
        # Filled before there was a root: what derives from the master key goes on to.
        root = keys.master if before and before["used"] else os.urandom(KEY_BYTES)
        await OwnKeys(keys).make(db, "root", FIRST_VERSION, root)
    await settle_master(db, keys)


async def settle_master(db: Db, keys: Keys) -> None:
    """The master key in use is the one that wraps the root. Safe to repeat. Raises BoxError."""
    row = await one(db, _ROOT)
    if row is None:
        raise BoxError("no root key")
    keys.settle(row["wrapped"], own_binding("root", row["version"]))


async def rotate_master(db: Db, keys: Keys) -> None:
    """In the caller's transaction, which ends with `settle_master`. Refusal `conflict`."""
    if keys.from_shares:
        raise Refusal("conflict", "the master key is in shares: put master.key back, then split")
    if (keys.folder / MASTER_OLD).exists():
        raise Refusal("conflict", f"take {MASTER_OLD} to where your backups are kept first")
    # Nobody makes keys meanwhile: they would be wrapped by the key that goes.
    await db.execute("LOCK TABLE guard.site_key, guard.own_key IN SHARE ROW EXCLUSIVE MODE")
    fresh = os.urandom(KEY_BYTES)
    write_file(keys.folder / MASTER_NEXT, fresh)
    box = keys.adopt(fresh)
    for row in await every(db, "SELECT * FROM guard.site_key"):
        bound = binding(row["site_id"], row["purpose"], row["key_id"], row["version"])
        await db.execute(
            "UPDATE guard.site_key SET wrapped = %s WHERE key_id = %s",
            [box.seal(keys.unwrap(row["wrapped"], bound), bound), row["key_id"]],
        )
    for row in await every(db, "SELECT * FROM guard.own_key"):
        bound = own_binding(row["purpose"], row["version"])
        await db.execute(
            "UPDATE guard.own_key SET wrapped = %s WHERE purpose = %s AND version = %s",
            [box.seal(keys.unwrap(row["wrapped"], bound), bound), row["purpose"], row["version"]],
        )
