"""The keys in files, and the one way anything is encrypted here."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
MASTER, MASTER_NEXT, MASTER_OLD = "master.key", "master.key.next", "master.key.old"
SIGNING, SIGNING_NEXT = "ledger.key", "ledger.key.next"
FIRST_PUB = "ledger.pub"  # of the ledger's first key, for ever: others have copies of it
SIGNING_PUB = "signing.pub"  # of the one in use


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
    """The key files of one guard. What they hold never leaves this process."""

    def __init__(self, folder: Path, master: bytes | None = None) -> None:
        """`master`: in place of master.key, put together from shares. Raises KeyFileError."""
        self.folder, self.from_shares = folder, master is not None
        self.master = master or _read(folder / MASTER, KEY_BYTES)
        following = folder / MASTER_NEXT
        self._next = _read(following, KEY_BYTES) if following.exists() else None
        self.signing = signing_key(folder / SIGNING)
        self.cli_token = _read(folder / "cli.token").decode().strip()
        self.instance = _read(folder / FIRST_PUB).decode().partition("+")[0].partition("/")[2]

    @property
    def vkey(self) -> str:
        """What checkpoints are verified with now."""
        return self.vkey_of(self.signing)

    def vkey_of(self, key: Ed25519PrivateKey) -> str:
        return verifier_key(f"lockstitch/{self.instance}", key.public_key().public_bytes_raw())

    @property
    def wrap(self) -> Box:
        """For what is new."""
        return Box(self._next or self.master)

    def unwrap(self, wrapped: bytes, binding: str) -> bytes:
        """By the master key, or by the one that takes or gives its place just now. BoxError."""
        try:
            return Box(self.master).open(wrapped, binding)
        except BoxError:
            if self._next is None:
                raise
            return Box(self._next).open(wrapped, binding)

    def adopt(self, following: bytes) -> Box:
        """The key that is to follow; `settle` says whether it does."""
        self._next = following
        return Box(following)

    def settle(self, wrapped_root: bytes, binding: str) -> None:
        """Of two master keys, the one that the database's root is wrapped by. Raises BoxError."""
        self.unwrap(wrapped_root, binding)
        if self._next is None:
            return
        try:
            Box(self._next).open(wrapped_root, binding)
        except BoxError:
            (self.folder / MASTER_NEXT).unlink(missing_ok=True)
        else:
            if not (self.folder / MASTER_OLD).exists():
                (self.folder / MASTER_OLD).hardlink_to(self.folder / MASTER)
            (self.folder / MASTER_NEXT).replace(self.folder / MASTER)
            sync_folder(self.folder)
            self.master = self._next
        self._next = None


def instance_of(public_key: bytes) -> str:
    """The name of the log that this key signs."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as C2SP's signed notes write it."""
    body = base64.b64encode(b"\x01" + public_key).decode()
    return f"{name}+{key_hash(name, public_key).hex()}+{body}"


def key_hash(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public_key).digest()[:4]


def make_files(folder: Path, *, master: bool = True) -> list[str]:
    """Makes what is missing, never replaces anything; returns the names of the files made.

    Without `master.key` when it is in shares.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    fresh = {
        **({MASTER: os.urandom(KEY_BYTES)} if master else {}),
        SIGNING: Ed25519PrivateKey.generate().private_bytes_raw(),
        "cli.token": secrets.token_urlsafe(32).encode() + b"\n",
        "webhook.secret": b"whsec_" + base64.b64encode(os.urandom(KEY_BYTES)) + b"\n",
    }
    made = [name for name, content in fresh.items() if _make(folder / name, content)]
    public = signing_key(folder / SIGNING).public_key().public_bytes_raw()
    if not (folder / FIRST_PUB).exists() and (folder / SIGNING_PUB).exists():
        raise KeyFileError(f"{FIRST_PUB} is gone: bring a copy of it back")
    vkey = verifier_key(f"lockstitch/{instance_of(public)}", public)
    first = (folder / FIRST_PUB, vkey.encode() + b"\n")
    made += [first[0].name] if _make(*first) else []
    # Of an instance from before there were successions, the first is the one in use.
    if _make(folder / SIGNING_PUB, first[0].read_bytes()):
        made.append(SIGNING_PUB)
    return made


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Raises KeyFileError."""
    return Ed25519PrivateKey.from_private_bytes(_read(path, KEY_BYTES))


def write_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and on the disk before it returns."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    making.unlink(missing_ok=True)  # of a process that was killed and had the same number
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)  # whatever the umask is: others read what is public
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
