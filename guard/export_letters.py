"""Owners and staff learn of an export that nobody else will approve, while it can be stopped."""

from datetime import datetime, timedelta, timezone

from psycopg.rows import DictRow

from guard.accounts import answerable, email_of
from guard.core import Core
from guard.db import Db
from guard.letters import write_letter

JST = timezone(timedelta(hours=9))


async def tell_of_export(core: Core, db: Db, row: DictRow, ready: datetime) -> None:
    values = {
        "asker": row["asker"], "records": f"{row['size']:,}",
        "people": f"{row['persons']:,}", "ready": f"{ready.astimezone(JST):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    accounts = [*await answerable(db, row["site_id"]), *await answerable(db, None)]
    roots = await core.own_keys.roots(db)
    for account in accounts:
        await write_letter(
            core, db, "site.export", site_id=row["site_id"], to=email_of(roots, account),
            values=values,
        )  # fmt: skip
