"""Which part of a picture is wanted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

SIDE_MIN = 50  # thousandths: what is smaller than that shows nothing


@dataclass(frozen=True)
class Frame:
    """The largest box of `ratio` (width, height) in the middle of what was marked. The mark is in
    thousandths of the upright picture's width and height; unmarked it is the whole."""

    ratio: tuple[int, int]
    x: int = 0
    y: int = 0
    w: int = 1000
    h: int = 1000

    @classmethod
    def of(cls, ratio: tuple[int, int], typed: Sequence[str]) -> "Frame":
        """From x, y, w and h as typed. Raises ValueError."""
        if len(typed) != 4 or not all(one.isascii() and one.isdigit() for one in typed):
            raise ValueError("a frame is four whole numbers")
        x, y, w, h = (int(one[:5]) for one in typed)
        if min(w, h) < SIDE_MIN or x + w > 1000 or y + h > 1000:
            raise ValueError("a frame lies inside its picture")
        return cls(ratio, x, y, w, h)

    @property
    def numbers(self) -> tuple[int, ...]:
        """As it is kept and sent to the decoder."""
        return self.x, self.y, self.w, self.h, *self.ratio

    @classmethod
    def kept(cls, numbers: Sequence[int] | None) -> "Frame | None":
        if numbers is None:
            return None
        x, y, w, h, wide, high = numbers
        return cls((wide, high), x, y, w, h)
