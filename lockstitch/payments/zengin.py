"""総合振込: the Japanese Bankers Association's transfer file, 120 bytes a record (JIS, half-width
kana). Pure. Layout as banks publish it: Gunma Bank, 全銀協制定ファイルフォーマット【総合振込】.

Header, one data record a transfer, trailer with count and sum, end; each with CR LF.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import jaconv

RECORD_BYTES = 120
AMOUNT_MAX = 9_999_999_999
ACCOUNT_TYPES = {"1": "普通", "2": "当座", "4": "貯蓄"}
# What banks take: no small kana, the long vowel as a hyphen.
SMALL = str.maketrans("ｧｨｩｪｫｬｭｮｯｰ", "ｱｲｳｴｵﾔﾕﾖﾂ-")
ALLOWED = re.compile(r"[0-9A-Zｦｱ-ﾝﾞﾟ ().\-/]*")


class NotTransferable(ValueError):
    """A name or number that no bank takes; the text says which field."""


@dataclass(frozen=True)
class Account:
    """Where money goes. `holder` is the name in kana as the bank has it."""

    bank: str
    branch: str
    kind: str
    number: str
    holder: str

    @classmethod
    def of(cls, text: str) -> "Account":
        """Raises NotTransferable."""
        parts = text.split("|")
        if len(parts) != 5:
            raise NotTransferable("account")
        return cls(*parts).checked()

    def text(self) -> str:
        return "|".join((self.bank, self.branch, self.kind, self.number, self.holder))

    def checked(self) -> "Account":
        """With the number filled up and the name as banks take it. Raises NotTransferable."""
        for name, value, digits in (("bank", self.bank, 4), ("branch", self.branch, 3)):
            if not re.fullmatch(rf"[0-9]{{{digits}}}", value):
                raise NotTransferable(name)
        if not re.fullmatch(r"[0-9]{1,7}", self.number):
            raise NotTransferable("number")
        if self.kind not in ACCOUNT_TYPES:
            raise NotTransferable("kind")
        return Account(self.bank, self.branch, self.kind, self.number.zfill(7), kana(self.holder))


@dataclass(frozen=True)
class Sender:
    """Whose account is charged; `code` is the bank's number for its customer (委託者コード)."""

    code: str
    name: str
    account: Account


@dataclass(frozen=True)
class Transfer:
    account: Account
    amount_yen: int
    reference: str = ""  # 顧客コード: comes back on the statement; up to twenty digits


def kana(text: str) -> str:
    """Half-width capitals. Raises NotTransferable when something else is left of it."""
    folded = jaconv.z2h(jaconv.hira2kata(text), kana=True, ascii=True, digit=True)
    folded = folded.translate(SMALL).upper().replace("−", "-").strip()
    if not folded or not ALLOWED.fullmatch(folded):
        raise NotTransferable("holder")
    return re.sub(r" +", " ", folded)


def write(sender: Sender, day: dt.date, transfers: Sequence[Transfer]) -> bytes:
    """The whole file. Raises NotTransferable."""
    own = sender.account.checked()
    if not re.fullmatch(r"[0-9]{1,10}", sender.code):
        raise NotTransferable("code")
    records = [
        _record(
            "1", "21", "0", sender.code.zfill(10), _words(kana(sender.name), 40), f"{day:%m%d}",
            own.bank, " " * 15, own.branch, " " * 15, own.kind, own.number, " " * 17,
        )
    ]  # fmt: skip
    for transfer in transfers:
        to = transfer.account.checked()
        if not 0 < transfer.amount_yen <= AMOUNT_MAX:
            raise NotTransferable("amount")
        records.append(
            _record(
                "2", to.bank, " " * 15, to.branch, " " * 15, "0000", to.kind, to.number,
                _words(to.holder, 30), f"{transfer.amount_yen:010d}", "0",
                transfer.reference.rjust(20, "0")[-20:], "7", " ", " " * 7,
            )
        )  # fmt: skip
    total = sum(transfer.amount_yen for transfer in transfers)
    records.append(_record("8", f"{len(transfers):06d}", f"{total:012d}", " " * 101))
    records.append(_record("9", " " * 119))
    return b"".join(record + b"\r\n" for record in records)


def sums(content: bytes) -> tuple[int, int]:
    """(count, yen) of a file's own records, after checking them against its trailer.

    Raises ValueError when they do not agree.
    """
    rows = content.split(b"\r\n")[:-1]
    if any(len(row) != RECORD_BYTES for row in rows):
        raise ValueError("a record is not 120 bytes long")
    amounts = [int(row[80:90]) for row in rows if row[:1] == b"2"]
    trailer = next(row for row in rows if row[:1] == b"8")
    if (int(trailer[1:7]), int(trailer[7:19])) != (len(amounts), sum(amounts)):
        raise ValueError("the trailer does not agree")
    return len(amounts), sum(amounts)


def _words(text: str, width: int) -> str:
    return text[:width].ljust(width)


def _record(*fields: str) -> bytes:
    record = "".join(fields).encode("cp932")
    if len(record) != RECORD_BYTES:
        raise NotTransferable("record")
    return record
