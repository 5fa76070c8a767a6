"""The one clock. Tests move it; nothing else reads the time."""

import datetime as dt
from zoneinfo import ZoneInfo

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
