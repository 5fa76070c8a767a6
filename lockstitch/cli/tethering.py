"""The supervisor's end of the tether."""

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import IO

PROGRAM = Path(__file__).with_name("tether.py")


class Tether:
    """See `tether`. `lock` is the data folder's lock, which it holds on to."""

    def __init__(self, lock: IO[str], pid_file: Path) -> None:
        self._lock = lock
        self._pid_file = pid_file
        self._groups: set[str] = set()
        self._process = self._start()

    def tell(self, line: str) -> None:
        """`+GROUP` or `-GROUP`."""
        change = self._groups.add if line.startswith("+") else self._groups.discard
        change(line[1:])
        self._write(self._process, line)

    def database_stopped(self) -> None:
        self._write(self._process, "p")

    def keep(self) -> None:
        """Another one, when somebody ended it."""
        if self._process.poll() is not None:
            self._process = self._start()

    def end(self) -> None:
        """Lets go: whoever is still there is ended, the database too."""
        assert self._process.stdin is not None  # noqa: S101 - it was started with a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", PROGRAM], stdin=subprocess.PIPE, text=True, env={},
            start_new_session=True, pass_fds=[self._lock.fileno()],
        )  # fmt: skip
        self._write(process, f"p {self._pid_file}")
        for group in self._groups:
            self._write(process, f"+{group}")
        return process

    def _write(self, process: subprocess.Popen[str], line: str) -> None:
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.write(f"{line}\n")
                process.stdin.flush()
