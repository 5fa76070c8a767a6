"""Hears what Linux refuses to the processes that are barred (guard.barred), says no, and tells.

Each process gives its handle in a packet, once it has said who it is; its number
the kernel says. The answer is given before anything is told, so that nobody waits.
"""

import errno
import fcntl
import json
import logging
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from guard.wire import Barred

RECEIVE, SEND = 0xC0502100, 0xC0182101  # include/uapi/linux/seccomp.h
NOTICE = struct.Struct("=QIIiIQ6Q")  # id, thread, flags, call, architecture, where, arguments
ANSWER = struct.Struct("=QqiI")  # id, value, error, flags
PROCESSES_MAX = 16
HELLO_S, AGAIN_S = 10.0, 5.0
HELLO_BYTES_MAX = 4096
CREDENTIALS = struct.Struct("3i")

log = logging.getLogger("guard")
type Tell = Callable[[Barred], None]


def listening(env: Mapping[str, str]) -> socket.socket | None:
    """The socket that whoever started us has opened; None when nobody wants to be heard."""
    handle = env.get("LOCKSTITCH_REFUSALS_FD", "")
    return socket.socket(fileno=int(handle)) if handle else None


def opened(path: Path, mode: int) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    path.unlink(missing_ok=True)
    made.bind(str(path))
    path.chmod(mode)
    made.listen(PROCESSES_MAX)
    return made


class Refusals:
    """Serves one process a thread."""

    def __init__(self, door: socket.socket, tell: Tell) -> None:
        self._door, self._tell = door, tell
        self._room = threading.Semaphore(PROCESSES_MAX)

    def run(self) -> None:
        """Never ends."""
        while True:
            self._room.acquire()
            wire, _ = self._door.accept()
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        try:
            with wire:
                self._converse(wire)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("refusals: %s", type(error).__name__)
        finally:
            self._room.release()

    def _converse(self, wire: socket.socket) -> None:
        wire.settimeout(HELLO_S)
        pid, _uid, _gid = CREDENTIALS.unpack(
            wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        )
        hello = json.loads(wire.recv(HELLO_BYTES_MAX))
        process = str(hello["process"])[:20]
        calls = {int(number): str(call)[:40] for number, call in hello["calls"].items()}
        wire.sendall(b"+")
        _, handles, _, _ = socket.recv_fds(wire, 1, 1)
        if not handles:
            return  # its kernel or its library has none
        handle = handles[0]
        try:
            wire.sendall(b"+")
            self._hear(handle, process, pid, calls)
        finally:
            os.close(handle)

    def _hear(self, handle: int, process: str, pid: int, calls: dict[int, str]) -> None:
        """Until the process has ended. That it closes its wire says nothing."""
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        told: dict[tuple[int, int], float] = {}
        while True:
            happened = waiting.poll()[0][1]
            if not happened & select.POLLIN:
                return
            notice = bytearray(NOTICE.size)
            try:
                fcntl.ioctl(handle, RECEIVE, notice)
                number, _thread, _flags, call, _arch, _at, *given = NOTICE.unpack(notice)
                fcntl.ioctl(handle, SEND, ANSWER.pack(number, 0, -errno.EPERM, 0))
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.EINTR):  # it was killed meanwhile
                    raise
                continue
            name = calls.get(call, str(call))
            family = given[0] & 0xFFFFFFFF if name == "socket" else -1
            now = time.monotonic()
            if now - told.get((call, family), -AGAIN_S) >= AGAIN_S:
                told[call, family] = now
                self._tell(Barred(process=process, pid=pid, call=name, number=call, family=family))
