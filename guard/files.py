"""Taking an original out of the quarantine: its key is opened once it is written down."""

from guard.asker import Asker
from guard.core import Core
from guard.refusal import Refusal
from guard.sealing import SUITES, SealError, unseal
from guard.wire import FileKey, OpenFile

KIND = "quarantine"


async def open_file(core: Core, asker: Asker, ask: OpenFile) -> FileKey:
    async with core.pool.connection() as db:
        key = await core.site_keys.to_open(db, ask.key_id, ask.site_id)
    if key is None or ask.suite != key.suite or ask.suite not in SUITES:
        raise Refusal("not_found", "no such key")
    try:
        fields = unseal(
            key.secret, ask.suite, ask.sealed, site_id=ask.site_id, record_id=ask.upload_id,
            kind=KIND, key_id=ask.key_id,
        )  # fmt: skip
        opened = bytes.fromhex(fields["key"])
    except (SealError, KeyError, ValueError):
        raise Refusal("not_found", "another seal") from None
    await core.ledger.append(
        asker.entry("file.open", purpose="quarantine", site_id=ask.site_id, records=[ask.upload_id])
    )
    return FileKey(key=opened)
