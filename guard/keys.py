"""The keys in files, what is derived from them, and the one way anything is encrypted here."""

import base64
import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyFileError(Exception):
    """A key file is missing or is not what it should be; the text says which."""


class BoxError(Exception):
    """It does not open: another key, another place, or damaged."""


class Box:
    """AES-256-GCM under one key. `binding` says what and where the content is."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, content: bytes, binding: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, content, binding.encode())

    def open(self, sealed: bytes, binding: str) -> bytes:
        """Raises BoxError."""
        try:
            nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return self._aead.decrypt(nonce, body, binding.encode())
        except (InvalidTag, ValueError) as error:
            raise BoxError("does not open") from error


class Keys:
    """The key files of one guard. What is derived never leaves this process."""

    def __init__(self, folder: Path) -> None:
        """Raises KeyFileError."""
        self._master = _read(folder / "master.key", KEY_BYTES)
        self.signing = Ed25519PrivateKey.from_private_bytes(_read(folder / "ledger.key", KEY_BYTES))
        self.cli_token = _read(folder / "cli.token").decode().strip()
        self.instance = instance_of(self.signing.public_key().public_bytes_raw())
        self.wrap = Box(self._master)
        self.derived = cache(self._derive)

    def _derive(self, label: str) -> bytes:
        hkdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"lockstitch.{label}".encode())
        return hkdf.derive(self._master)

    def box(self, label: str) -> Box:
        return Box(self.derived(label))

    def digest(self, label: str, value: str) -> bytes:
        """A keyed hash, so that a copy of the database does not tell guesses from truths."""
        return hmac.digest(self.derived(label), value.encode(), hashlib.sha256)


def instance_of(public_key: bytes) -> str:
    """The name of the log that this key signs."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as C2SP's signed notes write it."""
    body = base64.b64encode(b"\x01" + public_key).decode()
    return f"{name}+{key_hash(name, public_key).hex()}+{body}"


def key_hash(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public_key).digest()[:4]


def make_files(folder: Path) -> list[str]:
    """Makes what is missing, never replaces anything; returns the names of the files made."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    fresh = {
        "master.key": os.urandom(KEY_BYTES),
        "ledger.key": Ed25519PrivateKey.generate().private_bytes_raw(),
        "cli.token": secrets.token_urlsafe(32).encode() + b"\n",
        "webhook.secret": b"whsec_" + base64.b64encode(os.urandom(KEY_BYTES)) + b"\n",
    }
    made = [name for name, content in fresh.items() if _make(folder / name, content)]
    signing = Ed25519PrivateKey.from_private_bytes(_read(folder / "ledger.key", KEY_BYTES))
    public = signing.public_key().public_bytes_raw()
    vkey = verifier_key(f"lockstitch/{instance_of(public)}", public)
    if _make(folder / "ledger.pub", vkey.encode() + b"\n"):
        made.append("ledger.pub")
    return made


def write_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and on the disk before it returns."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    making.unlink(missing_ok=True)  # of a process that was killed and had the same number
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """So that the names in it outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make(path: Path, content: bytes) -> bool:
    if path.exists():
        return False
    write_file(path, content)
    return True


def _read(path: Path, length: int | None = None) -> bytes:
    try:
        content = path.read_bytes()
    except OSError:
        raise KeyFileError(f"{path.name} cannot be read: run `python -m guard init`") from None
    if not content or (length is not None and len(content) != length):
        raise KeyFileError(f"{path.name} is damaged")
    return content
