"""Owners and staff learn of an export that nobody else will approve, while it can be stopped."""

from datetime import datetime, timedelta, timezone

from psycopg.rows import DictRow

from guard.accounts import email_of
from guard.core import Core
from guard.db import Db, every, one
from guard.letters import write_letter

JST = timezone(timedelta(hours=9))

_TOLD = """SELECT * FROM guard.principal WHERE state = 'active'
    AND (kind = 'staff' OR (kind = 'operator' AND role = 'owner' AND %s = ANY (site_ids)))"""


async def tell_of_export(core: Core, db: Db, row: DictRow, ready: datetime) -> None:
    asker = await one(
        db, "SELECT handle FROM guard.principal WHERE principal_id = %s", [row["asked_by"]]
    )
    values = {
        "asker": asker["handle"] if asker else "", "records": f"{len(row['records']):,}",
        "people": f"{row['persons']:,}", "ready": f"{ready.astimezone(JST):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    for account in await every(db, _TOLD, [row["site_id"]]):
        await write_letter(
            core, db, "site.export", site_id=row["site_id"], to=email_of(core, account),
            values=values,
        )  # fmt: skip
