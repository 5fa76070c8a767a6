"""Step-up: a fresh proof of who asks, for exactly the deed that it names."""

from uuid import UUID

from guard import passkeys, totp
from guard.asker import Asker
from guard.core import Core
from guard.pepper import kept_password
from guard.policy import in_order
from guard.records import PURPOSE, looked_for
from guard.refusal import Refusal
from guard.wire import MANIFEST_MAX, AskProof, Done, PasskeyOptions, Proof, Prove

ACCOUNT = ("account.passkey", "account.remove", "account.recover", "account.key")


def facts_of(purpose: str, fields: list[str], ids: list[UUID]) -> passkeys.Facts:
    """Of a deed, as its manifest says them: fields in the ledger's order, ids sorted, each once."""
    return {
        "purpose": purpose, "fields": in_order(fields), "records": sorted(map(str, set(ids))),
    }  # fmt: skip


async def ask_proof(core: Core, asker: Asker, ask: AskProof) -> PasskeyOptions:
    is_account = ask.purpose in ACCOUNT
    if not PURPOSE.fullmatch(ask.purpose) or len(ask.record_ids) > MANIFEST_MAX:
        raise Refusal("invalid", "purpose or records")
    if not is_account and asker.kind != "operator":
        raise Refusal("forbidden")
    facts = facts_of(ask.purpose, ask.fields, ask.record_ids)
    return PasskeyOptions(options=await passkeys.ask_for_assertion(core, asker, facts))


async def need_proof(core: Core, asker: Asker, proof: Proof, facts: passkeys.Facts) -> None:
    """Before the deed's own transaction: what is given is used up whatever comes of it.

    A one-time code (of a member: the password) only while there is no passkey. Refusal
    `credentials` or `throttled`.
    """
    principal_id, bucket = UUID(asker.principal), f"proof|{asker.principal}"
    await core.throttle.attempt(account=bucket, address=asker.address)
    async with core.pool.connection() as db:
        has_passkey = bool(await passkeys.keys_of(db, principal_id))
        stored = await kept_password(core, db, principal_id)
        seed = await totp.kept_seed(core, db, principal_id)
    if has_passkey:
        await passkeys.check_assertion(core, asker, proof.assertion, facts)
    elif asker.kind == "member":
        if not await core.passwords.fits(stored, proof.password):
            raise Refusal("credentials")
    else:
        step = totp.need_step(seed, proof.totp)
        async with core.pool.connection() as db:
            if not await totp.use_code(db, principal_id, step):
                raise Refusal("credentials")
    async with core.pool.connection() as db:
        await core.throttle.passed(db, account=bucket, address=asker.address)


async def prove(core: Core, asker: Asker, ask: Prove) -> Done:
    ids = list(dict.fromkeys(ask.record_ids))
    records = await looked_for(core, asker, ask, ids, most=MANIFEST_MAX)
    proof = Proof(assertion=ask.assertion, totp=ask.totp)
    await need_proof(core, asker, proof, facts_of(ask.purpose, ask.fields, ids))
    entry = asker.entry(
        "step_up", purpose=ask.purpose, site_id=records[0].site_id, records=ids,
        fields=in_order(ask.fields),
    )  # fmt: skip
    await core.ledger.append(entry)
    return Done()
