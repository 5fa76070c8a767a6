"""Lines of a drawing: smooth curves on a board of 1000 x 1250 units, and the way to pixels."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

Pt = tuple[float, float]
Line = list[Pt]

BOARD = (1000.0, 1250.0)
SIZE = (1200, 1500)  # pixels of a product picture


def curve(*points: Pt, steps: int = 9) -> Line:
    """A smooth line through all points (Catmull-Rom); straight between two."""
    if len(points) < 3:
        return list(points)
    padded = [points[0], *points, points[-1]]
    line: Line = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        line += [_catmull(p0, p1, p2, p3, n / steps) for n in range(steps)]
    return [*line, points[-1]]


def _catmull(p0: Pt, p1: Pt, p2: Pt, p3: Pt, t: float) -> Pt:
    a, b = t * t, t * t * t
    w0, w1 = -0.5 * t + a - 0.5 * b, 1 - 2.5 * a + 1.5 * b
    w2, w3 = 0.5 * t + 2 * a - 1.5 * b, -0.5 * a + 0.5 * b
    return (
        w0 * p0[0] + w1 * p1[0] + w2 * p2[0] + w3 * p3[0],
        w0 * p0[1] + w1 * p1[1] + w2 * p2[1] + w3 * p3[1],
    )


def flip(line: Sequence[Pt]) -> Line:
    """The other half of a symmetrical line, in the opposite direction."""
    return [(BOARD[0] - x, y) for x, y in reversed(line)]


def side(line: Sequence[Pt], sign: int) -> Line:
    """A line drawn for the right side (+1), or the same on the left (-1)."""
    return list(line) if sign > 0 else [(BOARD[0] - x, y) for x, y in line]


def between(a: Pt, b: Pt, t: float, off: float = 0.0) -> Pt:
    """The point at `t` from a to b, moved `off` units to the right of that way."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy) or 1.0
    return (a[0] + dx * t - dy / length * off, a[1] + dy * t + dx / length * off)


def ellipse(cx: float, cy: float, rx: float, ry: float, *, turn: float = 0.0, n: int = 40) -> Line:
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    angles = [math.tau * k / n for k in range(n)]
    return [
        (
            cx + rx * math.cos(a) * c - ry * math.sin(a) * s,
            cy + rx * math.cos(a) * s + ry * math.sin(a) * c,
        )
        for a in angles
    ]


def strip(line: Sequence[Pt], *widths: float) -> Line:
    """The outline of a band along a line; widths are spread evenly from its start to its end."""
    left: Line = []
    right: Line = []
    last = len(line) - 1
    for n, (x, y) in enumerate(line):
        ahead, behind = line[min(n + 1, last)], line[max(n - 1, 0)]
        dx, dy = ahead[0] - behind[0], ahead[1] - behind[1]
        length = math.hypot(dx, dy) or 1.0
        place = n / max(1, last) * (len(widths) - 1)
        low = min(int(place), max(0, len(widths) - 2))
        high = min(low + 1, len(widths) - 1)
        half = (widths[low] + (widths[high] - widths[low]) * (place - low)) / 2
        left.append((x + dy / length * half, y - dx / length * half))
        right.append((x - dy / length * half, y + dx / length * half))
    return left + right[::-1]


def evenly(line: Sequence[Pt], step: float) -> Line:
    """The same line through points `step` units apart."""
    found: Line = [line[0]]
    due = step
    for a, b in itertools.pairwise(line):
        length = math.hypot(b[0] - a[0], b[1] - a[1])
        while length and due <= length:
            found.append(between(a, b, due / length))
            due += step
        due -= length
    return [*found, line[-1]]


def slope(a: Pt, b: Pt) -> float:
    """The turn, in degrees, of cloth whose grain runs from a to b instead of straight down."""
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1]))


@dataclass(frozen=True)
class Frame:
    """From units to pixels: a little lifelike irregularity, then zoom about a point."""

    seed: int
    zoom: float = 1.0
    focus: Pt = (500.0, 625.0)
    size: tuple[int, int] = SIZE
    sway: float = 1.0
    base: float = SIZE[0] / BOARD[0]  # pixels of a unit at zoom 1
    waves: list[tuple[float, ...]] = field(init=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        rng = Random(self.seed)  # noqa: S311 - a drawing
        waves = [
            (amount, math.tau / length, rng.uniform(0, math.tau), rng.uniform(0, math.tau))
            for amount, length in ((4.5, 760), (2.6, 330), (1.1, 120), (0.5, 47))
        ]
        object.__setattr__(self, "waves", waves)

    @property
    def unit(self) -> float:
        return self.base * self.zoom

    def px(self, line: Sequence[Pt]) -> Line:
        return [self._one(p) for p in line]

    def _one(self, point: Pt) -> Pt:
        x, y = point
        dx = dy = 0.0
        for amount, k, p, q in self.waves:
            dx += amount * math.sin(k * y + p + 0.4 * k * x)
            dy += amount * 0.6 * math.sin(k * x + q + 0.3 * k * y)
        return (
            (x + dx * self.sway - self.focus[0]) * self.unit + self.size[0] / 2,
            (y + dy * self.sway - self.focus[1]) * self.unit + self.size[1] / 2,
        )
