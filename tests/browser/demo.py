"""The demo that the browser visits, and how to find in it what a test needs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp

from lockstitch.cli.demo_logins import Logins, logins
from lockstitch.cli.demo_range import RANGES, stock
from tests.instance import Running


@dataclass(frozen=True)
class Variant:
    """A size of a colour, as the demo first stocked it."""

    slug: str
    colour: str
    size: str
    sku: str


@dataclass(frozen=True)
class Demo:
    """The running demo and who may sign in to it."""

    up: Running
    logins: Logins

    @classmethod
    def of(cls, up: Running) -> "Demo":
        return cls(up, logins(up.instance))

    def shop(self, brand: str = "north") -> str:
        return self.up.shop(f"{brand}.localhost")

    def desk(self, brand: str = "north") -> str:
        return self.up.desk(f"{brand}.localhost")

    @property
    def console(self) -> str:
        return self.up.shop()

    @property
    def console_desk(self) -> str:
        return self.up.desk()


def variants(fits: Callable[[int], bool], brand: str = "north") -> list[Variant]:
    """Those whose first stock fits, in the order of the range."""
    slugs = {piece.number: piece.slug for piece in RANGES[brand]}
    found = []
    for sku, pieces in stock(brand).items():
        number, colour, size = sku.rsplit("-", 2)
        if fits(pieces):
            found.append(Variant(slugs[number], colour, size, sku))
    return found


def in_stock(slug: str, brand: str = "north") -> Variant:
    """The size and colour of this product of which there are most."""
    levels = stock(brand)
    ours = [one for one in variants(bool, brand) if one.slug == slug]
    return max(ours, key=lambda one: levels[one.sku])


class Authenticator:
    """An authenticator app. The guard takes each code once, so that a second code waits."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self._last = ""

    def code(self) -> str:
        """The code of now that was not given before."""
        while (code := self._totp.now()) == self._last:
            time.sleep(0.5)
        self._last = code
        return code

    def wrong(self) -> str:
        """Six digits that are not a code of now or of its neighbours."""
        now = self._totp.timecode(datetime.now(UTC))
        taken = {self._totp.generate_otp(now + step) for step in range(-2, 3)}
        return next(code for code in map("{:06}".format, range(9)) if code not in taken)
