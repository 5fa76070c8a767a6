"""Label files as the carriers' programs want them, and the files that come back."""

import csv
import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.fulfilment import planning, tracking
from lockstitch.fulfilment.labels import LAYOUTS, Label, Sender, make
from lockstitch.fulfilment.labels.layout import Unfit, spread
from lockstitch.fulfilment.models import Parcel, ParcelEvent
from lockstitch.fulfilment.queries import parcels_of, reference_of
from lockstitch.kernel.cp932 import UNKNOWN, clusters, fit, width
from lockstitch.orders.models import Order
from lockstitch.tenancy.queries import Site
from tests import world
from tests.world_parcels import order_of
from tests.world_parcels import tracking as new_number

SAMPLES = Path(__file__).parent / "samples"
SENDER = Sender(
    name="ノース公式オンラインショップ", phone="03-1234-5678", postal_code="1500001",
    address="東京都渋谷区神宮前１－２－３", building="北ビル４Ｆ", yamato_customer="0312345678",
    yamato_fare="01", sagawa_customer="123456789012", yupack_kind="1100780",
)  # fmt: skip
LABEL = Label(
    reference="261201-ABCDEF-1", ships_on=dt.date(2026, 12, 1), name="能登 花子",
    phone="090-1234-5678", postal_code="5300001",
    address="大阪府大阪市北区梅田３丁目１－３表参道通り", building="ソニアコート梅田１００１",
    contents="衣料品", delivery_date=dt.date(2026, 12, 5), slot="1416", cod_yen=12_980,
    cod_tax_yen=1_180,
)  # fmt: skip
PREPAID = replace(
    LABEL, reference="261201-GHJKMN-1", cod_yen=None, cod_tax_yen=0, delivery_date=None, slot=""
)
CARRIERS = sorted(LAYOUTS)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("cp932"), newline="")))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_file_is_the_sample(carrier: str) -> None:
    """The sample is a file in the published layout; whoever changes a column sees it here."""
    made = make(LAYOUTS[carrier], [LABEL, PREPAID], SENDER)
    assert made.problems == []
    assert made.data == (SAMPLES / f"{carrier}-2026.csv").read_bytes()
    assert made.data.count(b"\r\n") == 3
    assert made.data.count(b"\n") == 3


def test_money_at_the_door_stands_in_its_column() -> None:
    yamato, sagawa, yupack = (
        rows(make(LAYOUTS[c], [LABEL, PREPAID], SENDER).data)
        for c in ("yamato", "sagawa", "yupack")
    )
    assert [(r["送り状種類"], r["ｺﾚｸﾄ代金引換額（税込)"], r["内消費税額等"]) for r in yamato] == [
        ("2", "12980", "1180"), ("0", "", ""),
    ]  # fmt: skip
    assert [(r["代引金額"], r["消費税"], r["決済種別"]) for r in sagawa] == [
        ("12980", "1180", "2"), ("", "", "0"),
    ]  # fmt: skip
    assert [(r["元／着払／代引"], r["代引金額"], r["代引消費税金額"]) for r in yupack] == [
        ("2", "12980", "1180"), ("0", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(("carrier", "day", "slot", "shown"), [
    ("yamato", "お届け予定日", "配達時間帯", ("2026/12/05", "1416")),
    ("sagawa", "配達日", "配達指定時間帯", ("20261205", "14")),
    ("yupack", "配達指定日／希望日", "配達時間帯区分", ("20261205", "53")),
])  # fmt: skip
def test_days_and_slots_are_the_carriers_own(
    carrier: str, day: str, slot: str, shown: tuple[str, str]
) -> None:
    (row,) = rows(make(LAYOUTS[carrier], [LABEL], SENDER).data)
    assert (row[day], row[slot]) == shown


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(("change", "kind"), [
    ({"address": "東京都渋谷区" + "長" * 80}, "long"), ({"name": "名" * 60}, "long"),
    ({"cod_yen": 300_001}, "cod"), ({"phone": ""}, "missing"), ({"slot": "9999"}, "slot"),
])  # fmt: skip
def test_what_does_not_fit_is_named_and_left_out(carrier: str, change: dict, kind: str) -> None:
    bad = replace(LABEL, reference="261201-BADBAD-1", **change)
    made = make(LAYOUTS[carrier], [bad, LABEL], SENDER)
    assert [(p.reference, p.kind) for p in made.problems] == [("261201-BADBAD-1", kind)]
    assert made.written == [LABEL.reference]
    assert len(rows(made.data)) == 1


def test_a_slot_that_the_carrier_has_not() -> None:
    noon = replace(LABEL, slot="1214")
    assert make(LAYOUTS["yamato"], [noon], SENDER).problems[0].kind == "slot"
    assert make(LAYOUTS["sagawa"], [noon], SENDER).problems == []


def test_characters_are_kept_or_told() -> None:
    odd = replace(LABEL, name="𠮷田 葛󠄀子😀", address="東京都葛󠄀飾区高砂〜髙﨑１")
    made = make(LAYOUTS["yamato"], [odd], SENDER)
    assert {(p.was, p.became) for p in made.problems} == {
        ("𠮷", "吉"), ("葛󠄀", "葛"), ("😀", UNKNOWN),
    }  # fmt: skip
    (row,) = rows(made.data)
    assert row["お届け先名"] == "吉田 葛子〓"
    assert row["お届け先住所"].endswith("高砂～髙﨑１")


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(texts)
def test_whatever_is_fitted_can_be_written_and_nothing_vanishes_in_silence(text: str) -> None:
    done = fit(text)
    assert width(done.text) == len(done.text.encode("cp932"))
    assert done.text == fit(done.text).text
    if done.text == "":
        assert text == ""


@given(st.text(st.sampled_from("能登表ソ十ー１-－ 県市A"), max_size=60))
def test_bytes_of_0x5c_are_safe(text: str) -> None:
    """能 ends in 0x5C in CP932, which is a backslash to a careless reader."""
    building = text[:12]
    made = make(LAYOUTS["yamato"], [replace(LABEL, building=building)], SENDER)
    (row,) = rows(made.data)
    assert row["お届け先アパートマンション名"] == " ".join(building.split())
    assert row["お届け先名"] == LABEL.name


words = st.text(st.sampled_from("東京都渋谷区神宮前1２-－ビルﾋﾞ 　ア"), min_size=1, max_size=90)


@given(words, st.integers(8, 60))
def test_spreading_loses_nothing_and_cuts_no_character(text: str, each: int) -> None:
    each -= each % 2
    try:
        row = spread(text, ("一", "二", "三"), each)
    except Unfit:
        assert width(text) > each * 2
        return
    lines = [row[name] for name in ("一", "二", "三")]
    assert all(width(line) <= each for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert [c for line in lines for c in clusters(line) if c.strip()] == [
        c for c in clusters(text) if c.strip()
    ]


def test_lines_break_where_a_reader_would() -> None:
    row = spread("大阪府大阪市北区梅田三丁目１－３", ("一", "二"), 20)
    assert list(row.values()) == ["大阪府大阪市北区", "梅田三丁目１－３"]


@pytest.fixture
def order(site: Site) -> Order:
    made = order_of([(world.new_product(stock=9)[0], 1, 5_500, 1)])
    planning.plan_batch([made], carrier="yamato", ships_on=dt.date(2026, 12, 1), by=world.OPERATOR)
    return made


COMING_BACK = {
    "yamato": (
        "お客様管理番号,送り状種類,クール区分,伝票番号,出荷予定日\r\n",
        "{0},0,0,{1},2026/12/01\r\n",
    ),
    "sagawa": ('"お問い合せ送り状No.","出荷日","お客様管理番号"\r\n', '"{1}","20261201","{0}"\r\n'),
    "yupack": ("お客様側管理番号,お問い合わせ番号\r\n", '{0},="{1}"\r\n'),
    "ours": ("reference,tracking_number\r\n", "{0},{1}\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("program", sorted(COMING_BACK))
def test_numbers_come_back(order: Order, program: str) -> None:
    heading, line = COMING_BACK[program]
    (parcel,) = parcels_of(order)
    number = new_number()
    bad = line.format("261201-NOBODY-1", new_number()) + line.format(reference_of(parcel), "12345")
    data = (heading + bad + line.format(reference_of(parcel), number)).encode("cp932")
    first = tracking.take_numbers(data, world.OPERATOR)
    assert (first.done, first.known) == (1, 0)
    assert [problem.split(":")[0] for problem in first.problems] == ["Row 2", "Row 3"]
    again = tracking.take_numbers(data, world.OPERATOR)
    assert (again.done, again.known) == (0, 1)
    sent = Parcel.objects.get(id=parcel.pk)
    assert (sent.state, sent.tracking_number) == ("shipped", number)
    now = Order.objects.get(id=order.pk)
    assert (now.payment, now.fulfilment) == ("captured", "shipped")


def test_states_come_back(order: Order) -> None:
    (parcel,) = parcels_of(order)
    number = new_number()
    tracking.take_numbers(
        f"reference,tracking_number\n{reference_of(parcel)},{number}".encode(), world.OPERATOR
    )
    told = (
        "伝票番号,荷物状況,日時\r\n"
        f"{number},作業店通過,2026/12/01 20:00\r\n{number},ご不在,2026/12/02 10:00\r\n"
        f"{number},配達完了,2026/12/02 19:30\r\n{new_number()},配達完了,2026/12/02 19:30\r\n"
    ).encode("cp932")
    first = tracking.take_states(told, world.OPERATOR)
    assert (first.done, first.ignored, len(first.problems)) == (2, 1, 1)
    again = tracking.take_states(told, world.OPERATOR)
    assert (again.done, again.known) == (0, 2)
    assert Parcel.objects.get(id=parcel.pk).delivered_at == dt.datetime(
        2026, 12, 2, 10, 30, tzinfo=dt.UTC
    )
    assert Order.objects.get(id=order.pk).fulfilment == "delivered"
    assert ParcelEvent.objects.filter(parcel=parcel, kind="away").count() == 1


def test_a_file_of_something_else_is_refused(site: Site) -> None:
    read = tracking.take_numbers(b"a,b\n1,2\n", world.OPERATOR)
    assert (read.done, len(read.problems)) == (0, 1)
