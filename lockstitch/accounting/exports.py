"""The journal as files for other programs. Each streams; amounts are yen, one row a line pair.

Layouts, as their makers publish them: freee 振替伝票 CSV import (support.freee.co.jp, 「振替伝票の
インポート」), Money Forward クラウド会計 仕訳帳インポート (biz.moneyforward.com/support), 弥生インポート形式 of 25
items (support.yayoi-kk.co.jp, 「仕訳データの項目と記述形式」), Beancount language 3
(beancount.github.io/docs/beancount_language_syntax.html).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from lockstitch.accounting.queries import Posted
from lockstitch.accounting.rules import CHART

ROOTS = {"asset": "Assets", "liability": "Liabilities", "income": "Income", "expense": "Expenses"}


def tax_class(account: str, *, program: str) -> str:
    """The tax class that `program` knows for an account's lines (税抜経理: taxes apart)."""
    rate = CHART[account].tax
    buys = CHART[account].kind == "expense"
    if rate is None:
        return "対象外"
    if program == "yayoi":
        return "課対仕入込10%適格" if buys else f"課税売上内{'軽減8' if rate == 800 else '10'}%"
    if buys:
        return "課対仕入10%" if program == "freee" else "課税仕入 10%"
    if program == "freee":
        return "課税売上8%（軽）" if rate == 800 else "課税売上10%"
    return "課税売上 (軽)8%" if rate == 800 else "課税売上 10%"


def pairs(entry: Posted) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Debit and credit of each row: (account, yen) twice, of the same amount."""
    debit = [[account, yen] for account, yen in entry.lines if yen > 0]
    credit = [[account, -yen] for account, yen in entry.lines if yen < 0]
    while debit and credit:
        yen = min(debit[0][1], credit[0][1])
        yield (debit[0][0], yen), (credit[0][0], yen)
        for side in (debit, credit):
            side[0][1] -= yen
            if not side[0][1]:
                side.pop(0)


def _rows(entries: Iterable[Posted], head: list[str], row: Callable[..., list[str]]) -> Iterator[str]:
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


FREEE = [
    "日付", "伝票番号", "決算整理仕訳", "借方勘定科目", "借方科目コード", "借方補助科目", "借方取引先", "借方部門",
    "借方品目", "借方メモタグ", "借方セグメント1", "借方セグメント2", "借方セグメント3", "借方金額", "借方税区分", "借方税額",
    "貸方勘定科目", "貸方科目コード", "貸方補助科目", "貸方取引先", "貸方部門", "貸方品目", "貸方メモタグ", "貸方セグメント1",
    "貸方セグメント2", "貸方セグメント3", "貸方金額", "貸方税区分", "貸方税額", "摘要",
]  # fmt: skip


def freee(entries: Iterable[Posted]) -> Iterator[str]:
    def row(number: int, entry: Posted, debit: str, credit: str, yen: str) -> list[str]:
        def side(account: str) -> list[str]:
            blank = [""] * 9
            return [
                CHART[account].ja, *blank, yen, tax_class(account, program="freee"), "0",
            ]  # fmt: skip

        day = entry.day.strftime("%Y/%m/%d")
        return [day, str(number), "", *side(debit), *side(credit), _text(entry)]

    return _rows(entries, FREEE, row)


MONEY_FORWARD = [
    "取引No", "取引日", "借方勘定科目", "借方補助科目", "借方部門", "借方取引先", "借方税区分", "借方インボイス",
    "借方金額(円)", "借方税額", "貸方勘定科目", "貸方補助科目", "貸方部門", "貸方取引先", "貸方税区分", "貸方インボイス",
    "貸方金額(円)", "貸方税額", "摘要", "仕訳メモ", "タグ", "MF仕訳タイプ", "決算整理仕訳",
]  # fmt: skip


def money_forward(entries: Iterable[Posted]) -> Iterator[str]:
    def row(number: int, entry: Posted, debit: str, credit: str, yen: str) -> list[str]:
        def side(account: str) -> list[str]:
            kind = tax_class(account, program="mf")
            return [CHART[account].ja, "", "", "", kind, "", yen, "0"]

        day = entry.day.strftime("%Y/%m/%d")
        return [str(number), day, *side(debit), *side(credit), _text(entry), "", "", "", ""]

    return _rows(entries, MONEY_FORWARD, row)


def yayoi(entries: Iterable[Posted]) -> Iterator[str]:
    """識別フラグ 2000: a slip of one row. 25 items, no heading."""

    def row(number: int, entry: Posted, debit: str, credit: str, yen: str) -> list[str]:
        def side(account: str) -> list[str]:
            return [CHART[account].ja, "", "", tax_class(account, program="yayoi"), yen, "0"]

        day = entry.day.strftime("%Y/%m/%d")
        tail = [_text(entry), "", "", "0", "", "", "", "", "no"]
        return ["2000", str(number), "", day, *side(debit), *side(credit), *tail]

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
