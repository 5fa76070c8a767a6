"""Exports: nothing leaves before two people and the ledger say so, and then it leaves once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest

from guard.client import GuardRefused
from guard.limits import DEFAULT
from guard.wire import (
    ApproveExport,
    Ask,
    AskExport,
    CancelExport,
    Contain,
    ExportState,
    GetExports,
    Identity,
    NextRows,
    OpenExport,
    Proof,
    Trace,
)  # fmt: skip
from tests.guard.conftest import PERSON, Guard, Site, eventually
from tests.guard.test_budgets import fresh

FIELDS = ["family_name", "email", "street"]
HERE, THERE = "203.0.113.7", "203.0.113.8"


def deposits(guard: Guard, site: Site, count: int) -> list[UUID]:
    return [
        guard.deposit(site, {**PERSON, "email": f"{uuid4().hex}@example.jp"}) for _n in range(count)
    ]


class Worker:
    """An operator with a session somewhere."""

    def __init__(self, guard: Guard, site: Site, role: Any, address: str, staff: bool) -> None:
        self.guard, self.address = guard, address
        self.session, self.me = guard.operator(site, role, staff=staff)

    def ask[R](self, ask: Ask[R]) -> R:
        return self.guard.desk.call(ask, session=self.session, address=self.address)

    def refused(self, ask: Ask[Any]) -> str:
        with pytest.raises(GuardRefused) as caught:
            self.ask(ask)
        return caught.value.code

    def code(self) -> Proof:
        return Proof(totp=fresh(self.guard, self.me))


Hire = Callable[..., Worker]


@pytest.fixture
def hire(guard: Guard, site: Site) -> Hire:
    def hired(role: str = "orders", address: str = HERE, *, staff: bool = False) -> Worker:
        return Worker(guard, site, role, address, staff)

    return hired


@pytest.fixture(scope="module")
def many(guard: Guard) -> tuple[Site, list[UUID]]:
    """More than one may export alone."""
    site = guard.site()
    return site, deposits(guard, site, DEFAULT.alone + 5)


def asked(who: Worker, site: Site, ids: list[UUID], fields: list[str] = FIELDS) -> ExportState:
    return who.ask(AskExport(site_id=site.site_id, record_ids=ids, fields=fields))


def pages(who: Worker, export: ExportState, token: str) -> list[Any]:
    found, more = [], True
    while more:
        page = who.ask(NextRows(export_id=export.export_id, token=token))
        found.append(page)
        more = page.more
    return found


def disclosed(guard: Guard, who: Worker) -> list[UUID]:
    return [
        each for entry in guard.entries("export") if entry["session_id"] == _session(who.me)
        for each in entry["records"]
    ]  # fmt: skip


def _session(me: Identity) -> UUID:
    return me.session_id


def test_a_few_go_out_with_ones_own_fresh_proof(guard: Guard, site: Site, hire: Hire) -> None:
    ids, clerk = deposits(guard, site, 3), hire()
    export = asked(clerk, site, ids)
    assert (export.step, export.records, export.people) == ("asked", 3, 3)
    assert not export.needs_second
    assert clerk.refused(OpenExport(export_id=export.export_id)) == "forbidden"
    approved = clerk.ask(ApproveExport(export_id=export.export_id, proof=clerk.code()))
    assert approved.step == "ready"
    assert disclosed(guard, clerk) == []
    token = clerk.ask(OpenExport(export_id=export.export_id)).token
    assert disclosed(guard, clerk) == ids  # before a page was read
    [page] = pages(clerk, export, token)
    assert [each.record_id for each in page.records] == ids
    assert page.records[0].fields["street"] == PERSON["street"]
    assert set(page.records[0].fields) == set(FIELDS)
    # once, and no more
    assert clerk.refused(NextRows(export_id=export.export_id, token=token)) == "forbidden"
    assert clerk.refused(OpenExport(export_id=export.export_id)) == "forbidden"


def test_many_want_a_second_person_on_another_device(
    guard: Guard, many: tuple[Site, list[UUID]]
) -> None:
    site, ids = many
    clerk = Worker(guard, site, "orders", HERE, False)
    neighbour = Worker(guard, site, "owner", HERE, False)
    owner = Worker(guard, site, "owner", THERE, False)
    export = asked(clerk, site, ids)
    mine = ApproveExport(export_id=export.export_id, proof=clerk.code())
    assert owner.refused(ApproveExport(export_id=export.export_id, proof=owner.code()))
    assert clerk.ask(mine).step == "waits"
    assert clerk.refused(OpenExport(export_id=export.export_id)) == "forbidden"
    assert clerk.refused(mine) == "forbidden"  # the same person twice is no second
    same_device = ApproveExport(export_id=export.export_id, proof=neighbour.code())
    assert neighbour.refused(same_device) == "forbidden"
    [seen] = owner.ask(GetExports(site_id=site.site_id, export_id=export.export_id)).exports
    assert (seen.records, seen.fields, seen.digest) == (len(ids), FIELDS, export.digest)
    guard.sql("DELETE FROM guard.throttle")
    wrong = ApproveExport(export_id=export.export_id, proof=Proof(totp="000000"))
    assert owner.refused(wrong) == "credentials"
    ready = owner.ask(
        ApproveExport(
            export_id=export.export_id,
            proof=Proof(totp=_later(guard, owner)),
        )
    )
    assert (ready.step, ready.approved_by) == ("ready", "owner-op")
    assert owner.refused(OpenExport(export_id=export.export_id)) == "forbidden"
    token = clerk.ask(OpenExport(export_id=export.export_id)).token
    assert owner.refused(NextRows(export_id=export.export_id, token=token)) == "forbidden"
    records = [each for page in pages(clerk, export, token) for each in page.records]
    assert [each.record_id for each in records] == ids


def _later(guard: Guard, who: Worker) -> str:
    """The owner's early try used up a code: make theirs new."""
    guard.sql(
        "UPDATE guard.credential SET used_step = 0 WHERE principal_id = %s",
        [who.me.principal_id],
    )
    return pyotp.TOTP(guard.secrets[who.me.principal_id]).now()


def test_who_has_no_colleague_waits_and_the_owner_is_told(
    guard: Guard, many: tuple[Site, list[UUID]]
) -> None:
    site, ids = guard.site(), []
    ids = deposits(guard, site, DEFAULT.alone + 1)
    alone = Worker(guard, site, "owner", HERE, False)
    export = asked(alone, site, ids)
    waiting = alone.ask(ApproveExport(export_id=export.export_id, proof=alone.code()))
    assert waiting.step == "waits"
    assert waiting.ready_at is not None
    assert alone.refused(OpenExport(export_id=export.export_id)) == "forbidden"
    eventually(lambda: [m for m in guard.mails(site) if "一括出力" in m.subject])
    guard.sql(
        "UPDATE guard.export SET proven_at = proven_at - interval '1 h', ready_at = now()"
        " WHERE export_id = %s",
        [export.export_id],
    )
    assert alone.ask(OpenExport(export_id=export.export_id)).token


def test_it_can_be_cancelled_and_a_freeze_holds_it(guard: Guard, site: Site, hire: Hire) -> None:
    ids, clerk, owner = deposits(guard, site, 2), hire(), hire("owner", THERE)
    export = asked(clerk, site, ids)
    clerk.ask(ApproveExport(export_id=export.export_id, proof=clerk.code()))
    guard.cli.call(Contain(action="freeze", site_id=site.site_id))
    assert clerk.refused(OpenExport(export_id=export.export_id)) == "frozen"
    guard.cli.call(Contain(action="thaw", site_id=site.site_id))
    owner.ask(CancelExport(export_id=export.export_id))
    assert clerk.refused(OpenExport(export_id=export.export_id)) == "forbidden"
    assert disclosed(guard, clerk) == []


def test_nobody_exports_what_is_not_theirs(guard: Guard, site: Site, hire: Hire) -> None:
    ids = deposits(guard, site, 1)
    for role in ("support", "merchandiser", "readonly"):
        ask = AskExport(site_id=site.site_id, record_ids=ids, fields=FIELDS)
        assert hire(role).refused(ask) == "forbidden"
    stranger = Worker(guard, guard.site(), "owner", HERE, False)
    assert stranger.refused(ask) == "not_found"
    own = AskExport(site_id=stranger.me.site_ids[0], record_ids=ids, fields=FIELDS)
    assert stranger.refused(own) == "not_found"
    clerk = hire()
    assert clerk.refused(AskExport(site_id=site.site_id, record_ids=[uuid4()], fields=FIELDS))
    assert clerk.refused(AskExport(site_id=site.site_id, record_ids=ids, fields=["shoe"]))
    export = asked(clerk, site, ids)
    assert stranger.refused(GetExports(site_id=site.site_id)) == "not_found"
    proof = ApproveExport(export_id=export.export_id, proof=stranger.code())
    assert stranger.refused(proof) == "not_found"


def test_another_session_of_the_same_person_opens_nothing(
    guard: Guard, site: Site, hire: Hire
) -> None:
    ids, clerk = deposits(guard, site, 1), hire()
    export = asked(clerk, site, ids)
    clerk.ask(ApproveExport(export_id=export.export_id, proof=clerk.code()))
    guard.sql("UPDATE guard.export SET session_id = uuidv7() WHERE export_id = %s",
              [export.export_id])  # fmt: skip
    assert clerk.refused(OpenExport(export_id=export.export_id)) == "forbidden"


def test_fifteen_minutes_and_no_more(guard: Guard, site: Site, hire: Hire) -> None:
    ids, clerk = deposits(guard, site, 1), hire()
    export = asked(clerk, site, ids)
    clerk.ask(ApproveExport(export_id=export.export_id, proof=clerk.code()))
    token = clerk.ask(OpenExport(export_id=export.export_id)).token
    guard.sql(
        "UPDATE guard.export SET opened_at = opened_at - interval '16 min',"
        " ready_at = ready_at - interval '16 min' WHERE export_id = %s",
        [export.export_id],
    )
    assert clerk.refused(NextRows(export_id=export.export_id, token=token)) == "forbidden"


def test_a_row_of_nobody_says_whose_file_it_was(guard: Guard, site: Site, hire: Hire) -> None:
    ids, clerk = deposits(guard, site, 2), hire()
    marks = []
    for _n in range(2):
        export = asked(clerk, site, ids)
        proof = Proof(totp=_later(guard, clerk))
        clerk.ask(ApproveExport(export_id=export.export_id, proof=proof))
        token = clerk.ask(OpenExport(export_id=export.export_id)).token
        [page] = pages(clerk, export, token)
        [mark] = page.marks
        assert set(mark) == set(FIELDS)
        found = guard.cli.call(Trace(value=mark["email"].upper())).exports
        assert [each.export_id for each in found] == [export.export_id]
        marks.append(mark["email"])
    assert marks[0] != marks[1]
    assert guard.cli.call(Trace(value="nobody@mail.example")).exports == []


def test_whom_a_file_is_for_is_said_and_kept(guard: Guard, site: Site, hire: Hire) -> None:
    ids, clerk = deposits(guard, site, 2), hire()

    def ask(basis: Any, given_to: str) -> AskExport:
        return AskExport(
            site_id=site.site_id, record_ids=ids, fields=FIELDS, basis=basis, given_to=given_to
        )

    for basis, given_to in (("inside", "somebody"), ("consent", " "), ("law", "")):
        assert clerk.refused(ask(basis, given_to)) == "invalid"
    for basis in ("entrusted", "consent"):
        made = clerk.ask(ask(basis, "霞が関一丁目 某庁"))
        assert (made.basis, made.given_to) == (basis, "霞が関一丁目 某庁")
        proof = Proof(totp=_later(guard, clerk))
        clerk.ask(ApproveExport(export_id=made.export_id, proof=proof))
        if basis == "consent":
            assert clerk.ask(GetExports(site_id=site.site_id, provided=True)).exports == []
        clerk.ask(OpenExport(export_id=made.export_id))
    [kept] = clerk.ask(GetExports(site_id=site.site_id, provided=True)).exports
    assert (kept.export_id, kept.basis, kept.people) == (made.export_id, "consent", 2)
    assert kept.opened_at
