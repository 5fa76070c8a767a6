"""`python -m lockstitch.cli.serving PORT`: Granian for one surface (`SURFACE`).

Granian's worker opens its own socket on Linux, once the program is loaded; ours may open none by
then (lockstitch.cli.barring). So the main process opens it, as Granian does elsewhere, and hands
it on.
"""

import os
import socket
import sys
from typing import Any

from granian._granian import ListenerSpec
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer


class Server(MPServer):
    _shd: Any
    _sfd: Any
    _sso: Any

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._shd = ListenerSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._sfd = self._shd.get_fd()
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)


def threads() -> int:
    """Of each web process; each has a database connection, of which there are 120."""
    return min(24, 2 * (os.cpu_count() or 1) + 1)


def workers() -> int:
    """Web processes of the shop: each keeps its own pages, counts and connections."""
    if os.environ.get("SURFACE") != "shop":
        return 1
    count = os.environ.get("LOCKSTITCH_WORKERS", "1")
    if not count.isdigit() or not 1 <= int(count) <= 16:
        raise SystemExit(f"LOCKSTITCH_WORKERS must be 1 to 16, not {count!r}")
    return int(count)


def main(port: int, program: str = "lockstitch.wsgi:application") -> None:
    Server(
        program,
        address=os.environ.get("LOCKSTITCH_ADDRESS", "127.0.0.1"),
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers(),
        workers_kill_timeout=3,
        blocking_threads=threads(),
        blocking_threads_idle_timeout=600,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
