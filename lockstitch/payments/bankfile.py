"""Incoming transfers out of a bank's file. Pure: bytes in, rows out.

Fixed-width files are those of the Japanese Bankers Association (全銀協): 入出金取引明細, 種別 03,
200 bytes a record, and 振込入金通知, 種別 01, 200 bytes too; in half-width kana (JIS), with or
without line ends. Columns as banks publish them: Kiraboshi Bank, 入出金明細(全銀)明細ファイル・
フォーマット (2018-05-01); Awa Bank, 振込入金通知(全銀協制定フォーマット). Dates are 令和.

CSV files are recognised by the words of their heading, which every bank names a little differently.

The sender's name is a personal datum: it is looked at for an order's number and dropped.
"""

import datetime as dt
import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lockstitch.kernel.errors import Refused
from lockstitch.kernel.tables import table

RECORD_BYTES = 200
ROWS_MAX = 50_000
REIWA = 2018  # 令和1年 is 2019
# An order's number as a sender types it, with or without the hyphen: 261125-AB2CD3.
NUMBER = re.compile(r"(?<!\d)(\d{6})[\s-]?([2-9A-HJKMNP-Z]{6})(?![0-9A-Z])")
INCOMING, TRANSFER = "1", "11"  # 入払区分: 入金; 取引区分: 振込


class NotABankFile(ValueError):
    """It is in no format known here."""


@dataclass(frozen=True)
class Line:
    """One incoming transfer, in yen. `digest` tells two files' same line: keyed, because whoever
    has it could else try names."""

    paid_on: dt.date
    amount_yen: int
    number: str
    digest: bytes


@dataclass(frozen=True)
class _Raw:
    paid_on: dt.date
    amount_yen: int
    words: str


def read(content: bytes, *, key: bytes) -> list[Line]:
    """All incoming transfers. `key` is the desk's alone. Raises NotABankFile."""
    raws = list(_fixed(content) if _is_fixed(content) else _csv(content))
    seen: Counter[_Raw] = Counter()
    lines = []
    for raw in raws:
        seen[raw] += 1  # the same sender, sum and day twice are two transfers
        told = f"{raw.paid_on}|{raw.amount_yen}|{raw.words}|{seen[raw]}"
        digest = hmac.digest(key, told.encode(), hashlib.sha256)
        lines.append(Line(raw.paid_on, raw.amount_yen, number_in(raw.words), digest))
    return lines


def number_in(words: str) -> str:
    """An order's number in what a sender wrote; empty when there is none."""
    folded = unicodedata.normalize("NFKC", words).upper().replace("ー", "-").replace("−", "-")
    found = NUMBER.search(folded)
    return f"{found[1]}-{found[2]}" if found else ""


# --- fixed width


def _is_fixed(content: bytes) -> bool:
    return content[:3] in (b"103", b"101") and b"," not in content[:RECORD_BYTES]


def _records(content: bytes) -> Iterator[str]:
    """Of 200 bytes each; line ends between them or not, and end of file marks, do not matter."""
    for at in range(0, len(body := re.sub(rb"[\r\n\x1a]", b"", content)), RECORD_BYTES):
        record = body[at : at + RECORD_BYTES]
        if len(record) != RECORD_BYTES and record[:1] != b"9":
            raise NotABankFile("a record is not 200 bytes long")
        yield record.decode("cp932", errors="replace")


def _fixed(content: bytes) -> Iterator[_Raw]:
    kind = ""
    total = count = 0
    for record in _records(content):
        if record[0] == "1":
            kind = record[1:3]
        elif record[0] == "2" and kind == "03":
            # 照会番号8 勘定日6 起算日6 入払1 取引2 金額12 … 依頼人名48 銀行15 支店15 摘要20 EDI20
            day, way, deal = record[9:15], record[21], record[22:24]
            if way == INCOMING and deal == TRANSFER:
                yield _Raw(_era(day), _yen(record[24:36]), record[81:129] + " " + record[179:199])
        elif record[0] == "2" and kind == "01":
            # 照会番号6 勘定日6 起算日6 金額10 他店券10 依頼人コード10 依頼人名48 … 取消1 EDI20
            if record[127] == "1":  # 取消区分
                continue
            amount = _yen(record[19:29])
            total, count = total + amount, count + 1
            yield _Raw(_era(record[7:13]), amount, record[49:97] + " " + record[128:148])
        elif record[0] == "8" and kind == "01":
            said = (int(record[1:7] or 0), int(record[7:19] or 0))  # 振込合計件数・金額
            if said != (count, total):
                raise NotABankFile("the sums of the file do not agree")


def _era(digits: str) -> dt.date:
    """YYMMDD of 令和."""
    try:
        return dt.date(REIWA + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        raise NotABankFile("a date is not one") from None


def _yen(digits: str) -> int:
    if not digits.strip().isdigit():
        raise NotABankFile("an amount is not one")
    return int(digits)


# --- CSV

# What the columns are called by MUFG, SMBC, Mizuho, GMO Aozora, PayPay Bank, Rakuten Bank, Japan
# Post and the banks with ANSER (入出金明細(ANSER)照会結果ファイル, 2017-02-27).
DATES = ("日付", "取引日", "勘定日", "お取引日", "年月日", "操作日", "取扱日", "取扱日付")
YEAR = "操作日(年)"  # PayPay Bank: year, month and day in three columns
AMOUNTS = (
    "入金金額",
    "お預入れ",
    "お預り金額",
    "預かり金額",
    "お預入金額",
    "預入金額",
    "受入金額",
    "入金額",
)
SIGNED = ("入出金", "金額")
WORDS = (
    "摘要", "摘要内容", "お取り扱い内容", "お取引内容", "取引内容", "入出金内容", "入出金先内容",
    "内容", "詳細1", "詳細2", "振込依頼人名", "備考", "EDI情報",
)  # fmt: skip


def _csv(content: bytes) -> Iterator[_Raw]:
    try:
        rows = table(content, rows_max=ROWS_MAX)
    except Refused:
        raise NotABankFile("no CSV") from None
    heading = next((i for i, row in enumerate(rows) if _columns(row)), None)
    if heading is None:
        raise NotABankFile("no heading is known")
    columns = _columns(rows[heading])
    for row in rows[heading + 1 :]:
        if len(row) <= max(columns["date"][0], columns["amount"][0]):
            continue
        day = _day([row[at] for at in columns["date"] if at < len(row)])
        amount = _amount(row[columns["amount"][0]])
        if day is None or amount <= 0:
            continue
        words = " ".join(row[at] for at in columns["words"] if at < len(row))
        yield _Raw(day, amount, words)


def _columns(row: list[str]) -> dict[str, list[int]]:
    """Where date, amount and words are in a heading; empty when it is none."""
    names = [unicodedata.normalize("NFKC", cell).strip().removesuffix("(円)") for cell in row]

    def at(known: tuple[str, ...]) -> list[int]:
        return [i for i, name in enumerate(names) if name in known]

    year = [i for i, name in enumerate(names) if name == YEAR]
    date = list(range(year[0], year[0] + 3)) if year else at(DATES)[:1]
    amount = at(AMOUNTS)[:1] or at(SIGNED)[:1]
    return {"date": date, "amount": amount, "words": at(WORDS)} if date and amount else {}


def _day(cells: list[str]) -> dt.date | None:
    digits = [int(part) for part in re.findall(r"\d+", " ".join(cells))]
    if len(digits) == 1 and len(str(digits[0])) == 8:
        text = str(digits[0])
        digits = [int(text[:4]), int(text[4:6]), int(text[6:])]
    try:
        return dt.date(*digits[:3]) if len(digits) >= 3 else None
    except ValueError:
        return None


def _amount(cell: str) -> int:
    """0 for what is empty or no amount; negative for what went out."""
    text = unicodedata.normalize("NFKC", cell).strip().lstrip("¥\\").replace(",", "")
    return int(text) if re.fullmatch(r"-?\d+", text) else 0
