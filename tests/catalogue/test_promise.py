"""When goods that are sold ahead are sent."""

import datetime as dt

import pytest
from django.utils.translation import override

from lockstitch.catalogue.promise import is_promise, last_day, read, typed
from lockstitch.looks.templatetags.looks import month


@pytest.mark.parametrize(
    ("written", "kept", "day", "words"),
    [
        ("2027-02", "2027-02", (2027, 2, 28), "February 2027"),
        ("2027/3 上旬", "2027-03-E", (2027, 3, 10), "early March 2027"),
        ("2027年3月中旬", "2027-03-M", (2027, 3, 20), "mid March 2027"),
        ("2028-02-下旬", "2028-02-L", (2028, 2, 29), "late February 2028"),
        ("２０２７-0３-e", "2027-03-E", (2027, 3, 10), "early March 2027"),
        ("2027-3-4", "2027-03-04", (2027, 3, 4), "March 4, 2027"),
    ],
)
def test_it_is_read_kept_and_told(
    written: str, kept: str, day: tuple[int, int, int], words: str
) -> None:
    assert read(written) == kept
    assert read(typed(kept)) == kept
    assert last_day(kept) == dt.date(*day)
    with override("en"):
        assert month(kept) == words


@pytest.mark.parametrize(
    "wrong", ["2027", "2027-13", "2027-02-30", "2027-03-X", "soon", "2027-03-", "1999-03"]
)
def test_what_is_no_time(wrong: str) -> None:
    assert not is_promise(wrong)
