"""The socket, the background loops, and stopping cleanly."""

import asyncio
import contextlib
import hmac
import logging
import signal
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, Coroutine

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg_pool import PoolTimeout

from guard.answer import answer
from guard.asker import Channel
from guard.bounces import read_returns
from guard.checkpoints import Checkpoints
from guard.core import Core, make_core
from guard.cosigning import Cosigning
from guard.db import make_pool
from guard.deliver import send_next
from guard.erasure import erase_again
from guard.frames import FRAME_BYTES_MAX, Answer, Call, Hello, Refused, Welcome, frame
from guard.incident.assess import resume
from guard.keys import Keys
from guard.ledger import LedgerError, make_months
from guard.master import open_root
from guard.renewal import let_lapse
from guard.retention import erase_due
from guard.reviews import remind
from guard.schema import steps
from guard.settings import Settings
from guard.succession import settle
from guard.tidy import tidy
from guard.watch.decoys import note_decoy, note_stranger
from guard.watch.loop import SECONDS as WATCH_SECONDS
from guard.watch.loop import Watch
from guard.watch.telling import call_next

CONNECTIONS_MAX = 64
CREDENTIALS = struct.Struct("3i")  # process, user, group
CALL_SECONDS = 20
HELLO_SECONDS = 5
POLL_SECONDS = 2
RETURNS_SECONDS = 20
TIDY_SECONDS = 600
MONTHS_SECONDS = 3600
REVIEWS_SECONDS = 3600
RETENTION_SECONDS = 3600
LAPSE_SECONDS = 3600
STOP_SECONDS = 1.5
START_SECONDS = 30

log = logging.getLogger("guard")


class StartError(Exception):
    """The guard cannot start; the text says why."""


class _Numbered(msgspec.Struct):
    id: int


class Server:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._open: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._open) >= CONNECTIONS_MAX:
            writer.close()
            return
        self._open.add(task)
        try:
            await self._converse(task, reader, writer)
        except (EOFError, OSError, TimeoutError, msgspec.MsgspecError, asyncio.CancelledError):
            pass  # whoever was there has gone, or does not speak our language, or we stop
        finally:
            self._open.discard(task)
            writer.close()

    async def _converse(
        self,
        task: asyncio.Task[None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        async with asyncio.timeout(HELLO_SECONDS):
            hello = msgspec.msgpack.decode(await _read(reader), type=Hello)
        channel = self._channel(hello.token)
        if channel is None:
            await note_decoy(self._core, hello.token)
            return
        uid = _user(writer)
        if uid != self._core.settings.peers.get(channel, uid):
            await note_stranger(self._core, channel, uid)
            return
        writer.write(frame(Welcome(channel, self._core.keys.instance)))
        while True:
            body = await _read(reader)
            self._busy.add(task)
            try:
                writer.write(_framed(await self._answer(channel, body)))
                await writer.drain()
            finally:
                self._busy.discard(task)

    def _channel(self, token: str) -> Channel | None:
        given, found = token.encode(), None
        tokens: list[tuple[Channel, str]] = [
            ("desk", self._core.settings.desk_token),
            ("cli", self._core.keys.cli_token),
        ]
        if self._core.settings.worker_token:
            tokens.append(("worker", self._core.settings.worker_token))
        if self._core.settings.sensor_token:
            tokens.append(("sensor", self._core.settings.sensor_token))
        for channel, known in tokens:
            if hmac.compare_digest(given, known.encode()):
                found = channel
        return found

    async def _answer(self, channel: Channel, body: bytes) -> Answer:
        number = msgspec.msgpack.decode(body, type=_Numbered).id
        try:
            call = msgspec.msgpack.decode(body, type=Call)
        except msgspec.MsgspecError:
            return Answer(id=number, refused=Refused("invalid", "not a known ask"))
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await answer(self._core, channel, call)
        except TimeoutError:
            log.warning("%s: no answer in time", type(call.ask).__name__)
            return Answer(id=number, refused=Refused("unavailable", "took too long"))

    async def finish(self) -> None:
        """Ends idle connections at once, the others after the call in hand."""
        for task in self._open - self._busy:
            task.cancel()
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=STOP_SECONDS)
        for task in self._open:
            task.cancel()


def _user(writer: asyncio.StreamWriter) -> int:
    """Who is at the other end, as the kernel says."""
    wire: socket.socket = writer.get_extra_info("socket")
    about = wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return int(CREDENTIALS.unpack(about)[1])


def _framed(said: Answer) -> bytes:
    try:
        return frame(said)
    except ValueError:
        return frame(Answer(id=said.id, refused=Refused("invalid", "the answer is too long")))


async def _read(reader: asyncio.StreamReader) -> bytes:
    length = int.from_bytes(await reader.readexactly(4), "big")
    if length > FRAME_BYTES_MAX:
        raise EOFError("a frame longer than allowed")
    return await reader.readexactly(length)


async def serve(settings: Settings, keys: Keys) -> None:
    """Until SIGTERM or SIGINT. Raises StartError, ForkError, BoxError."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pool = make_pool(settings.database_url)
    core = make_core(settings, keys, pool)
    try:
        await _check(core)
        checkpoints = Checkpoints(pool, core.ledger, keys, settings.folder)
        await checkpoints.start()
        server = Server(core)
        listening = await _listen(settings, server)
        loops = [asyncio.create_task(each) for each in _loops(core, checkpoints)]
        sys.stderr.write("guard ready\n")
        sys.stderr.flush()
        await stop.wait()
        listening.close()
        settings.socket.unlink(missing_ok=True)
        await server.finish()
        for task in loops:
            task.cancel()
        with contextlib.suppress(psycopg.Error, PoolTimeout, OSError, TimeoutError):
            async with asyncio.timeout(0.3):
                await checkpoints.sign()
    finally:
        await pool.close(timeout=0.2)


async def _check(core: Core) -> None:
    """The database answers, has the schema this code knows, and was filled with these keys."""
    try:
        await core.pool.open(wait=True, timeout=START_SECONDS)
    except PoolTimeout:
        raise StartError("the database cannot be reached") from None
    async with core.pool.connection() as db:
        try:
            row = await (await db.execute("SELECT max(step) FROM guard.schema_version")).fetchone()
        except psycopg.Error:
            row = None
        if row is None or row["max"] != steps()[-1][0]:
            raise StartError("another schema than this guard's: run `python -m guard migrate`")
        await open_root(db, core.keys)
        await settle(db, core.keys)
        await core.own_keys.start(db)
        await core.site_keys.check(db)
    await make_months(core.pool)
    await erase_again(core)


async def _listen(settings: Settings, server: Server) -> asyncio.Server:
    settings.socket.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    settings.socket.unlink(missing_ok=True)
    made = await asyncio.start_unix_server(server.accept, settings.socket, limit=2**18)
    # With users of their own the folder's group may knock; who is let in is seen at the door.
    settings.socket.chmod(0o660 if settings.peers else 0o600)
    return made


def _loops(core: Core, checkpoints: Checkpoints) -> list[Coroutine[None, None, None]]:
    settings = core.settings
    cosigning = Cosigning(core.pool, core.ledger, checkpoints, settings.folder, settings.witnesses)
    inbox, post, webhook = asyncio.Event(), asyncio.Event(), asyncio.Event()
    watch, bell = Watch(core), core.ledger.bell
    bells = {
        "guard_inbox": inbox, "guard_postbox": post, "guard_letter": post, "guard_signal": bell,
        "guard_alert_call": webhook,
    }  # fmt: skip
    return [
        checkpoints.run(),
        resume(core),
        cosigning.run(),
        _hear(core.settings.database_url, bells),
        _repeat("inbox", inbox, core.inbox.empty),
        _repeat("post", post, lambda: _send_all(core)),
        _repeat("returns", asyncio.Event(), lambda: read_returns(core), RETURNS_SECONDS),
        _repeat("months", asyncio.Event(), lambda: make_months(core.pool), MONTHS_SECONDS),
        _repeat("reviews", asyncio.Event(), lambda: remind(core), REVIEWS_SECONDS),
        _repeat("keys", asyncio.Event(), lambda: let_lapse(core), LAPSE_SECONDS),
        _repeat("retention", asyncio.Event(), lambda: erase_due(core), RETENTION_SECONDS),
        _repeat("webhook", webhook, lambda: _call_all(core)),
        _repeat("watch", bell, watch.look, WATCH_SECONDS),
        _repeat("tidy", asyncio.Event(), lambda: tidy(core), TIDY_SECONDS),
    ]


async def _call_all(core: Core) -> None:
    while await call_next(core):
        pass


async def _send_all(core: Core) -> None:
    """Letters first, and before each message: somebody is waiting for their code."""
    while await send_next(core, "letter") or await send_next(core, "postbox"):
        pass


async def _repeat(
    name: str,
    bell: asyncio.Event,
    work: Callable[[], Awaitable[None]],
    seconds: float = POLL_SECONDS,
) -> None:
    """`work` at each ring, and after `seconds` in case a ring was missed. Never ends."""
    while True:
        bell.clear()
        try:
            await work()
        except (psycopg.Error, PoolTimeout, LedgerError) as error:
            log.warning("%s: %s", name, type(error).__name__)
        except Exception as error:
            log.error("%s: %s", name, type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), seconds)


async def _hear(url: str, bells: dict[str, asyncio.Event]) -> None:
    """Rings the bells that PostgreSQL rings. Connects again when that breaks."""
    while True:
        try:
            async with await AsyncConnection.connect(url, autocommit=True) as db:
                for channel in bells:
                    await db.execute(f"LISTEN {channel}")
                async for note in db.notifies():
                    bells[note.channel].set()
        except psycopg.Error as error:
            log.warning("listen: %s", type(error).__name__)
        await asyncio.sleep(POLL_SECONDS)
