"""Traps and the end of the ledger: each fires at what it is for, and not at a day's work."""

import base64
import hashlib
import os
import secrets
import time
from uuid import UUID, uuid4

import psycopg
import pyotp
import pytest

from guard.client import GuardRefused, GuardUnavailable
from guard.wire import (
    AskSignIn,
    ExportMembers,
    Proof,
    Reveal,
    SeedPrincipal,
    SignInOperator,
    SignInPasskey,
    WhoAmI,
)  # fmt: skip
from lockstitch.cli.softkey import SoftKey
from tests.guard.conftest import PASSWORD, Guard, Site, eventually
from tests.guard.test_passkeys import add, fresh
from tests.guard.test_watch_alerts import alerts, new_source, settled, the_alert
from tests.guard.test_watch_people import rules_about


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_whoever_reads_the_table_of_nobody_is_heard_of(guard: Guard, end: str) -> None:
    about = "guard.customer_export ls_worker"
    before = sum(each.times for each in alerts(guard, "decoy.touched", about))
    with psycopg.connect(guard.url("ls_worker")) as db:
        assert db.execute("SELECT count(*) FROM guard.customer_export").fetchone() == (3,)
        getattr(db, end)()
    eventually(lambda: sum(each.times for each in alerts(guard, "decoy.touched", about)) > before)
    assert alerts(guard, "decoy.touched", about)[0].severity == "critical"


@pytest.mark.parametrize("shown", ["hex", "base64", "id"])
def test_what_lies_in_the_table_of_sessions_opens_nothing_and_tells(
    guard: Guard, site: Site, shown: str
) -> None:
    session, identity = guard.operator(site, "orders")
    digest = hashlib.sha256(session.encode())
    text = {
        "hex": digest.hexdigest(), "id": str(identity.session_id),
        "base64": base64.urlsafe_b64encode(digest.digest()).decode().rstrip("="),
    }[shown]  # fmt: skip
    source = new_source()
    before = alerts(guard, "credential.stolen", "session")
    with pytest.raises(GuardRefused, match="session"):
        guard.desk.call(WhoAmI(), session=text, address=source)
    times = sum(each.times for each in before)
    eventually(
        lambda: sum(each.times for each in alerts(guard, "credential.stolen", "session")) > times
    )
    assert guard.sql("SELECT 1 FROM guard.blocked_source WHERE source >>= %s::inet", [source])


def test_an_ended_session_is_no_theft(guard: Guard, site: Site) -> None:
    before = alerts(guard, "credential.stolen", "session")
    with pytest.raises(GuardRefused, match="session"):
        guard.desk.call(WhoAmI(), session=secrets.token_urlsafe(32))
    settled(guard)
    assert alerts(guard, "credential.stolen", "session") == before


def test_a_hash_is_no_password(guard: Guard, site: Site) -> None:
    _session, identity = guard.operator(site, "orders")
    [row] = guard.sql(
        "SELECT value FROM guard.credential WHERE principal_id = %s AND kind = 'password'",
        [identity.principal_id],
    )
    ask = SignInOperator(email="x@y.example", password=bytes(row["value"]).decode(), totp="000000")
    with pytest.raises(GuardRefused, match="credentials"):
        guard.desk.call(ask, address=new_source())
    the_alert(guard, "credential.stolen", "password")


def test_a_passkey_written_into_the_table_is_no_way_in(guard: Guard, site: Site) -> None:
    session, identity = guard.operator(site, "owner")
    add(guard, session, Proof(totp=fresh(guard, identity)))
    mine = SoftKey()
    guard.sql(
        "INSERT INTO guard.passkey (credential_id, principal_id, public_key, sign_count, name, mac)"
        " VALUES (%s, %s, %s, 0, 'mine', %s)",
        [mine.id, identity.principal_id, mine.public,
         os.urandom(32)],
    )  # fmt: skip
    options = guard.desk.call(AskSignIn()).options
    with pytest.raises(GuardRefused, match="credentials"):
        guard.desk.call(SignInPasskey(assertion=mine.get(options)), address=new_source())
    the_alert(guard, "credential.stolen", "passkey")


def test_who_knows_the_password_only_is_told_of(guard: Guard) -> None:
    secret, email = pyotp.random_base32(), f"{uuid4()}@console.example"
    staff = SeedPrincipal(
        kind="staff", email=email, password=PASSWORD, handle="staff", totp_secret=secret
    )
    me: UUID = guard.cli.call(staff).principal_id
    at = int(time.time()) // 30
    right = SignInOperator(
        email=email, password=PASSWORD, totp=pyotp.TOTP(secret).generate_otp(at - 1)
    )
    signed = guard.desk.call(right, address=new_source())
    add(guard, signed.session, Proof(totp=pyotp.TOTP(secret).generate_otp(at)))
    wrong = SignInOperator(email=email, password="not the right one", totp="000000")
    for ask in (wrong, right):
        assert "operator.password_known" not in rules_about(guard, str(me))
        with pytest.raises(GuardRefused, match="credentials"):
            guard.desk.call(ask, address=new_source())
    the_alert(guard, "operator.password_known", str(me))


def test_the_worker_asks_for_people(guard: Guard, site: Site) -> None:
    for ask in (
        Reveal(record_ids=[guard.deposit(site)], fields=["city"], purpose="order.ship"),
        ExportMembers(site_id=site.site_id, limit=10),
    ):
        with pytest.raises(GuardRefused, match="forbidden"):
            guard.worker.call(ask)
    alert = the_alert(guard, "right.refused", "payments")
    eventually(lambda: alerts(guard, "right.refused", "payments")[0].times >= 2)
    assert alert.severity == "critical"


def test_many_refused_looks(guard: Guard, site: Site) -> None:
    record = guard.deposit(site)
    ask = Reveal(record_ids=[record], fields=["city"], purpose="order.ship")
    for _n in range(21):
        with pytest.raises(GuardRefused, match="session"):
            guard.desk.call(ask)
    the_alert(guard, "reveal.probing", "desk")


def test_a_record_under_another_name_does_not_open(guard: Guard, site: Site) -> None:
    mine, other = guard.deposit(site), guard.deposit(site)
    session, _identity = guard.operator(site, "orders")
    ask = Reveal(record_ids=[mine], fields=["city"], purpose="order.ship")
    guard.desk.call(ask, session=session)
    guard.desk.call(
        Reveal(record_ids=[other], fields=["city"], purpose="order.ship"), session=session
    )
    guard.sql(
        "UPDATE guard.record SET sealed = (SELECT sealed FROM guard.record WHERE record_id = %s)"
        " WHERE record_id = %s", [other, mine],
    )  # fmt: skip
    with pytest.raises(GuardUnavailable, match="does not open"):
        guard.desk.call(ask, session=session)
    the_alert(guard, "record.damaged", str(mine))


def test_a_row_taken_from_the_end_of_the_ledger_is_missed(guard: Guard, site: Site) -> None:
    session, _identity = guard.operator(site, "orders")
    [last] = guard.sql("SELECT max(seq) AS seq FROM guard.ledger")
    seq = last["seq"]
    settled(guard)
    time.sleep(2.5)  # the watch has seen it
    assert not alerts(guard, "ledger.fork", str(seq))
    with psycopg.connect(guard.cluster.superuser_url(guard.database), autocommit=True) as db:
        db.execute("CREATE TEMP TABLE kept AS SELECT * FROM guard.ledger WHERE seq = %s", [seq])
        db.execute("SET session_replication_role = replica")
        db.execute("DELETE FROM guard.ledger WHERE seq = %s", [seq])
        the_alert(guard, "ledger.fork", str(seq))
        db.execute("INSERT INTO guard.ledger SELECT * FROM kept")
    guard.desk.call(WhoAmI(), session=session)
