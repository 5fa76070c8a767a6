"""The download of the notice, done rightly and then found again: 15,581 orders of 10,946 people
leave by two operators' leave, beside a plain COPY of as many rows; then the assessment names them
all, and every draft is written.

  python -m bench.incident [--orders 15581] [--buyers 10946] [--json]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyotp

from guard.client import GuardClient
from guard.wire import (
    ApproveExport,
    AskExport,
    Identity,
    NextRows,
    OpenExport,
    Proof,
    SeedPrincipal,
    SignInOperator,
)  # fmt: skip
from lockstitch.cli.instance import ROOT, Instance
from lockstitch.cli.processes import environment_of
from tests.instance import call, folder, started

PASSWORD = "correct horse battery staple"  # noqa: S105 - of a scratch instance
FIELDS = [
    "family_name", "given_name", "email", "phone", "postal_code", "prefecture", "city", "street",
    "building", "note",
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=15_581)
    parser.add_argument("--buyers", type=int, default=10_946)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--running", type=Path, metavar="DATA", help="a running, whole world")
    asked = parser.parse_args()
    if asked.running:
        facts = measure(asked.running, "coordinates")
        print(json.dumps(facts, indent=1))
        return
    with folder() as data, started(data, "--empty") as up:
        made = call(data, "world", "--preset", "2016", "--scale", "0.0005")
        assert made.returncode == 0, made.stderr
        subprocess.run(
            [sys.executable, "-m", "tests.history", str(data), "shop-02", str(asked.orders),
             str(asked.buyers)],
            cwd=ROOT, check=True,
        )  # fmt: skip
        facts = measure(up.data, "shop-02")
    print(
        json.dumps(facts, indent=1)
        if asked.json
        else "\n".join(f"{k}: {v}" for k, v in facts.items())
    )


def measure(data: Path, slug: str) -> dict[str, Any]:
    guard, instance = data / "run" / "guard.sock", Instance(data)
    cli = GuardClient(guard, (data / "guard" / "cli.token").read_text().strip())
    token = environment_of(instance, "desk")["LOCKSTITCH_DESK_TOKEN"]
    desk = GuardClient(guard, token, timeout=120)
    with psycopg.connect(instance.cluster.superuser_url(), autocommit=True) as db:
        [(site_id, company_id)] = db.execute(
            "SELECT site_id, company_id FROM guard.site WHERE host LIKE %s", [f"{slug}.%"]
        ).fetchall()
        found = db.execute("SELECT record_id FROM orders_order WHERE site_id = %s", [site_id])
        ids = [row[0] for row in found.fetchall()]
        where = {"site_id": site_id, "company_id": company_id}
        clerk, me = _operator(cli, desk, **where, name="clerk", address="127.0.0.21")
        owner, _other = _operator(cli, desk, **where, name="second", address="127.0.0.22")
        asking = time.monotonic()
        ask = AskExport(site_id=site_id, record_ids=ids, fields=FIELDS)
        export = desk.call(ask, session=clerk[0], address=clerk[1])
        for who in (clerk, owner):
            proof = ApproveExport(export_id=export.export_id, proof=Proof(totp=_code(who[2])))
            desk.call(proof, session=who[0], address=who[1])
        began = time.monotonic()
        token = desk.call(
            OpenExport(export_id=export.export_id), session=clerk[0], address=clerk[1]
        ).token
        rows, more = 0, True
        while more:
            page = desk.call(
                NextRows(export_id=export.export_id, token=token), session=clerk[0],
                address=clerk[1],
            )  # fmt: skip
            rows, more = rows + len(page.records), page.more
        streamed = time.monotonic() - began
        copied = _copy(db, site_id)
    assessment = _assess(data, me)
    return {
        "records": export.records, "people": export.people, "rows": rows,
        "ask_and_approve_s": round(began - asking, 2), "stream_s": round(streamed, 2),
        "rows_per_s": round(rows / streamed), "copy_rows_per_s": round(rows / copied),
        "of_copy": round(copied / streamed, 4), **assessment,
    }  # fmt: skip


def _assess(data: Path, me: Identity) -> dict[str, Any]:
    since = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
    case = call(data, "incident", "open", "The download").stdout.strip()
    began = time.monotonic()
    said = call(
        data, "incident", "assess", "--from", since, "--operator", str(me.principal_id),
        "--case", case, "--json",
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assessed = time.monotonic() - began
    sites = json.loads(said.stdout)["sites"]
    with tempfile.TemporaryDirectory() as out:
        written = call(data, "incident", "documents", case, "--out", out)
        assert written.returncode == 0, written.stderr
        files = sum(1 for path in Path(out).rglob("*") if path.is_file())
    return {
        "assessed_people": sum(site["disclosed"]["people"] for site in sites),
        "assessed_orders": sum(site["disclosed"]["orders"] for site in sites),
        "cannot_be_excluded": sum(site["cannot_be_excluded"]["people"] for site in sites),
        "assess_s": round(assessed, 2), "draft_files": files,
        "assess_and_drafts_s": round(time.monotonic() - began, 2),
    }  # fmt: skip


def _operator(
    cli: GuardClient,
    desk: GuardClient,
    *,
    site_id: UUID,
    company_id: UUID,
    name: str,
    address: str,
) -> tuple[tuple[str, str, str], Identity]:
    secret = pyotp.random_base32()
    email = f"{name}-{secret[:8].lower()}@bench.example"
    cli.call(
        SeedPrincipal(
            kind="operator", email=email, password=PASSWORD, handle=name, totp_secret=secret,
            company_id=company_id, site_ids=[site_id], role="owner",
        )
    )  # fmt: skip
    code = pyotp.TOTP(secret).now()
    ask = SignInOperator(email=email, password=PASSWORD, totp=code)
    signed = desk.call(ask, address=address, agent=name)
    return (signed.session, address, secret), signed.identity


def _code(secret: str) -> str:
    """Signing in used the present one up; its neighbour is taken too."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30)


def _copy(db: psycopg.Connection, site_id: UUID) -> float:
    began = time.monotonic()
    with db.cursor().copy(
        f"COPY (SELECT o.*, r.sealed FROM orders_order o JOIN guard.record r USING (record_id)"
        f" WHERE o.site_id = '{site_id}') TO STDOUT"
    ) as copy:
        for _piece in copy:
            pass
    return time.monotonic() - began


if __name__ == "__main__":
    main()
