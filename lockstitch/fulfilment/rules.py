"""Carriers, their tracking numbers and slots, and a parcel's share of the money. Pure."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lockstitch.kernel.money import Yen


@dataclass(frozen=True)
class Carrier:
    """`track` is where the buyer follows the parcel; {} is the number. `slots`: our slot -> the
    carrier's own code for it; what is not there cannot be wished for."""

    name: str
    track: str
    slots: dict[str, str] = field(default_factory=dict)


# The time slots that a buyer may choose, and how they are written.
SLOTS: dict[str, str] = {
    "": "",
    "0812": "8-12",
    "1214": "12-14",
    "1416": "14-16",
    "1618": "16-18",
    "1820": "18-20",
    "1921": "19-21",
}

# Yamato, Sagawa and Japan Post number parcels with 12 digits (Japan Post also 11), of which the
# last is the first eleven modulo seven. Slot codes: B2 Cloud 配達時間帯, e-Hiden III
# 配達指定時間帯, ゆうパックプリントR 配達時間帯区分.
CARRIERS: dict[str, Carrier] = {
    "yamato": Carrier(
        "ヤマト運輸",
        "https://toi.kuronekoyamato.co.jp/cgi-bin/tneko?number00=1&number01={}",
        {"0812": "0812", "1416": "1416", "1618": "1618", "1820": "1820", "1921": "1921"},
    ),
    "sagawa": Carrier(
        "佐川急便",
        "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={}",
        {"0812": "01", "1214": "12", "1416": "14", "1618": "16", "1820": "18", "1921": "19"},
    ),
    "yupack": Carrier(
        "ゆうパック",
        "https://trackings.post.japanpost.jp/services/srv/search/?requestNo1={}&locale=ja",
        {"0812": "51", "1214": "52", "1416": "53", "1618": "54", "1820": "55"},
    ),
}
PICKUP = "pickup"  # fetched at a shop: no carrier, no number

PARCEL: dict[str, frozenset[str]] = {
    "planned": frozenset({"shipped", "dropped"}),
    "shipped": frozenset({"delivered", "returned"}),
    "delivered": frozenset(),
    "returned": frozenset(),
    "dropped": frozenset(),
}


def slots_of(carrier: str) -> dict[str, str]:
    """Our slots that this carrier offers, with how they are written; the empty one first."""
    offered = CARRIERS[carrier].slots
    return {slot: shown for slot, shown in SLOTS.items() if not slot or slot in offered}


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


@dataclass(frozen=True)
class Sent:
    """A line of an order after a parcel: what it costs, and where its pieces are."""

    net_yen: Yen
    quantity: int
    shipped: int
    cancelled: int

    @property
    def open_yen(self) -> Yen:
        """What the pieces are worth that are still to be sent.

        Counted so that with the worth of those cancelled (`orders.rules.worth`) and of those sent
        it is always the whole line, whatever came first.
        """
        unsent = self.net_yen * (self.quantity - self.shipped) // self.quantity
        return max(0, unsent - self.net_yen * self.cancelled // self.quantity)


def parcel_money(money_yen: Yen, lines: Iterable[Sent], taken_yen: Yen) -> Yen:
    """How much money a parcel takes, when after it the order's lines stand as given.

    `money_yen` is what the order costs in money now, `taken_yen` what its earlier parcels took.
    Points pay for the first goods, the first parcel carries shipping and fees, and whatever is
    sent and cancelled in whatever order, the parcels' money sums to the order's to the yen.
    """
    still_open = sum(line.open_yen for line in lines)
    return max(0, money_yen - min(money_yen, still_open) - taken_yen)
