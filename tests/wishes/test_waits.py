"""Who waits for a size or a lower price is told once, in their turn, and only who said yes."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from lockstitch.catalogue.models import Sku
from lockstitch.inventory.actions import move
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.members import actions as members
from lockstitch.members.favourites import Owner, like
from lockstitch.tenancy.queries import Site
from lockstitch.wishes import actions as wishes
from lockstitch.wishes import letters
from lockstitch.wishes.models import Wait
from lockstitch.wishes.queries import demand, waits_of
from lockstitch.wishes.rules import LETTERS_A_PIECE
from tests import world


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the worker would have put into the guard's postbox, repeats left out."""
    found: list[dict[str, Any]] = []

    def post(**row: Any) -> None:
        if row["dedupe_key"] not in {each["dedupe_key"] for each in found}:
            found.append(row)

    monkeypatch.setattr(letters, "post", post)
    return found


def shopper(purpose: str = "") -> UUID:
    member = uuid4()
    members.keep_member(member_id=member, hint="＊", profile_id=uuid4(), language="ja")
    if purpose:
        members.consent(member, {purpose: True}, source="account")
    return member


def arrive(sku: UUID, pieces: int) -> None:
    move({sku: pieces}, reason="receipt")


def test_members_are_told_in_their_turn_a_few_a_piece(site: Site, posted: list[Any]) -> None:
    sku = world.new_product(stock=0)[0]
    waiting = [shopper() for _ in range(LETTERS_A_PIECE + 2)]
    for member in waiting:
        wishes.wait_as_member(sku, member)
        wishes.wait_as_member(sku, member)  # again is no second
    assert letters.tell_of_stock() == 0
    assert [row.waiting for row in demand()] == [len(waiting)]
    arrive(sku, 1)
    assert letters.tell_of_stock() == LETTERS_A_PIECE
    told = list(Wait.objects.exclude(told_at=None).order_by("id"))
    assert [wait.member_id for wait in told] == waiting[:LETTERS_A_PIECE]
    assert [row["record_id"] for row in posted] == [wait.record_id for wait in told]
    assert letters.tell_of_stock() == 0  # the letters of today may still bring their buyer
    arrive(sku, 1)
    assert letters.tell_of_stock() == 2
    assert len(posted) == len(waiting)
    with pytest.raises(Refused):
        wishes.wait_as_member(sku, waiting[0])  # it is there


def test_a_guest_is_told_once_they_have_answered(site: Site, posted: list[Any]) -> None:
    sku = world.new_product(stock=0)[0]
    for _n in range(2):
        wishes.wait_as_guest(sku, record_id=uuid4(), language="en")
    yes, no = Wait.objects.order_by("id")
    letters.ask_to_confirm(yes.pk)
    assert f"/waits/{yes.key}/" in posted[0]["text"]
    assert wishes.confirm(yes.key)
    arrive(sku, 5)
    assert letters.tell_of_stock() == 1
    assert posted[-1]["record_id"] == yes.record_id
    assert "/items/shirt/white/" in posted[-1]["text"]
    Wait.objects.filter(id=no.pk).update(at=now() - 8 * letters.TOLD_COUNTS_FOR)
    assert letters.forget_unanswered() == 1
    assert not wishes.confirm(no.key)


def test_who_ends_it_is_not_told(site: Site, posted: list[Any]) -> None:
    sku, member = world.new_product(stock=0)[0], shopper()
    wishes.wait_as_member(sku, member)
    [wait] = waits_of(member)
    assert not wishes.end(wait.key, member_id=uuid4())
    assert wishes.end(wait.key, member_id=member)
    arrive(sku, 5)
    assert (letters.tell_of_stock(), posted) == (0, [])


def test_wishes_without_an_address_are_counted(site: Site) -> None:
    there, gone = world.new_product(stock=1)[0], world.new_product(stock=0, slug="coat")[0]
    for _n in range(3):
        wishes.wish(gone)
    with pytest.raises(Refused):
        wishes.wish(there)
    assert [(row.product_slug, row.waiting, row.wished) for row in demand()] == [("coat", 0, 3)]


def test_a_fallen_price_is_told_once_to_who_said_yes(site: Site, posted: list[Any]) -> None:
    skus = world.new_product(price_yen=4_400)
    product = Sku.objects.get(id=skus[0]).product_id
    yes, no = shopper("reminder"), shopper()
    for member in (yes, no):
        like(Owner(member), product, price_yen=4_400)
    assert letters.tell_of_prices() == 0
    Sku.objects.filter(id__in=skus).update(price_yen=4_000)
    assert [letters.tell_of_prices() for _n in range(2)] == [1, 0]
    Sku.objects.filter(id__in=skus).update(price_yen=4_200)
    assert letters.tell_of_prices() == 0  # dearer than what was told
    Sku.objects.filter(id__in=skus).update(price_yen=3_900)
    assert letters.tell_of_prices() == 1
    assert len(posted) == 2
    assert "3,900" in posted[1]["text"]
