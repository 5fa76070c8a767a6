"""When a parcel can leave, and when it can arrive. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import holidays

from lockstitch.kernel.clock import JST

FAR = 370  # days searched for a working day; a shop that is closed for a year has no answer

# Regions from north to south. Parcels arrive the next day within two regions' distance, the day
# after beyond that, and later where a sea lies between (the carriers' own tables of 宅急便 and
# 飛脚宅配便 for parcels handed over in the afternoon). A site may set days of its own.
REGIONS: tuple[tuple[str, ...], ...] = (
    ("北海道",),
    ("青森県", "岩手県", "秋田県"),
    ("宮城県", "山形県", "福島県"),
    ("茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "山梨県", "新潟県",
     "長野県"),
    ("富山県", "石川県", "福井県", "岐阜県", "静岡県", "愛知県", "三重県"),
    ("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
    ("鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県"),
    ("福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県"),
    ("沖縄県",),
)  # fmt: skip
REGION_OF = {name: number for number, names in enumerate(REGIONS) for name in names}
HOKKAIDO, OKINAWA = REGION_OF["北海道"], REGION_OF["沖縄県"]


@dataclass(frozen=True)
class Calendar:
    """A shop's working days. `weekdays` are closed (0 is Monday); orders placed until `cut_off`
    (Japan) leave after `handling` working days, 0 the same day."""

    weekdays: frozenset[int] = frozenset({5, 6})
    days: frozenset[dt.date] = frozenset()
    on_holidays: bool = False  # works on national holidays too
    cut_off: dt.time = dt.time(15)
    handling: int = 0
    origin: str = "東京都"
    transit: Mapping[str, int] = field(default_factory=dict)  # prefecture -> days, the shop's own

    def works(self, day: dt.date) -> bool:
        closed = day.weekday() in self.weekdays or day in self.days
        return not closed and (self.on_holidays or not is_holiday(day))


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("JP", years=year))


def is_holiday(day: dt.date) -> bool:
    """A national holiday of Japan, with substitute and citizens' holidays."""
    return day in _holidays(day.year)


def transit_days(origin: str, prefecture: str, own: Mapping[str, int] | None = None) -> int:
    """Days between handing over and arriving; at least one. Raises KeyError for no prefecture."""
    if own and prefecture in own:
        return max(1, own[prefecture])
    here, there = REGION_OF[origin], REGION_OF[prefecture]
    if here == there:
        return 1
    if OKINAWA in (here, there):
        return 3
    days = 1 if abs(here - there) <= 2 else 2
    return max(2, days) if HOKKAIDO in (here, there) and abs(here - there) > 1 else days


def ships_on(now: dt.datetime, calendar: Calendar) -> dt.date:
    """The day on which an order placed now leaves. Raises ValueError when the shop never works."""
    local = now.astimezone(JST)
    day = local.date()
    if local.time() > calendar.cut_off or not calendar.works(day):
        day = _next_working(day, calendar)
    for _ in range(calendar.handling):
        day = _next_working(day, calendar)
    return day


def earliest_delivery(
    now: dt.datetime, prefecture: str, carrier: str, calendar: Calendar
) -> dt.date:
    """The first day on which a parcel for an order placed now can arrive.

    Carriers deliver every day of the year; ゆうパック takes a day longer over the sea.
    """
    days = transit_days(calendar.origin, prefecture, calendar.transit)
    over_sea = {REGION_OF[calendar.origin], REGION_OF[prefecture]} & {HOKKAIDO, OKINAWA}
    if carrier == "yupack" and over_sea and calendar.origin != prefecture:
        days += 1
    return ships_on(now, calendar) + dt.timedelta(days=days)


def turns_in(now: dt.datetime, calendar: Calendar) -> dt.timedelta:
    """How long what `ships_on` says holds at least: until the cut-off or midnight."""
    local = now.astimezone(JST)
    end = dt.datetime.combine(local.date(), calendar.cut_off, JST)
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), JST)
    return (end if local <= end else midnight) - local


def cut_off_left(now: dt.datetime, calendar: Calendar) -> dt.timedelta | None:
    """How long an order still leaves today; None when it does not."""
    local = now.astimezone(JST)
    end = dt.datetime.combine(local.date(), calendar.cut_off, JST)
    leaves_today = calendar.handling == 0 and calendar.works(local.date()) and local <= end
    return end - local if leaves_today else None


def _next_working(day: dt.date, calendar: Calendar) -> dt.date:
    for ahead in range(1, FAR):
        if calendar.works(later := day + dt.timedelta(days=ahead)):
            return later
    raise ValueError("the shop works on no day of the year")
