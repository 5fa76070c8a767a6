"""Carriers, their tracking numbers and time slots. Pure."""

import datetime as dt
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Carrier:
    name: str
    track: str  # where the buyer follows the parcel; {} is the number


# Yamato, Sagawa and Japan Post number parcels with 12 digits (Japan Post also 11), of which the
# last is the first eleven modulo seven.
CARRIERS: dict[str, Carrier] = {
    "yamato": Carrier(
        "ヤマト運輸", "https://toi.kuronekoyamato.co.jp/cgi-bin/tneko?number00=1&number01={}"
    ),
    "sagawa": Carrier(
        "佐川急便", "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={}"
    ),
    "yupack": Carrier(
        "ゆうパック",
        "https://trackings.post.japanpost.jp/services/srv/search/?requestNo1={}&locale=ja",
    ),
}

# Yamato's slots, which Sagawa and Japan Post offer in nearly the same form.
SLOTS: dict[str, str] = {
    "": "",
    "0812": "8-12",
    "1416": "14-16",
    "1618": "16-18",
    "1820": "18-20",
    "1921": "19-21",
}


def checked_tracking_number(text: str) -> str:
    """The twelve digits. Raises ValueError when they cannot be a tracking number."""
    digits = re.sub(
        r"[\s-]", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    )
    if not re.fullmatch(r"\d{12}", digits):
        raise ValueError("twelve digits")
    if int(digits[:11]) % 7 != int(digits[11]):
        raise ValueError("check digit")
    return digits


def delivery_days(first: dt.date, count: int = 14) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range(count)]


def may_deliver(day: dt.date | None, slot: str, *, today: dt.date, lead_days: int) -> bool:
    """A wish for a day that is too early or too far away cannot be kept."""
    if slot not in SLOTS:
        return False
    if day is None:
        return True
    return day in delivery_days(today + dt.timedelta(days=lead_days))
