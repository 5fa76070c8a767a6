"""Refund files: the association's layout, sums that agree, two people."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By, lock
from lockstitch.orders.models import Order
from lockstitch.payments import actions, remitting
from lockstitch.payments.models import Payment, RefundBatch
from lockstitch.payments.zengin import (
    Account,
    NotTransferable,
    Sender,
    Transfer,
    kana,
    sums,
    write,
)
from lockstitch.tenancy.queries import Site
from tests import world

DAY = dt.date(2026, 12, 4)
OWN = {
    "code": "1234", "name": "カブシキガイシャ ヌイメ", "bank": "0005", "branch": "001",
    "kind": "1", "number": "765",
}  # fmt: skip
BUYER = Account("9900", "018", "1", "1234567", "ヤマダ ハナコ")
FIRST, SECOND = UUID(int=1), UUID(int=2)


def content(*transfers: Transfer) -> bytes:
    return write(remitting.sender_of(OWN), DAY, transfers)


def test_the_records_of_a_file() -> None:
    rows = content(Transfer(BUYER, 5_060, "261125")).split(b"\r\n")
    assert [len(row) for row in rows] == [120, 120, 120, 120, 0]
    head, data, tail, end = (row.decode("cp932") for row in rows[:4])
    assert head[:14] == "12100000001234"
    assert head[14:54].rstrip() == "ｶﾌﾞｼｷｶﾞｲｼﾔ ﾇｲﾒ"
    assert (head[54:58], head[58:62], head[77:80]) == ("1204", "0005", "001")
    assert (head[95], head[96:103]) == ("1", "0000765")
    assert (data[0], data[1:5], data[20:23], data[42], data[43:50]) == (
        "2", "9900", "018", "1", "1234567",
    )  # fmt: skip
    assert (data[50:80].rstrip(), data[80:90], data[90]) == ("ﾔﾏﾀﾞ ﾊﾅｺ", "0000005060", "0")
    assert (tail[:19], end[0]) == ("8000001000000005060", "9")


@given(st.lists(st.integers(1, 9_999_999_999), max_size=40))
def test_the_trailer_sums_the_file(amounts: list[int]) -> None:
    made = content(*[Transfer(BUYER, yen) for yen in amounts])
    assert sums(made) == (len(amounts), sum(amounts))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("やまだ はなこ", "ﾔﾏﾀﾞ ﾊﾅｺ"), ("ﾔﾏﾀﾞ  ﾊﾅｺ", "ﾔﾏﾀﾞ ﾊﾅｺ"), ("ｶ)ヌイメ", "ｶ)ﾇｲﾒ"),
        ("ショウジ ユーコ", "ｼﾖｳｼﾞ ﾕ-ｺ"), ("smith john", "SMITH JOHN"), ("ヴァン パク", "ｳﾞｱﾝ ﾊﾟｸ"),
    ],
)  # fmt: skip
def test_names_as_banks_take_them(written: str, sent: str) -> None:
    assert kana(written) == sent


@pytest.mark.parametrize("name", ["", "山田花子", "ヤマダ＠ハナコ", "x\r\n8"])
def test_names_that_no_bank_takes(name: str) -> None:
    with pytest.raises(NotTransferable):
        kana(name)


@given(st.text(max_size=60))
def test_no_name_breaks_a_record(name: str) -> None:
    try:
        made = content(Transfer(Account("9900", "018", "1", "1", name), 1))
    except NotTransferable:
        return
    assert sums(made) == (1, 1)


@pytest.mark.parametrize("text", ["", "9900|018|1|1", "99|018|1|1|ヤマダ", "9900|018|3|1|ヤマダ"])
def test_accounts_that_are_none(text: str) -> None:
    with pytest.raises(NotTransferable):
        Account.of(text)


def test_an_account_survives_its_text() -> None:
    assert Account.of(BUYER.text()).text() == "9900|018|1|1234567|ﾔﾏﾀﾞ ﾊﾅｺ"
    assert isinstance(remitting.sender_of(OWN), Sender)


def due(*, with_account: bool = True) -> Order:
    """A transfer that was paid and is to go back in part."""
    order = world.placed_order({world.new_product()[0]: 1}, method="bank")
    actions.receive_transfer(order.id, world.OPERATOR)
    with transaction.atomic():
        actions.give_back(lock(order.id), 1_000, world.OPERATOR, uuid4())
    if with_account:
        remitting.keep_account(order.id, uuid4())
    return order


def test_two_people_approve_and_each_refund_is_made_once(site: Site) -> None:
    order, _silent = due(), due(with_account=False)
    batch = remitting.draft(DAY, OWN, FIRST)
    assert (batch.count, batch.total_yen) == (1, 1_000)
    with pytest.raises(Refused):
        remitting.sent(batch.id, By("operator", FIRST))
    remitting.approve(batch.id, FIRST)
    with pytest.raises(Refused):
        remitting.approve(batch.id, FIRST)
    remitting.approve(batch.id, SECOND)
    remitting.sent(batch.id, By("operator", FIRST))
    with pytest.raises(Refused):
        remitting.sent(batch.id, By("operator", FIRST))
    assert Payment.objects.get(order=order).refunded_yen == 1_000
    assert Order.objects.get(id=order.id).payment == "captured"


def test_a_refund_is_in_one_open_file_only(site: Site) -> None:
    due()
    batch = remitting.draft(DAY, OWN, FIRST)
    with pytest.raises(Refused):
        remitting.draft(DAY, OWN, FIRST)
    remitting.drop(batch.id)
    assert remitting.draft(DAY, OWN, FIRST).count == 1


def test_the_database_wants_two_approvers(site: Site) -> None:
    due()
    batch = remitting.draft(DAY, OWN, FIRST)
    with pytest.raises(IntegrityError), transaction.atomic():
        RefundBatch.objects.filter(id=batch.id).update(
            state="approved", first_by=FIRST, second_by=FIRST
        )


def test_the_shops_own_account_must_be_one(site: Site) -> None:
    due()
    with pytest.raises(Refused):
        remitting.draft(DAY, {**OWN, "bank": ""}, FIRST)
