"""Sealing a file so that nobody here can open it again.

A key of its own for each file, sealed to the shop's public key as a deposit is: only the guard can
open that, and writes down that it did. The file itself never passes through the guard.
"""

import os
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guard.client import seal as seal_fields
from lockstitch.sealed.keys import newest_key
from lockstitch.tenancy.scope import current_site_id

KIND = "quarantine"  # what the guard opens as such, and as nothing else
MAGIC = b"LSQ1"


class NotSealed(Exception):
    """This shop has no key yet; or what should be opened is no sealed file."""


class Head(msgspec.Struct, frozen=True):
    """In front of the sealed bytes, and bound to them."""

    site_id: UUID
    record_id: UUID
    key_id: UUID
    suite: int
    sealed: bytes


def seal(data: bytes, record_id: UUID) -> bytes:
    """Raises NotSealed."""
    site_id, public = current_site_id(), newest_key()
    if public is None:
        raise NotSealed("no key")
    key_id, suite, public_key = public
    key, nonce = AESGCM.generate_key(256), os.urandom(12)
    sealed = seal_fields(
        public_key, suite, site_id=site_id, record_id=record_id, kind=KIND, key_id=key_id,
        fields={"key": key.hex()},
    )  # fmt: skip
    head = msgspec.msgpack.encode(Head(site_id, record_id, key_id, suite, sealed))
    front = MAGIC + len(head).to_bytes(4, "big") + head
    return front + nonce + AESGCM(key).encrypt(nonce, data, front)


def head_of(file: bytes) -> Head:
    """What the guard has to open. Raises NotSealed."""
    try:
        return msgspec.msgpack.decode(_parts(file)[0][8:], type=Head)
    except msgspec.MsgspecError:
        raise NotSealed("not a sealed file") from None


def unseal(file: bytes, key: bytes) -> bytes:
    """With the key that the guard gave. Raises NotSealed."""
    front, nonce, body = _parts(file)
    try:
        return AESGCM(key).decrypt(nonce, body, front)
    except (InvalidTag, ValueError):
        raise NotSealed("the seal does not open") from None


def _parts(file: bytes) -> tuple[bytes, bytes, bytes]:
    end = 8 + int.from_bytes(file[4:8], "big")
    if file[:4] != MAGIC or len(file) < end + 12:
        raise NotSealed("not a sealed file")
    return file[:end], file[end : end + 12], file[end + 12 :]
