"""Ends everything when the supervisor dies without a word (SIGKILL, out of memory).

A separate process that only reads a pipe: `+12` and `-12` add and remove a process group, `p PATH`
names PostgreSQL's pid file, and `p` says that it has been stopped. When the supervisor is gone the
pipe ends, and so do they. It inherits the data folder's lock, so that no other start comes between.
Standard library only: small, and started at once.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

GRACE_S = 3.0
STARTING_S = 1.0


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends when the pipe does
    groups: set[int] = set()
    pid_file: Path | None = None
    for line in sys.stdin:
        if line.startswith("+"):
            groups.add(int(line[1:]))
        elif line.startswith("-"):
            groups.discard(int(line[1:]))
        elif line.startswith("p"):
            pid_file = Path(line[1:].strip()) if line[1:].strip() else None
    end(groups, pid_file)


def end(groups: set[int], pid_file: Path | None) -> None:
    """Politely, then for good; the database last."""
    for group in groups:
        send(group, signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    while time.monotonic() < until and any(send(group, 0) for group in groups):
        time.sleep(0.05)
    for group in groups:
        send(group, signal.SIGKILL)
    if pid_file is not None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            stop_database(pid_file)


def stop_database(pid_file: Path) -> None:
    """A fast shutdown, waited for."""
    until = time.monotonic() + STARTING_S
    while time.monotonic() < until and not pid_file.exists():  # it was perhaps just being started
        time.sleep(0.05)
    pid = int(pid_file.read_text().split()[0])
    if not is_server(pid, pid_file.parent):
        return
    os.kill(pid, signal.SIGINT)
    until = time.monotonic() + GRACE_S
    while time.monotonic() < until and pid_file.exists():
        time.sleep(0.05)


def is_server(pid: int, folder: Path) -> bool:
    """Whether this process is the PostgreSQL of the cluster in `folder`; after a power cut the id
    in its file may be another program's.

    Its command line says so to everybody; the folder it works in is shown only to whoever may trace
    it, and root without capabilities (a container's, a unit's) may not.
    """
    try:
        given = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return not Path("/proc/self").exists()  # this system has no /proc
    return os.fsencode(folder.resolve()) in given  # where it was made: see `reach`


def send(group: int, number: int) -> bool:
    """Whether there was anyone to send it to."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
