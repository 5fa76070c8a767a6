"""A running guard on a database of its own, and hands to reach it with."""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pyotp
import pytest
from psycopg.rows import dict_row

from guard.client import GuardClient, seal
from guard.keys import Keys, make_files
from guard.own_keys import OwnKeys
from guard.pepper import opened
from guard.schema import migrate
from guard.wire import (
    AddOperator,
    ConfirmEnrolment,
    Enrol,
    Identity,
    Mailbox,
    RegisterCompany,
    RegisterSite,
    Role,
    SeedPrincipal,
    SignInMember,
    SignInOperator,
)  # fmt: skip
from lockstitch.cli.cluster import Cluster
from lockstitch.cli.instance import ROOT

PASSWORD = "correct horse battery"
PERSON = {
    "family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ",
    "email": "hanako@example.jp", "phone": "09012345678", "postal_code": "1500001",
    "prefecture": "東京都", "city": "渋谷区", "street": "神宮前1-2-3", "building": "縫ビル <201>",
    "note": "置き配 & よろしく",
}  # fmt: skip


def eventually[R](look: Callable[[], R], *, seconds: float = 15) -> R:
    """What `look` gives once it is true; fails when it never is."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)
    return found


@dataclass
class Site:
    company_id: UUID
    site_id: UUID
    mail_from: str


@dataclass
class Guard:
    """One instance: its data folder, its database, its process."""

    cluster: Cluster
    database: str
    data: Path
    desk_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    worker_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    sensor_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    decoy: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    webhook: str = ""
    providers: str = ""
    process: subprocess.Popen[bytes] | None = None
    said: Path = Path()
    mail_url: str = ""
    demo: str = "1"
    bounces: str = ""
    witnesses: str = ""
    shares: str = ""
    secrets: dict[UUID, str] = field(default_factory=dict)  # of the operators' codes

    def url(self, role: str) -> str:
        return self.cluster.url(role, self.database)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LOCKSTITCH_DATA": str(self.data),
            "LOCKSTITCH_DATABASE_URL": self.url("ls_guard"),
            "LOCKSTITCH_DESK_TOKEN": self.desk_token,
            "LOCKSTITCH_WORKER_TOKEN": self.worker_token,
            "LOCKSTITCH_SENSOR_TOKEN": self.sensor_token,
            "LOCKSTITCH_DECOYS": f"shop.file={self.decoy}",
            "LOCKSTITCH_ALERT_WEBHOOK": self.webhook,
            "LOCKSTITCH_PROVIDERS": self.providers,
            "LOCKSTITCH_MAIL_URL": self.mail_url,
            "LOCKSTITCH_DEMO": self.demo,
            "LOCKSTITCH_BOUNCES": self.bounces,
            "LOCKSTITCH_WITNESSES": self.witnesses,
            "LOCKSTITCH_MASTER_SHARES": self.shares,
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "guard", *arguments],
            env=self.environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def start(self) -> None:
        self.said = self.data / f"guard-{time.monotonic_ns()}.txt"
        with self.said.open("wb") as file:  # a pipe that nobody reads would fill and hold it up
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guard", "serve"], env=self.environment, stderr=file
            )
        process = self.process
        eventually(lambda: self.said.read_text() or process.poll() is not None, seconds=60)
        assert self.said.read_text().splitlines()[0].endswith("guard ready"), self.said.read_text()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> str:
        """SIGTERM; what it wrote to stderr."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=5)
        return self.said.read_text()

    @property
    def socket(self) -> Path:
        return self.data / "run" / "guard.sock"

    @property
    def desk(self) -> GuardClient:
        return GuardClient(self.socket, self.desk_token)

    @property
    def worker(self) -> GuardClient:
        return GuardClient(self.socket, self.worker_token)

    @property
    def sensor(self) -> GuardClient:
        return GuardClient(self.socket, self.sensor_token)

    @property
    def cli(self) -> GuardClient:
        return GuardClient(self.socket, (self.data / "guard" / "cli.token").read_text().strip())

    def sql(self, query: str, values: Any = (), *, role: str = "postgres") -> list[dict[str, Any]]:
        with psycopg.connect(self.url(role), autocommit=True, row_factory=dict_row) as db:
            done = db.execute(query, values)
            return done.fetchall() if done.description else []

    def site(self, company_id: UUID | None = None) -> Site:
        company_id, site_id = company_id or uuid4(), uuid4()
        self.cli.call(RegisterCompany(company_id=company_id, name="Hem & Co"))
        ask = RegisterSite(
            site_id=site_id, company_id=company_id, name="Hem", host="hem.localhost",
            mail_from="shop@hem.example",
        )  # fmt: skip
        self.cli.call(ask)
        return Site(company_id, site_id, ask.mail_from)

    def deposit(
        self, site: Site, fields: dict[str, str] | None = None, *, token: str = "", **changed: Any
    ) -> UUID:
        """What the desk does. `changed` are columns that differ from what was sealed."""
        record_id = uuid4()
        with psycopg.connect(self.url("ls_desk"), row_factory=dict_row) as db:
            db.execute("SELECT set_config('lockstitch.site_ids', %s, true)", [str(site.site_id)])
            key = db.execute(
                "SELECT * FROM guard.site_public_key WHERE site_id = %s", [site.site_id]
            ).fetchone()
            assert key is not None
            sealed = seal(
                key["public_key"], key["suite"], site_id=site.site_id, record_id=record_id,
                kind="order", key_id=key["key_id"], fields=PERSON if fields is None else fields,
            )  # fmt: skip
            row = {
                "record_id": record_id, "site_id": site.site_id, "kind": "order",
                "key_id": key["key_id"], "suite": key["suite"], "sealed": sealed,
                "access_hash": hashlib.sha256(token.encode()).digest() if token else None,
                "source": "desk", **changed,
            }  # fmt: skip
            names = ", ".join(row)
            marks = ", ".join(f"%({name})s" for name in row)
            db.execute(f"INSERT INTO guard.inbox ({names}) VALUES ({marks})", row)
        stored: UUID = row["record_id"]
        return stored

    def member(self, site: Site, email: str, **fields: str) -> tuple[str, Identity]:
        """A member's session and identity."""
        ask = SeedPrincipal(
            kind="member", email=email, password=PASSWORD, site_id=site.site_id, fields=fields
        )
        self.cli.call(ask)
        signed = self.desk.call(SignInMember(site_id=site.site_id, email=email, password=PASSWORD))
        return signed.session, signed.identity

    def operator(self, site: Site, role: Role, *, staff: bool = False) -> tuple[str, Identity]:
        secret, email = pyotp.random_base32(), f"{uuid4()}@console.example"
        scope: dict[str, Any] = {"kind": "staff"}
        if not staff:
            scope = {
                "kind": "operator", "role": role, "company_id": site.company_id,
                "site_ids": [site.site_id],
            }  # fmt: skip
        ask = SeedPrincipal(
            email=email, password=PASSWORD, handle=f"{role}-op", totp_secret=secret, **scope
        )
        self.cli.call(ask)
        signed = self.desk.call(
            SignInOperator(email=email, password=PASSWORD, totp=pyotp.TOTP(secret).now()),
            address="203.0.113.7",
        )
        self.secrets[signed.identity.principal_id] = secret
        return signed.session, signed.identity

    def enrolled(self, session: str, ask: AddOperator) -> None:
        token = self.desk.call(ask, session=session).token
        secret = self.desk.call(Enrol(token=token, password=PASSWORD)).totp_secret
        self.desk.call(ConfirmEnrolment(token=token, totp=pyotp.TOTP(secret).now()))

    def entries(self, verb: str, *, after: int = -1) -> list[dict[str, Any]]:
        return self.sql(
            "SELECT * FROM guard.ledger WHERE verb = %s AND seq > %s ORDER BY seq", [verb, after]
        )

    def mails(self, site: Site) -> list[Any]:
        return self.cli.call(Mailbox(site_id=site.site_id)).mails


def make_guard(cluster: Cluster, folder: Path) -> Guard:
    name = f"guard_{uuid4().hex[:12]}"
    cluster.create_database(name)
    migrate(cluster.url("ls_owner", name))
    make_files(folder / "guard")
    return Guard(cluster, name, folder)


def unsealed(guard: Guard, principal_id: UUID) -> bytes:
    """The hash of a password, without its pepper around it."""
    [row] = guard.sql(
        "SELECT c.*, k.wrapped, k.version FROM guard.credential c JOIN guard.own_key k"
        " ON k.purpose = 'pepper' AND k.version = c.key_version"
        " WHERE principal_id = %s AND kind = 'password'",
        [principal_id],
    )
    keys = OwnKeys(Keys(guard.data / "guard"))
    hashed = opened(keys.opened("pepper", row["version"], bytes(row["wrapped"])), row)
    assert hashed is not None
    return hashed


@pytest.fixture(scope="session")
def guard(cluster: Cluster) -> Iterator[Guard]:
    """The guard that most tests share: each takes a site of its own."""
    with tempfile.TemporaryDirectory(prefix="lsg-") as folder:
        made = make_guard(cluster, Path(folder))
        made.start()
        yield made
        made.stop()


@pytest.fixture
def own_guard(cluster: Cluster) -> Iterator[Guard]:
    """A guard of the test's own, not yet started: to be killed, tampered with, deprived."""
    with tempfile.TemporaryDirectory(prefix="lsg-") as folder:
        made = make_guard(cluster, Path(folder))
        yield made
        if made.process is not None and made.process.poll() is None:
            made.kill()


@pytest.fixture
def site(guard: Guard) -> Site:
    return guard.site()


class Elsewhere:
    """`lockstitch witness` in a process and a folder of its own."""

    def __init__(self, folder: Path, pub: Path) -> None:
        self.folder, self.pub = folder, folder / "ledger.pub"
        shutil.copy(pub, self.pub)
        self.address = ""
        self.start()

    def start(self) -> None:
        port = urlsplit(self.address).port or 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lockstitch.cli", "witness", "--log", str(self.pub),
             "--key", str(self.folder / "w.key"), "--name", "w1.example",
             "--listen", f"127.0.0.1:{port}"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0

    @property
    def url(self) -> str:
        return self.address.partition("#")[0]


@pytest.fixture
def elsewhere(own_guard: Guard, tmp_path: Path) -> Iterator[Elsewhere]:
    made = Elsewhere(tmp_path, own_guard.data / "guard" / "ledger.pub")
    own_guard.witnesses = made.address
    yield made
    if made.process.poll() is None:
        made.stop()
