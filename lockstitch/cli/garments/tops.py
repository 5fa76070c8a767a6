"""Shirts, tees and knits."""

from dataclasses import replace
from random import Random

from lockstitch.cli.garments.body import (
    MID,
    Arm,
    Cut,
    hem,
    inside,
    neckline,
    sleeve,
    torso,
)
from lockstitch.cli.garments.canvas import Line, curve, side, strip
from lockstitch.cli.garments.panel import Mark, Panel, button, ribbed

# fmt: off
# Points of a line read best side by side.

TEE = Cut(neck=88, top=262, drop=66, shoulder=252, shoulder_y=312, chest=252, pit_y=490,
          waist=248, hem=252, hem_y=968)
SHIRT = Cut(neck=58, top=212, drop=58, shoulder=212, shoulder_y=256, chest=226, pit_y=420,
            waist=219, hem=228, hem_y=968, tail=44)
KNIT = Cut(neck=78, top=238, drop=58, shoulder=204, shoulder_y=286, chest=222, pit_y=446,
           waist=226, hem=212, hem_y=880, tail=3)
SHIRT_ARM = Arm(end=(MID + 318, 905), width=86, bend=20, cuff=56, gather=7)
KNIT_ARM = Arm(end=(MID + 306, 858), width=80, bend=26, cuff=62, cuff_cloth="rib", gather=7)


def raised(line: Line, amount: float) -> Line:
    return [(x, y - amount) for x, y in line]


def tee(view: str, rng: Random) -> list[Panel]:
    back = view == "back"
    drop = 18 if back else TEE.drop
    arm = Arm(end=(MID + 352, 520), width=186, bend=7)
    sleeves = [p for sign in (1, -1) for p in sleeve(TEE, arm, rng, sign)]
    line, low = neckline(TEE, drop), hem(TEE)
    marks = [
        Mark(raised(low, 19), "stitch", 0.8), Mark(raised(low, 23), "stitch", 0.8),
        Mark(raised(line, -16), "stitch", 0.7),
    ]
    band = ribbed(raised(line, 3), 20, 21, 20, pitch=3.6)
    return [
        *inside(TEE, drop, label=not back, rib=17), *sleeves,
        replace(torso(TEE, rng, drop), marks=marks), band,
    ]


def shirt(view: str, rng: Random) -> list[Panel]:
    panels = _shirt_body(view, rng)
    if view == "back":
        return [*panels, _collar_behind(SHIRT)]
    leaves = [_leaf(SHIRT, sign) for sign in (-1, 1)]
    return [*panels, *leaves, *button(MID, SHIRT.top + SHIRT.drop + 2, 6)]


def band_shirt(view: str, rng: Random) -> list[Panel]:
    panels = _shirt_body(view, rng)
    if view == "back":
        y = SHIRT.top
        line = curve((MID - 66, y + 2), (MID, y + 8), (MID + 66, y + 2))
        return [*panels, Panel(strip(raised(line, 12), 30, 34, 30), lift=0.4, reach=4, calm=0.3,
                               marks=[Mark(raised(line, -1), "stitch", 0.7)])]
    line = neckline(SHIRT, SHIRT.drop)
    stand = Panel(strip(raised(line, 8), 26, 30, 26), lift=0.4, reach=5, calm=0.2,
                  marks=[Mark(raised(line, -3), "stitch", 0.7)])
    return [*panels, stand, *button(MID, SHIRT.top + SHIRT.drop - 8, 6)]


def _shirt_body(view: str, rng: Random) -> list[Panel]:
    back = view == "back"
    drop = 14 if back else SHIRT.drop
    sleeves = [p for sign in (1, -1) for p in sleeve(SHIRT, SHIRT_ARM, rng, sign)]
    low = Mark(raised(hem(SHIRT), 13), "stitch", 0.8)
    body = torso(SHIRT, rng, drop, folds=0.9)
    if back:
        yoke = curve((MID - 208, 318), (MID, 326), (MID + 208, 318))
        pleat = [Mark([(MID + x, 327), (MID + x * 0.9, 900)], "edge", 1.2) for x in (-17, 17)]
        marks = [low, Mark(yoke, "seam", 1.2), Mark(raised(yoke, -5), "stitch", 0.7), *pleat]
        return [*inside(SHIRT, drop, rise=30, label=False), *sleeves, replace(body, marks=marks)]
    yokes = [Mark(side([(MID + 70, 248), (MID + 209, 292)], s), "seam", 1.1) for s in (1, -1)]
    top, low_y = SHIRT.top + SHIRT.drop, SHIRT.hem_y + SHIRT.tail
    bar = [(MID, top - 6), (MID + 1, low_y + 2)]
    edges = [Mark([(MID + x, top), (MID + x, low_y - 6)], "stitch", 0.7) for x in (-13, 13)]
    placket = Panel(strip(bar, 35), lift=0.35, reach=4, calm=0.5, edge=3, marks=edges)
    buttons = [p for n in range(6) for p in button(MID, top + 74 + n * 104)]
    return [
        *inside(SHIRT, SHIRT.drop, rise=30), *sleeves, replace(body, marks=[low, *yokes]),
        _pocket(MID + 112, 432, 108, 122), placket, *buttons,
    ]


def _pocket(cx: float, y: float, wide: float, high: float) -> Panel:
    half = wide / 2
    shape = [(cx - half, y), (cx + half, y), (cx + half, y + high - 16), (cx, y + high),
             (cx - half, y + high - 16)]
    inner = [(cx + (x - cx) * 0.93, y + (py - y) * 0.955) for x, py in shape[1:]]
    marks = [
        Mark([inner[0], *inner[1:], (cx - half * 0.93, y)], "stitch", 0.7),
        Mark([(cx - half, y + 17), (cx + half, y + 17)], "stitch", 0.7),
    ]
    return Panel(shape, lift=0.3, reach=4, edge=3, calm=0.5, marks=marks)


def _leaf(cut: Cut, sign: int) -> Panel:
    """One side of a shirt collar, folded down over its stand."""
    top, low = cut.top, cut.top + cut.drop
    fold = curve(
        (MID + cut.neck - 2, top - 30), (MID + cut.neck * 0.6, top + 14), (MID + 4, low - 8)
    )
    point = (MID + 56, low + 62)
    outer = curve(point, (MID + cut.neck + 18, top + 40), (MID + cut.neck + 30, top + 2))
    over = curve((MID + cut.neck + 30, top + 2), (MID + cut.neck + 17, top - 22),
                 (MID + cut.neck - 2, top - 30))
    shape = side([*fold, point, *outer, *over], sign)
    line = [
        (MID + 14, low + 2),
        (MID + 57, low + 53),
        *curve(
            (MID + 57, low + 53), (MID + cut.neck + 11, top + 40), (MID + cut.neck + 22, top + 8)
        ),
    ]
    return Panel(shape, lift=0.5, reach=7, edge=4, calm=0.4, grain=-38 * sign,
                 marks=[Mark(side(line, sign), "stitch", 0.7)])


def _collar_behind(cut: Cut) -> Panel:
    y, n = cut.top, cut.neck
    upper = curve((MID - n - 30, y + 14), (MID - n + 4, y - 28), (MID, y - 38), (MID + n - 4,
        y - 28),
                  (MID + n + 30, y + 14))
    lower = curve((MID + n + 30, y + 14), (MID + n * 0.5, y + 34), (MID, y + 38), (MID - n * 0.5,
        y + 34),
                  (MID - n - 30, y + 14))
    return Panel(upper + lower, lift=0.5, reach=6, edge=6, calm=0.4,
                 marks=[Mark(raised(lower, 7), "stitch", 0.7)])


def crew(view: str, rng: Random) -> list[Panel]:
    """A pullover with a round neck and ribbed edges."""
    drop = 16 if view == "back" else KNIT.drop
    sleeves = [p for sign in (1, -1) for p in sleeve(KNIT, KNIT_ARM, rng, sign)]
    line = raised(neckline(KNIT, drop), 1)
    return [
        *inside(KNIT, drop + 8, rise=16, label=view != "back", rib=26), *sleeves,
        replace(torso(KNIT, rng, drop), marks=[*_saddles()]), knit_hem(KNIT),
        ribbed(line, 32, 34, 32, cloth="knit"),
    ]


def _saddles() -> list[Mark]:
    """Where body and sleeve are linked stitch by stitch."""
    seam = curve(KNIT.tip, (MID + KNIT.shoulder - 10, 380), KNIT.pit)
    return [Mark(side([(x - 9, y) for x, y in seam], s), "seam", 1.4) for s in (1, -1)]


def knit_hem(cut: Cut, deep: float = 66, cloth: str = "knit") -> Panel:
    wide = cut.hem - 1
    y = cut.hem_y + deep / 2 - 10
    line = curve((MID + wide, y - 1), (MID, y + 4), (MID - wide, y - 1))
    return ribbed(line, deep, cloth=cloth)


def cardigan(view: str, rng: Random) -> list[Panel]:
    if view == "back":
        return crew("back", rng)
    drop = 236.0
    cut = replace(KNIT, drop=drop)
    sleeves = [p for sign in (1, -1) for p in sleeve(cut, KNIT_ARM, rng, sign)]
    body = replace(torso(cut, rng, drop, pointed=True), marks=[*_saddles()])
    low = cut.hem_y + 54
    vee = neckline(cut, drop, pointed=True)
    half = len(vee) // 2
    under = ribbed([*raised(vee[:half], 2)], 34, cloth="knit")
    over = ribbed([(MID, low), (MID, cut.top + drop + 6), *raised(vee[half:], 2)], 36, cloth="knit")
    buttons = [p for n in range(5) for p in button(MID, cut.top + drop + 26 + n * 99, 10)]
    pockets = [_patch(MID + x) for x in (-124, 124)]
    return [*inside(cut, 66, rise=18, rib=26), *_behind(cut), *sleeves, body, *pockets,
        knit_hem(cut), under,
            over, *buttons]


def _patch(cx: float) -> Panel:
    top, low = 700.0, 836.0
    shape = [(cx - 58, top), (cx + 58, top), (cx + 57, low), (cx - 57, low)]
    return Panel(shape, lift=0.3, reach=5, edge=6, calm=0.5,
                 marks=[Mark([(cx - 58, top + 22), (cx + 58, top + 22)], "seam", 1.4)])


def _behind(cut: Cut) -> list[Panel]:
    """The back of an open garment, seen through a deep neck."""
    vee = neckline(cut, cut.drop + 20, pointed=True)
    top = curve((MID + cut.neck, cut.top + 40), (MID, cut.top + 62), (MID - cut.neck, cut.top + 40))
    return [Panel(vee + top, tone=-40, lift=0, calm=0.4, edge=16)]
