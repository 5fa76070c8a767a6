"""One supervised process: started, listened to, started again when it falls over."""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

import click

from lockstitch.cli.instance import ROOT
from lockstitch.cli.output import coloured, say

BACKOFF_MIN_S, BACKOFF_MAX_S, HEALTHY_AFTER_S = 0.5, 15.0, 60.0
LOG_BYTES, LOG_OLD_FILES = 5_000_000, 2
COLOURS = {"shop": "cyan", "desk": "magenta", "worker": "yellow", "guard": "green"}
WIDTH = 9


def log_file(folder: Path, name: str) -> logging.Logger:
    """`<folder>/<name>.log` and two older ones."""
    folder.mkdir(exist_ok=True)
    logger = logging.Logger(name)  # not in logging's tree: nobody else's settings touch it
    file = RotatingFileHandler(
        folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_OLD_FILES, delay=True
    )
    lines = logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    lines.converter = time.gmtime
    file.setFormatter(lines)
    logger.addHandler(file)
    return logger


def tell(name: str, text: str) -> None:
    """A line on the terminal, with whose it is in front."""
    prefix = f"{name:<{WIDTH}}|"
    if coloured():
        prefix = click.style(prefix, fg=COLOURS.get(name, "white"))
    with contextlib.suppress(OSError):  # a closed terminal is no reason to stop listening
        say(f"{prefix} {text}")


@dataclass
class Child:
    """`ready_line` is what it prints when it can work; a web process is asked instead."""

    name: str
    argv: list[str]
    environment: dict[str, str]
    logs: Path
    ready_line: str = ""
    port: int = 0
    tethered: Callable[[str], None] = lambda _: None
    handle: int = -1  # a socket that it is given
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until told to stop."""
        log = log_file(self.logs, self.name)
        wait = BACKOFF_MIN_S
        while not self.stopping.is_set():
            began = time.monotonic()
            code = await self._once(log)
            if self.stopping.is_set():
                return
            if time.monotonic() - began > HEALTHY_AFTER_S:
                wait = BACKOFF_MIN_S
            tell(self.name, f"ended ({described(code)}); again in {wait:.1f} s")
            log.warning("ended (%s)", described(code))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), wait)
            wait = min(wait * 2, BACKOFF_MAX_S)

    async def _once(self, log: logging.Logger) -> int:
        """One life, from start to the end of its whole process group."""
        self.ready.clear()
        output, end = os.pipe()
        try:
            self.process = await asyncio.create_subprocess_exec(
                *self.argv, env=self.environment, cwd=ROOT, process_group=0,
                stdin=asyncio.subprocess.DEVNULL, stdout=end, stderr=end,
                pass_fds=[self.handle] if self.handle >= 0 else [],
            )  # fmt: skip
        finally:
            os.close(end)
        group = self.process.pid
        self.tethered(f"+{group}")
        if self.stopping.is_set():  # told to stop while it was being started
            send(group, signal.SIGTERM)
        reading = asyncio.create_task(self._read(output, log))
        asking = asyncio.create_task(self._ask()) if self.port else None
        try:
            return await self.process.wait()
        finally:
            self.ready.clear()
            send(group, signal.SIGKILL)  # what the leader left behind
            self.tethered(f"-{group}")
            if asking is not None:
                asking.cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reading, 1)

    async def _read(self, output: int, log: logging.Logger) -> None:
        """Its lines. The pipe is ours: with asyncio's, wait() also waits for grandchildren."""
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(output, "rb", buffering=0)
        )
        left = b""
        try:
            while chunk := await stream.read(65_536):
                *lines, left = (left + chunk).split(b"\n")
                for line in lines:
                    self._line(line, log)
                if len(left) > 65_536:
                    self._line(left, log)
                    left = b""
        finally:
            transport.close()
        if left:
            self._line(left, log)

    def _line(self, line: bytes, log: logging.Logger) -> None:
        text = line.decode(errors="replace").rstrip()
        log.info("%s", text)
        if self.ready_line and self.ready_line in text:
            self.ready.set()
        else:
            tell(self.name, text)

    async def _ask(self) -> None:
        while not await answers(self.port):
            await asyncio.sleep(0.05)
        self.ready.set()

    def send(self, number: int) -> None:
        if self.process is not None and self.process.returncode is None:
            send(self.process.pid, number)


def send(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def described(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


async def answers(port: int) -> bool:
    """Whether the web process there says that it is healthy."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            line = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in line
