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

_WITNESSES = """SELECT bool_or(w.refused_at IS NOT NULL) AS witnesses_disagree,
    CASE WHEN count(w.last_at) = count(*) THEN extract(epoch FROM now() - min(w.last_at))::float
    END AS witness_age
    FROM unnest(%s::text[]) url LEFT JOIN guard.witness w USING (url)"""


async def health(core: Core, _: Asker, __: Health) -> HealthReport:
    async with core.pool.connection() as db:
        row = await one(db, _COUNTS) or {}
        urls = [url for url, _ in core.settings.witnesses]
        if urls:
            row |= await one(db, _WITNESSES, [urls]) or {}
    return HealthReport(instance=core.keys.instance, witnesses=len(urls), **row)


async def mailbox(core: Core, _: Asker, ask: Mailbox) -> Mails:
    folder = core.settings.maildir
    if not core.settings.demo or folder is None:
        raise Refusal("forbidden", "outside the demo everybody has their own mailbox")
    limit = max(1, min(ask.limit, MAILS_MAX))
    site_id = str(ask.site_id) if ask.site_id else None
    return Mails(mails=await asyncio.to_thread(read_mails, folder, site_id, limit))
