"""Drafts: complete whatever is known, the same numbers everywhere, nobody else's data."""

import datetime as dt
import re
from itertools import product
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from lockstitch.disclosure.documents import BY_ID, KINDS, LANGUAGES, html, markdown, page, pdf
from lockstitch.disclosure.figures import UNKNOWN, figures
from lockstitch.disclosure.rules import deadlines, known_at
from lockstitch.kernel.clock import JST
from lockstitch.sealed.assessments import (
    Assessment,
    Assumption,
    Incident,
    Indicators,
    Moment,
    SetOfPeople,
    SiteSets,
)

AT = dt.datetime(2016, 4, 18, 7, 38, 12, tzinfo=dt.UTC)
EACH = list(product([kind.id for kind in KINDS], LANGUAGES))
NUMBERS = {15_581, 10_946, 3_210, 4_711, 980_123, 964_466, 18_157, 7_777, 98_765}


def a_set(**said: Any) -> SetOfPeople:
    return SetOfPeople(first_at=AT, last_at=AT + dt.timedelta(minutes=4), **said)


def site(name: str, people: int, **sets: SetOfPeople) -> SiteSets:
    parts = {
        kind: sets.get(kind, SetOfPeople())
        for kind in ("disclosed", "in_flight", "cannot_be_excluded", "sealed_only")
    }
    untouched = people - sum(each.people for each in parts.values())
    return SiteSets(
        site_id=uuid4(), company_id=uuid4(), name=name, company=f"{name}社", people=people,
        untouched=untouched, **parts,
    )  # fmt: skip


NORTH = site(
    "北の*店*", 980_123,
    disclosed=a_set(
        people=10_946, records=15_581, orders=15_581, fields={"phone": 10_946, "street": 3_210}
    ),
    in_flight=a_set(people=4_711, records=4_711, orders=4_711, fields={"password": 4_711}),
)  # fmt: skip
SOUTH = site("南の店", 98_765, disclosed=a_set(people=7_777, records=7_777, orders=7_777,
                                              fields={"city": 7_777}))  # fmt: skip


def assessment(*sites: SiteSets, failed: bool = False) -> Assessment:
    return Assessment(
        assessment_id=uuid4(), state="done", share=100,
        indicators=Indicators(since=AT, until=AT + dt.timedelta(days=1), addresses=["192.0.2.9"]),
        made_at=AT + dt.timedelta(days=60), entries=18_157, checkpoint="lockstitch/x\n18157\nabc\n",
        addresses=["192.0.2.9"], operators=[uuid4()], sessions=[uuid4()], sites=list(sites),
        assumptions=[
            Assumption(id="A2", statement="The ledger is whole.", holds=not failed, evidence="e")
        ],
        timeline=[
            Moment(at=AT, until=AT, source="ledger", what="reveal", who="operator 0199",
                   purpose="order.view", address="192.0.2.9", times=2, people=4,
                   first_seq=7, last_seq=8)
        ],
    )  # fmt: skip


def case(**facts: str) -> Incident:
    return Incident(
        incident_id=uuid4(), title="不正アクセス", opened_at=AT, opened_by="staff", facts=facts
    )


def text(kind: str, lang: str, found: Assessment | None = None, **facts: str) -> str:
    made = figures(case(**facts), found or assessment(NORTH), lang)
    return markdown(BY_ID[kind], made)


@pytest.mark.parametrize(("kind", "lang"), EACH)
def test_each_is_whole_with_nothing_known(kind: str, lang: str) -> None:
    made = text(kind, lang)
    assert made.startswith("# ")
    assert "None" not in made
    assert "{%" not in made
    assert "{{" not in made.replace("{{name}}", "")
    if kind not in ("clock",):
        assert UNKNOWN[lang] in made
    assert "<h1>" in html(made)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_known_facts_make_a_preliminary_report(lang: str) -> None:
    made = text("report-preliminary", lang, issuer="縫", known_at="2016-06-07 10:00", what="PUT")
    assert "2016-06-07 10:00:00" in made
    assert made.count(UNKNOWN[lang]) >= 5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_is_one_of_the_figures(lang: str) -> None:
    found = {
        int(number.replace(",", ""))
        for kind in KINDS
        for number in re.findall(r"\b\d{1,3}(?:,\d{3})+\b", text(kind.id, lang))
    }
    assert {10_946, 15_581, 4_711} <= found <= NUMBERS | {1_000}
    for kind in ("public-notice", "report-preliminary", "report-final", "questions", "gdpr"):
        assert "10,946" in text(kind, lang), kind


def test_the_public_notice_and_the_report_say_the_same_of_each_site() -> None:
    notice = text("public-notice", "ja", assessment(NORTH, SOUTH))
    report = text("report-final", "ja", assessment(NORTH, SOUTH))
    rows = [line for line in notice.splitlines() if line.startswith(("| 北", "| 南"))]
    assert len(rows) == 3
    assert all(row in report for row in rows)
    assert "18,723" in report  # 10,946 + 7,777


def test_a_shop_is_told_of_itself_alone() -> None:
    made = figures(case(), assessment(NORTH, SOUTH), "ja", only=SOUTH.site_id)
    told = markdown(BY_ID["shop"], made)
    assert "7,777" in told
    assert "10,946" not in told
    assert "北" not in told


def test_a_failed_assumption_is_said_in_place_of_a_zero() -> None:
    doubtful = site("北", 500, cannot_be_excluded=a_set(people=500))
    assert "**500名**" in text("public-notice", "ja", assessment(doubtful, failed=True))
    assert "**0名**" in text("public-notice", "ja")


def test_names_and_words_are_text_never_markup() -> None:
    shown = html(text("public-notice", "ja", what="<script>x</script> | **bold**"))
    assert "<script>" not in shown
    assert "<strong>bold" not in shown
    assert "北の*店*" in shown


def test_a_page_and_a_paper_of_each_language_stand_alone() -> None:
    for lang in LANGUAGES:
        draft = text("report-final", lang)
        assert f'<html lang="{lang}">' in page(draft, lang, "x")
        paper = pypdfium2.PdfDocument(pdf(draft, lang))
        shown = "".join(each.get_textpage().get_text_range() for each in paper)
        assert "10,946" in shown
        assert "192.0.2.9" not in shown  # sources are in the annex
    assert "192.0.2.9" in text("annex", "ja")


def test_the_letter_leaves_its_blanks_to_the_guard() -> None:
    letter = text("person", "ja")
    assert "{{name}}" in letter
    assert "[[fields]]" in letter
    assert "10,946" not in letter


def test_deadlines_count_the_day_of_knowing_and_pass_over_holidays() -> None:
    due = {each.id: each for each in deadlines(dt.datetime(2026, 11, 25, 14, tzinfo=JST))}
    assert (due["appi-preliminary"].due.date(), due["appi-preliminary"].latest) == (
        dt.date(2026, 11, 27), dt.datetime(2026, 11, 29, 23, 59, 59, tzinfo=JST),
    )  # fmt: skip
    assert due["gdpr-33"].due == dt.datetime(2026, 11, 28, 14, tzinfo=JST)
    # the 60th day is 2027-01-23, a Saturday
    assert due["appi-final"].due.date() == dt.date(2027, 1, 25)
    # of 2026-11-02 it is 2026-12-31: over New Year to Monday the 4th
    new_year = {e.id: e for e in deadlines(dt.datetime(2026, 11, 2, 9, tzinfo=JST))}
    assert new_year["appi-final"].due.date() == dt.date(2027, 1, 4)
    leap = {e.id: e for e in deadlines(dt.datetime(2028, 2, 27, 9, tzinfo=JST))}
    assert leap["appi-preliminary"].due.date() == dt.date(2028, 2, 29)


def test_a_time_is_japanese_unless_it_says_otherwise() -> None:
    assert known_at("2026-11-25 14:00") == dt.datetime(2026, 11, 25, 14, tzinfo=JST)
    assert known_at("2026-11-25T05:00+00:00") == known_at("2026-11-25 14:00")
    assert known_at("yesterday") is None
