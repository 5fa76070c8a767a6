"""Signing in and out."""

from uuid import UUID

from psycopg.rows import DictRow

from guard import totp
from guard.accounts import CONSOLE, credential, find_account, login_name, set_credential
from guard.asker import Asker
from guard.core import Core
from guard.db import one
from guard.passwords import is_foreign
from guard.refusal import Refusal
from guard.sessions import end_sessions, identity, start_session
from guard.wire import Done, Identity, SignedIn, SignInMember, SignInOperator, SignOut, WhoAmI

NOBODY = UUID(int=0)
PASSWORD_CHARACTERS_MAX = 1024  # longer than any that was ever taken: not worth a hash

_UNCHANGED = """SELECT 1 FROM guard.principal p JOIN guard.credential c USING (principal_id)
    WHERE p.principal_id = %s AND p.state = 'active' AND c.kind = 'password' AND c.value = %s
    FOR SHARE"""


async def sign_in_member(core: Core, asker: Asker, ask: SignInMember) -> SignedIn:
    return await _sign_in(core, asker, ask.site_id, ask)


async def sign_in_operator(core: Core, asker: Asker, ask: SignInOperator) -> SignedIn:
    return await _sign_in(core, asker, CONSOLE, ask)


async def _sign_in(
    core: Core, asker: Asker, scope: UUID, ask: SignInMember | SignInOperator
) -> SignedIn:
    email, code = ask.email, ask.totp if isinstance(ask, SignInOperator) else None
    verb, site_id = "sign_in", None if scope == CONSOLE else scope
    login = login_name(scope, email)
    account: DictRow | None = None
    try:
        await core.throttle.attempt(account=login, address=asker.address)
        async with core.pool.connection() as db:
            account = await find_account(core, db, scope, email)
            # Asked for nobody too, so that an unknown login takes as long.
            principal_id = account["principal_id"] if account else NOBODY
            stored = await credential(db, principal_id, "password")
            seed = await credential(db, principal_id, "totp")
        # Without a connection: hashing takes long, and there are few connections.
        fits = await core.passwords.fits(
            stored["value"] if stored else None, ask.password[:PASSWORD_CHARACTERS_MAX]
        )
        if not fits or account is None or account["state"] != "active":
            raise Refusal("credentials")
        # Operators and staff never get in without a code.
        is_member = account["kind"] == "member"
        step = 0 if is_member else totp.need_step(core, account["principal_id"], seed, code)
        renewed = b""
        if stored and is_foreign(stored["value"]):
            renewed = await core.passwords.hash(ask.password)
        async with core.pool.connection() as db, db.transaction():
            # Held until the end: a reset or a disabling at this moment comes before or after.
            query = _UNCHANGED.replace("SHARE", "UPDATE") if renewed else _UNCHANGED
            still = await one(db, query, [account["principal_id"], stored and stored["value"]])
            used = step == 0 or await totp.use_code(db, account["principal_id"], step)
            if still is None or not used:
                raise Refusal("credentials")
            if renewed:
                await set_credential(db, account["principal_id"], "password", renewed)
            await core.throttle.passed(db, account=login, address=asker.address)
            signed, now = await start_session(db, account, asker)
            await core.ledger.append_in(db, [now.entry(verb, site_id=site_id)])
            return signed
    except Refusal as refusal:
        # The id of the account that was tried; the kind stays `anonymous`, for nothing is proven.
        tried = Asker(
            channel=asker.channel, kind="anonymous", address=asker.address, agent=asker.agent,
            principal=str(account["principal_id"]) if account else "",
        )  # fmt: skip
        outcome = f"refused:{refusal.code}"
        await core.ledger.append(tried.entry(verb, site_id=site_id, outcome=outcome))
        raise


async def sign_out(core: Core, asker: Asker, _: SignOut) -> Done:
    async with core.pool.connection() as db, db.transaction():
        await end_sessions(db, UUID(asker.principal), only=asker.session_id)
        await core.ledger.append_in(db, [asker.entry("sign_out", site_id=asker.site_id)])
    return Done()


async def who_am_i(core: Core, asker: Asker, _: WhoAmI) -> Identity:
    return identity(asker)
