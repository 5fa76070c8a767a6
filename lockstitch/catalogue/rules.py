"""Codes and digits. Pure."""

import re

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
