"""A buyer under a name that tells nothing: the same for all they buy at one shop, so that a limit
per person can be counted where no person is known. Nothing is opened, so no entry is written."""

import hashlib
from uuid import UUID

from guard.asker import Asker
from guard.core import Core
from guard.records import may_see
from guard.refusal import Refusal
from guard.wire import BuyerName, NameBuyer


async def name_buyer(core: Core, asker: Asker, ask: NameBuyer) -> BuyerName:
    """Refusal `not_found` for a record that is not the asker's own, or their shop's."""
    await core.inbox.empty(record_ids=[ask.record_id])
    async with core.pool.connection() as db:
        record = (await core.vault.find(db, [ask.record_id])).get(ask.record_id)
    if record is None or not may_see(asker, record):
        raise Refusal("not_found")
    # Not the person's own id: with that, a reader of orders would read the ledger too.
    piece = hashlib.sha256(b"buyer" + record.site_id.bytes + record.person_id.bytes).digest()
    return BuyerName(mark=UUID(bytes=piece[:16]))
