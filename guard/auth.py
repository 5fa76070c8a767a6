"""Signing in and out."""

from uuid import UUID

from psycopg.rows import DictRow

from guard import devices, ip_rules, passkeys, totp
from guard.accounts import (
    CONSOLE,
    email_of,
    find_account,
    login_name,
)  # fmt: skip
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, one
from guard.passwords import Hashed
from guard.pepper import hash_password, kept_password, renew_hash
from guard.refusal import Refusal
from guard.sessions import end_sessions, identity, start_session
from guard.storm import neighbourhood
from guard.watch.traps import note_password
from guard.wire import (
    AskSignIn,
    Done,
    Identity,
    PasskeyOptions,
    SignedIn,
    SignInMember,
    SignInOperator,
    SignInPasskey,
    SignOut,
    WhoAmI,
)  # fmt: skip

NOBODY = UUID(int=0)
PASSKEY_NEEDED = "passkey_needed"  # the password was right
PASSWORD_CHARACTERS_MAX = 1024  # longer than any that was ever taken: not worth a hash

_UNCHANGED = """SELECT 1 FROM guard.principal p JOIN guard.credential c USING (principal_id)
    WHERE p.principal_id = %s AND p.state = 'active' AND c.kind = 'password' AND c.made_at = %s
    FOR SHARE"""
_ACTIVE = """SELECT * FROM guard.principal WHERE principal_id = %s AND state = 'active'
    FOR SHARE"""


async def sign_in_member(core: Core, asker: Asker, ask: SignInMember) -> SignedIn:
    return await _sign_in(core, asker, ask.site_id, ask)


async def sign_in_operator(core: Core, asker: Asker, ask: SignInOperator) -> SignedIn:
    return await _sign_in(core, asker, CONSOLE, ask)


async def _sign_in(
    core: Core, asker: Asker, scope: UUID, ask: SignInMember | SignInOperator
) -> SignedIn:
    email, code = ask.email, ask.totp if isinstance(ask, SignInOperator) else None
    login = login_name(scope, email)
    account: DictRow | None = None
    purpose = ""
    try:
        async with core.pool.connection() as db:
            account = await find_account(core, db, scope, email)
        # Asked for nobody too, so that an unknown login takes as long.
        principal_id = account["principal_id"] if account else NOBODY
        counted = await _admit(core, asker, scope, login, principal_id)
        async with core.pool.connection() as db:
            stored = await kept_password(core, db, principal_id)
            seed = await totp.kept_seed(core, db, principal_id)
            has_passkey = bool(await passkeys.keys_of(db, principal_id))
        # Without a connection: hashing takes long, and there are few connections.
        fits = await core.passwords.fits(stored, ask.password[:PASSWORD_CHARACTERS_MAX])
        if not fits or account is None or account["state"] != "active":
            await note_password(core, ask.password, asker.address)
            raise Refusal("credentials")
        # Operators and staff never get in without a code, nor with one who has a passkey.
        is_member = account["kind"] == "member"
        if has_passkey and not is_member:
            purpose = PASSKEY_NEEDED
            raise Refusal("credentials")
        step = 0 if is_member else totp.need_step(seed, code)
        renewed: Hashed | None = None
        if stored and stored.is_due:
            renewed = await hash_password(core, ask.password)
        async with core.pool.connection() as db, db.transaction():
            # Held until the end: a reset or a disabling at this moment comes before or after.
            query = _UNCHANGED.replace("SHARE", "UPDATE") if renewed else _UNCHANGED
            still = await one(db, query, [account["principal_id"], stored and stored.made_at])
            used = step == 0 or await totp.use_code(db, account["principal_id"], step)
            if still is None or not used:
                raise Refusal("credentials")
            if renewed:
                await renew_hash(core, db, account["principal_id"], renewed)
            await core.throttle.passed(db, **counted)
            return await _let_in(core, db, account, asker)
    except Refusal as refusal:
        core.storm.failed(scope)
        await _write_refusal(core, asker, scope, account, refusal, purpose=purpose)
        raise


async def _admit(
    core: Core, asker: Asker, scope: UUID, login: str, principal_id: UUID
) -> dict[str, str]:
    """Before anything is hashed: what is counted against. Refusal `throttled`.

    A device known for the account has a count of its own, which nobody else can drive up.
    """
    counted = {"account": login, "address": asker.address}
    if scope != CONSOLE:
        is_known = False
        if asker.device_hash:
            async with core.pool.connection() as db:
                is_known = await devices.is_known(db, principal_id, asker.device_hash)
        await core.storm.attempt(scope, asker.address, is_known=is_known)
        if is_known:
            counted = {"account": f"{login}|{asker.device_hash.hex()}"}
        else:
            counted["neighbours"] = neighbourhood(asker.address)
    await core.throttle.attempt(**counted)
    return counted


async def ask_sign_in(core: Core, asker: Asker, ask: AskSignIn) -> PasskeyOptions:
    await core.throttle.ask_for_challenge(asker.address)
    scope = ask.site_id or CONSOLE
    async with core.pool.connection() as db:
        where = await passkeys.party(core, db, scope)
        challenge = await passkeys.new_challenge(db, "sign_in", scope)
        return PasskeyOptions(options=await passkeys.assertion_options(db, where, challenge))


async def sign_in_passkey(core: Core, asker: Asker, ask: SignInPasskey) -> SignedIn:
    scope, account = ask.site_id or CONSOLE, None
    try:
        await core.throttle.attempt(address=asker.address)
        given = passkeys.read_assertion(ask.assertion)
        challenge = passkeys.challenge_in(given)
        async with core.pool.connection() as db:
            await passkeys.take_challenge(db, challenge, "sign_in", scope)
            key = await passkeys.check_signature(core, db, given, challenge, scope)
            async with db.transaction():
                account = await one(db, _ACTIVE, [key["principal_id"]])
                if account is None:
                    raise Refusal("credentials")
                await core.throttle.passed(db, address=asker.address)
                return await _let_in(core, db, account, asker)
    except Refusal as refusal:
        await _write_refusal(core, asker, scope, account, refusal)
        raise


async def _let_in(core: Core, db: Db, account: DictRow, asker: Asker) -> SignedIn:
    """Who it is was proven; at the end of that transaction."""
    if account["kind"] != "member":
        await ip_rules.need_allowed(db, account, asker.address)
    new = await devices.what_is_new(db, account, asker)
    if new:
        to = email_of(await core.own_keys.roots(db), account)
        await devices.tell(core, db, account, asker, to)
    if asker.device_hash and account["kind"] == "member":
        await devices.remember(db, account["principal_id"], asker.device_hash)
    if asker.session_id:  # what this browser had until now
        await end_sessions(db, UUID(asker.principal), only=asker.session_id)
    signed, now = await start_session(db, account, asker)
    entry = now.entry("sign_in", purpose=new, site_id=account["site_id"])
    await core.ledger.append_in(db, [entry])
    return signed


async def _write_refusal(
    core: Core, asker: Asker, scope: UUID, account: DictRow | None, refusal: Refusal,
    *, purpose: str = "",
) -> None:  # fmt: skip
    """The id of the account that was tried; the kind stays `anonymous`, for nothing is proven."""
    if refusal.code == "throttled" and core.storm.is_on(scope):
        return  # they are an entry a minute together
    tried = Asker(
        channel=asker.channel, kind="anonymous", address=asker.address, agent=asker.agent,
        principal=str(account["principal_id"]) if account else "",
    )  # fmt: skip
    site_id, outcome = None if scope == CONSOLE else scope, f"refused:{refusal.code}"
    entry = tried.entry("sign_in", purpose=purpose, site_id=site_id, outcome=outcome)
    await core.ledger.append(entry)


async def sign_out(core: Core, asker: Asker, _: SignOut) -> Done:
    async with core.pool.connection() as db, db.transaction():
        await end_sessions(db, UUID(asker.principal), only=asker.session_id)
        await core.ledger.append_in(db, [asker.entry("sign_out", site_id=asker.site_id)])
    return Done()


async def who_am_i(core: Core, asker: Asker, _: WhoAmI) -> Identity:
    return identity(asker)
