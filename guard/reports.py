"""What the guard says about itself, and the demo's mailbox."""

import asyncio

from guard.asker import Asker
from guard.core import Core
from guard.db import one
from guard.post import read_mails
from guard.refusal import Refusal
from guard.wire import Health, HealthReport, Mailbox, Mails

MAILS_MAX = 200

_COUNTS = """SELECT (SELECT size FROM guard.ledger_head) AS ledger_size,
    (SELECT coalesce(max(size), 0) FROM guard.checkpoint) AS checkpoint_size,
    (SELECT count(*) FROM guard.inbox) AS inbox,
    (SELECT count(*) FROM guard.inbox_refused) AS inbox_refused,
    (SELECT count(*) FROM guard.postbox WHERE state = 'waiting') AS postbox,
    (SELECT count(*) FROM guard.postbox WHERE state = 'failed') AS postbox_failed"""


async def health(core: Core, _: Asker, __: Health) -> HealthReport:
    async with core.pool.connection() as db:
        row = await one(db, _COUNTS)
    return HealthReport(instance=core.keys.instance, **(row or {}))


async def mailbox(core: Core, _: Asker, ask: Mailbox) -> Mails:
    folder = core.settings.maildir
    if not core.settings.demo or folder is None:
        raise Refusal("forbidden", "outside the demo everybody has their own mailbox")
    limit = max(1, min(ask.limit, MAILS_MAX))
    site_id = str(ask.site_id) if ask.site_id else None
    return Mails(mails=await asyncio.to_thread(read_mails, folder, site_id, limit))
