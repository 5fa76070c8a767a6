"""Having foreign files read by a process that can do nothing else.

It is trusted with nothing but the picture itself: what it answers is so many bytes of pixels or of
files, and of a form that is checked here. What is served is encoded in this process, from pixels.
"""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from lockstitch.files.child import (
    FORMATS,
    MAX_PIXELS,
    MAX_SIDE,
    MEMBER,
    MEMBER_BYTES,
    MEMBERS,
    PICTURE,
    TOTAL_BYTES,
    WIDTH,
)
from lockstitch.files.rules import REASONS
from lockstitch.kernel.errors import Refused

CHILD = Path(__file__).with_name("child.py")
BUFFER = 2**18
WITHIN_S = 30.0  # on a machine that is busy; the child's own limit is CPU time
PICTURE_MAX = 1 + PICTURE.size + WIDTH * MAX_SIDE * 3
MEMBERS_MAX = 1 + TOTAL_BYTES + MEMBERS * (MEMBER.size + 2000)


class Undecodable(Refused):
    """`code` is one of rules.REASONS, whose sentence this is."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code


@dataclass(frozen=True)
class Pixels:
    """An upright picture in sRGB. `rgb` is of `size`, which is smaller than `width` x `height`
    where those are more than anybody is shown."""

    format: str
    width: int
    height: int
    size: tuple[int, int]
    rgb: bytes


def decode(data: bytes) -> Pixels:
    """Raises Undecodable."""
    return read_pixels(_sandbox.ask(b"p", data, PICTURE_MAX))


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    """The files of a ZIP by their names, which are anybody's. Raises Undecodable."""
    return read_members(_sandbox.ask(b"z", data, MEMBERS_MAX))


def read_pixels(answer: bytes) -> Pixels:
    _refusal(answer, b"P")
    try:
        kind, width, height, *size = PICTURE.unpack_from(answer, 1)
        rgb = answer[1 + PICTURE.size :]
        fits = (
            0 < width * height <= MAX_PIXELS and max(width, height) <= MAX_SIDE
            and 0 < size[0] <= WIDTH and 0 < size[1] <= MAX_SIDE
            and len(rgb) == size[0] * size[1] * 3
        )  # fmt: skip
        if fits:
            return Pixels(FORMATS[kind], width, height, (size[0], size[1]), rgb)
    except (struct.error, IndexError):
        pass
    raise Undecodable("broke")


def read_members(answer: bytes) -> list[tuple[str, bytes]]:
    _refusal(answer, b"Z")
    found: list[tuple[str, bytes]] = []
    at = 1
    try:
        while at < len(answer):
            name, body = MEMBER.unpack_from(answer, at)
            at += MEMBER.size + name + body
            if body > MEMBER_BYTES or len(found) == MEMBERS or at > len(answer):
                raise Undecodable("broke")
            found.append((answer[at - body - name : at - body].decode(), answer[at - body : at]))
    except (struct.error, UnicodeDecodeError):
        raise Undecodable("broke") from None
    return found


def _refusal(answer: bytes, expected: bytes) -> None:
    if answer[:1] == b"R":
        code = answer[1:20].decode("ascii", "replace")
        raise Undecodable(code if code in REASONS else "broke")
    if answer[:1] != expected:
        raise Undecodable("broke")


class _Sandbox:
    """The process of `child`, started when it is first needed; one job at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def ask(self, kind: bytes, data: bytes, most: int) -> bytes:
        """The answer of one child. Raises Undecodable when there is none."""
        with self._lock:
            ours, theirs = socket.socketpair()
            with ours:
                try:
                    with theirs:
                        control = self._started()
                        socket.send_fds(control, [kind], [theirs.fileno()])
                    answer = _converse(ours, data, most)
                    status = struct.unpack(">i", control.recv(4))[0]
                except TimeoutError:
                    self._end()
                    raise Undecodable("slow") from None
                except (OSError, struct.error):
                    self._end()
                    raise Undecodable("broke") from None
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            raise Undecodable("slow")
        if status or len(answer) > most:
            raise Undecodable("broke")
        return answer

    def _started(self) -> socket.socket:
        alive = self._process is not None and self._process.poll() is None
        if self._control is not None and alive and self._owner == os.getpid():
            return self._control
        self._control, theirs = socket.socketpair()
        self._control.settimeout(WITHIN_S)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(CHILD)], stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={}, cwd="/",
                start_new_session=True,
            )  # fmt: skip
        self._owner = os.getpid()
        return self._control

    def _end(self) -> None:
        """The whole group: the child that hangs as well."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._control is not None:
            self._control.close()
        self._process = self._control = None


def _converse(ours: socket.socket, data: bytes, most: int) -> bytes:
    """Everything there, everything back. One that answers too soon or too much is cut off."""
    until = time.monotonic() + WITHIN_S
    ours.settimeout(WITHIN_S)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # how it ended says why
        ours.sendall(data)
        ours.shutdown(socket.SHUT_WR)
    answer = bytearray()
    while len(answer) <= most:
        ours.settimeout(max(0.01, until - time.monotonic()))
        try:
            part = ours.recv(BUFFER)
        except ConnectionResetError:
            break
        if not part:
            break
        answer += part
    return bytes(answer)


_sandbox = _Sandbox()
