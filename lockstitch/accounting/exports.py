"""The journal as files for other programs, streamed; a row for each pair of debit and credit.

Layouts as their makers publish them: freee 仕訳インポート (support.freee.co.jp 204847430), Money
Forward クラウド会計 仕訳帳インポート (biz.moneyforward.com/support/tax-return/guide/import-books),
弥生インポート形式 of 25 items (support.yayoi-kk.co.jp 「仕訳データの項目と記述形式」), Beancount's
language (beancount.github.io/docs/beancount_language_syntax.html).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from lockstitch.accounting.queries import Posted
from lockstitch.accounting.rules import CHART

ROOTS = {"asset": "Assets", "liability": "Liabilities", "income": "Income", "expense": "Expenses"}


NAMES = {  # rate -> what sales are called by freee, Money Forward and Yayoi
    1000: ("課税売上10%", "課税売上 10%", "課税売上別10%"),
    800: ("課税売上8%（軽）", "課税売上 (軽)8%", "課税売上別軽減8%"),
}
BOUGHT = ("課対仕入10%", "課税仕入 10%", "課対仕入別10%適格")


def tax_class(account: str, program: int) -> str:
    """The tax class that a program (0 freee, 1 Money Forward, 2 Yayoi) knows for an account. Taxes
    stand on lines of their own (別記)."""
    rate = CHART[account].tax
    if rate is None:
        return "対象外"
    return (BOUGHT if CHART[account].kind == "expense" else NAMES[rate])[program]


def pairs(entry: Posted) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Debit and credit of each row: (account, yen) twice, of the same amount."""
    debit = [(account, yen) for account, yen in entry.lines if yen > 0]
    credit = [(account, -yen) for account, yen in entry.lines if yen < 0]
    while debit and credit:
        (left, owed), (right, due) = debit.pop(0), credit.pop(0)
        yen = min(owed, due)
        yield (left, yen), (right, yen)
        if owed > yen:
            debit.insert(0, (left, owed - yen))
        if due > yen:
            credit.insert(0, (right, due - yen))


def _rows(
    entries: Iterable[Posted], head: Sequence[str], row: Callable[..., list[str]]
) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if head:
        writer.writerow(head)
    for number, entry in enumerate(entries, start=1):
        for (debit, yen), (credit, _same) in pairs(entry):
            writer.writerow(row(number, entry, debit, credit, str(yen)))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


FREEE = (
    "日付", "伝票番号", "決算整理仕訳", "借方勘定科目", "借方金額", "借方税区分", "借方税額",
    "貸方勘定科目", "貸方金額", "貸方税区分", "貸方税額", "摘要",
)  # fmt: skip


def freee(entries: Iterable[Posted]) -> Iterator[str]:
    """Rows of one day and number are one slip (伝票)."""

    def row(number: int, entry: Posted, debit: str, credit: str, yen: str) -> list[str]:
        sides = [[CHART[each].ja, yen, tax_class(each, 0), "0"] for each in (debit, credit)]
        return [_day(entry), str(number), "", *sides[0], *sides[1], _text(entry)]

    return _rows(entries, FREEE, row)


MONEY_FORWARD = (
    "取引No", "取引日", "借方勘定科目", "借方補助科目", "借方部門", "借方取引先", "借方税区分",
    "借方インボイス", "借方金額(円)", "借方税額", "貸方勘定科目", "貸方補助科目", "貸方部門",
    "貸方取引先", "貸方税区分", "貸方インボイス", "貸方金額(円)", "貸方税額", "摘要", "仕訳メモ",
    "タグ", "MF仕訳タイプ", "決算整理仕訳",
)  # fmt: skip


def money_forward(entries: Iterable[Posted]) -> Iterator[str]:
    def row(number: int, entry: Posted, debit: str, credit: str, yen: str) -> list[str]:
        sides = [
            [CHART[each].ja, "", "", "", tax_class(each, 1), "", yen, "0"]
            for each in (debit, credit)
        ]
        return [str(number), _day(entry), *sides[0], *sides[1], _text(entry), "", "", "", ""]

    return _rows(entries, MONEY_FORWARD, row)


def yayoi(entries: Iterable[Posted]) -> Iterator[str]:
    """識別フラグ 2000: rows of their own, no slips. 25 items, no heading."""

    def row(number: int, entry: Posted, debit: str, credit: str, yen: str) -> list[str]:
        sides = [[CHART[each].ja, "", "", tax_class(each, 2), yen, "0"] for each in (debit, credit)]
        tail = [_text(entry), "", "", "0", "", "", "0", "0", "no"]
        return ["2000", str(number), "", _day(entry), *sides[0], *sides[1], *tail]

    return _rows(entries, [], row)


def beancount(entries: Iterable[Posted]) -> Iterator[str]:
    """Income and liabilities keep Beancount's signs: credits are negative."""
    yield 'option "operating_currency" "JPY"\n'
    for code, account in CHART.items():
        yield f"1970-01-01 open {_path(code)} JPY ; {account.ja}\n"
    for entry in entries:
        head = f'\n{entry.day.isoformat()} * "{_text(entry)}"\n'
        yield head + "".join(f"  {_path(account)}  {yen} JPY\n" for account, yen in entry.lines)


def _path(account: str) -> str:
    return f"{ROOTS[CHART[account].kind]}:{CHART[account].en}"


def _day(entry: Posted) -> str:
    return entry.day.strftime("%Y/%m/%d")


KIND_WORDS = {"order": "受注", "points": "ポイント", "payout": "入金"}


def _text(entry: Posted) -> str:
    safe = entry.text.replace('"', "'").replace("\n", " ")
    return f"{KIND_WORDS[entry.kind]} {safe}"


PROGRAMS: dict[str, tuple[Callable[[Iterable[Posted]], Iterator[str]], str, str]] = {
    # name -> (writer, file name ending, encoding)
    "freee": (freee, "csv", "cp932"),
    "moneyforward": (money_forward, "csv", "cp932"),
    "yayoi": (yayoi, "txt", "cp932"),
    "beancount": (beancount, "beancount", "utf-8"),
}
