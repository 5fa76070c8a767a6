"""The mark of a buyer: one for all that a person buys at a shop, another at the next shop."""

from uuid import UUID

import pytest

from guard.client import GuardRefused
from guard.wire import NameBuyer
from tests.guard.conftest import PERSON, Guard, Site


def test_one_person_one_mark_at_one_shop(guard: Guard, site: Site) -> None:
    other = guard.site()
    session, _ = guard.operator(site, "support")
    elsewhere, _ = guard.operator(other, "support")

    def mark(record_id: UUID, by: str = session) -> UUID:
        return guard.desk.call(NameBuyer(record_id=record_id), session=by).mark

    mine = mark(guard.deposit(site))
    assert mark(guard.deposit(site, {**PERSON, "street": "elsewhere"})) == mine
    assert mark(guard.deposit(site, {**PERSON, "email": "other@example.jp"})) != mine
    assert mark(guard.deposit(other), elsewhere) != mine
    people = {row["person_id"] for row in guard.sql("SELECT person_id FROM guard.person")}
    assert mine not in people


def test_it_is_given_to_whose_record_it_is(guard: Guard, site: Site) -> None:
    record_id = guard.deposit(site, token="g" * 43)
    assert guard.desk.call(NameBuyer(record_id=record_id, guest_token="g" * 43)).mark
    stranger, _ = guard.operator(guard.site(), "owner")
    looker, _ = guard.operator(site, "readonly")
    for session, token in ((None, "x" * 43), (None, None), (stranger, None), (looker, None)):
        with pytest.raises(GuardRefused):
            guard.desk.call(NameBuyer(record_id=record_id, guest_token=token), session=session)
    with pytest.raises(GuardRefused):
        guard.worker.call(NameBuyer(record_id=record_id))
