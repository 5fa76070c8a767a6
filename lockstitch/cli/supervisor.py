"""Keeps the processes of an instance running, and ends them in order."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable

import click
import psycopg

from guard.watch.refusing import opened
from lockstitch.cli import accounts
from lockstitch.cli.child import BACKOFF_MAX_S, BACKOFF_MIN_S, Child, tell
from lockstitch.cli.cluster import ClusterError
from lockstitch.cli.instance import Instance, Passes
from lockstitch.cli.output import one_line
from lockstitch.cli.processes import command, environment
from lockstitch.cli.tethering import Tether

READY_WITHIN_S = 40.0
STOP_WEB_S, STOP_GUARD_S, STOP_DATABASE_S = 4.0, 2.0, 3.0
WATCH_EVERY_S = 0.5


class Supervisor:
    """Runs the five processes beside a database that has been started."""

    def __init__(self, instance: Instance, tether: Tether) -> None:
        port = instance.existing().port
        passes = Passes()
        instance.lay_decoy(passes)
        logs = instance.data / "logs"
        separate = instance.existing().separate
        refusals = opened(instance.refusals, 0o660 if separate else 0o600)
        if separate:
            accounts.give_decoy(instance)

        def child(name: str, *, port: int = 0, ready_line: str = "", handle: int = -1) -> Child:
            told = environment(instance, name, passes)
            if handle >= 0:
                told["LOCKSTITCH_REFUSALS_FD"] = str(handle)
            return Child(
                name, command(instance, name), told, logs,
                ready_line=ready_line, port=port, tethered=tether.tell, handle=handle,
            )  # fmt: skip

        self.instance = instance
        self.tether = tether
        self.guard = child("guard", ready_line="guard ready")
        # The door to the file watch is ours, so that whoever starts before it waits there.
        self.files = child("files", ready_line="files ready", handle=refusals.fileno())
        self.others = [
            child("shop", port=port),
            child("desk", port=port + 1),
            child("worker", ready_line="worker ready"),
        ]
        self._refusals = refusals
        self._stop = asyncio.Event()
        self._stops = 0

    @property
    def children(self) -> list[Child]:
        return [*self.others, self.guard, self.files]

    async def run(self, after_start: Callable[[], Awaitable[None]]) -> None:
        """Starts everything, runs `after_start` once it is healthy, ends it all when told to."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._told)
        running = [asyncio.create_task(child.run()) for child in self.children]
        watching = asyncio.create_task(self._watch())
        try:
            await self._until_stopped(self._healthy_then(after_start), watching)
        finally:
            watching.cancel()
            await self._stop_all(running)

    async def _until_stopped(self, start: Awaitable[None], watching: asyncio.Task[None]) -> None:
        starting = asyncio.ensure_future(start)
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({starting, stopped, watching}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()  # raises what went wrong
            await asyncio.wait({stopped, watching}, return_when=asyncio.FIRST_COMPLETED)
        starting.cancel()
        if watching.done():
            watching.result()

    async def _healthy_then(self, after_start: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                for child in self.children:
                    await child.ready.wait()
        except TimeoutError:
            late = [child.name for child in self.children if not child.ready.is_set()]
            logs = self.instance.data / "logs"
            raise click.ClickException(
                f"not ready within {READY_WITHIN_S:.0f} s: {', '.join(late)}; see {logs}"
            ) from None
        await after_start()

    def _told(self) -> None:
        self._stops += 1
        self._stop.set()
        if self._stops > 1:
            for child in self.children:
                child.send(signal.SIGKILL)

    async def _stop_all(self, running: list[asyncio.Task[None]]) -> None:
        """Shop, desk and worker; then the guard, which they ask; then the file watch, without which
        all of these end; then the database."""
        for child in self.children:
            child.stopping.set()
        *others, guard, files = running
        await self._end(self.others, others, STOP_WEB_S)
        await self._end([self.guard], [guard], STOP_GUARD_S)
        await self._end([self.files], [files], STOP_GUARD_S)
        cluster = self.instance.cluster
        mode = "fast" if self._stops < 2 else "immediate"
        stopping = asyncio.create_task(asyncio.to_thread(cluster.stop, mode=mode))
        _, late = await asyncio.wait({stopping}, timeout=STOP_DATABASE_S)
        if late:
            await asyncio.to_thread(cluster.stop, mode="immediate")
        self.tether.database_stopped()

    async def _end(
        self, children: list[Child], running: list[asyncio.Task[None]], within_s: float
    ) -> None:
        for child in children:
            child.send(signal.SIGTERM)
        _, late = await asyncio.wait(running, timeout=within_s if self._stops < 2 else 0.01)
        for child in children:
            child.send(signal.SIGKILL)
        for task in late:  # waiting to start again, or just now killed
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(task, 1)

    async def _watch(self) -> None:
        """The database and the tether are not our children in the same sense: look at them."""
        wait = BACKOFF_MIN_S
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            self.tether.keep()
            if self.instance.cluster.is_running():
                wait = BACKOFF_MIN_S
                continue
            tell("database", "ended; starting it again")
            try:
                await asyncio.to_thread(self.instance.cluster.start)
            except (ClusterError, OSError, psycopg.Error) as error:
                tell("database", f"{one_line(error)}; again in {wait:.1f} s")
                await asyncio.sleep(wait)
                wait = min(wait * 2, BACKOFF_MAX_S)
