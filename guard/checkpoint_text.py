"""A checkpoint's text (C2SP tlog-checkpoint) and the lines that sign it (C2SP signed-note)."""

import base64

from guard.keys import Keys, key_hash

MARK = "— "


def note(keys: Keys, size: int, tree_root: bytes) -> str:
    """Signed by the ledger's key."""
    origin = f"lockstitch/{keys.instance}"
    text = f"{origin}\n{size}\n{base64.b64encode(tree_root).decode()}\n"
    signature = keys.signing.sign(text.encode())
    public = keys.signing.public_key().public_bytes_raw()
    signed = base64.b64encode(key_hash(origin, public) + signature).decode()
    return f"{text}\n{MARK}{origin} {signed}\n"


def size_of(text: str) -> int:
    """Of a checkpoint's text. Raises ValueError."""
    lines = text.split("\n")
    if len(lines) < 3:
        raise ValueError("not a checkpoint")
    return int(lines[1])
