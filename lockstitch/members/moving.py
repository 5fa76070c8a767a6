"""The file in which members come from another platform. Pure: text in, rows out, one at a time.

Columns, in any order; only `email` is needed. Others of the file are left out and named once.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lockstitch.kernel.japan import PREFECTURES, full_kana, phone_digits, postal_digits

PERSONAL = (
    "family_name", "given_name", "family_kana", "given_kana", "phone", "postal_code",
    "prefecture", "city", "street", "building",
)  # fmt: skip
COLUMNS = (
    "email", "password_hash", *PERSONAL, "points", "points_expire_on", "birth_month", "language",
    "news",
)  # fmt: skip
POINTS_MAX = 10_000_000
YES, NO = {"1", "yes", "true", "on"}, {"", "0", "no", "false", "off"}


class Unreadable(ValueError):
    """The whole file is none of ours; the text says why."""


@dataclass(frozen=True)
class Fault:
    """A row that is left out. `why` names the column, never what stands in it."""

    row: int
    why: str


@dataclass(frozen=True)
class Arrival:
    row: int
    email: str
    password_hash: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    points: int = 0
    points_expire_on: dt.date | None = None
    birth_month: int | None = None
    language: str = "ja"
    news: bool = False


def read(lines: Iterable[str]) -> Iterator[Arrival | Fault]:
    """Row 1 is the first after the header. Raises Unreadable."""
    reader = csv.DictReader(lines)
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    if "email" not in names:
        raise Unreadable("there is no column `email`")
    if len(set(names)) != len(names):
        raise Unreadable("a column is there twice")
    reader.fieldnames = names
    seen: set[str] = set()
    for number, cells in enumerate(reader, start=1):
        typed = {name: (cells.get(name) or "").strip() for name in COLUMNS}
        try:
            arrival = _arrival(number, typed)
        except ValueError as error:
            yield Fault(number, str(error))
            continue
        key = arrival.email.casefold()
        if key in seen:
            yield Fault(number, "email: stands in an earlier row as well")
        else:
            seen.add(key)
            yield arrival


def _arrival(number: int, typed: dict[str, str]) -> Arrival:
    """Raises ValueError with the name of the column."""
    if "@" not in typed["email"]:
        raise ValueError("email: not an address")
    fields = {name: typed[name] for name in PERSONAL if typed[name]}
    for name, form in FORMS.items():
        if name in fields:
            try:
                fields[name] = form(fields[name])
            except ValueError:
                raise ValueError(f"{name}: cannot be read") from None
    if fields.get("prefecture", PREFECTURES[0]) not in PREFECTURES:
        raise ValueError("prefecture: there is none of that name")
    news = typed["news"].lower()
    if news not in YES | NO:
        raise ValueError("news: 1 or 0")
    return Arrival(
        number, typed["email"], typed["password_hash"], fields,
        points=_number(typed, "points", POINTS_MAX) or 0,
        points_expire_on=_day(typed["points_expire_on"]),
        birth_month=_number(typed, "birth_month", 12), news=news in YES,
        language="en" if typed["language"].lower().startswith("en") else "ja",
    )  # fmt: skip


FORMS = {
    "family_kana": full_kana, "given_kana": full_kana, "phone": phone_digits,
    "postal_code": postal_digits,
}  # fmt: skip


def _number(typed: dict[str, str], name: str, most: int) -> int | None:
    text = typed[name].replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ValueError(f"{name}: not a number up to {most}")
    if name == "birth_month" and int(text) == 0:
        raise ValueError("birth_month: 1 to 12")
    return int(text)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.replace("/", "-")) if text else None
    except ValueError:
        raise ValueError("points_expire_on: not a day such as 2027-03-31") from None
