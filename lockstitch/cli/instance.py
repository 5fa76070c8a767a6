"""One instance: its data folder, its database, and the environment of each of its processes."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Self

import click

from lockstitch.cli.cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_DATA = ROOT / "data"
FORMAT = 2  # of the data folder; a later one is refused rather than misread
PORT = 8000
CLEARING_S = 12.0
INHERITED = ("PATH", "HOME", "LANG", "TZ")  # all that a child sees of who started it
FOR_GUARD = (
    "LOCKSTITCH_PROVIDERS", "LOCKSTITCH_ALERT_WEBHOOK", "LOCKSTITCH_WITNESSES",
    "LOCKSTITCH_RECOVERY_HOLD_S", "LOCKSTITCH_MASTER_SHARES",
    "LOCKSTITCH_EXPORT_DELAY_S",
)  # fmt: skip
FOR_WEB = (
    "LOCKSTITCH_TLS", "LOCKSTITCH_CONSOLE_HOST", "LOCKSTITCH_EDGE", "LOCKSTITCH_ADDRESS",
    "LOCKSTITCH_WORKERS", "LOCKSTITCH_PAGES_MB",
)  # fmt: skip
ROLE = {"shop": "ls_shop", "desk": "ls_desk", "worker": "ls_worker", "guard": "ls_guard"}


@dataclass(frozen=True)
class Record:
    """What `<data>/instance.json` remembers from one start to the next."""

    kind: str  # demo or empty
    port: int = PORT
    format: int = FORMAT
    demo_loaded: bool = False
    marks: dict[str, str] = field(default_factory=dict)  # a step -> checksum of what it last saw
    separate: bool = False  # each process is a user of its own


@dataclass(frozen=True)
class Instance:
    """The instance in the data folder `data`, which need not exist yet."""

    data: Path

    @classmethod
    def at(cls, folder: str | Path) -> Self:
        return cls(Path(folder).expanduser().resolve())

    @cached_property
    def cluster(self) -> Cluster:
        return Cluster(self.data / "pg")

    @property
    def marker(self) -> Path:
        return self.data / "instance.json"

    @property
    def guard_socket(self) -> Path:
        return self.data / "run" / "guard.sock"

    @property
    def refusals(self) -> Path:
        """Where a process says that it is barred, and is heard when it tries."""
        return self.data / "run" / "files" / "refusals.sock"

    def read(self) -> Record | None:
        """None when there is no instance here. ClickException when it is not ours to read."""
        try:
            known = json.loads(self.marker.read_text())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise click.ClickException(f"{self.marker} is damaged: {error}") from None
        if known.get("format") != FORMAT:
            raise click.ClickException(
                f"{self.data} has format {known.get('format')}, this version reads {FORMAT}"
            )
        return Record(**known)

    def write(self, record: Record) -> Record:
        making = self.marker.with_suffix(".making")
        making.write_text(json.dumps(asdict(record), indent=1) + "\n")
        making.rename(self.marker)
        return record

    def change(self, **changes: Any) -> Record:
        """Writes the record with these fields changed."""
        record = self.existing()
        changed = replace(record, **changes)
        return record if changed == record else self.write(changed)

    def mark(self, step: str, checksum: str) -> None:
        """Remembers that `step` was done for what has this checksum."""
        self.change(marks={**self.existing().marks, step: checksum})

    def existing(self) -> Record:
        """The record; ClickException when nothing was ever started here."""
        record = self.read()
        if record is None:
            raise click.ClickException(f"no instance in {self.data}: start one with bin/up --demo")
        return record

    def shop_url(self, host: str) -> str:
        return f"http://{host}:{self.existing().port}/"

    def desk_url(self, host: str) -> str:
        return f"http://desk.{host}:{self.existing().port + 1}/"

    @property
    def decoy(self) -> Path:
        """A pass that opens nothing, for whoever looks where the shop may look."""
        return self.data / "keys" / "guard-pass"

    def lay_decoy(self, passes: "Passes") -> None:
        self.decoy.unlink(missing_ok=True)
        write_secret(self.decoy, passes.file)

    def environment(self, process: str, passes: "Passes | None" = None) -> dict[str, str]:
        """Exactly what `process` may know: see docs/architecture.md."""
        record = self.existing()
        given = passes or Passes("", "", "", "", "")
        demo = {"LOCKSTITCH_DEMO": "1"} if record.kind == "demo" else {}
        socket = {
            "LOCKSTITCH_GUARD_SOCKET": str(self.guard_socket),
            "LOCKSTITCH_DESK_TOKEN": given.desk,
            **demo,
        }
        own = {
            "LOCKSTITCH_DATA": str(self.data),
            "LOCKSTITCH_DATABASE_URL": self.cluster.url(ROLE.get(process, "ls_owner")),
        }
        heard = {"LOCKSTITCH_REFUSALS": str(self.refusals)} if passes else {}
        if process == "guard":
            own |= {
                "LOCKSTITCH_MAIL_URL": self.mail_url(),
                "LOCKSTITCH_WORKER_TOKEN": given.worker,
                **heard,
                "LOCKSTITCH_SENSOR_TOKEN": given.sensor,
                "LOCKSTITCH_SENSORS": "shop desk worker files" if passes else "",
                "LOCKSTITCH_DECOYS": f"shop.environment={given.decoy} shop.file={given.file}"
                if passes
                else "",
                "LOCKSTITCH_DESK_ORIGIN": self.desk_origin(),
                "LOCKSTITCH_WATCHED": os.pathsep.join(map(str, self.watched)),
                **{name: os.environ.get(name, "") for name in FOR_GUARD},
            }
            return {**inherited(), **own, **socket}
        if process == "files":
            own = {
                "LOCKSTITCH_DATA": str(self.data),
                "LOCKSTITCH_GUARD_SOCKET": str(self.guard_socket),
                "LOCKSTITCH_SENSOR_TOKEN": given.sensor,
                "LOCKSTITCH_WATCHED_MEDIA": str(self.data / "media"),
                "LOCKSTITCH_WATCHED_DECOYS": str(self.decoy),
                "LOCKSTITCH_SWEEP_SECONDS": os.environ.get("LOCKSTITCH_SWEEP_SECONDS", ""),
            }
            return {**inherited(), **own}
        own |= {"SURFACE": process, "LOCKSTITCH_PORT": str(record.port), **demo, **heard}
        own |= {name: os.environ[name] for name in FOR_WEB if name in os.environ}
        if process in ("shop", "desk"):
            own["LOCKSTITCH_KEY_FILE"] = str(self.data / "keys" / process)
        if process == "worker":
            own["LOCKSTITCH_GUARD_SOCKET"] = str(self.guard_socket)
            own["LOCKSTITCH_WORKER_TOKEN"] = given.worker
            own["LOCKSTITCH_CLAMD"] = os.environ.get("LOCKSTITCH_CLAMD", "")
        if process == "shop" and passes:
            own["LOCKSTITCH_DESK_TOKEN"] = given.decoy  # opens nothing; using it is an alarm
        return {**inherited(), **own, **(socket if process == "desk" else {})}

    def desk_origin(self) -> str:
        """The console's desk, as a browser names it."""
        own = self.desk_url("console.localhost").rstrip("/")
        return os.environ.get("LOCKSTITCH_DESK_ORIGIN", own)

    def mail_url(self) -> str:
        local = f"maildir:{self.data / 'guard' / 'mailbox'}"
        return os.environ.get("LOCKSTITCH_MAIL_URL", local)

    @contextmanager
    def locked(self) -> Iterator[IO[str]]:
        """Nobody else may start or change this folder inside the block. Raises Running.

        A killed start's tether still holds the lock while it clears up: that is waited for.
        """
        with (self.data / "up.lock").open("a+") as file:
            until = time.monotonic() + CLEARING_S
            while not _take(file):
                file.seek(0)
                holder = file.read().strip()
                if _alive(holder) or time.monotonic() > until:
                    raise Running(f"{self.data} is already running (pid {holder})")
                time.sleep(0.1)
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield file

    def is_running(self) -> bool:
        """Whether `up`, another command or processes started apart work in this folder now."""
        try:
            with self.locked():
                return self.guard_socket.exists() and self.cluster.is_running()
        except Running:
            return True

    @contextmanager
    def database(self) -> Iterator[Cluster]:
        """The running database: the one `up` runs, or one started for this block only."""
        self.existing()
        with ExitStack() as held:
            try:
                held.enter_context(self.locked())
            except Running:
                pass
            else:
                if not self.cluster.is_running():  # else somebody else's: processes started apart
                    held.callback(self.cluster.stop)
                self.cluster.start()
            yield self.cluster

    @property
    def watched(self) -> list[Path]:
        """What the file watch compares with its signed list."""
        return [ROOT / "lockstitch", ROOT / "guard", self.data / "static"]

    def make_keys(self) -> None:
        """Django's signing keys, one a surface."""
        (self.data / "keys").mkdir(mode=0o700, exist_ok=True)
        for name in ("shop", "desk"):
            write_secret(self.data / "keys" / name, secrets.token_urlsafe(48))


def _token() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Passes:
    """To the guard's socket, for one run only. The decoys open nothing."""

    desk: str = field(default_factory=_token)
    worker: str = field(default_factory=_token)
    sensor: str = field(default_factory=_token)
    decoy: str = field(default_factory=_token)  # in the shop's environment
    file: str = field(default_factory=_token)  # in a file that the shop may read


class Running(click.ClickException):
    """Somebody else holds the data folder."""


def _take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True


def inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def write_secret(path: Path, text: str) -> None:
    """Whole and 0600, or not at all; an existing one is kept."""
    if path.exists():
        return
    making = path.with_suffix(".making")
    making.unlink(missing_ok=True)
    making.touch(mode=0o600)
    making.write_text(text + "\n")
    making.rename(path)
