"""Codes, digits and prices. Pure."""

import datetime as dt
import re
from typing import Protocol

from stdnum import ean

IN_STORE_PREFIX = "20"  # GS1: 20-29 are for use inside a company


def checked_gtin(text: str) -> str:
    """The 8, 12, 13 or 14 digits of a JAN/GTIN; '' for none.

    Raises ValueError with a sentence when the length or the check digit is wrong.
    """
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return ""
    if not digits.isdigit() or len(digits) not in (8, 12, 13, 14):
        raise ValueError(f"{text!r} is not a JAN/GTIN of 8, 12, 13 or 14 digits")
    if ean.calc_check_digit(digits[:-1]) != digits[-1]:
        raise ValueError(f"{text!r} has a wrong check digit")
    return digits


def in_store_gtin(serial: int) -> str:
    """A JAN-13 for goods that have none, from a serial number below 10 000 000 000."""
    if not 0 <= serial < 10**10:
        raise ValueError("the serial number has at most ten digits")
    body = f"{IN_STORE_PREFIX}{serial:010d}"
    return body + str(ean.calc_check_digit(body))


def sku_code(item_number: str, colour_code: str, size_code: str) -> str:
    """品番-色-サイズ, as warehouses write it."""
    return f"{item_number}-{colour_code}-{size_code}"


class Priced(Protocol):
    """What a price is made of: yen with tax, and the window of a sale."""

    price_yen: int
    list_price_yen: int | None
    sale_price_yen: int | None
    sale_from: dt.datetime | None
    sale_until: dt.datetime | None


def on_offer(sku: Priced, moment: dt.datetime) -> bool:
    """Is its sale on at that moment? From its first instant to before its last."""
    return (
        sku.sale_price_yen is not None
        and sku.sale_from is not None
        and sku.sale_from <= moment
        and (sku.sale_until is None or moment < sku.sale_until)
    )


def price_at(sku: Priced, moment: dt.datetime) -> int:
    """Yen with tax, as charged at that moment."""
    if on_offer(sku, moment) and sku.sale_price_yen is not None:
        return sku.sale_price_yen
    return sku.price_yen


def was_price_at(sku: Priced, moment: dt.datetime) -> int | None:
    """The higher price that may be shown struck through: the ordinary one during a sale, else the
    maker's."""
    return sku.price_yen if on_offer(sku, moment) else sku.list_price_yen


# Where a picture's point is: top, middle or bottom, then left, centre or right.
FOCUSES = ("tl", "tc", "tr", "cl", "", "cr", "bl", "bc", "br")


def is_within(since: dt.datetime | None, until: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether a window of publication is open; without a beginning it never is."""
    return since is not None and since <= at and (until is None or at < until)


class Windowed(Protocol):
    """From when until when it is shown."""

    published_from: dt.datetime | None
    published_until: dt.datetime | None


def shown_state(row: Windowed, moment: dt.datetime) -> str:
    """draft 下書き, planned 公開予定, shown 公開中, ended 終了."""
    if row.published_from is None:
        return "draft"
    if row.published_until is not None and row.published_until <= moment:
        return "ended"
    return "planned" if row.published_from > moment else "shown"
