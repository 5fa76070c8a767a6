"""A checkpoint's text (C2SP tlog-checkpoint) and the lines that sign it (C2SP signed-note)."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guard.keys import Keys, key_hash, verifier_key

MARK = "— "


SUCCESSION = "succession "  # an extension line: the vkey that signs from here on


def note(
    keys: Keys, size: int, tree_root: bytes, following: Ed25519PrivateKey | None = None
) -> str:
    """Signed by the ledger's key; and by the one that is to follow it, which it then names."""
    origin = f"lockstitch/{keys.instance}"
    text = f"{origin}\n{size}\n{base64.b64encode(tree_root).decode()}\n"
    if following is not None:
        public = following.public_key().public_bytes_raw()
        text += f"{SUCCESSION}{verifier_key(origin, public)}\n"
    signers = [keys.signing, *([following] if following else [])]
    return f"{text}\n{''.join(_line(origin, text, key) for key in signers)}"


def _line(origin: str, text: str, key: Ed25519PrivateKey) -> str:
    hashed = key_hash(origin, key.public_key().public_bytes_raw())
    return f"{MARK}{origin} {base64.b64encode(hashed + key.sign(text.encode())).decode()}\n"


def size_of(text: str) -> int:
    """Of a checkpoint's text. Raises ValueError."""
    lines = text.split("\n")
    if len(lines) < 3:
        raise ValueError("not a checkpoint")
    return int(lines[1])
