"""Points for money, and ranks for loyalty. Pure; yen, points and basis points are integers."""

import calendar
import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lockstitch.kernel.money import BasisPoints, Yen

ONCE: BasisPoints = 10_000  # a factor of one
KINDS = ("promise", "settle", "earn", "spend", "restore", "reverse", "expire", "adjust")
PURPOSES = ("news", "birthday", "reminder")  # what members may consent to be written about
CONSENT_VERSION = "2026-11"  # of the words beside the boxes
GARMENTS: dict[str, tuple[str, ...]] = {  # measures in centimetres, from 1 to 300
    "top": ("length", "shoulder", "chest", "sleeve"),
    "bottom": ("waist", "hip", "rise", "inseam", "hem"),
    "dress": ("length", "shoulder", "chest", "waist", "sleeve"),
    "shoes": ("foot",),
}


@dataclass(frozen=True)
class Bought:
    """What counts of an order's line: its net (after discounts), and what it is."""

    net_yen: Yen
    product: str = ""  # its id
    categories: frozenset[str] = frozenset()  # ids: its category and all above it
    brand: str = ""


@dataclass(frozen=True)
class Extra:
    """A point campaign or a product's own points. Empty sets: everything, everyone."""

    add_bp: BasisPoints = 0
    times_bp: BasisPoints = ONCE
    products: Collection[str] = field(default=frozenset())
    categories: Collection[str] = field(default=frozenset())
    brands: Collection[str] = field(default=frozenset())
    ranks: Collection[str] = field(default=frozenset())
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None

    def covers(self, bought: Bought, rank: str, at: dt.datetime) -> bool:
        return (
            (not self.products or bought.product in self.products)
            and (not self.categories or not bought.categories.isdisjoint(self.categories))
            and (not self.brands or bought.brand in self.brands)
            and (not self.ranks or rank in self.ranks)
            and (self.starts_at is None or self.starts_at <= at)
            and (self.ends_at is None or at < self.ends_at)
        )


def points_for(
    lines: Sequence[Bought], *, total_yen: Yen, points_yen: Yen, rate_bp: BasisPoints,
    rank_times_bp: BasisPoints = ONCE, rank: str = "", extras: Sequence[Extra] = (),
    at: dt.datetime,
) -> int:  # fmt: skip
    """The points of an order: on the part of the goods that money pays, rounded down once.

    `points_yen` of `total_yen` were paid with points; each line bears them by its share. Factors
    add up (twice for the rank and three times for a campaign are four times). The order of the
    lines does not matter.
    """
    if total_yen <= 0:
        return 0
    weighed = 0
    for line in lines:
        fitting = [extra for extra in extras if extra.covers(line, rank, at)]
        times = rank_times_bp + sum(extra.times_bp - ONCE for extra in fitting)
        rate = rate_bp * max(0, times) + ONCE * sum(extra.add_bp for extra in fitting)
        weighed += line.net_yen * rate
    return weighed * (total_yen - points_yen) // (total_yen * ONCE * ONCE)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months on (or back), or the last of that month when it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Step:
    """A rank as a step of the ladder. `threshold` in yen or orders."""

    code: str
    level: int
    threshold: int


@dataclass(frozen=True)
class Progress:
    """Where a member stands: `missing` more until `deadline` reaches `following`."""

    current: Step | None
    following: Step | None
    measure: int
    missing: int
    deadline: dt.date


def rank_of(measure: int, ladder: Sequence[Step]) -> Step | None:
    """The highest step whose threshold is reached."""
    reached = [step for step in ladder if step.threshold <= measure]
    return max(reached, key=lambda step: step.threshold, default=None)


def progress(measure: int, ladder: Sequence[Step], deadline: dt.date) -> Progress:
    """What is missing for the next step. `deadline`: the last day on which all that is counted
    now still counts."""
    beyond = [step for step in ladder if step.threshold > measure]
    following = min(beyond, key=lambda step: step.threshold, default=None)
    missing = following.threshold - measure if following else 0
    return Progress(rank_of(measure, ladder), following, measure, missing, deadline)


def ladder_table(text: str) -> list[dict[str, Any]]:
    """`gold, 100000, 5, 2, ゴールド, Gold` a line: code, threshold, per cent off, times the points,
    names. Raises ValueError with the line that cannot be read."""
    rows = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"[,\t、，]", line)]
        if not any(cells):
            continue
        code, threshold, off, times, *names = [*cells, "", ""][: max(6, len(cells))]
        numbers = (threshold, off, times)
        if not re.fullmatch(r"[a-z0-9-]{1,30}", code) or not names[0] or not all(
            re.fullmatch(r"\d{1,9}(\.\d{1,2})?", number, re.A) for number in numbers
        ):  # fmt: skip
            raise ValueError(line)
        rate_bp, times_bp = round(Decimal(off) * 100), round(Decimal(times) * ONCE)
        if rate_bp > ONCE or "." in threshold:
            raise ValueError(line)
        rows.append(
            {
                "code": code, "threshold": int(threshold), "rate_bp": rate_bp,
                "times_bp": times_bp, "name": {"ja": names[0][:60], "en": names[1][:60]},
            }
        )  # fmt: skip
    return rows
