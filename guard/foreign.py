"""Password hashes of other systems. They are wrapped when they come in: what we keep is our own
argon2id of the other system's digest, so that a leak is no weaker for having moved.

Known forms, as the systems write them into their tables:
  argon2    $argon2id$v=19$m=65536,t=3,p=4$SALT$HASH   (also with Django's `argon2` in front)
  bcrypt    $2b$12$… ($2a$ and PHP's $2y$ too)
  PBKDF2    pbkdf2_sha256$ITERATIONS$SALT$BASE64       (Django; sha1 too)
  SHA       sha1$SALT$HEX, sha256$SALT$HEX             (the salt in front of the password)
            {SSHA}BASE64, {SSHA256}BASE64              (RFC 2307: the salt behind it)
"""

import base64
import binascii
import hashlib
import re

import argon2.low_level as argon2
import bcrypt
import msgspec

ITERATIONS_MAX = 10_000_000
BCRYPT_BYTES = 72  # of the password; every bcrypt ignores the rest
ARGON_KIB_MAX, ARGON_ROUNDS_MAX, BCRYPT_ROUNDS_MAX = 1024 * 1024, 100, 16
MARK = b"foreign:"

_ARGON = re.compile(
    r"(?:argon2)?\$argon2(id|i|d)\$v=(\d+)\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)"
)
_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_PBKDF2 = re.compile(r"pbkdf2_(sha1|sha256)\$(\d{1,9})\$([^$]{1,200})\$([A-Za-z0-9+/=]+)")
_SALTED = re.compile(r"(sha1|sha256)\$([^$]{1,200})\$([0-9a-f]{40}|[0-9a-f]{64})", re.I)
_SSHA = re.compile(r"\{SSHA(256)?\}([A-Za-z0-9+/=]+)")


class UnknownHash(ValueError):
    """None of the known forms, or with a cost that nobody would wait for."""


class Scheme(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is needed to make the other system's digest of a password again."""

    name: str
    salt: bytes
    rounds: int = 0
    kib: int = 0
    lanes: int = 0
    length: int = 0
    kind: str = ""
    version: int = 0


class Wrapped(msgspec.Struct, frozen=True):
    """What is kept: the scheme, and our own hash of its digest."""

    scheme: Scheme
    inner: bytes


def read(text: str) -> tuple[Scheme, bytes]:
    """The scheme of a foreign hash and the digest in it. Raises UnknownHash."""
    text = text.strip()
    for form, reader in _READERS:
        if found := form.fullmatch(text):
            try:
                return reader(found)
            except (binascii.Error, ValueError):
                raise UnknownHash from None
    raise UnknownHash


def remade(scheme: Scheme, password: str) -> bytes:
    """The digest that the other system would make of this password. Takes its time."""
    typed = password.encode()
    if scheme.name == "bcrypt":
        return bcrypt.hashpw(typed[:BCRYPT_BYTES].replace(b"\0", b""), scheme.salt)
    if scheme.name == "pbkdf2":
        return hashlib.pbkdf2_hmac(scheme.kind, typed, scheme.salt, scheme.rounds, scheme.length)
    if scheme.name == "argon2":
        return argon2.hash_secret_raw(
            typed, scheme.salt, scheme.rounds, scheme.kib, scheme.lanes, scheme.length,
            _ARGON_KINDS[scheme.kind], scheme.version,
        )  # fmt: skip
    parts = (scheme.salt, typed) if scheme.name == "before" else (typed, scheme.salt)
    return hashlib.new(scheme.kind, b"".join(parts), usedforsecurity=False).digest()


def _argon(found: re.Match[str]) -> tuple[Scheme, bytes]:
    kind, version, kib, rounds, lanes, salt, digest = found.groups()
    raw = _unpadded(digest)
    if int(kib) > ARGON_KIB_MAX or int(rounds) > ARGON_ROUNDS_MAX or int(lanes) > 16:
        raise UnknownHash
    scheme = Scheme(
        "argon2", _unpadded(salt), int(rounds), int(kib), int(lanes), len(raw), kind, int(version)
    )
    return scheme, raw


def _bcrypt(found: re.Match[str]) -> tuple[Scheme, bytes]:
    if int(found[1]) > BCRYPT_ROUNDS_MAX:
        raise UnknownHash
    whole = ("$2b$" + found[0][4:]).encode()  # the same function under three names
    return Scheme("bcrypt", whole[:29]), whole


def _pbkdf2(found: re.Match[str]) -> tuple[Scheme, bytes]:
    kind, rounds, salt, digest = found.groups()
    raw = base64.b64decode(digest, validate=True)
    if not 1 <= int(rounds) <= ITERATIONS_MAX or not raw:
        raise UnknownHash
    return Scheme("pbkdf2", salt.encode(), int(rounds), length=len(raw), kind=kind), raw


def _salted(found: re.Match[str]) -> tuple[Scheme, bytes]:
    raw, kind = bytes.fromhex(found[3]), found[1].lower()
    return Scheme("before", found[2].encode(), kind=_need(kind, raw)), raw


def _ssha(found: re.Match[str]) -> tuple[Scheme, bytes]:
    kind = "sha256" if found[1] else "sha1"
    size = hashlib.new(kind, usedforsecurity=False).digest_size
    raw = base64.b64decode(found[2], validate=True)
    if len(raw) <= size:
        raise UnknownHash
    return Scheme("behind", raw[size:], kind=kind), raw[:size]


def _need(kind: str, raw: bytes) -> str:
    if len(raw) != hashlib.new(kind, usedforsecurity=False).digest_size:
        raise UnknownHash
    return kind


def _unpadded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


_ARGON_KINDS = {"id": argon2.Type.ID, "i": argon2.Type.I, "d": argon2.Type.D}
_READERS = (
    (_ARGON, _argon), (_BCRYPT, _bcrypt), (_PBKDF2, _pbkdf2), (_SALTED, _salted), (_SSHA, _ssha),
)  # fmt: skip
