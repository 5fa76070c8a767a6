"""A new enrolment for who lost every device: two approve, a day passes, they can say no."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest

from guard.client import GuardRefused
from guard.settings import SettingsError, read_settings
from guard.wire import (
    ApproveRecovery,
    Ask,
    AskProof,
    CancelRecovery,
    ConfirmEnrolment,
    Enrol,
    Identity,
    ListOperators,
    ListPasskeys,
    Mailbox,
    OperatorRow,
    Proof,
    WhoAmI,
)  # fmt: skip
from lockstitch.cli.softkey import SoftKey
from tests.guard.conftest import Guard, Site, eventually
from tests.guard.test_budgets import fresh
from tests.guard.test_passkeys import add, cannot_sign_in, proof_by

NEW = "another long password"


@pytest.fixture(autouse=True)
def _unhurried(guard: Guard) -> None:
    guard.sql("DELETE FROM guard.throttle")


def refused(guard: Guard, ask: Ask[Any], session: str | None = None) -> str:
    with pytest.raises(GuardRefused) as caught:
        guard.desk.call(ask, session=session)
    return caught.value.code


class Approver:
    """An owner or a member of staff, with a passkey."""

    def __init__(self, guard: Guard, site: Site, *, staff: bool = False) -> None:
        self.guard = guard
        self.session, self.me = guard.operator(site, "owner", staff=staff)
        self.key = add(guard, self.session, Proof(totp=fresh(guard, self.me)))

    def ask(self, operator_id: UUID) -> ApproveRecovery:
        proof = proof_by(self.guard, self.session, self.key, "account.recover", operator_id)
        return ApproveRecovery(operator_id=operator_id, proof=proof)

    def approve(self, operator_id: UUID) -> str:
        """The token, with the second approval."""
        return self.guard.desk.call(self.ask(operator_id), session=self.session).token

    def refused(self, operator_id: UUID) -> str:
        return refused(self.guard, self.ask(operator_id), self.session)


@pytest.fixture
def lost(guard: Guard, site: Site) -> tuple[str, Identity, SoftKey]:
    """An operator with a passkey, and a session that somebody may still have."""
    session, me = guard.operator(site, "orders")
    return session, me, add(guard, session, Proof(totp=fresh(guard, me)))


def state(guard: Guard, operator_id: UUID) -> OperatorRow:
    rows = guard.cli.call(ListOperators()).operators
    return next(row for row in rows if row.operator_id == operator_id)


def test_two_approve_and_after_the_hold_everything_old_is_gone(
    guard: Guard, site: Site, lost: tuple[str, Identity, SoftKey]
) -> None:
    session, me, key = lost
    owner, staff = Approver(guard, site), Approver(guard, site, staff=True)
    assert owner.approve(me.principal_id) == ""
    assert owner.refused(me.principal_id) == "conflict"  # the same one twice is one
    assert state(guard, me.principal_id).recovery_approvals == 1
    token = staff.approve(me.principal_id)
    assert token
    assert state(guard, me.principal_id).recovery_at is not None
    assert refused(guard, Enrol(token=token, password=NEW)) == "code"  # not yet
    assert guard.desk.call(WhoAmI(), session=session).kind == "operator"
    guard.sql(
        "UPDATE guard.pending SET not_before = now() WHERE principal_id = %s"
        " AND not_before > now() + interval '23 hours'", [me.principal_id],
    )  # fmt: skip
    secret = guard.desk.call(Enrol(token=token, password=NEW)).totp_secret
    guard.desk.call(ConfirmEnrolment(token=token, totp=pyotp.TOTP(secret).now()))
    assert refused(guard, WhoAmI(), session) == "session"
    assert cannot_sign_in(guard, key) == "credentials"
    assert state(guard, me.principal_id).recovery_at is None
    who = f"operator.{me.principal_id}"
    steps = [
        (entry["verb"], entry["principal_kind"])
        for verb in ("recovery.approve", "operator.enrol")
        for entry in guard.entries(verb)
        if entry["purpose"] == who
    ]
    assert steps == [
        ("recovery.approve", "operator"), ("recovery.approve", "staff"),
        ("operator.enrol", "anonymous"),
    ]  # fmt: skip
    told = eventually(lambda: mails(guard, "再登録が完了"))
    assert len(told) == 1
    assert mails(guard, "承認待ち")


def mails(guard: Guard, text: str) -> list[str]:
    found = guard.cli.call(Mailbox(limit=200)).mails
    return [mail.to for mail in found if text in mail.text]


def test_a_live_session_of_theirs_says_no(
    guard: Guard, site: Site, lost: tuple[str, Identity, SoftKey]
) -> None:
    session, me, _key = lost
    token = ""
    for approver in (Approver(guard, site), Approver(guard, site)):
        token = approver.approve(me.principal_id)
    assert guard.desk.call(ListPasskeys(), session=session).recovering
    guard.desk.call(CancelRecovery(), session=session)
    guard.sql("UPDATE guard.pending SET not_before = now() WHERE not_before IS NOT NULL")
    assert refused(guard, Enrol(token=token, password=NEW)) == "code"
    assert not guard.desk.call(ListPasskeys(), session=session).recovering
    assert refused(guard, CancelRecovery(), session) == "not_found"
    assert guard.entries("recovery.cancel")[-1]["principal_id"] == str(me.principal_id)
    assert guard.desk.call(AskProof(purpose="account.passkey"), session=session).options


def test_nobody_approves_for_themselves_nor_beyond_their_company(
    guard: Guard, site: Site, lost: tuple[str, Identity, SoftKey]
) -> None:
    _, me, _ = lost
    owner, stranger = Approver(guard, site), Approver(guard, guard.site())
    staff = Approver(guard, site, staff=True)
    assert owner.refused(owner.me.principal_id) == "conflict"
    assert stranger.refused(me.principal_id) == "not_found"
    assert owner.refused(staff.me.principal_id) == "not_found"
    for proof in (Proof(), Proof(totp=fresh(guard, owner.me))):
        ask = ApproveRecovery(operator_id=me.principal_id, proof=proof)
        assert refused(guard, ask, owner.session) == "credentials"
    other = proof_by(guard, owner.session, owner.key, "account.recover", staff.me.principal_id)
    ask = ApproveRecovery(operator_id=me.principal_id, proof=other)
    assert refused(guard, ask, owner.session) == "credentials"
    clerk, _ = guard.operator(site, "support")
    ask = ApproveRecovery(operator_id=me.principal_id, proof=Proof())
    assert refused(guard, ask, clerk) == "forbidden"
    assert refused(guard, CancelRecovery(operator_id=me.principal_id), clerk) == "forbidden"
    assert state(guard, me.principal_id).recovery_approvals == 0


def test_a_lone_approval_does_not_wait_for_ever(
    guard: Guard, site: Site, lost: tuple[str, Identity, SoftKey]
) -> None:
    _, me, _ = lost
    first, second = Approver(guard, site), Approver(guard, site)
    first.approve(me.principal_id)
    guard.sql("UPDATE guard.recovery SET asked_at = now() - interval '8 days'")
    assert second.approve(me.principal_id) == ""
    assert first.approve(me.principal_id)


def test_the_hold_is_a_setting() -> None:
    said = {
        "LOCKSTITCH_DATABASE_URL": "postgresql://x@/y", "LOCKSTITCH_DESK_TOKEN": "x" * 20,
    }  # fmt: skip
    assert read_settings(said).recovery_hold == timedelta(hours=24)
    said["LOCKSTITCH_RECOVERY_HOLD_S"] = "3600"
    assert read_settings(said).recovery_hold == timedelta(hours=1)
    for text in ("1 day", "-1", "1e9"):
        with pytest.raises(SettingsError):
            read_settings({**said, "LOCKSTITCH_RECOVERY_HOLD_S": text})
    for origin in ("http://desk.example.jp", "desk.example.jp", "https://desk.example.jp/", "ftp:"):
        with pytest.raises(SettingsError):
            read_settings({**said, "LOCKSTITCH_DESK_ORIGIN": origin})
