"""Jackets and coats with lapels, in two fronts of which one lies over the other."""

from dataclasses import replace
from random import Random

from lockstitch.cli.garments.body import (
    MID,
    Arm,
    Cut,
    body_folds,
    flank,
    hem,
    inside,
    sleeve,
    torso,
)
from lockstitch.cli.garments.canvas import Line, between, curve, flip, side, strip
from lockstitch.cli.garments.panel import Fold, Mark, Panel, button
from lockstitch.cli.garments.tops import raised

# fmt: off
# Points of a line read best side by side.

JACKET = Cut(neck=64, top=222, drop=250, shoulder=212, shoulder_y=264, chest=222, pit_y=440,
             waist=208, hem=226, hem_y=920, tail=4)
JACKET_ARM = Arm(end=(MID + 306, 880), width=98, bend=22)
COAT = Cut(neck=58, top=128, drop=262, shoulder=184, shoulder_y=166, chest=194, pit_y=330,
           waist=194, hem=226, hem_y=1122, tail=4)
COAT_ARM = Arm(end=(MID + 262, 738), width=92, bend=20)


def _front(cut: Cut, rng: Random, sign: int, over: float, marks: list[Mark]) -> Panel:
    """One front from shoulder to hem, reaching `over` units past the middle."""
    break_y = cut.top + cut.drop
    edge = [(MID - over, cut.hem_y + cut.tail), (MID - over, break_y)]
    vee = curve((MID - over, break_y), (MID + cut.neck * 0.22, cut.top + cut.drop * 0.56),
                (MID + cut.neck, cut.top))
    low = [p for p in hem(cut) if p[0] > MID - over]
    folds = [f for f in body_folds(cut, rng, 1.05) if (f.line[0][0] - MID) * sign > -20]
    return Panel(
        side(flank(cut) + low + edge + vee, sign), folds=folds, lift=0.5, reach=8, marks=marks
    )


def _lapel(cut: Cut, sign: int, over: float, wide: float) -> list[Panel]:
    """A lapel with its half of the collar above."""
    top, low = cut.top, cut.top + cut.drop
    neck = (MID + cut.neck - 4, top + 6)
    notch = (MID + cut.neck + wide * 0.42, top + 100)
    gorge = between(neck, notch, 0.55, 16)
    tip = (MID + cut.neck + wide * 0.82, top + 118)
    lapel_edge = curve(
        tip, (MID + cut.neck + wide * 0.26, top + cut.drop * 0.72), (MID - over, low)
    )
    roll = curve((MID - over, low), (MID + cut.neck * 0.22, top + cut.drop * 0.56), neck)
    lapel = Panel(
        side([*curve(neck, gorge, notch), tip, *lapel_edge, *roll], sign),
        lift=0.55,
        reach=9,
        edge=5,
        grain=-24 * sign,
        calm=0.6,
        marks=[Mark(side([(x - 6, y) for x, y in lapel_edge], sign), "stitch", 0.6)],
    )
    tongue = (MID + cut.neck + wide * 0.74, top + 78)
    outer = curve(tongue, (MID + cut.neck + 38, top + 26), (MID + cut.neck + 22, top - 4),
                  (MID + cut.neck - 2, top - 26))
    fold = curve((MID + cut.neck - 2, top - 26), (MID + cut.neck - 16, top + 14), neck)
    collar = Panel(side([*curve(neck, gorge, notch), tongue, *outer, *fold], sign), lift=0.5,
        reach=7,
                   edge=5, grain=-46 * sign, calm=0.5)
    return [collar, lapel]


def _flap(sign: int, x: float, y: float, *, wide: float, high: float, slant: float = 6) -> Panel:
    shape = [(MID + x - wide / 2, y), (MID + x + wide / 2, y - slant),
             (MID + x + wide / 2 + 1, y + high - slant), (MID + x - wide / 2, y + high)]
    return Panel(
        side(shape, sign),
        lift=0.42,
        reach=5,
        edge=3,
        calm=0.4,
        marks=[Mark(side([(px, py - 6) for px, py in shape[2:]], sign), "stitch", 0.6)],
    )


def _shell(cut: Cut) -> list[Panel]:
    """Lining and back as seen between the lapels."""
    hole = [*curve((MID - cut.neck - 4, cut.top), (MID, cut.top - 30), (MID + cut.neck + 4,
        cut.top)),
            (MID + cut.neck, cut.top + 160), (MID + 20, cut.top + cut.drop + 16),
            (MID - 20, cut.top + cut.drop + 16), (MID - cut.neck, cut.top + 160)]
    lining = Panel(hole, "lining", "satin", lift=0, tone=-26, edge=20, calm=0.7)
    stand = Panel([*curve((MID - cut.neck, cut.top - 24), (MID, cut.top - 38), (MID + cut.neck,
        cut.top - 24)),
                   *curve((MID + cut.neck, cut.top + 4), (MID, cut.top + 14), (MID - cut.neck,
                       cut.top + 4))],
                  lift=0.3, reach=5, edge=6, tone=-20)
    label = inside(replace(cut, top=cut.top + 20), 40)[-1]
    return [lining, stand, label]


def _sleeve_buttons(cut: Cut, arm: Arm, sign: int) -> list[Panel]:
    x, y = arm.end
    return [p for n in range(3) for p in button(side([(x - 30 - n * 2.5, y - 22 - n * 17)],
        sign)[0][0],
                                                y - 20 - n * 17, 5)]


def _back(cut: Cut, arm: Arm, rng: Random) -> list[Panel]:
    seam = curve((MID, cut.top + 30), (MID + 2, cut.pit_y + 120), (MID, cut.hem_y + cut.tail))
    vent = [(MID + 9, cut.hem_y - (cut.hem_y - cut.top) * 0.27), (MID + 9, cut.hem_y + cut.tail)]
    sleeves = [p for sign in (1, -1) for p in sleeve(cut, arm, rng, sign, 0.85)]
    body = replace(
        torso(cut, rng, 16, folds=0.75), marks=[Mark(seam, "seam", 1.3), Mark(vent, "edge", 1.6)]
    )
    y, n = cut.top, cut.neck
    upper = curve((MID - n - 34, y + 20), (MID - n, y - 22), (MID, y - 34), (MID + n, y - 22),
                  (MID + n + 34, y + 20))
    lower = curve((MID + n + 34, y + 20), (MID + n * 0.5, y + 42), (MID, y + 46), (MID - n * 0.5,
        y + 42),
                  (MID - n - 34, y + 20))
    return [*sleeves, body, Panel(upper + lower, lift=0.5, reach=7, edge=7, calm=0.5)]


def jacket(view: str, rng: Random) -> list[Panel]:
    """A soft tailored jacket with two buttons."""
    if view == "back":
        return _back(JACKET, JACKET_ARM, rng)
    cut, over = JACKET, 16.0
    break_y = cut.top + cut.drop
    dart = [Mark(side(curve((MID + 92, break_y - 40), (MID + 96, break_y + 90), (MID + 104,
        break_y + 170)), s),
                 "seam", 1.0) for s in (1, -1)]
    flaps = [_flap(s, 122, break_y + 196, wide=116, high=44) for s in (1, -1)]
    buttons = [p for n in range(2) for p in button(MID, break_y + 20 + n * 104, 10)]
    breast = Panel(
        strip([(MID + 84, 404), (MID + 166, 392)], 20), lift=0.3, reach=3, edge=2, calm=0.3
    )
    sleeves = [p for s in (1, -1) for p in sleeve(cut, JACKET_ARM, rng, s, 0.85)]
    return [
        *_shell(cut), *sleeves, _front(cut, rng, -1, over, dart[1:]), *_lapel(cut, -1, over, 92),
        _front(cut, rng, 1, over, dart[:1]), breast, *_lapel(cut, 1, over, 92), *flaps, *buttons,
    ]


def coat(view: str, rng: Random) -> list[Panel]:
    """A long single-breasted coat."""
    if view == "back":
        return _back(COAT, COAT_ARM, rng)
    cut, over = COAT, 22.0
    break_y = cut.top + cut.drop
    flaps = [_flap(s, 112, 622, wide=112, high=44) for s in (1, -1)]
    buttons = [p for n in range(3) for p in button(MID, break_y + 22 + n * 112, 11)]
    sleeves = [p for s in (1, -1) for p in sleeve(cut, COAT_ARM, rng, s, 0.85)]
    stitch = [Mark([(MID - over + 9, break_y + 8), (MID - over + 9, cut.hem_y)], "stitch", 0.7)]
    return [
        *_shell(cut), *sleeves, _front(cut, rng, -1, over, []), *_lapel(cut, -1, over, 104),
        _front(cut, rng, 1, over, stitch), *_lapel(cut, 1, over, 104), *flaps, *buttons,
    ]


def trench(view: str, rng: Random) -> list[Panel]:
    """A double-breasted coat with a belt and a storm flap."""
    cut = replace(COAT, drop=196, waist=180, hem=250)
    belt = _belt(view, rng)
    if view == "back":
        cape = _cape(cut, 1) + _cape(cut, -1)
        panels = _back(cut, COAT_ARM, rng)
        return [*panels[:-1], Panel(cape, lift=0.5, reach=9, edge=5), panels[-1], *belt]
    over = 74.0
    rows = [(x, y) for y in (cut.top + cut.drop + 40, 458, 640) for x in (-48, 48)]
    sleeves = [p for s in (1, -1) for p in sleeve(cut, COAT_ARM, rng, s, 0.95)]
    flap = Panel(_storm(cut), lift=0.5, reach=9, edge=4, calm=0.6,
                 marks=[Mark([(x - 7, y - 6) for x, y in _storm(cut)[9:28]], "stitch", 0.7)])
    welts = [Panel(side(strip([(MID + 124, 640), (MID + 152, 752)], 28), s), lift=0.4, reach=5,
        edge=3,
                   grain=14 * s, calm=0.3) for s in (1, -1)]
    return [
        *_shell(cut), *sleeves, _front(cut, rng, -1, over, []), *_lapel(cut, -1, 8, 112),
        _front(cut, rng, 1, over, [Mark([(MID - over + 9, 330), (MID - over + 9, 1120)], "stitch",
            0.7)]),
        flap, *_lapel(cut, 1, 30, 112), *welts, *belt, *(p for x, y in rows
            for p in button(MID + x, y, 10)),
    ]


def _storm(cut: Cut) -> Line:
    edge = curve((MID + cut.shoulder - 8, cut.shoulder_y + 40), (MID + 150, 306), (MID + 96, 344),
                 (MID + 46, 330))
    return [(MID + cut.neck + 6, cut.top + 8), cut.tip, *edge, (MID + 30, 240)]


def _cape(cut: Cut, sign: int) -> Line:
    half = [(MID, 372), *curve((MID, 372), (MID + 110, 360), (MID + cut.chest - 10, 322)),
            (MID + cut.shoulder, cut.shoulder_y + 6), (MID + cut.neck, cut.top + 2)]
    return half if sign > 0 else flip(half)


def _belt(view: str, rng: Random) -> list[Panel]:
    y = 556.0
    line = curve((MID - 181, y - 4), (MID - 60, y + 5), (MID + 60, y + 4), (MID + 182, y - 6))
    marks = [Mark(raised(line, 15), "stitch", 0.7), Mark(raised(line, -15), "stitch", 0.7)]
    belt = Panel(strip(line, 42), lift=0.5, reach=7, edge=3, calm=0.5, grain=90, marks=marks)
    if view == "back":
        return [belt]
    tail = curve((MID + 20, y + 4), (MID + 62, y + 60), (MID + 58, y + 172))
    frame = strip([(MID + 2, y - 27), (MID + 4, y + 33)], 56)
    hole = strip([(MID + 3, y - 17), (MID + 4, y + 24)], 36)
    return [
        belt,
        Panel(strip(tail, 36, 40, 40), lift=0.5, reach=9, edge=3, calm=0.5, grain=8,
              folds=[Fold(tail, 12, 0.3)]),
        Panel(frame, "button", "leather", lift=0.5, reach=4, edge=4),
        Panel(hole, lift=0.0, edge=4, tone=-16, grain=90),
    ]
