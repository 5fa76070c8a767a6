"""A witness of logs (C2SP tlog-witness, tlog-cosignature). It runs elsewhere, without a database.

It signs a checkpoint only when the log has only grown since the last one it signed.
"""

import base64
import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guard import audit
from guard.checkpoint_text import MARK
from guard.keys import KEY_BYTES, KeyFileError, write_file

BODY_BYTES_MAX = 65_536
PROOF_MAX = 63
CALL_SECONDS = 10
COSIGNATURE = b"\x04"
_PRIVATE = "PRIVATE+KEY+"
_SIZE_TYPE = "text/x.tlog.size"


class Said(NamedTuple):
    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


class Signer:
    """A witness's name and key."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.name, self._key = name, key
        typed = COSIGNATURE + key.public_key().public_bytes_raw()
        self._id = audit.key_id_of(name, typed)
        self.vkey = f"{name}+{self._id.hex()}+{base64.b64encode(typed).decode()}"

    @classmethod
    def in_file(cls, path: Path, name: str | None) -> "Signer":
        """The one in `path`; with a name and no file, a new one. Raises KeyFileError."""
        if not path.exists():
            if not name or "+" in name or any(c.isspace() for c in name):
                raise KeyFileError(f"{path} is not there: give a name to make it")
            seed = Ed25519PrivateKey.generate().private_bytes_raw()
            body = base64.b64encode(COSIGNATURE + seed).decode()
            made = cls(name, Ed25519PrivateKey.from_private_bytes(seed))
            write_file(path, f"{_PRIVATE}{name}+{made._id.hex()}+{body}\n".encode())
        text = path.read_text().strip()
        try:
            named, _, body = text.removeprefix(_PRIVATE).split("+", 2)
            raw = base64.b64decode(body, validate=True)
            if raw[:1] != COSIGNATURE or len(raw) != 1 + KEY_BYTES:
                raise ValueError
        except ValueError:
            raise KeyFileError(f"{path} is no witness's key") from None
        return cls(named, Ed25519PrivateKey.from_private_bytes(raw[1:]))

    def cosign(self, text: str, seconds: int) -> str:
        """The note's line that signs `text`, a checkpoint without its signatures."""
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        blob = self._id + seconds.to_bytes(8, "big") + self._key.sign(message)
        return f"{MARK}{self.name} {base64.b64encode(blob).decode()}\n"


class Witness:
    """Keeps the latest checkpoint of each of `logs` in a file in `folder`."""

    def __init__(self, logs: list[audit.Key], signer: Signer, folder: Path) -> None:
        self._logs = {key.name: key for key in logs}
        self._signer, self._folder = signer, folder
        self._turn = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add_checkpoint(self, body: bytes) -> Said:
        try:
            old, proof, found = _read(body.decode())
            following = audit.successor(found)
        except (ValueError, audit.Wrong) as error:
            return Said(400, f"{error}\n")
        if found.origin not in self._logs:
            return Said(404, "an unknown log\n")
        with self._turn:  # from the look at the latest to the new one on the disk
            refused = self._unsigned(found) or self._refused(old, proof, found)
            if refused is not None:
                return refused
            if following is not None:  # kept before the checkpoint is: it may come again
                write_file(self._file(found.origin, ".succession"), body)
            line = self._signer.cosign(found.text, int(time.time()))
            write_file(self._file(found.origin), f"{found.text}\n{line}".encode())
        return Said(200, line)

    def _unsigned(self, found: audit.Checkpoint) -> Said | None:
        first, log = self._logs[found.origin], self.key_of(found.origin)
        if audit.signed_at(found, log) is not None:
            return None
        is_old = first != log and audit.signed_at(found, first) is not None
        return Said(403, f"not signed by this log{', whose key was succeeded' * is_old}\n")

    def key_of(self, origin: str) -> audit.Key:
        """The last one that the key before it has handed over to. Raises audit.Wrong."""
        file = self._file(origin, ".succession")
        if not file.exists():
            return self._logs[origin]
        key = audit.successor(_read(file.read_text())[2])
        if key is None:
            raise audit.Wrong("the kept succession is damaged")
        return key

    def _refused(self, old: int, proof: list[bytes], found: audit.Checkpoint) -> Said | None:
        if old > found.size:
            return Said(400, "the old size is the larger one\n")
        latest = self.latest(found.origin)
        if old != (latest.size if latest else 0):
            return Said(409, f"{latest.size if latest else 0}\n", _SIZE_TYPE)
        if latest is None or old == 0:
            return Said(422, "a proof from nothing\n") if proof else None
        if old == found.size and latest.root != found.root:
            return Said(409, f"{latest.size}\n", _SIZE_TYPE)
        if not audit.consistent(old, latest.root, found.size, found.root, proof):
            return Said(422, "not the log that was there before\n")
        return None

    def latest(self, origin: str) -> audit.Checkpoint | None:
        """The last one signed. Raises audit.Wrong when the file is damaged: never begin anew."""
        file = self._file(origin)
        return audit.read_checkpoint(file.read_text()) if file.exists() else None

    def _file(self, origin: str, ending: str = "") -> Path:
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}{ending}"


def _read(body: str) -> tuple[int, list[bytes], audit.Checkpoint]:
    head, empty, note = body.partition("\n\n")
    first, *lines = head.split("\n")
    word, _, size = first.partition(" ")
    if word != "old" or not size.isdecimal() or str(int(size)) != size or not empty:
        raise ValueError("no old size")
    proof = [base64.b64decode(line, validate=True) for line in lines]
    if len(proof) > PROOF_MAX or any(len(each) != 32 for each in proof):
        raise ValueError("no proof")
    return int(size), proof, audit.read_checkpoint(note)


def make_server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """Bound and not yet serving: POST /add-checkpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = CALL_SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint" or not length.isdecimal():
                self._say(Said(404))
            elif int(length) > BODY_BYTES_MAX:
                self.close_connection = True
                self._say(Said(400, "too long\n"))
            else:
                body = self.rfile.read(int(length))
                try:
                    self._say(witness.add_checkpoint(body))
                except (OSError, audit.Wrong):
                    self._say(Said(500, "the witness cannot keep what it signs\n"))

        def _say(self, said: Said) -> None:
            body = said.body.encode()
            self.send_response(said.status)
            self.send_header("Content-Type", said.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the answer says it."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server
