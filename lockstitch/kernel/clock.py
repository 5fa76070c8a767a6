"""The one clock. Tests move it; nothing else reads the time."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date

JST = ZoneInfo("Asia/Tokyo")
_moved: ContextVar[dt.datetime | None] = ContextVar("moved", default=None)


def now() -> dt.datetime:
    """This moment, aware, in UTC; inside `moved_to` that one."""
    return _moved.get() or dt.datetime.now(dt.UTC)


@contextmanager
def moved_to(moment: dt.datetime) -> Iterator[None]:
    """For a page that is looked at as it will be then. What is read inside is true for nobody else:
    nothing of it may be kept (`search.news` minds)."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)


def is_moved() -> bool:
    return _moved.get() is not None


def today_jst() -> dt.date:
    """Today's date where the shops and their buyers are."""
    return now().astimezone(JST).date()


def midnight(day: dt.date) -> dt.datetime:
    """When that day begins where the shops are."""
    return dt.datetime.combine(day, dt.time(), JST)


def typed_day(text: str) -> dt.date | None:
    """A day as a form sends it; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None
