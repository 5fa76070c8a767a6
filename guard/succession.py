"""A new signing key of the ledger, which the old one vouches for; and which of two is in use.

The succession is a checkpoint (C2SP tlog-checkpoint) with one more line that names the new key,
signed by both. It is committed with its entry, so a size has one signer; the key lies on the disk
as ledger.key.next before, and takes ledger.key's place after. The database says which one counts.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guard.asker import Asker
from guard.checkpoint_text import note
from guard.core import Core
from guard.db import Db, every, one
from guard.keys import (
    FIRST_PUB,
    SIGNING,
    SIGNING_NEXT,
    SIGNING_PUB,
    KeyFileError,
    Keys,
    signing_key,
    sync_folder,
    write_file,
)  # fmt: skip
from guard.merkle import root
from guard.proofs import SUCCESSIONS  # beside the tiles: a note each, by size
from guard.watch.manifest import sign_again

_ALL = (
    "SELECT size, vkey, note FROM guard.succession JOIN guard.checkpoint USING (size) ORDER BY size"
)


async def rotate_signing(core: Core, asker: Asker) -> None:
    """Checkpoints go on meanwhile: each is signed by the key that its size has in the database."""
    keys = core.keys
    try:
        async with core.pool.connection() as db, db.transaction():
            # One after another, and no entry comes in between.
            await one(db, "SELECT 1 FROM guard.ledger_head FOR UPDATE")
            await settle(db, keys)  # one that was cut off after its commit
            following = Ed25519PrivateKey.generate()
            write_file(keys.folder / SIGNING_NEXT, following.private_bytes_raw())
            entry = asker.entry("key.rotate", purpose="key.ledger")
            await core.ledger.append_in(db, [entry])
            head = await one(db, "SELECT size, frontier FROM guard.ledger_head")
            if head is None:
                raise KeyFileError("the ledger has no head")
            tree_root = root(head["frontier"])
            text = note(keys, head["size"], tree_root, following)
            await db.execute(
                "INSERT INTO guard.checkpoint (size, root, frontier, note) VALUES (%s, %s, %s, %s)",
                [head["size"], tree_root, head["frontier"], text],
            )
            await db.execute(
                "INSERT INTO guard.succession (size, vkey) VALUES (%s, %s)",
                [head["size"], keys.vkey_of(following)],
            )
    finally:  # what the database has now is what counts, whichever way it ended
        async with core.pool.connection() as db:
            await settle(db, keys)


async def settle(db: Db, keys: Keys) -> None:
    """The key in use is the one the database names last. Safe to repeat. Raises KeyFileError."""
    rows = await every(db, _ALL)
    for row in rows:
        _publish(keys.folder, row["size"], row["note"])
    first = (keys.folder / FIRST_PUB).read_text().strip()
    _use(keys, rows[-1]["vkey"] if rows else first)


def _publish(folder: Path, size: int, text: str) -> None:
    path = folder / "log" / SUCCESSIONS / f"{size:012}"
    if not path.exists():
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_file(path, text.encode(), 0o444)


def _use(keys: Keys, vkey: str) -> None:
    """Files first, and ledger.key as the last of them: until then all of it is done again."""
    folder, following = keys.folder, keys.folder / SIGNING_NEXT
    held = [path for path in (folder / SIGNING, following) if path.exists()]
    found = {keys.vkey_of(key): key for key in map(signing_key, held)}
    if vkey not in found:
        raise KeyFileError(f"{SIGNING} is not the one that this ledger goes on with")
    if keys.vkey != vkey:
        sign_again(folder, keys.signing.public_key(), found[vkey])
        keys.signing = found[vkey]
    if (folder / SIGNING_PUB).read_text().strip() != vkey:
        write_file(folder / SIGNING_PUB, vkey.encode() + b"\n", 0o644)
    if keys.vkey_of(signing_key(folder / SIGNING)) != vkey:
        following.replace(folder / SIGNING)  # the old one is gone
        sync_folder(folder)
    following.unlink(missing_ok=True)
