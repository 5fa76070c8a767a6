"""What may be said of a product, and what buyers' words on its fit add up to. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

TEXT_MAX, QUESTION_MAX, ANSWER_MAX = 2_000, 500, 2_000
PICTURES_MAX = 4
SENT_MAX = 12  # files for one review in all, with those that were taken away again
STARS = (5, 4, 3, 2, 1)
FITS = (-2, -1, 0, 1, 2)  # too small, a little small, as expected, a little large, too large
HEIGHTS = tuple(range(90, 200, 5))  # cm, the lower end of a band of five: no more of the body
STATES = ("waiting", "published", "refused")
PERSONAL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://|www\.|(?:\d[\s().-]?){9,}")


def tells_of_a_person(text: str) -> bool:
    """Does it look like a mail address, a link or a telephone number? Those are not for a page that
    everybody reads, nor for a database that holds nobody."""
    return PERSONAL.search(unicodedata.normalize("NFKC", text)) is not None


@dataclass
class Fit:
    """Of one size: how many found it small, right, large."""

    small: int = 0
    right: int = 0
    large: int = 0

    @property
    def total(self) -> int:
        return self.small + self.right + self.large

    @property
    def verdict(self) -> str:
        """What at least half of three or more say; else nothing."""
        if self.total < 3:
            return ""
        for name in ("right", "small", "large"):
            if getattr(self, name) * 2 >= self.total:
                return name
        return "mixed"


@dataclass
class Summary:
    """Of one product's published reviews."""

    count: int = 0
    stars: float = 0.0
    by_stars: Counter[int] = field(default_factory=Counter)
    fits: dict[str, Fit] = field(default_factory=dict)  # by size label


def summed(rows: Iterable[tuple[int, int | None, str]]) -> Summary:
    """Of (stars, fit, size)."""
    made, total = Summary(), 0
    for stars, fit, size in rows:
        made.count += 1
        total += stars
        made.by_stars[stars] += 1
        if fit is not None:
            of_size = made.fits.setdefault(size, Fit())
            name = "small" if fit < 0 else "large" if fit > 0 else "right"
            setattr(of_size, name, getattr(of_size, name) + 1)
    made.stars = round(total / made.count, 1) if made.count else 0.0
    return made
