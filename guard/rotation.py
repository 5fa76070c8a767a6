"""New versions of keys, while everything goes on. Each begins with an entry of the ledger."""

from uuid import UUID

from guard import reindex, renewal
from guard.asker import Asker
from guard.core import Core
from guard.db import one
from guard.master import rotate_master, settle_master
from guard.refusal import Refusal
from guard.succession import rotate_signing
from guard.wire import Rotated, RotateKey

BATCH = 2_000  # data keys in one call, which takes a second


async def rotate(core: Core, asker: Asker, ask: RotateKey) -> Rotated:
    if ask.key == "master":
        await _master(core, asker)
        return Rotated(remaining=0)
    if ask.key == "ledger":
        await rotate_signing(core, asker)
        return Rotated(remaining=0)
    if ask.key in ("pepper", "accounts", "root"):
        if ask.begin:
            await renewal.begin(core, asker, ask.key)
        return Rotated(remaining=await renewal.go_on(core, asker, ask.key))
    if ask.site_id is None:
        raise Refusal("invalid", "seal, wrap and index are a site's; the others are not")
    if ask.begin:
        await _new_version(core, asker, ask.key, ask.site_id)
    if ask.key == "index":
        return Rotated(remaining=await reindex.go_on(core, asker, ask.site_id))
    return Rotated(remaining=await _rewrap(core, ask.site_id) if ask.key == "wrap" else 0)


async def _new_version(core: Core, asker: Asker, key: str, site_id: UUID) -> None:
    async with core.pool.connection() as db, db.transaction():
        # One after another, and not beside the site's own making.
        query = "SELECT 1 FROM guard.site WHERE site_id = %s FOR UPDATE"
        if await one(db, query, [site_id]) is None:
            raise Refusal("not_found", "no such site")
        if key == "index":
            await reindex.begin(core, db, site_id)
        await core.site_keys.add(db, site_id, key)
        entry = asker.entry("key.rotate", purpose=f"key.{key}", site_id=site_id)
        await core.ledger.append_in(db, [entry])
    core.site_keys.forget_newest(site_id)


async def _rewrap(core: Core, site_id: UUID) -> int:
    async with core.pool.connection() as db, db.transaction():
        try:
            await core.vault.rewrap(db, site_id, BATCH)
        except LookupError:
            raise Refusal("not_found", "no such site") from None
    async with core.pool.connection() as db:
        newest = await core.site_keys.newest(db, site_id, "wrap")
        row = await one(
            db,
            "SELECT count(*) AS count FROM guard.person"
            " WHERE site_id = %s AND key_version < %s AND data_key <> ''",
            [site_id, newest.version],
        )
    return int(row["count"]) if row else 0


async def _master(core: Core, asker: Asker) -> None:
    try:
        async with core.pool.connection() as db, db.transaction():
            await rotate_master(db, core.keys)
            entry = asker.entry("key.rotate", purpose="key.master")
            await core.ledger.append_in(db, [entry])
    finally:  # what the database has now is what counts, whichever way it ended
        async with core.pool.connection() as db:
            await settle_master(db, core.keys)
