"""Bars shop, desk and worker at their start: see guard.barred."""

import multiprocessing
import os
import platform
import socket
import sys
from urllib.parse import parse_qs, urlsplit

from guard.barred import bar


def bar_this() -> None:
    """Before the first line of Django, so that no package of the shop's runs unbarred. Nothing on
    the command line, which starts programs."""
    name = os.environ.get("SURFACE", "")
    if name not in ("shop", "desk", "worker"):
        return
    egress = not _is_local(os.environ.get("LOCKSTITCH_DATABASE_URL", ""))
    # At their import croniter has a program look at Python, and urllib3 tries a socket.
    vars(platform)["architecture"] = lambda *_: ("64bit", "ELF")
    socket.has_ipv6 = socket.has_ipv6 and egress
    is_spawned = multiprocessing.parent_process() is not None  # by the HTTP server's main process
    barred = bar(
        name, egress=egress, listener=os.environ.get("LOCKSTITCH_REFUSALS", ""),
        leader=os.getppid() if is_spawned else 0,
    )  # fmt: skip
    if not barred:
        sys.stderr.write("no seccomp here: this process may start others\n")


def _is_local(url: str) -> bool:
    """Whether this database is reached by a file."""
    parts = urlsplit(url)
    hosts = parse_qs(parts.query).get("host", [parts.hostname or "/"])
    return all(host.startswith("/") for host in hosts)
