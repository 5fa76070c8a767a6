"""Passwords: which are taken, and how they are kept."""

import asyncio
import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from guard import foreign
from guard.own_keys import OwnKey
from guard.refusal import Refusal

LENGTH_MIN = 8
LENGTH_MAX = 1024  # nobody's own, but a limit there must be
LOCAL_PART_MIN = 5
THREADS = 2
QUEUE_MAX = 64  # beyond that a flood of sign-ins must not hold up everything else

_listed = (Path(__file__).parent / "common_passwords.txt").read_text().split()
# 30,000 from breaches of others, and ours, which knows Japanese habits.
COMMON = frozenset(FREQUENCY_LISTS["passwords"]) | {
    word for word in _listed if not word.startswith("#")
}


def check_password(password: str, email: str = "") -> None:
    """Raises Refusal `password` when it is too short, too long or too easy to guess."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise Refusal("password", "8 to 1024 characters")
    folded = unicodedata.normalize("NFKC", password).casefold()
    stem = re.sub(r"[\W\d_]+$", "", folded)  # password1234, sunshine!
    if folded in COMMON or stem in COMMON or len(set(folded)) < 4:
        raise Refusal("password", "too common")
    local = email.partition("@")[0].casefold()
    if len(local) >= LOCAL_PART_MIN and local in folded:
        raise Refusal("password", "contains the address")


class Hashed(NamedTuple):
    value: bytes
    version: int  # of the key that is in it


class KeptPassword(NamedTuple):
    hash: bytes
    secret: bytes  # the key that is in it
    made_at: datetime  # stays when keys change
    is_due: bool  # for a new hash, at the next sign-in, when the password is at hand


class Passwords:
    """argon2id (OWASP's 19 MiB, two passes) over an HMAC, in threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._room = asyncio.Semaphore(THREADS)
        self._queued = 0
        self._dummy = self._hasher.hash("a password that nobody has").encode()

    async def hash(self, password: str, key: OwnKey) -> Hashed:
        return Hashed(await self._in_thread(self._hash, key.secret, password), key.version)

    async def fits(self, kept: KeptPassword | None, password: str) -> bool:
        """Takes as long when there is nothing kept."""
        stored, secret = (kept.hash, kept.secret) if kept else (self._dummy, b"")
        fits = await self._in_thread(self._verify, stored, secret, password)
        return fits and kept is not None

    async def wrap(self, foreign_hash: str, key: OwnKey) -> Hashed:
        """What is kept of another system's hash. Raises foreign.UnknownHash."""
        scheme, digest = foreign.read(foreign_hash)
        wrapped = await self._in_thread(self._wrap, key.secret, scheme, digest)
        return Hashed(wrapped, key.version)

    def _wrap(self, secret: bytes, scheme: foreign.Scheme, digest: bytes) -> bytes:
        inner = self._hash(secret, digest.hex())
        return foreign.MARK + msgspec.msgpack.encode(foreign.Wrapped(scheme, inner))

    def _hash(self, secret: bytes, password: str) -> bytes:
        return self._hasher.hash(_keyed(secret, password)).encode()

    def _verify(self, stored: bytes, secret: bytes, password: str) -> bool:
        if stored.startswith(foreign.MARK):
            wrapped = msgspec.msgpack.decode(stored[len(foreign.MARK) :], type=foreign.Wrapped)
            stored, password = wrapped.inner, foreign.remade(wrapped.scheme, password).hex()
        try:
            return self._hasher.verify(stored, _keyed(secret, password))
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread[*A, R](self, work: Callable[[*A], R], *values: *A) -> R:
        if self._queued >= QUEUE_MAX:
            raise Refusal("unavailable", "too many sign-ins at once")
        self._queued += 1
        try:
            async with self._room:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, work, *values)
        finally:
            self._queued -= 1


def _keyed(secret: bytes, password: str) -> bytes:
    normal = unicodedata.normalize("NFKC", password)
    return base64.b64encode(hmac.digest(secret, normal.encode(), hashlib.sha256))
