"""What the guard is told from outside: the environment, read once and checked before the start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from guard.audit import WITNESS_KEY, Key, Wrong, read_key

SOCKET_PATH_BYTES_MAX = 100  # the kernel takes 107
TOKEN_CHARACTERS_MIN = 16
PROVIDERS = ("stripe", "link")
DESK_ORIGIN = "http://desk.console.localhost:8001"


class SettingsError(Exception):
    """The environment makes no sense; the text says which variable and why."""


@dataclass(frozen=True)
class Settings:
    data: Path
    database_url: str
    socket: Path
    desk_token: str
    worker_token: str  # empty: the worker is not let in
    mail: SplitResult
    demo: bool
    recovery_hold: timedelta  # between the approval of a new enrolment and its effect
    export_delay: timedelta  # before an export that nobody else can approve
    desk_origin: SplitResult  # the console's desk: the only page where its passkeys are used
    sensor_token: str = ""  # empty: no file watch is let in
    decoys: dict[str, str] = field(
        default_factory=dict
    )  # where it lies -> a pass that opens nothing
    sensors: tuple[str, ...] = ()  # who must say each second that they live
    peers: dict[str, int] = field(default_factory=dict)  # channel -> the only user who may use it
    webhook: str = ""  # where alerts are told
    bounces: str = ""  # bounces@shop.example: each letter comes back to its own bounces+…@
    providers: dict[str, str] = field(
        default_factory=dict
    )  # a sandbox's address in place of the real
    witnesses: tuple[tuple[str, Key], ...] = ()  # of the ledger: where, and with which key
    shares: tuple[Path, ...] = ()  # two files in place of master.key

    @property
    def folder(self) -> Path:
        """Keys, checkpoints and the mailbox."""
        return self.data / "guard"

    @property
    def mail_from(self) -> str:
        """Who writes to operators and staff."""
        return f"no-reply@{(self.desk_origin.hostname or '').removeprefix('desk.')}"

    @property
    def returns(self) -> Path:
        """A Maildir into which the mail server puts what came back."""
        return self.folder / "returns"

    @property
    def maildir(self) -> Path | None:
        """Where mails go in place of SMTP; None when there is an SMTP server."""
        return Path(self.mail.path) if self.mail.scheme == "maildir" else None


def data_folder(env: Mapping[str, str] = os.environ) -> Path:
    return Path(env.get("LOCKSTITCH_DATA") or "data").absolute()


def database_url(env: Mapping[str, str] = os.environ) -> str:
    url = env.get("LOCKSTITCH_DATABASE_URL", "")
    try:
        if not url or not conninfo_to_dict(url):
            raise SettingsError("LOCKSTITCH_DATABASE_URL: the guard needs its database")
    except psycopg.ProgrammingError:
        raise SettingsError("LOCKSTITCH_DATABASE_URL: not a PostgreSQL URL") from None
    return url


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError with one line for the first variable that makes no sense."""
    data = data_folder(env)
    socket = Path(env.get("LOCKSTITCH_GUARD_SOCKET") or data / "run" / "guard.sock").absolute()
    if len(os.fsencode(socket)) > SOCKET_PATH_BYTES_MAX:
        raise SettingsError(f"LOCKSTITCH_GUARD_SOCKET: over {SOCKET_PATH_BYTES_MAX} bytes long")
    token = env.get("LOCKSTITCH_DESK_TOKEN", "")
    if len(token) < TOKEN_CHARACTERS_MIN:
        raise SettingsError(
            f"LOCKSTITCH_DESK_TOKEN: at least {TOKEN_CHARACTERS_MIN} random characters"
        )
    demo = env.get("LOCKSTITCH_DEMO", "")
    if demo not in ("", "0", "1"):
        raise SettingsError("LOCKSTITCH_DEMO: 1 or nothing")
    return Settings(
        data=data,
        database_url=database_url(env),
        socket=socket,
        desk_token=token,
        worker_token=_pass("LOCKSTITCH_WORKER_TOKEN", env),
        sensor_token=_pass("LOCKSTITCH_SENSOR_TOKEN", env),
        decoys=_decoys(env.get("LOCKSTITCH_DECOYS", "")),
        sensors=tuple(env.get("LOCKSTITCH_SENSORS", "").split()),
        peers=_peers(env.get("LOCKSTITCH_GUARD_PEERS", "")),
        webhook=_webhook(env.get("LOCKSTITCH_ALERT_WEBHOOK", "")),
        mail=_mail_url(env.get("LOCKSTITCH_MAIL_URL") or f"maildir:{data}/guard/mailbox"),
        demo=demo == "1",
        recovery_hold=_hold(env, "LOCKSTITCH_RECOVERY_HOLD_S", "86400"),
        export_delay=_hold(env, "LOCKSTITCH_EXPORT_DELAY_S", "1800"),
        desk_origin=_origin(env.get("LOCKSTITCH_DESK_ORIGIN") or DESK_ORIGIN),
        bounces=_bounces(env.get("LOCKSTITCH_BOUNCES", "")),
        providers=_providers(env.get("LOCKSTITCH_PROVIDERS", "")),
        witnesses=_witnesses(env.get("LOCKSTITCH_WITNESSES", "")),
        shares=share_files(env),
    )


def _hold(env: Mapping[str, str], name: str, usual: str) -> timedelta:
    text = env.get(name) or usual
    if not text.isdecimal() or len(text) > 7:
        raise SettingsError(f"{name}: a number of seconds")
    return timedelta(seconds=int(text))


def _origin(text: str) -> SplitResult:
    """https, but on this machine; as a browser writes it, which is how it is compared."""
    url = urlsplit(text)
    local = url.scheme == "http" and (url.hostname or "").endswith("localhost")
    if not url.hostname or not (local or url.scheme == "https") or url.path or text != text.lower():
        raise SettingsError("LOCKSTITCH_DESK_ORIGIN: https://desk.console.example.jp")
    return url


def share_files(env: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """`LOCKSTITCH_MASTER_SHARES=fileA,fileB`; none: the master key is in a file."""
    files = tuple(Path(name) for name in env.get("LOCKSTITCH_MASTER_SHARES", "").split(",") if name)
    if len(files) not in (0, 2):
        raise SettingsError("LOCKSTITCH_MASTER_SHARES: two files, with a comma between")
    return files


def _witnesses(text: str) -> tuple[tuple[str, Key], ...]:
    """`https://w.example/prefix#w.example+1a2b3c4d+BASE64`, several with spaces between."""
    found = []
    for word in text.split():
        url, _, vkey = word.partition("#")
        try:
            key = read_key(vkey)
        except Wrong:
            key = None
        if key is None or key.kind != WITNESS_KEY or urlsplit(url).scheme not in ("http", "https"):
            raise SettingsError("LOCKSTITCH_WITNESSES: URL#name+hash+key, as the witness prints it")
        found.append((url, key))
    return tuple(found)


def _bounces(text: str) -> str:
    local, at, domain = text.partition("@")
    if text and (not at or not local or not domain or "+" in local or not text.isprintable()):
        raise SettingsError("LOCKSTITCH_BOUNCES: an address without a plus, bounces@shop.example")
    return text


def _pass(name: str, env: Mapping[str, str]) -> str:
    token = env.get(name, "")
    if token and len(token) < TOKEN_CHARACTERS_MIN:
        raise SettingsError(f"{name}: at least {TOKEN_CHARACTERS_MIN} random characters")
    return token


def _peers(text: str) -> dict[str, int]:
    """`desk=998 worker=997 sensor=996 cli=0`"""
    found = dict(word.partition("=")[::2] for word in text.split())
    if not all(uid.isdecimal() for uid in found.values()):
        raise SettingsError("LOCKSTITCH_GUARD_PEERS: channel=UID, numbers of users")
    return {channel: int(uid) for channel, uid in found.items()}


def _decoys(text: str) -> dict[str, str]:
    """`shop.environment=TOKEN shop.file=TOKEN`"""
    found = dict(word.partition("=")[::2] for word in text.split())
    if not all(len(token) >= TOKEN_CHARACTERS_MIN for token in found.values()):
        raise SettingsError("LOCKSTITCH_DECOYS: name=TOKEN, as long as the real ones")
    return found


def _webhook(text: str) -> str:
    if text and urlsplit(text).scheme not in ("http", "https"):
        raise SettingsError("LOCKSTITCH_ALERT_WEBHOOK: an http or https address")
    return text


def _providers(text: str) -> dict[str, str]:
    """`stripe=http://127.0.0.1:8420 link=https://pay.example.jp`: addresses by provider."""
    found = {}
    for word in text.split():
        name, _, url = word.partition("=")
        if name not in PROVIDERS or urlsplit(url).scheme not in ("http", "https"):
            raise SettingsError("LOCKSTITCH_PROVIDERS: stripe=URL link=URL")
        found[name] = url
    return found


def _mail_url(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        known = url.path.startswith("/") if url.scheme == "maildir" else bool(url.hostname)
        _ = url.port  # raises when it is no number
    except ValueError:
        known = False
    if not known or url.scheme not in ("maildir", "smtp", "smtps"):
        # Not repeated here: it may hold a password.
        raise SettingsError("LOCKSTITCH_MAIL_URL: maildir:/PATH or smtp[s]://user:pass@host:port")
    return url
