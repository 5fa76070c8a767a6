"""The file of members from another platform."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.kernel.japan import full_kana, phone_digits, postal_digits
from lockstitch.members.moving import Arrival, Fault, Unreadable, read

HEAD = "email,family_kana,phone,postal_code,prefecture,points,points_expire_on,birth_month,news\n"


def rows(body: str, head: str = HEAD) -> list[Arrival | Fault]:
    return list(read((head + body).splitlines(keepends=True)))


def test_a_row_is_read_as_people_write() -> None:
    (row,) = rows('a@b.example,ﾔﾏﾀﾞ,+81 90-1234-5678,〒150-0001,東京都,"1,200",2027/03/31,5,1\n')
    assert isinstance(row, Arrival)
    assert row.fields == {
        "family_kana": "ヤマダ", "phone": "09012345678", "postal_code": "1500001",
        "prefecture": "東京都",
    }  # fmt: skip
    assert (row.points, row.points_expire_on, row.birth_month, row.news) == (
        1_200, dt.date(2027, 3, 31), 5, True,
    )  # fmt: skip


def test_faults_name_the_row_and_the_column_but_not_what_stands_there() -> None:
    found = rows(
        "no address,,,,,,,,\n"
        "a@b.example,山田,,,,,,,\n"
        "b@b.example,,12,,,,,,\n"
        "c@b.example,,,12,,,,,\n"
        "d@b.example,,,,大阪,,,,\n"
        "e@b.example,,,,,x,,,\n"
        "f@b.example,,,,,,31.3.,,\n"
        "g@b.example,,,,,,,13,\n"
        "h@b.example,,,,,,,,perhaps\n"
        "i@b.example,,,,,,,,\n"
        "I@B.example,,,,,,,,\n"
    )
    faults = [row for row in found if isinstance(row, Fault)]
    assert [fault.row for fault in faults] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert [fault.why.partition(":")[0] for fault in faults] == [
        "email", "family_kana", "phone", "postal_code", "prefecture", "points",
        "points_expire_on", "birth_month", "news", "email",
    ]  # fmt: skip
    assert not any("山田" in fault.why or fault.why == "12" for fault in faults)


def test_what_is_no_such_file() -> None:
    for head in ("name,phone\n", "email,email\n", ""):
        with pytest.raises(Unreadable):
            rows("", head)


SOUNDS = ["あ", "が", "ぱ", "っ", "ゃ", "ゔ", "ア", "ガ", "ヴ", "ー", "ｱ", "ｶﾞ", "ﾊﾟ", "ｰ", " ", "・"]


@given(st.lists(st.sampled_from(SOUNDS), max_size=12).map("".join))
def test_kana_of_every_width_becomes_one(text: str) -> None:
    once = full_kana(text)
    assert full_kana(once) == once
    assert not any("ぁ" <= character <= "ゖ" or "｡" <= character <= "ﾟ" for character in once)


@pytest.mark.parametrize("text", ["山田", "Yamada", "ヤマダ1", "ヤマダ😀"])
def test_the_rest_is_no_kana(text: str) -> None:
    with pytest.raises(ValueError, match="kana"):
        full_kana(text)


def test_digits() -> None:
    assert phone_digits("０３ー１２３４－５６７８") == "0312345678"
    assert phone_digits("+81(0)90-1234-5678") == "09012345678"
    assert postal_digits("150ー0001") == "1500001"
    for wrong in ("12", "1234567890", "+1 555 123 4567"):
        with pytest.raises(ValueError, match="phone"):
            phone_digits(wrong)
