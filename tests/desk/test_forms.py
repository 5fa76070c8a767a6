"""The address form forgives how a thing is typed, and names what is wrong with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.desk.forms import ADDRESS_FIELDS, AddressForm
from lockstitch.desk.masks import name_hint, postal_zone
from lockstitch.desk.postcodes import PREFECTURES, find_place

GOOD = {
    "family_name": "山田", "given_name": "花子", "family_kana": "やまだ", "given_kana": "ﾊﾅｺ",
    "email": "hanako@example.jp", "phone": "０９０－１２３４－５６７８",
    "postal_code": "１５０−０００１",
    "prefecture": "東京都", "city": "渋谷区", "street": "神宮前1-2-3", "building": "", "note": "",
}  # fmt: skip


def form(**changed: str) -> AddressForm:
    data = QueryDict(mutable=True)
    data.update(GOOD | changed)
    return AddressForm(data)


def test_width_hyphens_and_kana_do_not_matter() -> None:
    made = form()
    assert made.is_valid()
    fields = made.sealed_fields()
    assert set(fields) == set(ADDRESS_FIELDS)
    assert fields["phone"] == "09012345678"
    assert fields["postal_code"] == "1500001"
    assert (fields["family_kana"], fields["given_kana"]) == ("ヤマダ", "ハナコ")


def test_an_international_number_of_japan() -> None:
    made = form(phone="+81 90-1234-5678")
    assert made.is_valid()
    assert made.cleaned_data["phone"] == "09012345678"


@pytest.mark.parametrize(("name", "value"), [
    ("phone", "12345"), ("phone", "090-1234-567a"), ("postal_code", "150-000"),
    ("family_kana", "山田"), ("email", "hanako@"), ("prefecture", "東京"), ("city", " "),
    ("prefecture", "大阪府"),  # not where 150-0001 is
    ("family_name", "あ" * 41),
])  # fmt: skip
def test_what_is_wrong_is_named_at_its_field(name: str, value: str) -> None:
    made = form(**{name: value})
    assert not made.is_valid()
    assert set(made.errors) == {name}


def test_kana_is_asked_of_readers_of_japanese_only() -> None:
    with override("en"):
        assert form(family_kana="", given_kana="").is_valid()
    with override("ja"):
        assert not form(family_kana="", given_kana="").is_valid()


def test_the_postal_code_completes_the_address_and_loses_nothing() -> None:
    filled = form(prefecture="", city="", street="").completed()
    assert [filled[n].value() for n in ("prefecture", "city", "street", "family_name")] == [
        "東京都", "渋谷区", "神宮前", "山田",
    ]  # fmt: skip
    unknown = form(postal_code="0000000", city="渋谷区").completed()
    assert "postal_code" in unknown.errors
    assert unknown["city"].value() == "渋谷区"


def test_postal_codes_are_found_in_every_thread() -> None:
    with ThreadPoolExecutor(4) as threads:
        places = list(threads.map(find_place, ["1500001"] * 8))
    assert {place.city for place in places if place} == {"渋谷区"}


def test_every_prefecture_is_one_of_the_postal_data() -> None:
    assert len(set(PREFECTURES)) == 47
    place = find_place("9071801")
    assert place
    assert place.prefecture == "沖縄県"
    assert find_place("abc") is None


@given(st.text(min_size=1, max_size=40).filter(str.strip), st.text(max_size=40))
def test_a_hint_never_holds_more_than_one_character_of_a_name(family: str, given_name: str) -> None:
    hint = name_hint(family, given_name)
    shown = hint.replace("＊", "").replace("*", "").replace(" ", "")
    assert len(shown.encode("utf-16-le")) <= 2 * 8  # one character with its marks
    assert hint == name_hint(family, "another")


def test_hints() -> None:
    assert name_hint("山田", "花子") == "山＊ ＊＊"
    assert name_hint("Smith", "John") == "S*** ***"
    assert name_hint("葛\U000e0100飾", "x") == "葛\U000e0100＊ ＊＊"
    assert postal_zone("1500001") == "150"
