"""One-time codes of an authenticator, each good once."""

import binascii
import hmac
import logging
import time
from typing import NamedTuple
from uuid import UUID

import pyotp

from guard.accounts import credential
from guard.core import Core
from guard.db import Db, one
from guard.keys import BoxError
from guard.refusal import Refusal

ISSUER = "Lockstitch"
STEP_SECONDS = 30
STEPS_OFF = 1  # a clock may be this many steps wrong

_KEEP = """INSERT INTO guard.credential (principal_id, kind, value, root_version, used_step)
    VALUES (%s, 'totp', %s, %s, %s) ON CONFLICT (principal_id, kind) DO UPDATE
    SET value = excluded.value, root_version = excluded.root_version,
        used_step = excluded.used_step, made_at = now()"""

log = logging.getLogger("guard")


class Seed(NamedTuple):
    secret: str
    used_step: int


async def kept_seed(core: Core, db: Db, principal_id: UUID) -> Seed | None:
    """None also when nothing here opens it: no code is right for it."""
    row = await credential(db, principal_id, "totp")
    if row is None:
        return None
    try:
        box = (await core.own_keys.root(db, row["root_version"])).box("totp")
        return Seed(box.open(row["value"], str(principal_id)).decode(), row["used_step"])
    except BoxError:
        log.warning("a seed that does not open")
        return None


async def keep_seed(
    core: Core, db: Db, principal_id: UUID, secret: str, *, used_step: int = 0
) -> None:
    """In the caller's transaction, before its entry of the ledger."""
    root = await core.own_keys.root_to_write(db)
    sealed = root.box("totp").seal(secret.encode(), str(principal_id))
    await db.execute(_KEEP, [principal_id, sealed, root.version, used_step])


def proper_seed(secret: str | None) -> str:
    """Refusal `invalid` when it is not base32 of at least 80 bits."""
    try:
        if secret and len(pyotp.TOTP(secret).byte_secret()) >= 10:
            return secret
    except (binascii.Error, ValueError):
        pass
    raise Refusal("invalid", "totp_secret")


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The time step this code is of, if that is now, a neighbour, and later than `after`."""
    totp, now = pyotp.TOTP(secret), int(time.time()) // STEP_SECONDS
    fitting = None
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) and step > after:
            fitting = step
    return fitting


def need_step(seed: Seed | None, code: str | None) -> int:
    """The time step of a right code, not used up yet (`use_code`). Refusal `credentials`, also for
    who has no authenticator."""
    if seed is None or code is None:
        raise Refusal("credentials")
    step = step_of(seed.secret, code, after=seed.used_step)
    if step is None:
        raise Refusal("credentials")
    return step


async def use_code(db: Db, principal_id: UUID, step: int) -> bool:
    """False when this step, or a later one, was used before."""
    row = await one(
        db,
        "UPDATE guard.credential SET used_step = %s WHERE principal_id = %s AND kind = 'totp'"
        " AND used_step < %s RETURNING used_step",
        [step, principal_id, step],
    )
    return row is not None
