"""Rows of nobody in an export: the same export always has the same, and no other has them."""

import hashlib
import hmac
from collections.abc import Iterator
from uuid import UUID

from psycopg.rows import DictRow

from guard.core import Core
from guard.db import Db, every, many
from guard.index import normal_email, normal_phone
from guard.own_keys import OwnKey

PER_RECORDS = 1_000  # at least one
FAMILIES = (
    ("松田", "マツダ"),
    ("原田", "ハラダ"),
    ("小野", "オノ"),
    ("田村", "タムラ"),
    ("竹内", "タケウチ"),
    ("中山", "ナカヤマ"),
    ("和田", "ワダ"),
    ("石田", "イシダ"),
)
GIVENS = (
    ("由美", "ユミ"),
    ("誠", "マコト"),
    ("千尋", "チヒロ"),
    ("亮", "リョウ"),
    ("舞", "マイ"),
    ("浩二", "コウジ"),
    ("理沙", "リサ"),
    ("純", "ジュン"),
)
PLACES = (
    ("1600022", "東京都", "新宿区", "新宿"),
    ("5300001", "大阪府", "大阪市北区", "梅田"),
    ("4600008", "愛知県", "名古屋市中区", "栄"),
    ("8100001", "福岡県", "福岡市中央区", "天神"),
)


def count(records: int) -> int:
    return max(1, records // PER_RECORDS)


def invented(root: OwnKey, export_id: UUID, number: int, fields: list[str]) -> dict[str, str]:
    """The fields asked for of an invented person; mail to them goes nowhere (RFC 2606)."""
    key = root.digest("export-mark", f"{export_id}|{number}")
    family, given, place = (
        FAMILIES[key[0] % len(FAMILIES)], GIVENS[key[1] % len(GIVENS)], PLACES[key[2] % len(PLACES)]
    )  # fmt: skip
    digits = int.from_bytes(key[3:9]) % 100_000_000
    whole = {
        "family_name": family[0], "given_name": given[0], "family_kana": family[1],
        "given_kana": given[1], "email": f"{key[9:17].hex()}@mail.example",
        "phone": f"090{digits:08}", "postal_code": place[0], "prefecture": place[1],
        "city": place[2], "street": f"{place[3]}{key[17] % 9 + 1}-{key[18] % 30 + 1}",
    }  # fmt: skip
    return {name: whole.get(name, "") for name in fields}


async def remember(root: OwnKey, db: Db, export_id: UUID, number: int) -> None:
    rows = [
        [digest_of(root, value), sealed_value(root, export_id, value), root.version, export_id]
        for value in values_of(root, export_id, number)
    ]
    await many(
        db,
        "INSERT INTO guard.export_mark (digest, sealed, root_version, export_id)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        rows,
    )


async def exports_with(core: Core, db: Db, value: str) -> list[UUID]:
    """By an e-mail address or phone number, however it is written. In a transaction: no root comes
    or goes meanwhile."""
    digests = [
        digest_of(root, normal)
        for root in await core.own_keys.to_write(db, "root")
        for normal in (normal_email(value), normal_phone(value))
    ]
    rows = await every(
        db, "SELECT DISTINCT export_id FROM guard.export_mark WHERE digest = ANY(%s)", [digests]
    )
    return [row["export_id"] for row in rows]


def value_in(root: OwnKey, row: DictRow) -> str:
    """What a row's digest is of. Raises BoxError."""
    return root.box("export-mark.value").open(row["sealed"], str(row["export_id"])).decode()


def values_of(root: OwnKey, export_id: UUID, number: int) -> Iterator[str]:
    """By which the people invented for an export can be found; under the root it was opened."""
    for each in range(number):
        yield from invented(root, export_id, each, ["email", "phone"]).values()


def sealed_value(root: OwnKey, export_id: UUID, value: str) -> bytes:
    return root.box("export-mark.value").seal(value.encode(), str(export_id))


def digest_of(root: OwnKey, value: str) -> bytes:
    return hmac.digest(root.derived("export-mark.index"), value.encode(), hashlib.sha256)
