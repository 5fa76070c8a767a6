"""The forms of what a site sets: checked here, before it is kept. Pure.

Each reader takes what an operator types in a text field, a row a line, and raises ValueError
with a sentence that names the line.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _

YEN_MAX = 1_000_000
KEY = re.compile(r"[a-z0-9_-]{1,20}")
REGISTRATION = re.compile(r"T\d{13}")


def _lines(text: str, read: Callable[[list[str]], Any]) -> list[Any]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in re.split(r"[,\t、，]", line)]
        if not any(cells):
            continue
        try:
            found.append(read(cells))
        except (ValueError, IndexError):
            raise ValueError(
                _("Line %(number)d cannot be read: %(line)s") % {"number": number, "line": line}
            ) from None
    return found


def _yen(text: str) -> int:
    digits = text.replace("¥", "").replace("円", "")
    if not (digits.isascii() and digits.isdigit()) or int(digits) > YEN_MAX:
        raise ValueError(text)
    return int(digits)


def rising_table(text: str) -> list[list[int]]:
    """`9999, 330` a line: up to this value, this fee. Raises ValueError when it does not rise."""
    table = _lines(text, lambda cells: [_count(cells[0]), _yen(cells[1])])
    limits = [row[0] for row in table]
    if limits != sorted(set(limits)):
        raise ValueError(_("The limits must rise from line to line."))
    return table


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 1_000_000_000:
        raise ValueError(text)
    return int(text)


def prefecture_table(text: str, known: Collection[str]) -> dict[str, int]:
    """`沖縄県, 1650` a line; several prefectures with one charge: `青森県 岩手県, 880`."""

    def read(cells: list[str]) -> list[tuple[str, int]]:
        names = cells[0].split()
        if not names or not set(names) <= set(known):
            raise ValueError(cells[0])
        return [(name, _yen(cells[1])) for name in names]

    return {name: yen for row in _lines(text, read) for name, yen in row}


def island_table(text: str) -> dict[str, int]:
    """`100, 1200` a line: the first three digits of the postal code, and what is added."""

    def read(cells: list[str]) -> tuple[str, int]:
        if not re.fullmatch(r"\d{3}", cells[0], re.A):
            raise ValueError(cells[0])
        return cells[0], _yen(cells[1])

    return dict(_lines(text, read))


def wrapping_table(text: str) -> list[dict[str, Any]]:
    """`box, 330, ギフトボックス, Gift box` a line."""

    def read(cells: list[str]) -> dict[str, Any]:
        if not KEY.fullmatch(cells[0]) or not cells[2]:
            raise ValueError(cells[0])
        names = {"ja": cells[2][:60], "en": cells[3][:60] if len(cells) > 3 else ""}
        return {"key": cells[0], "yen": _yen(cells[1]), "name": names}

    table = _lines(text, read)
    if len({row["key"] for row in table}) != len(table):
        raise ValueError(_("The same key stands there twice."))
    return table


def days(text: str) -> list[str]:
    """`2027-01-01` a line, or several; sorted, each once."""
    found = set()
    for word in text.replace(",", " ").split():
        try:
            found.add(dt.date.fromisoformat(word).isoformat())
        except ValueError:
            raise ValueError(_("Not a day: %(text)s") % {"text": word}) from None
    return sorted(found)


def registration_number(text: str) -> str:
    """登録番号 of the qualified-invoice issuer: T and thirteen digits, whose first is the check
    digit of a corporate number; a sole trader's is not one, so it is not checked."""
    number = text.strip().upper().replace("-", "")
    if number and not REGISTRATION.fullmatch(number):
        raise ValueError(_("A registration number is T and thirteen digits."))
    return number
