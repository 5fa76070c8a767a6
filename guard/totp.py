"""One-time codes of an authenticator, each good once."""

import binascii
import hmac
import time
from uuid import UUID

import pyotp
from psycopg.rows import DictRow

from guard.core import Core
from guard.db import Db, one
from guard.refusal import Refusal

ISSUER = "Lockstitch"
STEP_SECONDS = 30
STEPS_OFF = 1  # a clock may be this many steps wrong


def seal_seed(core: Core, principal_id: UUID, secret: str) -> bytes:
    return core.keys.box("totp").seal(secret.encode(), str(principal_id))


def open_seed(core: Core, principal_id: UUID, sealed: bytes) -> str:
    return core.keys.box("totp").open(sealed, str(principal_id)).decode()


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


def need_step(core: Core, principal_id: UUID, seed: DictRow | None, code: str | None) -> int:
    """The time step of a right code, not used up yet (`use_code`). Refusal `credentials`, also for
    who has no authenticator."""
    if seed is None or code is None:
        raise Refusal("credentials")
    step = step_of(open_seed(core, principal_id, seed["value"]), code, after=seed["used_step"])
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
