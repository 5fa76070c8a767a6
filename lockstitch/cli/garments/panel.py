"""What a drawing consists of: panels of cloth, from the lowest to the topmost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from lockstitch.cli.garments.canvas import Line, Pt, between, curve, ellipse, evenly, strip


@dataclass(frozen=True)
class Fold:
    """A ridge (depth above zero) or valley of the cloth, `width` units wide."""

    line: Line
    width: float
    depth: float  # -1 to 1
    soft: bool = True


@dataclass(frozen=True)
class Mark:
    """A thin line: a "seam", a "stitch", an "edge" that catches the light, or a "cord"."""

    line: Line
    kind: str = "seam"
    width: float = 1.2


@dataclass(frozen=True)
class Panel:
    """A piece with an outline in units. `paint` names a colour of the palette."""

    outline: Line
    paint: str = "main"
    cloth: str = ""  # of the garment, unless named
    grain: float = 0.0  # degrees
    tone: int = 0  # lighter or darker than the colour, -128 to 127
    lift: float = 0.35  # how dark a shadow it throws on what lies below
    reach: float = 9.0  # and how far, in units
    edge: float = 0.0  # units over which an edge bends away; 0 is the cloth's own
    folds: Sequence[Fold] = ()
    marks: Sequence[Mark] = ()
    calm: float = 1.0  # how much of the cloth's own crumple
    shade: Sequence[tuple[Line, int]] = field(default=())  # soft dark areas, in tones


def drapes(
    rng: Random, left: tuple[Pt, Pt], right: tuple[Pt, Pt], n: int, *, depth: float, width: float
) -> list[Fold]:
    """Long hanging folds between two lines, each (top, bottom); deeper towards the bottom."""
    folds = []
    for k in range(n):
        t = (k + 0.5 + rng.uniform(-0.28, 0.28)) / n
        top, low = between(left[0], right[0], t), between(left[1], right[1], t)
        start = between(top, low, rng.uniform(0.0, 0.35))
        bend = between(start, low, 0.5, rng.uniform(-9, 9))
        line = curve(start, bend, between(top, low, rng.uniform(0.94, 1.06)))
        sign = 1 if k % 2 else -1
        folds.append(Fold(line, width * rng.uniform(0.7, 1.3), sign * depth * rng.uniform(0.6, 1)))
    return folds


def wrinkles(rng: Random, a: Pt, b: Pt, n: int, *, length: float, depth: float) -> list[Fold]:
    """Short sharp folds that start along a-b and run off to its right."""
    folds = []
    for k in range(n):
        t = (k + rng.uniform(0.2, 0.8)) / n
        start = between(a, b, t)
        reach = length * rng.uniform(0.55, 1.1)
        mid = between(a, b, t + rng.uniform(-0.06, 0.1), reach * 0.5)
        end = between(a, b, t + rng.uniform(-0.12, 0.22), reach)
        sign = 1 if k % 2 else -1
        line = curve(start, mid, end)
        folds.append(Fold(line, rng.uniform(9, 16), sign * depth * rng.uniform(0.6, 1.0), False))
    return folds


def button(x: float, y: float, r: float = 7.0, paint: str = "button") -> list[Panel]:
    holes = [(x - r * 0.26, y - r * 0.26), (x + r * 0.26, y - r * 0.26),
             (x - r * 0.26, y + r * 0.26), (x + r * 0.26, y + r * 0.26)]  # fmt: skip
    rim = ellipse(x, y, r * 0.66, r * 0.66, n=24)
    disc = Panel(
        ellipse(x, y, r, r, n=26), paint, "smooth", lift=0.5, reach=4, edge=r * 0.35, calm=0,
        marks=[Mark([*rim, rim[0]], "seam", 0.7)],
    )  # fmt: skip
    return [disc, *(Panel(ellipse(hx, hy, r * 0.12, r * 0.12, n=8), "dark", "smooth", lift=0,
                          edge=1, calm=0) for hx, hy in holes)]  # fmt: skip


def ribbed(line: Line, *widths: float, pitch: float = 7.5, cloth: str = "jersey") -> Panel:
    """A ribbed band along a line: neck, cuff or hem. Its ribs stand across the line."""
    edges = strip(evenly(line, pitch), *widths)
    half = len(edges) // 2
    ribs = [
        Mark([a, b], "rib", 1.5) for a, b in zip(edges[:half], reversed(edges[half:]), strict=True)
    ]
    shape = strip(line, *widths)
    return Panel(shape, cloth=cloth, lift=0.3, reach=5, edge=6, calm=0.3, marks=ribs[1:-1])
