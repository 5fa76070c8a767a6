"""採寸, sizes of other countries, and the care symbols: pure."""

from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string

from lockstitch.catalogue.care import FIBRES, KINDS, SYMBOLS, ordered
from lockstitch.catalogue.garments import GARMENTS
from lockstitch.catalogue.sizing import cm_of, conversion, doubts, inches_of, mm_of, table

SIZES = [("S", "S"), ("M", "M"), ("L", "L")]


@pytest.mark.parametrize(("text", "mm"), [("68.5", 685), ("68", 680), ("", None), (" 0.5 ", 5)])
def test_centimetres_as_typed(text: str, mm: int | None) -> None:
    assert mm_of(text) == mm


@pytest.mark.parametrize("text", ["68.55", "-1", "x", "nan", "301", "1e9"])
def test_what_is_no_measure(text: str) -> None:
    with pytest.raises(ValueError, match=text[:3]):
        mm_of(text)


def test_shown_in_both_units() -> None:
    assert [cm_of(mm) for mm in (685, 680, 5)] == ["68.5", "68", "0.5"]
    assert [inches_of(mm) for mm in (685, 254, 508)] == ["27", "10", "20"]


def test_a_larger_size_that_is_smaller_is_doubted() -> None:
    tops = GARMENTS["tops"]
    whole = {p.code: p.least + 100 for p in tops.points}
    measures = {
        "S": whole,
        "M": {**whole, "chest": whole["chest"] - 5},
        "L": {**whole, "length": 9},
    }
    del measures["L"]["sleeve"]
    assert [(d.size, d.point.code, d.why) for d in doubts(tops, SIZES, measures)] == [
        ("M", "chest", "smaller"), ("L", "length", "range"), ("L", "sleeve", "missing"),
    ]  # fmt: skip
    assert doubts(tops, SIZES, {"S": whole, "M": whole, "L": whole}) == []


def test_the_table_names_only_what_was_measured() -> None:
    made = table("pants", SIZES, {"S": {"waist": 700}, "L": {"waist": 760, "inseam": 715}})
    assert made is not None
    assert [point.code for point in made.points] == ["waist", "inseam"]
    assert [row.cm for row in made.rows] == [["70", "–"], ["–", "–"], ["76", "71.5"]]
    assert table("pants", SIZES, {}) is None
    assert table("", SIZES, {"S": {"waist": 700}}) is None


@pytest.mark.parametrize("garment", GARMENTS.values(), ids=lambda one: one.code)
def test_every_drawing_is_a_picture_with_its_points(garment) -> None:
    measures = {"S": {point.code: point.least for point in garment.points}}
    made = table(garment.code, SIZES[:1], measures)
    html = render_to_string("looks/_garment.html", {"table": made})
    drawing = ET.fromstring(html.strip())  # noqa: S314 - our own
    assert drawing.find("title").text == garment.name["en"]
    numbers = [one.text for one in drawing.findall("text")]
    assert numbers == [str(n + 1) for n in range(len(garment.points))]
    places = [(x, y) for _n, _point, x, y in made.marks]
    assert all(
        abs(a[0] - b[0]) > 8 or abs(a[1] - b[1]) > 8
        for n, a in enumerate(places) for b in places[:n]
    )  # fmt: skip
    for point in garment.points:
        assert all(0 <= at <= 200 for at in point.line)
        assert point.how["ja"] in render_to_string("looks/_garment.html", {"table": made}) or (
            point.how["en"] in html
        )


@pytest.mark.parametrize("symbol", SYMBOLS.values(), ids=lambda one: one.code)
def test_every_symbol_is_a_drawing_with_its_text(symbol) -> None:
    drawing = ET.fromstring(render_to_string("looks/_symbol.html", {"symbol": symbol}).strip())  # noqa: S314
    assert drawing.find("title").text == symbol.text["en"]
    assert len(drawing.findall("circle")) == symbol.dots
    assert symbol.text["ja"]
    assert symbol.kind in KINDS


def test_symbols_come_in_the_order_of_the_standard() -> None:
    codes = ["620", "200", "140", "310", "440", "520", "710"]
    assert [one.kind for one in ordered(codes)] == [
        "wash", "bleach", "tumble", "dry", "iron", "dryclean", "wet",
    ]  # fmt: skip
    assert all(set(name) == {"ja", "en"} for name in FIBRES.values())


def test_sizes_of_other_countries() -> None:
    found = conversion("women", "tops", ["S", "M"])
    assert found is not None
    assert [row[:4] for row in found.rows] == [("S", "7", "2", "6"), ("M", "9", "4", "8")]
    shoes = conversion("men", "shoes", ["26.0cm", "27.5cm"])
    assert shoes is not None
    assert [row[1] for row in shoes.rows] == ["41", "43"]
    assert conversion("women", "bag", ["F"]) is None
    assert conversion("women", "tops", ["F"]) is None
