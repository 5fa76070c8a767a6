"""Identifiers and tokens."""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread on the phone: no 0 O 1 I L


def new_token() -> str:
    """256 random bits for a cookie or an address, 43 characters."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a token: 32 bytes from which it cannot be had back."""
    return hashlib.sha256(token.encode()).digest()


def readable(length: int) -> str:
    """Random characters that can be read aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
