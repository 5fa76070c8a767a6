"""The one clock. Tests move it; nothing else reads the time."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date

JST = ZoneInfo("Asia/Tokyo")


def now() -> dt.datetime:
    """This moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


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
