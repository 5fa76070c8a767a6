"""One's own ways in: passkeys added, listed and removed, and the sessions that are open."""

from uuid import UUID

from webauthn import generate_registration_options, options_to_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from guard import devices, passkeys
from guard.accounts import CONSOLE, credential, email_of, hold
from guard.asker import Asker, plain
from guard.core import Core
from guard.db import Db, every, one
from guard.passwords import LENGTH_MAX, check_password
from guard.pepper import hash_password, keep_passwords, kept_password
from guard.proving import facts_of, need_proof
from guard.refusal import Refusal
from guard.wire import (
    AddPasskey,
    AskPasskey,
    ChangePassword,
    Done,
    EndSessions,
    ListPasskeys,
    ListSessions,
    PasskeyOptions,
    PasskeyRow,
    Passkeys,
    RemovePasskey,
    SessionRow,
    Sessions,
)  # fmt: skip

PASSKEYS_MAX = 10
NAME_MAX = 60
RP_NAME = "Lockstitch"


async def ask_passkey(core: Core, asker: Asker, ask: AskPasskey) -> PasskeyOptions:
    await need_proof(core, asker, ask.proof, facts_of("account.passkey", [], []))
    scope, principal_id = asker.site_id or CONSOLE, UUID(asker.principal)
    async with core.pool.connection() as db:
        keys = await passkeys.keys_of(db, principal_id)
        where = await passkeys.party(core, db, scope)
        challenge = await passkeys.new_challenge(db, "add", scope, asker=asker)
    options = generate_registration_options(
        rp_id=where.rp_id, rp_name=RP_NAME, user_id=principal_id.bytes, user_name=asker.handle,
        challenge=challenge, timeout=int(passkeys.CHALLENGE_AGE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=key["credential_id"]) for key in keys
        ],
    )  # fmt: skip
    return PasskeyOptions(options=options_to_json(options))


async def add_passkey(core: Core, asker: Asker, ask: AddPasskey) -> Done:
    """The challenge is what says that the proof was given: it was made for it, in this session."""
    scope, principal_id = asker.site_id or CONSOLE, UUID(asker.principal)
    challenge = passkeys.challenge_in(passkeys.read_new(ask.credential))
    async with core.pool.connection() as db:
        await passkeys.take_challenge(db, challenge, "add", scope, asker=asker)
        made = passkeys.check_new(await passkeys.party(core, db, scope), ask.credential, challenge)
        async with db.transaction():
            await hold(db, asker.principal)
            root = await core.own_keys.root_to_write(db)
            if len(await passkeys.keys_of(db, principal_id)) >= PASSKEYS_MAX:
                raise Refusal("conflict", "too many passkeys")
            key = {
                "credential_id": made.credential_id, "principal_id": principal_id,
                "public_key": made.credential_public_key,
            }  # fmt: skip
            added = await one(
                db,
                "INSERT INTO guard.passkey (credential_id, principal_id, public_key, sign_count,"
                " name, mac, root_version) VALUES (%s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING"
                " RETURNING passkey_id",
                [
                    *key.values(), made.sign_count, plain(ask.name, NAME_MAX) or "passkey",
                    passkeys.mac_of(root, key), root.version,
                ],
            )  # fmt: skip
            if added is None:
                raise Refusal("conflict", "it is known already")
            await _write_down(core, db, asker, "passkey.add", added["passkey_id"])
    return Done()


async def remove_passkey(core: Core, asker: Asker, ask: RemovePasskey) -> Done:
    await need_proof(core, asker, ask.proof, facts_of("account.remove", [], [ask.passkey_id]))
    async with core.pool.connection() as db, db.transaction():
        await hold(db, asker.principal)
        gone = await one(
            db,
            "DELETE FROM guard.passkey WHERE passkey_id = %s AND principal_id = %s"
            " RETURNING passkey_id",
            [ask.passkey_id, asker.principal],
        )
        if gone is None:
            raise Refusal("not_found")
        if not await _has_other_way(db, asker) and not await passkeys.keys_of(
            db, UUID(asker.principal)
        ):
            raise Refusal("conflict", "the only way in")
        await _write_down(core, db, asker, "passkey.remove", ask.passkey_id)
    return Done()


async def list_passkeys(core: Core, asker: Asker, _: ListPasskeys) -> Passkeys:
    async with core.pool.connection() as db:
        keys = await passkeys.keys_of(db, UUID(asker.principal))
        other_way = await _has_other_way(db, asker)
        query = "SELECT 1 FROM guard.recovery WHERE principal_id = %s AND ended_at IS NULL"
        recovering = await one(db, query, [asker.principal]) is not None
    rows = [
        PasskeyRow(
            passkey_id=key["passkey_id"], name=key["name"], made_at=key["made_at"],
            used_at=key["used_at"],
        )
        for key in keys
    ]  # fmt: skip
    return Passkeys(passkeys=rows, only=len(rows) == 1 and not other_way, recovering=recovering)


async def _has_other_way(db: Db, asker: Asker) -> bool:
    """A password, and with it an authenticator unless it is a member's."""
    principal_id = UUID(asker.principal)
    has_password = await credential(db, principal_id, "password") is not None
    if asker.kind == "member":
        return has_password
    return has_password and await credential(db, principal_id, "totp") is not None


async def list_sessions(core: Core, asker: Asker, _: ListSessions) -> Sessions:
    async with core.pool.connection() as db:
        rows = await every(
            db,
            "SELECT session_id, address, agent, started_at, seen_at FROM guard.session"
            " WHERE principal_id = %s AND ended_at IS NULL AND expires_at > now() AND ("
            " idle_seconds IS NULL OR seen_at + make_interval(secs => idle_seconds) > now())"
            " ORDER BY seen_at DESC, session_id DESC LIMIT 100",
            [asker.principal],
        )
    return Sessions(
        sessions=[
            SessionRow(
                session_id=row["session_id"], address=row["address"], started_at=row["started_at"],
                seen_at=row["seen_at"], device=devices.words(row["agent"]),
                current=row["session_id"] == asker.session_id,
            )
            for row in rows
        ]
    )  # fmt: skip


async def change_password(core: Core, asker: Asker, ask: ChangePassword) -> Done:
    principal_id = UUID(asker.principal)
    guesses = f"password|{asker.principal}"
    await core.throttle.attempt(account=guesses)
    async with core.pool.connection() as db:
        account = await one(
            db, "SELECT * FROM guard.principal WHERE principal_id = %s", [principal_id]
        )
        kept = await kept_password(core, db, principal_id)
        roots = await core.own_keys.roots(db)
    right = await core.passwords.fits(kept, ask.current[:LENGTH_MAX])
    if account is None or kept is None or not right:
        refused = asker.entry("password", site_id=asker.site_id, outcome="refused:credentials")
        await core.ledger.append(refused)
        raise Refusal("credentials")
    check_password(ask.password, email_of(roots, account))
    hashed = await hash_password(core, ask.password)
    async with core.pool.connection() as db, db.transaction():
        await hold(db, asker.principal)
        still = await kept_password(core, db, principal_id)
        if still is None or still.made_at != kept.made_at:  # a reset came in between
            raise Refusal("credentials")
        await keep_passwords(core, db, {principal_id: hashed})
        await _end_others(db, asker, None)
        await core.throttle.passed(db, account=guesses)
        await core.ledger.append_in(db, [asker.entry("password", site_id=asker.site_id)])
    return Done()


async def end_sessions(core: Core, asker: Asker, ask: EndSessions) -> Done:
    async with core.pool.connection() as db, db.transaction():
        await _end_others(db, asker, ask.session_id)
        purpose = f"session.{ask.session_id or 'others'}"
        entry = asker.entry("session.end", purpose=purpose, site_id=asker.site_id)
        await core.ledger.append_in(db, [entry])
    return Done()


async def _end_others(db: Db, asker: Asker, only: UUID | None) -> None:
    """One of the asker's own sessions, or all but the present one."""
    await db.execute(
        "UPDATE guard.session SET ended_at = now() WHERE principal_id = %s"
        " AND ended_at IS NULL AND CASE WHEN %s::uuid IS NULL THEN session_id <> %s"
        " ELSE session_id = %s END",
        [asker.principal, only, asker.session_id, only],
    )


async def _write_down(core: Core, db: Db, asker: Asker, verb: str, passkey_id: UUID) -> None:
    entry = asker.entry(verb, purpose=f"passkey.{passkey_id}", site_id=asker.site_id)
    await core.ledger.append_in(db, [entry])
