"""A real instance for a test: `lockstitch up` in a temporary folder, on free ports."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from lockstitch.cli.drill.breaking import free_port as free_port
from lockstitch.cli.instance import ROOT, Instance

READY_S, STOPPED_S = 240.0, 20.0


@dataclass
class Running:
    """`up` and what it started. `said` is everything it has printed so far."""

    data: Path
    port: int
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def instance(self) -> Instance:
        return Instance(self.data)

    @property
    def said(self) -> str:
        return self.output.read_text()

    def shop(self, host: str = "console.localhost") -> str:
        return f"http://{host}:{self.port}"

    def desk(self, host: str = "console.localhost") -> str:
        return f"http://desk.{host}:{self.port + 1}"

    def is_healthy(self) -> bool:
        try:
            asked = [
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
                for port in (self.port, self.port + 1)
            ]
        except httpx.HTTPError:
            return False
        return all(answer.status_code == 200 for answer in asked)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signals `up` and waits for it; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOPPED_S)


@contextmanager
def folder() -> Iterator[Path]:
    """A data folder that the database's unprivileged user can enter; not there yet."""
    with tempfile.TemporaryDirectory(prefix="ls-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made) / "data"


@contextmanager
def started(
    data: Path, *arguments: str, port: int = 0, environment: dict[str, str] | None = None
) -> Iterator[Running]:
    """`up` with these arguments, healthy; on leaving it is stopped if it still runs."""
    running = spawn(data, *arguments, port=port, environment=environment)
    try:
        wait_until(lambda: "Ready in" in running.said or ended(running), READY_S)
        if ended(running):
            raise AssertionError(f"up ended:\n{running.said}")
        yield running
    finally:
        if running.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.stop()
        end_all(data)


def spawn(
    data: Path, *arguments: str, port: int = 0, environment: dict[str, str] | None = None
) -> Running:
    """The same without waiting."""
    port = port or free_port()
    output = data.parent / f"up-{time.monotonic_ns()}.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [*command(data), "up", "--port", str(port), *arguments],
            cwd=ROOT, env={**os.environ, **(environment or {})}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    return Running(data, port, process, output)


def ended(running: Running) -> bool:
    return running.process.poll() is not None


def command(data: Path) -> list[str]:
    return [sys.executable, "-m", "lockstitch.cli", "--data", str(data)]


def call(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of the command line, to its end."""
    return subprocess.run(
        [*command(data), *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip


def wait_until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Returns when `true()` is; AssertionError when it never was."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:.0f} s")
        time.sleep(0.1)


def processes(data: Path) -> dict[int, str]:
    """Every process that knows this data folder, by its command line or environment."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes()
            if str(data).encode() in line + _environ(entry):
                found[int(entry.name)] = line.replace(b"\0", b" ").decode(errors="replace")
    return found


def _environ(entry: Path) -> bytes:
    """For anyone but root the guard's is closed, so it is told by its parent's command line."""
    try:
        return (entry / "environ").read_bytes()
    except PermissionError:
        parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
        return Path(f"/proc/{parent}/cmdline").read_bytes()


def end_all(data: Path) -> None:
    for pid in processes(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
