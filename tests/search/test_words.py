"""What is typed and what is kept are folded alike, in Python and in SQL."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstitch.search import rules

pytestmark = pytest.mark.usefixtures("database")
LETTERS = "ァアヴィッーｶﾞぁっゃゅづぢをうおえいシャツコート白紺々 -－’'×/.,&Aa１２3.5Ｍé"


def in_sql(text: str) -> tuple[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_fold(%s), search_tokens(%s)", [text, text])
        fold, tokens = cursor.fetchone()
    return fold, set(tokens or ())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=14))
def test_the_two_foldings_are_one(text: str) -> None:
    fold, tokens = in_sql(text)
    assert rules.fold(text) == fold
    for run in rules.runs(text):
        ways = [w for w in rules.way_of(run) if not w.endswith("*")]
        assert set(ways) <= tokens


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("シャツ", "ｼｬﾂ"), ("しゃつ", "シャツ"), ("コート", "こおと"), ("コート", "コ−ト"),
        ("ＮＮ－２６", "nn-26"), ("セルヴィッチ", "せるびっち"), ("パーカー", "パーカ"),
        ("SHIRT", "ｓｈｉｒｔ"), ("つづき", "つずき"),
    ],
)  # fmt: skip
def test_alike(one: str, two: str) -> None:
    assert rules.fold(one) == rules.fold(two)


def test_nothing_typed_is_an_operator() -> None:
    with connection.cursor() as cursor:
        for text in ("a' | 'b", "!!", "\\", "&", "シャツ' & !'x", ":*", "''", "<->", "(("):
            plan = rules.plan(rules.read(text), {})
            if query := rules.tsquery(plan, "abc123"):
                cursor.execute("SELECT %s::tsquery", [query])


def test_a_compound_comes_apart() -> None:
    known = rules.shipped()
    assert rules.parts(rules.fold("白いシャツ"), known) == ["白", rules.fold("シャツ")]
    assert rules.parts(rules.fold("グレーのジャケット"), known) == [
        rules.fold("グレー"), rules.fold("ジャケット")
    ]  # fmt: skip
    assert rules.parts(rules.fold("ほげふが"), known) == []


def test_the_nearest_word() -> None:
    words = rules.Vocabulary(["shirt", "skirt", "cardigan", "trench", "かでいがん"])
    assert words.near("shrit")[0] == "shirt"
    assert words.near("cadigan") == ["cardigan"]
    assert words.near(rules.fold("カーデガン"))[0] == rules.fold("カーディガン")
    assert words.near("zzzz") == []
