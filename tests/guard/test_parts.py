"""The pieces that need no database: normal forms, indexes, boxes, the tree, settings."""

import base64
import hashlib
import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency

from guard import index, merkle
from guard.accounts import masked_email, masked_name
from guard.deliver import fields_used, fill, placeholders
from guard.keys import Box, BoxError, Keys, make_files
from guard.own_keys import OwnKey
from guard.sealing import (
    BUCKET_BYTES,
    SUITES,
    SealError,
    generate,
    pad,
    seal,
    unpad,
    unseal,
)  # fmt: skip
from guard.settings import SettingsError, read_settings
from guard.verify import Tree

KEY = bytes(32)


@given(st.sampled_from(sorted(index.NORMAL)), st.text())
def test_a_normal_form_stays_as_it_is(kind: str, text: str) -> None:
    once = index.NORMAL[kind](text)
    assert index.NORMAL[kind](once) == once


@given(st.text(alphabet="ぁあぃいがぎぱぷゔかんゝ", max_size=8))
def test_hiragana_and_katakana_are_one(text: str) -> None:
    katakana = "".join(chr(ord(character) + 0x60) for character in text)
    assert index.normal_kana(text) == index.normal_kana(katakana)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ｶﾞｷﾞﾊﾟ", "ガギパ"), ("が", "か\u3099"), ("ﾔﾏﾀﾞ ﾊﾅｺ", "やまだ　はなこ"), ("ﾗｰﾒﾝ", "らーめん")],
)
def test_kana_of_any_width(one: str, other: str) -> None:
    assert index.normal_kana(one) == index.normal_kana(other)


@pytest.mark.parametrize(
    "text", ["090-1234-5678", "+81 90 1234 5678", "+81(0)90-1234-5678", "０９０１２３４５６７８"]
)
def test_one_number_in_many_spellings(text: str) -> None:
    assert index.normal_phone(text) == "09012345678"


def test_equal_texts_of_two_kinds_have_two_digests() -> None:
    kinds = ["email", "phone", "name", "kana", "name.prefix", "person.email"]
    assert len({index.digest(KEY, kind, "1") for kind in kinds}) == len(kinds)
    assert index.digest(KEY, "name", "1") != index.digest(bytes([1] * 32), "name", "1")


@given(st.text(min_size=1, max_size=6), st.text(min_size=1, max_size=6))
def test_a_name_is_found_in_both_orders_and_by_its_beginning(family: str, given_name: str) -> None:
    found = index.entries(KEY, {"family_name": family, "given_name": given_name})
    normal = index.normal_name(family)
    for value in (family + given_name, given_name + family, family, normal[:1]):
        digest = index.sought(KEY, "name", value)
        assert digest is None or digest in found


def test_a_box_opens_with_its_key_in_its_place_only() -> None:
    sealed = Box(KEY).seal(b"content", "here")
    assert Box(KEY).open(sealed, "here") == b"content"
    for box, data, place in [
        (Box(KEY), sealed, "there"), (Box(bytes([1] * 32)), sealed, "here"),
        (Box(KEY), b"", "here"),
        (Box(KEY), sealed[:-1] + bytes([sealed[-1] ^ 1]), "here"),
    ]:  # fmt: skip
        with pytest.raises(BoxError):
            box.open(data, place)


def test_a_seal_opens_as_what_it_was_made_for() -> None:
    """For each suite: another site, record, kind or key does not open it."""
    for suite in SUITES:
        public, private = generate(suite)
        place: dict[str, Any] = {
            "site_id": uuid4(),
            "record_id": uuid4(),
            "kind": "order",
            "key_id": uuid4(),
        }
        sealed = seal(public, suite, fields={"note": "x"}, **place)
        assert unseal(private, suite, sealed, **place) == {"note": "x"}
        for name, value in (
            ("site_id", uuid4()), ("record_id", uuid4()), ("kind", "profile"), ("key_id", uuid4())
        ):  # fmt: skip
            with pytest.raises(SealError):
                unseal(private, suite, sealed, **{**place, name: value})
        with pytest.raises(SealError):
            unseal(generate(suite)[1], suite, sealed, **place)


@given(st.dictionaries(st.text(), st.text(max_size=50), max_size=5))
def test_padding_hides_the_length_and_nothing_else(fields: dict[str, str]) -> None:
    padded = pad(fields)
    assert len(padded) % BUCKET_BYTES == 0
    assert unpad(padded) == fields


def test_key_files_are_private_and_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "guard"
    assert make_files(folder) == [
        "master.key", "ledger.key", "cli.token", "webhook.secret", "ledger.pub", "signing.pub",
    ]  # fmt: skip
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert make_files(folder) == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    keys = Keys(folder)
    keys.settle(keys.wrap.seal(KEY, "root"), "root")
    with pytest.raises(BoxError):
        keys.settle(keys.wrap.seal(KEY, "root"), "something else")
    root = OwnKey(1, KEY)
    assert root.derived("a") != root.derived("b")
    name, key_hash, body = (folder / "ledger.pub").read_text().strip().split("+", 2)
    public = base64.b64decode(body)
    assert name == f"lockstitch/{keys.instance}"
    assert key_hash == hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_tree_is_rfc_6962s(leaves: list[bytes]) -> None:
    theirs, mine = InmemoryTree(algorithm="sha256"), Tree()
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        theirs.append_entry(leaf)
        frontier = merkle.grow(frontier, size, merkle.leaf_hash(leaf))
        mine.add(leaf)
        assert merkle.root(frontier) == mine.root() == theirs.get_root(size + 1)
    assert merkle.root(frontier) == mine.root() == theirs.get_root()


def test_checkpoints_are_consistent_with_each_other() -> None:
    theirs, roots = InmemoryTree(algorithm="sha256"), {}
    frontier: list[bytes] = []
    for size in range(60):
        theirs.append_entry(str(size).encode())
        frontier = merkle.grow(frontier, size, merkle.leaf_hash(str(size).encode()))
        roots[size + 1] = merkle.root(frontier)
    for one in range(1, 61):
        for two in range(one, 61):
            verify_consistency(roots[one], roots[two], theirs.prove_consistency(one, two))


@pytest.mark.parametrize(
    ("family", "hint"),
    [
        ("山田", "山＊ ＊＊"),
        ("smith", "S*** ***"),
        ("葛\U000e0100城", "葛\U000e0100＊ ＊＊"),
        ("", "＊"),
    ],
)
def test_a_masked_name_is_one_character(family: str, hint: str) -> None:
    assert masked_name({"family_name": family, "given_name": "x"}) == hint


def test_a_masked_address_keeps_the_domain() -> None:
    assert masked_email("hanako@example.jp") == "h***@example.jp"


def test_placeholders_are_filled_once_and_escaped_in_markup() -> None:
    values = placeholders({
        "family_name": "{{email}}", "given_name": "<b>", "email": "a@b.example",
        "postal_code": "1500001", "prefecture": "東京都", "city": "渋谷区", "street": "1-2",
        "building": "A&B",
    })  # fmt: skip
    assert fill("{{name}} 様 {{unknown}}", values) == "{{email}} <b> 様 {{unknown}}"
    assert fill("{{name}}", values, markup=True) == "{{email}} &lt;b&gt;"
    assert fill("{{postal_code}}\n{{address}}", values) == "150-0001\n東京都渋谷区1-2\nA&B"
    assert fill("{{address}}", values, markup=True) == "東京都渋谷区1-2<br>A&amp;B"
    assert fields_used("{{name}}", "{{note}}") == ["email", "family_name", "given_name", "note"]


GOOD = {"LOCKSTITCH_DATABASE_URL": "postgresql://ls_guard@/x", "LOCKSTITCH_DESK_TOKEN": "t" * 20}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"LOCKSTITCH_DATABASE_URL": ""}, "DATABASE_URL"),
        ({"LOCKSTITCH_DATABASE_URL": "what = is = this"}, "DATABASE_URL"),
        ({"LOCKSTITCH_DESK_TOKEN": "short"}, "DESK_TOKEN"),
        ({"LOCKSTITCH_DEMO": "yes"}, "DEMO"),
        ({"LOCKSTITCH_MAIL_URL": "pigeon://loft"}, "MAIL_URL"),
        ({"LOCKSTITCH_MAIL_URL": "smtp://u:secret@host:99999"}, "MAIL_URL"),
        ({"LOCKSTITCH_MAIL_URL": "smtp://"}, "MAIL_URL"),
        ({"LOCKSTITCH_GUARD_SOCKET": "/x" * 60}, "GUARD_SOCKET"),
    ],
)
def test_nonsense_in_the_environment_is_named(changed: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as caught:
        read_settings({**GOOD, **changed})
    assert "secret" not in str(caught.value)


def test_the_rest_has_defaults(tmp_path: Path) -> None:
    settings = read_settings({**GOOD, "LOCKSTITCH_DATA": str(tmp_path)})
    assert settings.socket == tmp_path / "run" / "guard.sock"
    assert settings.maildir == tmp_path / "guard" / "mailbox"
    assert not settings.demo
