"""What a coordinate may be, and how it comes to be seen. Pure."""

import datetime as dt
from dataclasses import dataclass

from lockstitch.catalogue.rules import is_within

ITEMS_MIN, ITEMS_MAX = 2, 12
PICTURES_MAX = 8
KINDS = ("lookbook", "staff", "editor")
FRAME = (3, 4)  # width to height of a picture in lists of looks; looks' coordinates.css
CREDIT_DAYS = 7  # a piece that is ordered so long after the look was added from counts for it

# What may be done with it in which state, and where that leads.
MOVES: dict[str, dict[str, str]] = {
    "draft": {"submit": "submitted", "approve": "approved"},
    "submitted": {"approve": "approved", "send_back": "returned", "take_back": "draft"},
    "returned": {"submit": "submitted", "approve": "approved"},
    "approved": {"take_back": "draft"},
}
STATES = tuple(MOVES)
APPROVALS = frozenset({"approve", "send_back"})  # not by whoever may only post

BANDS = {"150": (0, 155), "160": (156, 165), "170": (166, 175), "180": (176, 250)}  # cm, both ends


@dataclass(frozen=True)
class Point:
    """A place on a picture, in thousandths of its width and height."""

    x: int
    y: int

    @classmethod
    def of(cls, x: str, y: str) -> "Point":
        """As typed. Raises ValueError."""
        if not (x.isascii() and y.isascii() and x.isdigit() and y.isdigit()):
            raise ValueError("a place is two whole numbers from 0 to 1000")
        return cls(min(1000, int(x)), min(1000, int(y)))


def next_state(state: str, move: str) -> str | None:
    """None: this cannot be done in this state."""
    return MOVES[state].get(move)


def gaps(*, titled: bool, pictures: int, items: int) -> list[str]:
    """What a coordinate still lacks before anybody can be shown it."""
    found = []
    if not titled:
        found.append("title")
    if not pictures:
        found.append("picture")
    if not ITEMS_MIN <= items <= ITEMS_MAX:
        found.append("items")
    return found


def is_shown(
    state: str, since: dt.datetime | None, until: dt.datetime | None, at: dt.datetime
) -> bool:
    return state == "approved" and is_within(since, until, at)


def credited(added: dt.datetime, ordered: dt.datetime) -> bool:
    return added <= ordered <= added + dt.timedelta(days=CREDIT_DAYS)
