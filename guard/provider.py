"""Payment providers: keeping their secrets, calling them, and knowing their signature.

The secrets are the guard's because whoever has them has the money. The worker asks for one of the
calls in `guard.provider_calls`, and gets the answer without what it says of persons.
"""

import hashlib
import hmac
import re
import time
from uuid import UUID

from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.outward import NoAnswer, Request, send
from guard.provider_calls import BASES, known_call, without_persons
from guard.refusal import Refusal
from guard.wire import (
    CallProvider,
    CheckWebhook,
    Done,
    ListProviders,
    ProviderAnswered,
    ProviderRow,
    Providers,
)  # fmt: skip

SHAPES = {
    ("stripe", "api"): re.compile(r"[sr]k_[A-Za-z0-9_]{8,300}"),
    ("stripe", "webhook"): re.compile(r"whsec_[A-Za-z0-9+/=_]{8,300}"),
    ("link", "api"): re.compile(r"[A-Za-z0-9-]{4,60}:[!-~]{16,200}"),  # shop:secret
    ("link", "webhook"): re.compile(r"[!-~]{16,200}"),
}
BODY_BYTES_MAX = 64 * 1024
PAYLOAD_BYTES_MAX = 512 * 1024
TOLERANCE_SECONDS = 300  # between the provider's clock and ours


def proper_secret(provider: str, name: str, value: str) -> str:
    """As it is kept. Refusal `invalid` for what is no such secret."""
    if not SHAPES[provider, name].fullmatch(value.strip()):
        raise Refusal("invalid", "not such a secret")
    return value.strip()


async def keep(
    core: Core, db: Db, asker: Asker, *, site_id: UUID, provider: str, name: str, value: str
) -> None:
    """In place of the one before, and on the record; the last act of the caller's transaction."""
    root = await core.own_keys.root_to_write(db)
    sealed = root.box("provider").seal(value.encode(), binding(site_id, provider, name))
    await db.execute(
        "INSERT INTO guard.provider_secret (site_id, provider, name, sealed, root_version, last4,"
        " set_by) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (site_id, provider, name) DO UPDATE SET sealed = EXCLUDED.sealed,"
        " root_version = EXCLUDED.root_version, last4 = EXCLUDED.last4,"
        " set_by = EXCLUDED.set_by, set_at = now(), spent_at = NULL",
        [site_id, provider, name, sealed, root.version, value[-4:], asker.principal],
    )
    entry = asker.entry("provider.secret", purpose=f"{provider}.{name}", site_id=site_id)
    await core.ledger.append_in(db, [entry])


async def list_providers(core: Core, asker: Asker, ask: ListProviders) -> Providers:
    if ask.site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")
    async with core.pool.connection() as db:
        rows = await every(
            db,
            "SELECT provider, name, last4, set_at, spent_at IS NOT NULL AS spent"
            " FROM guard.provider_secret WHERE site_id = %s"
            " ORDER BY provider, name",
            [ask.site_id],
        )
    return Providers(rows=[ProviderRow(**row) for row in rows])


async def call_provider(core: Core, asker: Asker, ask: CallProvider) -> ProviderAnswered:
    """Written down, then made. `unavailable`: no answer came; the call may have taken effect."""
    path = ask.path.partition("?")[0]
    if not known_call(ask.provider, ask.method, path) or len(ask.body) > BODY_BYTES_MAX:
        raise Refusal("forbidden", "no call that payments need")
    secret = await _secret(core, ask.site_id, ask.provider, "api")
    if secret is None:
        raise Refusal("not_found", "no key for this provider")
    purpose = f"{ask.provider}.{ask.method} {path}"[:200]
    await core.ledger.append(asker.entry("provider.call", purpose=purpose, site_id=ask.site_id))
    base = core.settings.providers.get(ask.provider) or BASES.get(ask.provider)
    if base is None:
        raise Refusal("not_found", "no address for this provider")
    try:
        answered = await send(Request(ask.method, base, ask.path, _headers(ask, secret), ask.body))
    except NoAnswer as error:
        raise Refusal("unavailable", str(error)) from None
    return ProviderAnswered(
        status=answered.status, headers=answered.headers, body=without_persons(answered.body)
    )


def _headers(ask: CallProvider, secret: str) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": "Lockstitch"}
    if ask.body:
        headers["Content-Type"] = ask.content_type or "application/x-www-form-urlencoded"
    if ask.idempotency_key:
        headers["Idempotency-Key"] = ask.idempotency_key
    if ask.provider == "stripe":
        headers["Authorization"] = f"Bearer {secret}"
        if ask.version:
            headers["Stripe-Version"] = ask.version
    else:
        shop, _, key = secret.partition(":")
        at = str(int(time.time()))
        signed = b"\n".join([at.encode(), ask.method.encode(), ask.path.encode(), ask.body])
        digest = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
        headers["Authorization"] = f"Link {shop}:{at}:{digest}"
    for value in headers.values():
        if not value.isascii() or not value.isprintable():
            raise Refusal("invalid", "a header")
    return headers


async def check_webhook(core: Core, asker: Asker, ask: CheckWebhook) -> Done:
    """`t=<seconds>,v1=<hex HMAC-SHA256 of "seconds.payload">`, as Stripe signs
    (docs.stripe.com/webhooks/signature); the link provider signs alike."""
    secret = await _secret(core, ask.site_id, ask.provider, "webhook")
    if secret is None or len(ask.payload) > PAYLOAD_BYTES_MAX:
        raise Refusal("credentials")
    pairs = [part.strip().partition("=") for part in ask.signature[:2000].split(",")]
    at = next((value for name, _, value in pairs if name == "t"), "")
    if not at.isdecimal() or abs(time.time() - int(at[:12])) > TOLERANCE_SECONDS:
        raise Refusal("credentials")
    wanted = hmac.new(secret.encode(), at.encode() + b"." + ask.payload, hashlib.sha256)
    given = [value for name, _, value in pairs if name == "v1"]
    right = [hmac.compare_digest(wanted.hexdigest().encode(), each.encode()) for each in given]
    if not any(right):
        raise Refusal("credentials")
    return Done()


async def _secret(core: Core, site_id: UUID, provider: str, name: str) -> str | None:
    async with core.pool.connection() as db:
        row = await one(
            db,
            "SELECT sealed, root_version, spent_at FROM guard.provider_secret"
            " WHERE site_id = %s AND provider = %s AND name = %s",
            [site_id, provider, name],
        )
        roots = await core.own_keys.roots(db)
    if row is None:
        return None
    if row["spent_at"] is not None:  # what was asked waits: it is asked again with the next one
        raise Refusal("unavailable", "the key must be replaced")
    box = roots[row["root_version"]].box("provider")
    return box.open(row["sealed"], binding(site_id, provider, name)).decode()


def binding(site_id: UUID, provider: str, name: str) -> str:
    return f"lockstitch.provider|{site_id}|{provider}|{name}"
