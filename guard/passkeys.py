"""Passkeys (WebAuthn): what one is to sign, and whether what came back is that signature.

Challenges are kept here and good once. What is signed as a proof is the digest of a manifest, the
facts of one deed: an assertion for another deed, session or person verifies as nothing.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg.rows import DictRow
from webauthn import (
    generate_authentication_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from guard.accounts import CONSOLE
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.keys import BoxError
from guard.own_keys import OwnKey
from guard.refusal import Refusal
from guard.watch.noting import note

CHALLENGE_AGE = timedelta(minutes=5)
CHALLENGE_BYTES = 32
JSON_CHARACTERS_MAX = 32_768  # an authenticator may send its maker's certificates along

type Kind = Literal["sign_in", "add", "prove"]
type Facts = Mapping[str, str | int | list[str]]

log = logging.getLogger("guard")


@dataclass(frozen=True)
class Party:
    """Where passkeys are used: the host they are bound to, and the one origin that may ask."""

    rp_id: str
    origin: str


async def party(core: Core, db: Db, scope: UUID) -> Party:
    """The console's desk or a shop's, from what the guard itself was told. Refusal `not_found`."""
    console = core.settings.desk_origin
    if scope == CONSOLE:
        return Party(console.hostname or "", console.geturl())
    site = await one(db, "SELECT host FROM guard.site WHERE site_id = %s", [scope])
    if site is None:
        raise Refusal("not_found", "no such site")
    host, port = f"desk.{site['host']}", f":{console.port}" if console.port else ""
    return Party(host, f"{console.scheme}://{host}{port}")


async def keys_of(db: Db, principal_id: UUID) -> list[DictRow]:
    """Oldest first."""
    query = "SELECT * FROM guard.passkey WHERE principal_id = %s ORDER BY passkey_id"
    return await every(db, query, [principal_id])


def manifest(asker: Asker, facts: Facts, nonce: str) -> bytes:
    """What is hashed: sorted keys, no spaces (RFC 8785, for all of it is plain text and integers).

    `facts` are those of the deed, names of people never among them.
    """
    whole = {
        **facts, "principal": asker.principal, "session": str(asker.session_id), "nonce": nonce,
    }  # fmt: skip
    return msgspec.json.encode(whole, order="sorted")


async def new_challenge(
    db: Db, kind: Kind, scope: UUID, *, asker: Asker | None = None, facts: Facts | None = None
) -> bytes:
    """Kept until it comes back or is too old. `facts`: it is the digest of their manifest."""
    nonce, challenge = secrets.token_urlsafe(24), secrets.token_bytes(CHALLENGE_BYTES)
    if asker is not None and facts is not None:
        challenge = hashlib.sha256(manifest(asker, facts, nonce)).digest()
    await db.execute(
        "INSERT INTO guard.challenge (challenge, kind, scope, session_id, nonce, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, now() + %s)",
        [challenge, kind, scope, asker.session_id if asker else None, nonce, CHALLENGE_AGE],
    )
    return challenge


async def assertion_options(
    db: Db, where: Party, challenge: bytes, keys: list[DictRow] | None = None
) -> str:
    """JSON for `navigator.credentials.get`; without `keys` the browser offers what it has."""
    options = generate_authentication_options(
        rp_id=where.rp_id, challenge=challenge, timeout=int(CHALLENGE_AGE.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[
            PublicKeyCredentialDescriptor(id=key["credential_id"]) for key in keys or []
        ],
    )  # fmt: skip
    return options_to_json(options)


async def ask_for_assertion(core: Core, asker: Asker, facts: Facts) -> str:
    """Options whose challenge is bound to who asks and to these facts. Empty: no passkey."""
    async with core.pool.connection() as db:
        keys = await keys_of(db, UUID(asker.principal))
        if not keys:
            return ""
        scope = asker.site_id or CONSOLE
        challenge = await new_challenge(db, "prove", scope, asker=asker, facts=facts)
        return await assertion_options(db, await party(core, db, scope), challenge, keys)


async def check_assertion(core: Core, asker: Asker, assertion: str, facts: Facts) -> None:
    """Refusal `credentials` unless the asker's own passkey signed for exactly these facts."""
    credential = read_assertion(assertion)
    challenge = challenge_in(credential)
    async with core.pool.connection() as db:
        scope = asker.site_id or CONSOLE
        nonce = await take_challenge(db, challenge, "prove", scope, asker=asker)
        if hashlib.sha256(manifest(asker, facts, nonce)).digest() != challenge:
            raise Refusal("credentials", "signed for something else")
        key = await check_signature(core, db, credential, challenge, scope)
        if str(key["principal_id"]) != asker.principal:
            raise Refusal("credentials")


async def take_challenge(
    db: Db, challenge: bytes, kind: Kind, scope: UUID, *, asker: Asker | None = None
) -> str:
    """Its nonce; it is gone whatever comes of it. Refusal `credentials`."""
    row = await one(
        db,
        "DELETE FROM guard.challenge WHERE challenge = %s AND kind = %s AND scope = %s"
        " AND session_id IS NOT DISTINCT FROM %s AND expires_at > now() RETURNING nonce",
        [challenge, kind, scope, asker.session_id if asker else None],
    )
    if row is None:
        raise Refusal("credentials")
    return str(row["nonce"])


async def check_signature(
    core: Core, db: Db, credential: AuthenticationCredential, challenge: bytes, scope: UUID
) -> DictRow:
    """The passkey that signed, its counter moved on. Refusal `credentials`."""
    key = await one(
        db,
        "SELECT k.* FROM guard.passkey k JOIN guard.principal p USING (principal_id)"
        " WHERE k.credential_id = %s AND p.scope = %s",
        [credential.raw_id, scope],
    )
    handle = credential.response.user_handle
    if key is None or (handle is not None and handle != key["principal_id"].bytes):
        raise Refusal("credentials")
    if not await _is_ours(core, db, key):
        log.warning("a passkey that was not added through the guard")
        await note(core, "stolen", "", what="passkey", key=str(key["passkey_id"]))
        raise Refusal("credentials")
    where = await party(core, db, scope)
    try:
        verified = verify_authentication_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=where.rp_id,
            expected_origin=where.origin, credential_public_key=key["public_key"],
            credential_current_sign_count=key["sign_count"], require_user_verification=True,
        )  # fmt: skip
    except Exception as error:  # a stranger's bytes: whatever is wrong, they prove nothing
        log.warning("an assertion does not verify: %s", type(error).__name__)
        raise Refusal("credentials") from None
    moved = await one(
        db,
        "UPDATE guard.passkey SET sign_count = %s, used_at = now() WHERE credential_id = %s"
        " AND (sign_count < %s OR %s = 0) RETURNING principal_id",
        [
            verified.new_sign_count, key["credential_id"], verified.new_sign_count,
            verified.new_sign_count,
        ],
    )  # fmt: skip
    if moved is None:  # two at once with the same count
        raise Refusal("credentials")
    return key


async def _is_ours(core: Core, db: Db, key: DictRow) -> bool:
    """Under the root that it names, and none of before."""
    try:
        root = await core.own_keys.root(db, key["root_version"])
    except BoxError:
        return False
    return hmac.compare_digest(key["mac"], mac_of(root, key))


def mac_of(root: OwnKey, key: Mapping[str, Any]) -> bytes:
    """Over what a passkey's row says: whoever can write rows can not add a way in."""
    said = b"|".join([key["credential_id"], key["principal_id"].bytes, key["public_key"]])
    return hmac.digest(root.derived("passkey-mac"), said, hashlib.sha256)


def read_assertion(text: str) -> AuthenticationCredential:
    """What the browser gave. Refusal `credentials` when it is none."""
    try:
        if len(text) <= JSON_CHARACTERS_MAX:
            return parse_authentication_credential_json(text)
    except Exception as error:  # see check_signature
        log.warning("no assertion: %s", type(error).__name__)
    raise Refusal("credentials")


def challenge_in(credential: AuthenticationCredential | RegistrationCredential) -> bytes:
    """The challenge that it claims to be an answer to. Refusal `credentials`."""
    try:
        return parse_client_data_json(credential.response.client_data_json).challenge
    except Exception:  # see check_signature
        raise Refusal("credentials") from None


def check_new(where: Party, text: str, challenge: bytes) -> VerifiedRegistration:
    """A passkey just made, by a device that verified its user. Refusal `credentials`."""
    try:
        return verify_registration_response(
            credential=text, expected_challenge=challenge, expected_rp_id=where.rp_id,
            expected_origin=where.origin, require_user_verification=True,
        )  # fmt: skip
    except Exception as error:  # see check_signature
        log.warning("a new passkey does not verify: %s", type(error).__name__)
        raise Refusal("credentials") from None


def read_new(text: str) -> RegistrationCredential:
    """Refusal `credentials` when it is no new passkey."""
    try:
        if len(text) <= JSON_CHARACTERS_MAX:
            return parse_registration_credential_json(text)
    except Exception as error:  # see check_signature
        log.warning("no new passkey: %s", type(error).__name__)
    raise Refusal("credentials")
