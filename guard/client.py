"""The desk's and the command line's side of the guard's socket: blocking, thread-safe, pooled."""

import os
import select
import socket
import threading
from pathlib import Path
from typing import cast

import msgspec

from guard.frames import FRAME_BYTES_MAX, Answer, Call, Hello, Welcome, frame
from guard.sealing import seal
from guard.wire import Ask, Code

__all__ = ["GuardClient", "GuardError", "GuardRefused", "GuardUnavailable", "seal"]

IDLE_CONNECTIONS_MAX = 8
TIMEOUT_SECONDS = 30.0
AGENT_CHARACTERS_MAX = 200


class GuardError(Exception):
    """The guard gave no reply to use."""


class GuardUnavailable(GuardError):
    """Not running, not reachable, or it broke off. The call may or may not have taken effect."""


class GuardRefused(GuardError):
    """The guard answered no; `code` says why, as listed in guard.wire.Code."""

    def __init__(self, code: Code, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code: Code = code


class GuardClient:
    """Calls the guard. One for the whole process; any thread may call at any time."""

    def __init__(
        self, socket_path: str | Path, token: str, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._path = str(socket_path)
        self._token = token
        self._timeout = timeout
        self._idle: list[socket.socket] = []
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._number = 0

    def call[R](
        self, ask: Ask[R], *, session: str | None = None, address: str = "", agent: str = "",
        device: str = "",
    ) -> R:  # fmt: skip
        """The ask's reply. Raises GuardRefused or GuardUnavailable."""
        with self._lock:
            self._number += 1
            number = self._number
        call = msgspec.convert(
            {
                "id": number,
                "ask": ask,
                "session": session,
                "address": address,
                "agent": agent[:AGENT_CHARACTERS_MAX],
                "device": device,
            },
            Call,
        )
        connection = self._take()
        try:
            connection.sendall(frame(call))
            answer = msgspec.msgpack.decode(_receive(connection), type=Answer)
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            connection.close()
            raise GuardUnavailable(str(error)) from error
        except BaseException:  # an interrupt half way leaves an answer nobody fetched
            connection.close()
            raise
        if answer.id != number:
            connection.close()
            raise GuardUnavailable("an answer to another call")
        self._give_back(connection)
        if answer.refused is not None:
            if answer.refused.code == "unavailable":
                raise GuardUnavailable(answer.refused.message)
            raise GuardRefused(answer.refused.code, answer.refused.message)
        return cast(R, answer.reply)

    def close(self) -> None:
        """Ends the idle connections; a later call opens a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> socket.socket:
        with self._lock:
            if self._process != os.getpid():  # after a fork the sockets are the parent's
                self._idle, self._process = [], os.getpid()
            while self._idle:
                connection = self._idle.pop()
                # An idle connection with something to read was ended by the guard.
                if not select.select([connection], [], [], 0)[0]:
                    return connection
                connection.close()
        return self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout)
        try:
            connection.connect(self._path)
            connection.sendall(frame(Hello(self._token)))
            msgspec.msgpack.decode(_receive(connection), type=Welcome)
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            connection.close()
            raise GuardUnavailable(str(error) or "the guard let nobody in") from error
        return connection

    def _give_back(self, connection: socket.socket) -> None:
        with self._lock:
            if len(self._idle) < IDLE_CONNECTIONS_MAX:
                self._idle.append(connection)
                return
        connection.close()


def _receive(connection: socket.socket) -> bytes:
    length = int.from_bytes(_exactly(connection, 4), "big")
    if length > FRAME_BYTES_MAX:
        raise EOFError("a frame longer than allowed")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts: list[bytes] = []
    while count:
        part = connection.recv(count)
        if not part:
            raise EOFError("the guard ended the connection")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
