"""Rows of nobody in an export: the same export always has the same, and no other has them."""

import hashlib
import hmac
from uuid import UUID

from guard.core import Core
from guard.db import Db, every, many
from guard.index import normal_email, normal_phone

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


def invented(core: Core, export_id: UUID, number: int, fields: list[str]) -> dict[str, str]:
    """The fields asked for of an invented person; mail to them goes nowhere (RFC 2606)."""
    key = core.keys.digest("export-mark", f"{export_id}|{number}")
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


async def remember(core: Core, db: Db, export_id: UUID, number: int) -> None:
    rows = []
    for each in range(number):
        person = invented(core, export_id, each, ["email", "phone"])
        rows += [[_digest(core, value), export_id] for value in person.values()]
    await many(
        db,
        "INSERT INTO guard.export_mark (digest, export_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        rows,
    )


async def exports_with(core: Core, db: Db, value: str) -> list[UUID]:
    """By an e-mail address or phone number, however it is written."""
    digests = [_digest(core, normal_email(value)), _digest(core, normal_phone(value))]
    rows = await every(
        db, "SELECT DISTINCT export_id FROM guard.export_mark WHERE digest = ANY(%s)", [digests]
    )
    return [row["export_id"] for row in rows]


def _digest(core: Core, value: str) -> bytes:
    return hmac.digest(core.keys.derived("export-mark.index"), value.encode(), hashlib.sha256)
