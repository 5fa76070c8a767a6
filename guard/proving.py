"""Step-up: a fresh one-time code, for exactly the records, fields and purpose that it names."""

from uuid import UUID

from guard import totp
from guard.accounts import credential
from guard.asker import Asker
from guard.core import Core
from guard.records import in_order, looked_for
from guard.refusal import Refusal
from guard.wire import MANIFEST_MAX, Done, Prove


async def prove(core: Core, asker: Asker, ask: Prove) -> Done:
    ids = list(dict.fromkeys(ask.record_ids))
    records = await looked_for(core, asker, ask, ids, most=MANIFEST_MAX)
    operator_id, bucket = UUID(asker.principal), f"proof|{asker.principal}"
    await core.throttle.attempt(account=bucket, address=asker.address)
    entry = asker.entry(
        "step_up", purpose=ask.purpose, site_id=records[0].site_id, records=ids,
        fields=in_order(ask.fields),
    )  # fmt: skip
    async with core.pool.connection() as db, db.transaction():
        seed = await credential(db, operator_id, "totp")
        step = totp.need_step(core, operator_id, seed, ask.totp)
        if not await totp.use_code(db, operator_id, step):
            raise Refusal("credentials")
        await core.throttle.passed(db, account=bucket, address=asker.address)
        await core.ledger.append_in(db, [entry])
    return Done()
