"""Whom a segment means, and how a campaign goes. Pure."""

import datetime as dt
from typing import Any

import msgspec

STATES = ("draft", "scheduled", "sending", "sent", "stopped")
MOVES = {
    "draft": {"scheduled"}, "scheduled": {"draft", "sending", "stopped"},
    "sending": {"sent", "stopped"}, "sent": set(), "stopped": set(),
}  # fmt: skip
REMIND_AFTER = dt.timedelta(hours=4)  # a cart left alone for so long
REMIND_BEFORE = dt.timedelta(days=3)  # and not for longer
REMIND_PAUSE = dt.timedelta(days=7)  # between two reminders of one member


class Criteria(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that is set must hold. Amounts in yen; `days` look back from now, and without it all
    orders count. Only placed orders that were not cancelled count."""

    days: int | None = None
    orders_min: int | None = None
    orders_max: int | None = None
    spend_min: int | None = None
    spend_max: int | None = None
    quiet_days: int | None = None  # no order since so many days, but one before
    products: list[str] = []  # slugs of what was bought
    categories: list[str] = []  # slugs
    brands: list[str] = []
    sizes: list[str] = []
    ranks: list[str] = []  # codes
    prefectures: list[str] = []
    favourites: list[str] = []  # slugs of favourites
    points_min: int | None = None
    points_expire_days: int | None = None
    birth_months: list[int] = []
    consent: str = ""


class Malformed(ValueError):
    """The criteria are none; the text names the field."""


def criteria(values: dict[str, Any]) -> Criteria:
    """Checked. Raises Malformed."""
    try:
        read = msgspec.convert(values, Criteria)
    except msgspec.ValidationError as error:
        raise Malformed(str(error)) from None
    numbers = [
        value
        for value in msgspec.structs.astuple(read)
        if isinstance(value, int) and not isinstance(value, bool)
    ]
    if any(not 0 <= value <= 2_000_000_000 for value in numbers):
        raise Malformed("number")
    return read


def may_move(state: str, to: str) -> bool:
    return to in MOVES[state]


def is_time_to_remind(
    touched_at: dt.datetime, last_reminder: dt.datetime | None, now: dt.datetime
) -> bool:
    """Whether a cart with goods, of a member who consented, is written about now."""
    alone = now - touched_at
    rested = last_reminder is None or now - last_reminder >= REMIND_PAUSE
    return REMIND_AFTER <= alone <= REMIND_BEFORE and rested
