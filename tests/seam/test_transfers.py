"""A bank transfer arrives by the bank's file and goes back by another, with every process real."""

import re
from typing import Any

import pytest

from tests.instance import wait_until
from tests.seam.conftest import Operator, Seeded
from tests.shopper import Page

pytestmark = pytest.mark.slow

ACCOUNT = {
    "bank": "9900", "branch": "018", "kind": "1", "number": "1234567", "holder": "ヤマダ ハナコ",
}  # fmt: skip
SENDER = {
    "day": "2026-12-04", "code": "1234", "name": "ヌイメ", "bank": "0005", "branch": "001",
    "kind": "1", "number": "765",
}  # fmt: skip


@pytest.fixture(scope="module")
def owner(seeded: Seeded) -> Operator:
    return seeded.operator()


@pytest.fixture(scope="module")
def second(seeded: Seeded) -> Operator:
    return seeded.operator(role="orders")


def row(seeded: Seeded, number: str) -> Any:
    with seeded.database() as db:
        return db.execute(
            "SELECT payment, total_yen FROM orders_order WHERE number = %s", [number]
        ).fetchone()


def payments(operator: Operator) -> Page:
    return operator.get(f"{operator.shop}/s/north/payments/")


def test_from_the_transfer_to_the_refund_file(
    seeded: Seeded, owner: Operator, second: Operator
) -> None:
    shopper = seeded.shopper()
    placed = shopper.buy("shirt", method="bank")
    found = re.search(r"\d{6}-[2-9A-HJKMNP-Z]{6}", placed.text)
    assert found
    number = found.group()
    yen = row(seeded, number)[1]

    statement = (
        "年月日,お引出し,お預入れ,お取り扱い内容,残高\n"
        f"2026/11/25,,{yen},{number} ヤマダ ハナコ,1\n2026/11/25,,77,スズキ,1\n"
    )
    url = f"{owner.desk}/s/north/transfers/"
    form = owner.get(url).form("/transfers/")
    said = owner.submit(form, files={"file": ("meisai.csv", statement.encode("cp932"))})
    assert "New transfers: 2." in said.text
    wait_until(lambda: row(seeded, number)[0] == "captured", 20)
    assert "ヤマダ" not in payments(owner).text

    shopper.submit(shopper.get(placed.url).form("/cancel/"))
    assert row(seeded, number)[0] == "refund_due"
    stranger = seeded.shopper()
    link = next(link for link in shopper.get(placed.url).links if "/refund/" in link)
    assert stranger.get(link).status == 403  # the link alone is not enough
    kept = shopper.submit(shopper.get(link).form(having="holder"), **ACCOUNT)
    assert kept.status == 200
    assert "Thank you. We send the money to this account." in kept.text

    owner.submit(payments(owner).form("/files/"), **SENDER)
    owner.submit(payments(owner).form("/approve/"))
    refused = owner.submit(payments(owner).form("/approve/"))
    assert "Somebody else must approve it too." in refused.text
    second.submit(payments(second).form("/approve/"))
    link = next(link for link in payments(second).links if "/refunds/" in link)
    made = second.submit(second.get(link).form(link.partition("/s/")[2]))
    rows = made.text.split("\r\n")
    assert rows[1][1:5] == "9900"
    assert int(rows[1][80:90]) == yen
    with seeded.database() as db:
        seen = db.execute(
            "SELECT fields FROM guard.ledger WHERE purpose = 'refund.transfer' AND outcome = 'ok'"
        ).fetchall()
    assert seen == [(["bank_account"],)]
    second.submit(payments(second).form("/sent/"))
    assert row(seeded, number)[0] == "refunded"


def test_a_reader_may_do_none_of_it(seeded: Seeded) -> None:
    reader = seeded.operator(role="readonly")
    page = payments(reader)
    assert page.status == 200
    assert not any("/payments/" in form.action for form in page.forms)
    assert reader.get(f"{reader.desk}/s/north/transfers/").status == 403
    assert reader.get(f"{reader.desk}/s/north/providers/").status == 403
