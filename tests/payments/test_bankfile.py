"""Bank files as banks write them; who paid is not in what comes out."""

import datetime as dt
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.kernel.errors import Refused
from lockstitch.orders.models import Order
from lockstitch.payments import bankfile, queries
from lockstitch.payments.bankfile import Line, NotABankFile, number_in
from lockstitch.payments.models import Capture, Payment, Transfer
from lockstitch.payments.transfers import match, match_clear_ones, take_in
from lockstitch.tenancy.queries import Site
from tests import world


def read(content: bytes) -> list[Line]:
    return bankfile.read(content, key=b"the desk's")


PAYER = "ﾔﾏﾀﾞ ﾊﾅｺ"


def record(*fields: tuple[str, int]) -> bytes:
    """Left-justified words and right-justified numbers, as the association's rules have them."""
    text = b"".join(
        (value.rjust(width, "0") if value.isdigit() else value.ljust(width)).encode("cp932")[:width]
        for value, width in fields
    )
    return text.ljust(200)


def movement(yen: int, words: str, *, way: str = "1", deal: str = "11") -> bytes:
    """A data record of 入出金取引明細."""
    return record(
        ("2", 1), ("1", 8), ("081125", 6), ("081125", 6), (way, 1), (deal, 2), (str(yen), 12),
        ("0", 12), ("000000", 6), ("000000", 6), (" ", 1), (" ", 7), ("000", 3), (" ", 10),
        (words, 48), ("ﾐｽﾞﾎ", 15), ("ｼﾌﾞﾔ", 15), ("ﾌﾘｺﾐ", 20), (" ", 20),
    )  # fmt: skip


HEAD_03 = record(("1", 1), ("03", 2), ("0", 1), ("081125", 6))
HEAD_01 = record(("1", 1), ("01", 2), ("0", 1), ("081125", 6))
END = record(("9", 1))


def statement(*rows: bytes, end: bytes = b"\r\n") -> bytes:
    return end.join([HEAD_03, *rows, record(("8", 1)), END]) + end


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\n"])
def test_the_associations_statement(end: bytes) -> None:
    lines = read(
        statement(
            movement(5_060, f"261125-AB2CD3 {PAYER}"), movement(900, PAYER, way="2"),
            movement(70, "ﾘｿｸ", deal="19"), movement(12_000, PAYER), end=end,
        )
    )  # fmt: skip
    assert [(line.paid_on, line.amount_yen, line.number) for line in lines] == [
        (dt.date(2026, 11, 25), 5_060, "261125-AB2CD3"), (dt.date(2026, 11, 25), 12_000, ""),
    ]  # fmt: skip
    assert PAYER not in repr(lines)


def notice(yen: int, words: str, *, cancelled: bool = False) -> bytes:
    """A data record of 振込入金通知."""
    return record(
        ("2", 1), ("1", 6), ("081125", 6), ("081125", 6), (str(yen), 10), ("0", 10), (" ", 10),
        (words, 48), ("ﾐｽﾞﾎ", 15), ("ｼﾌﾞﾔ", 15), ("1" if cancelled else " ", 1), (" ", 20),
    )  # fmt: skip


def test_the_associations_notice_of_transfers() -> None:
    rows = [notice(5_060, "261125AB2CD3"), notice(900, PAYER, cancelled=True), notice(40, PAYER)]
    tail = record(("8", 1), ("2", 6), ("5100", 12))
    lines = read(b"\r\n".join([HEAD_01, *rows, tail, END]))
    assert [(line.amount_yen, line.number) for line in lines] == [
        (5_060, "261125-AB2CD3"),
        (40, ""),
    ]
    with pytest.raises(NotABankFile, match="sums"):
        read(b"\r\n".join([HEAD_01, *rows, record(("8", 1), ("2", 6), ("5101", 12)), END]))


CSVS = {
    "smbc": "年月日,お引出し,お預入れ,お取り扱い内容,残高\n"
            "2026/11/25,,5060,振込 261125-AB2CD3 ヤマダ ハナコ,100000\n2026/11/25,110,,手数料,9\n",
    "mufg": "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ\n"
            '2026/11/25,振込,２６１１２５ＡＢ２ＣＤ３　ヤマダ　ハナコ,,"5,060","100,000",\n',
    "paypay": '"操作日(年)","操作日(月)","操作日(日)","操作時刻(時)","操作時刻(分)","操作時刻(秒)",'
              '"取引順番号","摘要","お支払金額","お預り金額","残高","メモ"\n'
              '"2026","11","25","9","0","0","1","振込 261125AB2CD3 ヤマダ","","5,060","1",""\n',
    "yucho": "お客さま口座情報\n取引日,入出金明細ＩＤ,受入金額（円）,払出金額（円）,詳細１,詳細２,"
             "現在（貸付）高,\n"
             "20261125,1,5060,,振込,261125-AB2CD3 ヤマダ,1,\n",
    "rakuten": "取引日,入出金(円),取引後残高(円),入出金内容\n"
               "20261125,5060,1,ミズホ銀行 261125-AB2CD3 ヤマダ\n20261125,-500,1,支払\n",
    "mizuho": "日付,お引出金額,お預入金額,お取引内容,残高\n"
              "2026.11.25,,5060,フリコミ 261125AB2CD3,1\n",
    "anser": '"照会口座","番号","勘定日","(起算日)","出金金額(円)","入金金額(円)","小切手区分",'
             '"残高(円)","取引区分","明細区分","金融機関名","支店名","摘要"\n"渋谷 普通","1",'
             '"2026年11月25日","","","5,060","","1","振込","","ﾐｽﾞﾎ","","261125-AB2CD3 ﾔﾏﾀﾞ"\n',
}  # fmt: skip


@pytest.mark.parametrize("bank", list(CSVS))
@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_csv_files_of_banks(bank: str, encoding: str) -> None:
    lines = read(CSVS[bank].encode(encoding))
    assert [(line.paid_on, line.amount_yen, line.number) for line in lines] == [
        (dt.date(2026, 11, 25), 5_060, "261125-AB2CD3")
    ]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"a,b\n1,2\n", b"\xff\xfe\x00\x81", b"103" * 90]
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(NotABankFile):
        read(content)


@given(st.binary(max_size=900))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        read(content)
    except NotABankFile:
        return


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("261125-AB2CD3 ﾔﾏﾀﾞ", "261125-AB2CD3"), ("ﾔﾏﾀﾞ261125AB2CD3", "261125-AB2CD3"),
        ("２６１１２５ー ＡＢ２ＣＤ３", ""), ("1261125-AB2CD3", ""), ("261125-AB2CD34", ""),
        ("09012345678", ""), ("", ""),
    ],
)  # fmt: skip
def test_an_orders_number_among_the_words(words: str, number: str) -> None:
    assert number_in(words) == number


def bank_order() -> Order:
    sku = world.new_product()[0]
    return world.placed_order({sku: 1}, method="bank")


def csv_of(*rows: tuple[int, str]) -> bytes:
    body = "".join(f"2026/11/25,,{yen},{words},1\n" for yen, words in rows)
    return f"年月日,お引出し,お預入れ,お取り扱い内容,残高\n{body}".encode()


def payment_state(order: Order) -> str:
    return str(Order.objects.get(id=order.id).payment)


def test_number_and_sum_match_alone(site: Site) -> None:
    order, other = bank_order(), bank_order()
    content = csv_of(
        (order.total_yen, f"{order.number} ヤマダ"), (other.total_yen - 1, f"{other.number} スズキ")
    )
    assert take_in(read(content)) == 2
    assert take_in(read(content)) == 0  # the same file again
    match_clear_ones()
    match_clear_ones()
    assert (payment_state(order), payment_state(other)) == ("captured", "awaiting")
    left = queries.open_transfers()
    assert [transfer.amount_yen for transfer in left] == [other.total_yen - 1]
    assert other.id in {payment.order_id for payment in queries.candidates(left[0])}


def test_two_equal_lines_of_a_file_are_two_transfers(site: Site) -> None:
    assert take_in(read(csv_of((500, "ヤマダ"), (500, "ヤマダ")))) == 2


def test_too_little_waits_for_the_rest(site: Site) -> None:
    order = bank_order()
    take_in(read(csv_of((order.total_yen - 100, "ヤマダ"), (100, "ヤマダ"))))
    first, second = Transfer.objects.order_by("-amount_yen")
    match(first.id, order.id, world.OPERATOR)
    assert payment_state(order) == "awaiting"
    assert Payment.objects.get(order=order).attention == "underpaid"
    match(second.id, order.id, world.OPERATOR)
    assert payment_state(order) == "captured"
    paid = Payment.objects.get(order=order)
    assert (paid.captured_yen, paid.attention) == (order.total_yen, "")


def test_too_much_is_marked(site: Site) -> None:
    order = bank_order()
    take_in(read(csv_of((order.total_yen + 300, "ヤマダ"))))
    match(Transfer.objects.get().id, order.id, world.OPERATOR)
    assert payment_state(order) == "captured"
    paid = Payment.objects.get(order=order)
    assert (paid.captured_yen, paid.attention) == (order.total_yen, "overpaid")


def test_a_transfer_pays_once(site: Site) -> None:
    order, other = bank_order(), bank_order()
    take_in(read(csv_of((order.total_yen, "ヤマダ"))))
    transfer = Transfer.objects.get()
    match(transfer.id, order.id, world.OPERATOR)
    with pytest.raises(Refused):
        match(transfer.id, other.id, world.OPERATOR)
    with pytest.raises(Refused):
        match(uuid4(), other.id, world.OPERATOR)
    assert Capture.objects.count() == 1


def test_no_column_of_a_transfer_can_hold_a_name(site: Site) -> None:
    take_in(read(csv_of((500, "261125-AB2CD3 ヤマダ ハナコ"))))
    kept = Transfer.objects.values().get()
    assert "ヤマダ" not in str(kept)
    assert kept["number"] == "261125-AB2CD3"
