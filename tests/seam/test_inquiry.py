"""Somebody writes to the shop: the words are sealed, the console knows that somebody wrote, and
reading them is on the record."""

import re

import pytest

from tests.seam.conftest import Seeded
from tests.shopper import Browser

pytestmark = pytest.mark.slow
WORDS = "袖の長さを教えてください"


def test_an_inquiry_is_sealed_listed_and_read_on_the_record(seeded: Seeded) -> None:
    visitor = Browser()
    page = visitor.get(f"{seeded.up.desk('north.localhost')}/inquiry/")
    typed = {"family_name": "石川", "given_name": "遥", "email": "haruka@example.jp",
             "topic": "goods", "note": WORDS}  # fmt: skip
    refused = visitor.submit(page.form(having="note"), **{**typed, "order_number": "石川 遥"})
    assert refused.status == 422
    assert visitor.submit(page.form(having="note"), **typed).url.endswith("?sent=1")

    with seeded.database() as database:
        row = database.execute("SELECT to_jsonb(t)::text FROM content_inquiry t").fetchone()
    assert row
    assert WORDS not in row[0]
    assert "石＊ ＊＊" in row[0]

    support = seeded.operator(role="owner")
    listed = support.get(f"{support.shop}/s/north/inquiries/")
    assert WORDS not in listed.text
    found = re.search(r"/s/north/inquiries/([0-9a-f-]{36})/", listed.text)
    assert found
    frame = f"{support.desk}/s/north/inquiries/{found[1]}/reveal/"
    assert WORDS not in support.get(frame).text
    read = support.submit(support.get(frame).form())
    assert WORDS in read.text
    assert "haruka@example.jp" in read.text
    with seeded.database() as database:
        seen = database.execute(
            "SELECT count(*) FROM guard.ledger WHERE verb = 'reveal'"
        ).fetchone()
    assert seen
    assert seen[0] >= 1

    stranger = seeded.operator("south")
    other = stranger.get(f"{support.desk}/s/north/inquiries/{found[1]}/reveal/")
    assert other.status in (403, 404)
    answer = support.get(f"{support.shop}/s/north/inquiries/{found[1]}/")
    done = support.submit(answer.form(f"/s/north/inquiries/{found[1]}/"))
    assert found[1] not in done.text
