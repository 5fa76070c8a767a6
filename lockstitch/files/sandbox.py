"""The process of `child`, and one job of it at a time.

Imports nothing of Django: the worker starts it before it gives up starting programs.
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
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
BUFFER = 2**18
WITHIN_S = 30.0  # on a machine that is busy; the child's own limits are shorter


class JobError(Exception):
    """The argument is one of rules.REASONS."""


class Sandbox:
    """Started when it is first needed, or before by `start`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def ask(self, kind: bytes, data: bytes, most: int) -> bytes:
        """The answer of one child. Raises JobError when there is none."""
        with self._lock:
            ours, theirs = socket.socketpair()
            with ours:
                try:
                    with theirs:
                        control = self._started()
                        socket.send_fds(control, [kind], [theirs.fileno()])
                    answer = converse(ours, data, most)
                    status = struct.unpack(">i", control.recv(4))[0]
                except TimeoutError:
                    self._end()
                    raise JobError("slow") from None
                except (OSError, struct.error):
                    self._end()
                    raise JobError("broke") from None
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            raise JobError("slow")
        if status or len(answer) > most:
            raise JobError("broke")
        return answer

    def start(self) -> None:
        with self._lock:
            self._started()

    def _started(self) -> socket.socket:
        alive = self._process is not None and self._process.poll() is None
        if self._control is not None and alive and self._owner == os.getpid():
            return self._control
        self._control, theirs = socket.socketpair()
        self._control.settimeout(WITHIN_S)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(CHILD)], stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={}, cwd="/",
                    start_new_session=True,
                )  # fmt: skip
            except PermissionError:  # seccomp: the worker's next life starts it
                os.kill(os.getpid(), signal.SIGTERM)
                raise
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


def converse(ours: socket.socket, data: bytes, most: int) -> bytes:
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


sandbox = Sandbox()
