"""What the drill stands on: a shop of its own in the instance, people of nobody whose every field
can be found again, and the positions that a stage grants to the attacker."""

import contextlib
import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyotp
from psycopg.rows import dict_row

from guard.client import GuardClient
from guard.wire import SignInOperator
from lockstitch.cli.drill.report import clock
from lockstitch.cli.drill.visitor import Visitor
from lockstitch.cli.instance import ROOT, Instance
from lockstitch.cli.processes import as_process, environment_of
from lockstitch.cli.softkey import SoftKey
from lockstitch.tenancy.queries import Site

SLUG, NAME = "drill", "Nobody's shop"
PASSWORD_BYTES, STEP_S = 12, 30
KANA = "アイウエオカキクケコ"
SURFACES = ("shop", "desk", "worker")


@dataclass(frozen=True)
class Operator:
    id: UUID
    email: str
    password: str
    secret: str


@dataclass(frozen=True)
class Placed:
    """An order of one of the drill's people."""

    number: str
    record_id: UUID
    person: int


@dataclass
class Ground:
    """`run` is in every field of every person: what a stage gets hold of is searched for it."""

    instance: Instance
    site: Site
    cli: GuardClient
    db: psycopg.Connection[Any]
    run: str = field(default_factory=lambda: "Zq" + secrets.token_hex(3))
    orders: list[Placed] = field(default_factory=list)
    people: dict[UUID, UUID] = field(default_factory=dict)  # record -> person
    operators: dict[str, Operator] = field(default_factory=dict)
    keys: dict[str, SoftKey] = field(default_factory=dict)  # operators' passkeys
    quick: bool = False
    turn: int = 0  # of many runs in a row: each comes from a network of its own
    _sessions: dict[str, str] = field(default_factory=dict)
    _steps: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        """By the database's clock, which dates alerts and entries too."""
        return clock(self.db)

    # --- people

    def person(self, number: int) -> dict[str, str]:
        """Only the prefecture is a known word."""
        mark = f"{self.run}{number:05}"
        digits = "".join(str(int(each, 16) % 10) for each in self.run[2:5])
        kana = "ヲヱ" + "".join(KANA[int(each, 16) % 10] for each in self.run[2:] + f"{number:05}")
        return {
            **{name: f"{name[:2]}{mark}" for name in
               ("given_name", "city", "street", "building", "note")},
            "family_name": f"山{mark}", "family_kana": kana, "given_kana": kana,
            "email": f"{mark.lower()}@people.example", "phone": f"0907{digits}{number % 10_000:04}",
            "postal_code": "9071801", "prefecture": "沖縄県",
        }  # fmt: skip

    def person_of(self, number: str) -> UUID:
        """Whose an order is, in the guard's own tables. Raises LookupError."""
        row = self.db.execute(
            "SELECT r.person_id FROM orders_order o JOIN guard.record r USING (record_id)"
            " WHERE o.site_id = %s AND o.number = %s", [self.site.id, number],
        ).fetchone()  # fmt: skip
        if row is None:
            raise LookupError(f"no order {number}")
        found: UUID = row[0]
        return found

    @cached_property
    def marks(self) -> list[bytes]:
        """The ways in which a program, a log or a queue may write the run's mark down."""
        kana = self.person(0)["family_kana"][:8]
        found = set()
        for text in (self.run, self.run.lower(), self.run.upper(), kana):
            plain = text.encode()
            found |= {
                plain, plain.hex().encode(), text.encode("utf-16-le"), text.encode("utf-32-le"),
                json.dumps(text).strip('"').encode(), b"".join(b"%%%02X" % each for each in plain),
            }  # fmt: skip
        return sorted(found)

    @cached_property
    def _phone(self) -> re.Pattern[bytes]:
        """A whole number, for a part of one is in many an id."""
        start = self.person(0)["phone"][:7].encode()
        return re.compile(rb"(?<![0-9a-f])" + start + rb"[0-9]{4}(?![0-9a-f])")

    def finds(self, data: bytes) -> bool:
        return any(mark in data for mark in self.marks) or bool(self._phone.search(data))

    # --- addresses

    def source(self, stage: int, number: int = 1) -> str:
        return f"{self.network}.{stage}.{number}"

    @property
    def network(self) -> str:
        """The first half of every source of this run."""
        return f"127.{66 + self.turn % 180}"

    def visitor(self, stage: int, number: int = 1) -> Visitor:
        return Visitor(self.source(stage, number))

    def shop(self, path: str = "/") -> str:
        return self.instance.shop_url(self.site.hosts[0]).rstrip("/") + path

    def desk(self, path: str = "/") -> str:
        return self.instance.desk_url(self.site.hosts[0]).rstrip("/") + path

    def console_desk(self, path: str = "/") -> str:
        return self.instance.desk_url("console.localhost").rstrip("/") + path

    # --- operators

    def code(self, name: str) -> str:
        """Of an operator's authenticator. Each is taken once, and its neighbours are taken too:
        waits when there is none left."""
        step = max(self._steps.get(name, 0) + 1, int(time.time()) // STEP_S - 1)
        while step > int(time.time()) // STEP_S + 1:
            time.sleep(0.5)
        self._steps[name] = step
        return pyotp.TOTP(self.operators[name].secret).generate_otp(step)

    def home(self, name: str) -> str:
        """The address that an operator works from."""
        return self.source(20, 1 + sorted(self.operators).index(name))

    def sign_in(self, name: str, visitor: Visitor) -> str:
        """At the desk's page, as a browser does; the session's token. Raises LookupError."""
        who = self.operators[name]
        form = visitor.get(self.console_desk("/sign-in/")).form(having="totp")
        visitor.submit(form, email=who.email, password=who.password, totp=self.code(name))
        jar = visitor.jars.get("desk.console.localhost", {})
        for cookie, value in jar.items():
            if cookie.endswith("desk-session"):
                return value
        raise LookupError(f"{name} is not signed in")

    def session(self, name: str) -> str:
        """The operator's own, from their own place; the same one each time."""
        if name not in self._sessions:
            who = self.operators[name]
            ask = SignInOperator(email=who.email, password=who.password, totp=self.code(name))
            signed = self.as_channel("desk").call(ask, address=self.home(name), agent=name)
            self._sessions[name] = signed.session
        return self._sessions[name]

    # --- positions that are granted

    def database(self, role: str) -> psycopg.Connection[dict[str, Any]]:
        """A role's connection (or `postgres`), set to every shop there is."""
        cluster = self.instance.cluster
        url = cluster.superuser_url() if role == "postgres" else cluster.url(role)
        made = psycopg.connect(url, autocommit=True, row_factory=dict_row)
        rows = self.db.execute("SELECT site_id FROM guard.site").fetchall()
        sites = ",".join(str(row[0]) for row in rows)
        made.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [sites])
        return made

    def environment(self, surface: str) -> dict[str, str]:
        """Of the live process: what its taker would find there."""
        return environment_of(self.instance, surface)

    def pid_of(self, line: bytes) -> int:
        """Of the process with this in its command line, of this instance."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    said = (entry / "cmdline").read_bytes()
                    mine = (entry / "environ").read_bytes()
                except OSError:
                    continue
                if line in said and str(self.instance.data).encode() in mine:
                    return int(entry.name)
        raise LookupError(f"no process {line.decode()}")

    def restart(self, surface: str) -> None:
        """Ends the process; the supervisor starts it again. Raises LookupError when it does not."""
        leader = self.pid_of(f"lockstitch.cli.serving\0{self._port(surface)}".encode())
        os.kill(leader, signal.SIGTERM)
        for _try in range(300):
            time.sleep(0.1)
            with contextlib.suppress(OSError, http.client.HTTPException):
                url = f"http://localhost:{self._port(surface)}/healthz"
                if Visitor("127.0.0.1").ask("GET", url)[0] == 200:
                    return
        raise LookupError(f"{surface} does not come back")

    def _port(self, surface: str) -> int:
        return self.instance.existing().port + (1 if surface == "desk" else 0)

    def inside(self, surface: str, code: str) -> subprocess.CompletedProcess[str]:
        """Python run as the process is: same user, same walls, same environment."""
        argv, environment = as_process(self.instance, surface, code)
        return subprocess.run(
            argv, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )

    def as_channel(self, surface: str) -> GuardClient:
        """The guard's socket, with the live process's own pass."""
        name = {"desk": "LOCKSTITCH_DESK_TOKEN", "worker": "LOCKSTITCH_WORKER_TOKEN"}[surface]
        return GuardClient(self.instance.guard_socket, self.environment(surface)[name])
