"""Passes that open nothing. They lie where only who reads what is not theirs finds them."""

import hmac

from guard.core import Core
from guard.watch.noting import note


async def note_decoy(core: Core, token: str) -> None:
    """Writes down that a decoy was used, if `token` is one."""
    for name, known in core.settings.decoys.items():
        if hmac.compare_digest(token.encode(), known.encode()):
            await note(core, "decoy", name=name, how="used")


async def note_stranger(core: Core, channel: str, uid: int) -> None:
    """Writes down that a real pass was used by a user whose it is not."""
    await note(core, "process", name=f"guard.sock: {channel} as user {uid}", uid=uid)
