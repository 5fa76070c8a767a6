"""The parts that tops share: body, sleeves, and what one sees inside a neck."""

from dataclasses import dataclass, replace
from random import Random

from lockstitch.cli.garments.canvas import (
    Line,
    Pt,
    between,
    curve,
    flip,
    side,
    slope,
    strip,
)
from lockstitch.cli.garments.panel import Fold, Mark, Panel, drapes, ribbed, wrinkles

MID = 500.0


@dataclass(frozen=True)
class Cut:
    """The measures of a top; half widths from the middle and heights from the top, in units."""

    neck: float = 84
    top: float = 262  # the neck point of the shoulder
    drop: float = 62  # of the front neck below it
    shoulder: float = 226
    shoulder_y: float = 300
    chest: float = 232
    pit_y: float = 452
    waist: float = 226
    hem: float = 236
    hem_y: float = 930
    tail: float = 6  # how far the middle of the hem hangs below its sides

    @property
    def tip(self) -> Pt:
        return (MID + self.shoulder, self.shoulder_y)

    @property
    def pit(self) -> Pt:
        return (MID + self.chest, self.pit_y)


def flank(cut: Cut) -> Line:
    """The right edge from neck point to the hem's corner."""
    waist_y = cut.pit_y + (cut.hem_y - cut.pit_y) * 0.48
    shoulder = curve(
        (MID + cut.neck, cut.top),
        between((MID + cut.neck, cut.top), cut.tip, 0.55, 4),
        cut.tip,
    )
    armhole = curve(
        cut.tip,
        (MID + cut.shoulder - 8, cut.shoulder_y + (cut.pit_y - cut.shoulder_y) * 0.55),
        cut.pit,
    )
    body = curve(cut.pit, (MID + cut.waist, waist_y), (MID + cut.hem, cut.hem_y))
    return shoulder + armhole + body


def hem(cut: Cut) -> Line:
    """The lower edge from its right corner to its left."""
    sag = cut.tail
    half = (MID + cut.hem * 0.5, cut.hem_y + sag * 0.78)
    return curve(
        (MID + cut.hem, cut.hem_y), half, (MID, cut.hem_y + sag),
        (MID - cut.hem * 0.5, cut.hem_y + sag * 0.78), (MID - cut.hem, cut.hem_y),
    )  # fmt: skip


def neckline(cut: Cut, drop: float, pointed: bool = False) -> Line:
    """From the left neck point down and up to the right one."""
    left, right = (MID - cut.neck, cut.top), (MID + cut.neck, cut.top)
    low = (MID, cut.top + drop)
    if pointed:
        a = curve(left, (MID - cut.neck * 0.62, cut.top + drop * 0.36), low)
        return a + flip(a)
    near = 0.74
    return curve(
        left, (MID - cut.neck * near, cut.top + drop * 0.68), low,
        (MID + cut.neck * near, cut.top + drop * 0.68), right,
    )  # fmt: skip


def torso(cut: Cut, rng: Random, drop: float, *, pointed: bool = False, folds: float = 1) -> Panel:
    right = flank(cut)
    outline = neckline(cut, drop, pointed) + right + hem(cut) + flip(right)
    return Panel(outline, folds=body_folds(cut, rng, folds), lift=0.42, reach=9)


def body_folds(cut: Cut, rng: Random, strength: float) -> list[Fold]:
    """Drape from the chest to the hem, and pulls that start at the armpits."""
    low = cut.hem_y - 8
    folds = drapes(
        rng,
        ((MID - cut.chest * 0.86, cut.pit_y + 60), (MID - cut.hem * 0.9, low)),
        ((MID + cut.chest * 0.86, cut.pit_y + 60), (MID + cut.hem * 0.9, low)),
        6, depth=0.26 * strength, width=40,
    )  # fmt: skip
    for sign in (1, -1):
        pit = side([cut.pit], sign)[0]
        for _n in range(2):
            inner = (
                MID + sign * cut.chest * rng.uniform(0.3, 0.62),
                cut.pit_y + rng.uniform(30, 130),
            )
            bent = between(pit, inner, 0.5, sign * rng.uniform(8, 22))
            folds.append(Fold(curve(pit, bent, inner), 24, -0.3 * strength))
        neck = (MID + sign * cut.neck * 1.25, cut.top + 45)
        chest = (MID + sign * cut.chest * 0.72, cut.pit_y - 10)
        line = curve(neck, between(neck, chest, 0.5, -sign * 12), chest)
        folds.append(Fold(line, 26, 0.16 * strength))
    return folds


@dataclass(frozen=True)
class Arm:
    """A sleeve: where the middle of its end lies, how wide that is and how the arm bends."""

    end: Pt
    width: float
    bend: float = 14
    cuff: float = 0  # length of a separate cuff
    cuff_cloth: str = ""
    rib: str = "knit"
    gather: float = 0  # how much wider the sleeve is than its cuff


def sleeve(cut: Cut, arm: Arm, rng: Random, sign: int, strength: float = 1) -> list[Panel]:
    """A long or short sleeve of the right (+1) or left side, with its cuff."""
    tip, pit = cut.tip, cut.pit
    root = between(tip, pit, 0.5)
    swing = rng.uniform(-24, 12)
    end = (arm.end[0] + swing, arm.end[1] - swing * 0.25 + rng.uniform(-6, 6))
    half = arm.width / 2
    wrist = between(end, root, arm.cuff / max(1.0, _far(end, root)))
    loose = half + arm.gather
    out_end = between(wrist, root, 0, loose)
    in_end = between(wrist, root, 0, -loose)
    if out_end[0] < in_end[0]:
        out_end, in_end = in_end, out_end
    outer = curve(
        tip, between(tip, out_end, 0.09, -7), between(tip, out_end, 0.3, -arm.bend * 0.9),
        between(tip, out_end, 0.6, -arm.bend),
        between(tip, out_end, 0.93, -arm.gather * 0.5 - arm.bend * 0.2), out_end,
    )  # fmt: skip
    inner = curve(
        in_end, between(in_end, pit, 0.1, -arm.gather * 0.5),
        between(in_end, pit, 0.5, arm.bend * 0.55), pit,
    )  # fmt: skip
    outline = outer + inner + [(MID + cut.chest * 0.7, cut.pit_y - 30), (tip[0] - 30, tip[1] + 10)]
    grain = slope(root, wrist) * sign
    folds = [
        Fold(side(f.line, sign), f.width, f.depth, f.soft)
        for f in _arm_folds(rng, tip, pit, out_end=out_end, in_end=in_end, strength=strength)
    ]
    panels = [Panel(side(outline, sign), grain=grain, folds=folds, lift=0.3, reach=10,
                    marks=[] if arm.cuff else [_turned_up(out_end, in_end, root,
                    sign)])]  # fmt: skip
    if arm.cuff:
        start, stop = side([wrist, end], sign)
        panels.append(_cuff(start, stop, arm, grain))
    return panels


def _turned_up(out_end: Pt, in_end: Pt, root: Pt, sign: int) -> Mark:
    middle = between(out_end, in_end, 0.5)
    dx, dy = root[0] - middle[0], root[1] - middle[1]
    far = _far(root, middle)
    line = [(x + dx / far * 19, y + dy / far * 19) for x, y in (out_end, in_end)]
    return Mark(side(line, sign), "stitch", 0.8)


def _cuff(wrist: Pt, end: Pt, arm: Arm, grain: float) -> Panel:
    if arm.cuff_cloth == "rib":
        half = arm.width / 2
        across = [between(wrist, end, 0.5, off) for off in (half, 0.0, -half)]
        return ribbed(curve(*across), _far(wrist, end), cloth=arm.rib)
    shape = strip([wrist, end], arm.width * 1.02, arm.width)
    inner = strip(
        [between(wrist, end, 0.09), between(wrist, end, 0.91)], arm.width - 10, arm.width - 12
    )
    marks = [Mark([*inner, inner[0]], "stitch", 0.7)]
    return Panel(shape, grain=grain, lift=0.35, reach=5, marks=marks, calm=0.4)


def _far(a: Pt, b: Pt) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def _arm_folds(
    rng: Random, tip: Pt, pit: Pt, *, out_end: Pt, in_end: Pt, strength: float
) -> list[Fold]:
    long = _far(tip, out_end) > 320
    folds = wrinkles(
        rng,
        between(pit, in_end, 0.02),
        between(pit, in_end, 0.3),
        3,
        length=80,
        depth=-0.3 * strength,
    )
    if long:
        elbow = (between(in_end, pit, 0.66), between(in_end, pit, 0.34))
        folds += wrinkles(rng, elbow[1], elbow[0], 4, length=-88, depth=0.34 * strength)
        folds += wrinkles(rng, between(out_end, tip, 0.3), between(out_end, tip, 0.06), 3,
        length=60,
                          depth=0.3 * strength)  # fmt: skip
        middle = curve(
            between(tip, pit, 0.42), between(between(tip, out_end, 0.5), between(pit, in_end, 0.5),
            0.4),
            between(out_end, in_end, 0.45),
        )  # fmt: skip
        folds.append(Fold(middle, 40, 0.3 * strength))
    return folds


def inside(
    cut: Cut, drop: float, rise: float = 10, label: bool = True, rib: float = 0
) -> list[Panel]:
    """The back of the garment as it shows in the neck: its ribbed band, if any, and its label."""
    edge = curve(
        (MID - cut.neck - 8, cut.top + 2),
        (MID - cut.neck * 0.55, cut.top - rise * 0.72),
        (MID, cut.top - rise),
        (MID + cut.neck * 0.55, cut.top - rise * 0.72),
        (MID + cut.neck + 8, cut.top + 2),
    )
    panels = [Panel(edge + neckline(cut, drop + 16)[::-1], tone=-46, lift=0, calm=0.3, edge=14)]
    if rib:
        band = ribbed([(x, y + rib * 0.3) for x, y in edge], rib, pitch=6)
        panels.append(replace(band, tone=-24))
    if not label:
        return panels
    y = cut.top + 6 + rib * 0.4
    shape = [(MID - 23, y), (MID + 23, y), (MID + 23, y + 27), (MID - 23, y + 27)]
    word = [Mark([(MID - 13, y + 14), (MID + 13, y + 14)], "cord", 1.6)]
    tag = Panel(shape, "label", "plain", lift=0.3, reach=2, edge=2, calm=0, tone=-14, marks=word)
    return [*panels, tag]
