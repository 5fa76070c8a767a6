"""振込先: the first one at once, another with a second person; buyers see the one that holds."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.payments.accounts import (
    account,
    change_account,
    decide_account,
    waiting_account,
)
from lockstitch.payments.models import AccountChange
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.test_pages import Visitor, operator, plain_files

__all__ = ["plain_files"]
ONE, OTHER = uuid4(), uuid4()
FIRST, NEXT = (
    {"ja": "ひかり銀行 本店\n普通 1234567"},
    {"ja": "別の銀行\n普通 7654321", "en": "Other"},
)


@pytest.fixture(autouse=True)
def first(site: Site) -> None:
    assert not change_account(FIRST, ONE, alone=False)
    assert account() == FIRST


def test_another_waits_for_somebody_else() -> None:
    assert change_account(NEXT, ONE, alone=False)
    assert account() == FIRST
    change = waiting_account()
    assert change is not None
    with pytest.raises(Refused, match="Somebody else"):
        decide_account(change.id, ONE, take=True)
    decide_account(change.id, OTHER, take=True)
    assert account() == NEXT
    with pytest.raises(NotFound):
        decide_account(change.id, OTHER, take=True)


def test_who_asked_may_drop_it_and_the_newest_wish_counts() -> None:
    change_account(NEXT, ONE, alone=False)
    change_account({"ja": "三番"}, OTHER, alone=False)
    change = waiting_account()
    assert change is not None
    assert change.text == {"ja": "三番"}
    decide_account(change.id, OTHER, take=False)
    assert (account(), waiting_account()) == (FIRST, None)


def test_what_stands_already_ends_what_waits() -> None:
    change_account(NEXT, ONE, alone=False)
    assert not change_account(FIRST, ONE, alone=False)
    assert waiting_account() is None


def test_where_nobody_else_is_it_is_done() -> None:
    assert not change_account(NEXT, ONE, alone=True)
    assert account() == NEXT


@pytest.mark.parametrize("text", [{}, {"ja": "  "}, {"en": "Bank"}, {"ja": "x" * 301}])
def test_what_is_no_account(text: dict[str, str]) -> None:
    with pytest.raises(Refused, match="Bank, branch"):
        change_account(text, ONE, alone=True)
    assert account() == FIRST


def test_the_database_does_not_take_one_person_for_two() -> None:
    change_account(NEXT, ONE, alone=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(state="waits").update(state="holds", approved_by=ONE)


def test_two_at_the_console_and_the_buyer_sees_it(site: Site) -> None:
    page = f"/s/{site.slug}/payments/"
    owner, desk, reader = (operator(site, role) for role in ("owner", "orders", "readonly"))
    assert "ひかり銀行" in owner.get(page).content.decode()
    assert desk.post(f"{page}account/", **NEXT).status_code == 403
    assert owner.post(f"{page}account/", ja="").status_code == 422
    assert owner.post(f"{page}account/", **NEXT).status_code == 302
    change = waiting_account()
    assert change is not None
    deed = f"{page}account/{change.id}/"
    assert "Approve the account" not in owner.get(page).content.decode()
    assert "owner asks that buyers transfer to" in desk.get(page).content.decode()
    assert owner.post(deed).status_code == 422
    assert reader.post(deed).status_code == 403
    assert desk.post(deed).status_code == 302
    assert account() == NEXT
    order = world.placed_order({world.new_product()[0]: 1}, method="bank")
    shown = Visitor(site.hosts[0]).get(f"/orders/{order.checkout_id}/").content.decode()
    assert "Other" in shown
