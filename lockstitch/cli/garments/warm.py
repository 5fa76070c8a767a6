"""Sweatshirts and blousons: loose bodies gathered by ribbed edges."""

from dataclasses import replace
from random import Random

from lockstitch.cli.garments.body import MID, Arm, Cut, inside, neckline, sleeve, torso
from lockstitch.cli.garments.canvas import Line, curve, ellipse, flip, side, strip
from lockstitch.cli.garments.panel import Mark, Panel, ribbed
from lockstitch.cli.garments.tops import knit_hem, raised

# fmt: off
# Points of a line read best side by side.

SWEAT = Cut(neck=76, top=262, drop=56, shoulder=240, shoulder_y=312, chest=250, pit_y=486,
            waist=254, hem=226, hem_y=880, tail=3)
SWEAT_ARM = Arm(
    end=(MID + 336, 868), width=82, bend=26, cuff=62, cuff_cloth="rib", gather=11, rib="jersey"
)
BLOUSON = Cut(neck=66, top=252, drop=46, shoulder=236, shoulder_y=300, chest=252, pit_y=478,
              waist=258, hem=230, hem_y=866, tail=3)
BLOUSON_ARM = Arm(
    end=(MID + 338, 858), width=86, bend=28, cuff=60, cuff_cloth="rib", gather=13, rib="jersey"
)


def _sweat_body(view: str, rng: Random) -> list[Panel]:
    drop = 16 if view == "back" else SWEAT.drop
    sleeves = [p for sign in (1, -1) for p in sleeve(SWEAT, SWEAT_ARM, rng, sign, 1.15)]
    marks = [Mark(side(_armhole(SWEAT), s), "stitch", 0.9) for s in (1, -1)]
    body = replace(torso(SWEAT, rng, drop, folds=1.05), marks=marks)
    return [*sleeves, body, knit_hem(SWEAT, 64, "jersey")]


def _armhole(cut: Cut) -> Line:
    tip, pit = cut.tip, cut.pit
    return curve(
        (tip[0] - 8, tip[1] + 2), (tip[0] - 15, (tip[1] + pit[1]) / 2 + 6), (pit[0] - 8, pit[1] - 4)
    )


def sweatshirt(view: str, rng: Random) -> list[Panel]:
    back = view == "back"
    drop = 16 if back else SWEAT.drop
    line = raised(neckline(SWEAT, drop), 2)
    panels = [*inside(SWEAT, drop + 6, rise=14, label=not back, rib=28), *_sweat_body(view, rng)]
    if not back:
        y = SWEAT.top + drop + 18
        gusset = Panel(
            [(MID - 26, y), (MID + 26, y), (MID, y + 44)],
            cloth="rib",
            lift=0.15,
            reach=3,
            edge=4,
            marks=[Mark([(MID - 26, y), (MID, y + 44), (MID + 26, y)], "stitch", 0.8)],
        )
        panels.append(gusset)
    return [*panels, ribbed(line, 34, 36, 34, pitch=6)]


def hoodie(view: str, rng: Random) -> list[Panel]:
    top = SWEAT.top
    outer = curve(
        (MID - 126, top + 28), (MID - 136, top - 40), (MID - 108, top - 122), (MID, top - 156),
        (MID + 108, top - 122), (MID + 136, top - 40), (MID + 126, top + 28),
    )
    if view == "back":
        low = curve((MID + 126, top + 28), (MID + 70, top + 60), (MID, top + 70), (MID - 70,
            top + 60),
                    (MID - 126, top + 28))
        seam = Mark([(MID, top - 154), (MID, top + 68)], "seam", 1.4)
        return [
            *_sweat_body(view, rng),
            Panel(outer + low, lift=0.5, reach=14, edge=16, marks=[seam]),
        ]
    base = Panel([*outer, (MID + 60, top + 90), (MID - 60, top + 90)], lift=0.3, edge=16)
    hole = curve((MID, top + 66), (MID + 58, top - 4), (MID + 70, top - 66), (MID, top - 112),
                 (MID - 70, top - 66), (MID - 58, top - 4), (MID, top + 66))
    lining = Panel(hole, tone=-58, lift=0, calm=0.5, edge=18)
    rim = [Panel(side(_hood_side(top), s), lift=0.45, reach=10, edge=14, grain=-14 * s,
                 marks=[Mark(side(_hood_edge(top), s), "stitch", 0.9)]) for s in (-1, 1)]
    return [base, lining, *_sweat_body(view, rng), *rim, _kangaroo(), *_cords(top)]


def _hood_edge(top: float) -> Line:
    return curve(
        (MID + 12, top + 84), (MID + 70, top + 2), (MID + 83, top - 62), (MID + 26, top - 124)
    )


def _hood_side(top: float) -> Line:
    """The near half of the hood, from its opening to the shoulder."""
    inner = curve(
        (MID - 8, top + 92), (MID + 56, top - 2), (MID + 70, top - 66), (MID + 8, top - 116)
    )
    outer = curve((MID + 8, top - 156), (MID + 108, top - 122), (MID + 136, top - 40),
                  (MID + 128, top + 34), (MID + 60, top + 84), (MID - 8, top + 92))
    return inner + outer


def _kangaroo() -> Panel:
    half = [
        (MID + 96, 664),
        *curve((MID + 96, 664), (MID + 128, 742), (MID + 158, 786)),
        (MID + 158, 872),
    ]
    mouth = curve((MID + 88, 668), (MID + 120, 744), (MID + 149, 788))
    marks = [Mark(side(mouth, s), "stitch", 0.9) for s in (1, -1)]
    marks.append(Mark([(MID - 96, 672), (MID + 96, 672)], "stitch", 0.9))
    return Panel(half + flip(half), lift=0.42, reach=7, edge=6, marks=marks)


def _cords(top: float) -> list[Panel]:
    cords = []
    for sign, drop in ((-1, 178), (1, 196)):
        line = side(
            curve((MID + 26, top + 74), (MID + 34, top + 118), (MID + 30, top + drop)), sign
        )
        cords.append(Panel(strip(line, 7, 7), "trim", "rib", lift=0.6, reach=5, edge=2, calm=0))
        cords.append(Panel(strip(line[-3:], 9), "metal", "smooth", lift=0.4, reach=3, edge=2))
    for x in (-27, 27):
        cords.insert(
            0, Panel(ellipse(MID + x, top + 72, 7, 7), "metal", "smooth", edge=2, lift=0.3)
        )
    return cords


def blouson(view: str, rng: Random) -> list[Panel]:
    """A zipped jacket with a stand collar, welt pockets and ribbed edges."""
    back = view == "back"
    cut = BLOUSON
    drop = 14 if back else cut.drop
    sleeves = [p for sign in (1, -1) for p in sleeve(cut, BLOUSON_ARM, rng, sign, 1.3)]
    seams = [Mark(side(_armhole(cut), s), "stitch", 0.9) for s in (1, -1)]
    line = raised(neckline(cut, drop), 10)
    collar = ribbed(line, 44, 50, 44, pitch=6.5)
    body = torso(cut, rng, drop, folds=1.2)
    if back:
        yoke = curve((MID - 238, 398), (MID, 404), (MID + 238, 398))
        marks = [*seams, Mark(yoke), Mark(raised(yoke, -6), "stitch", 0.9)]
        return [*inside(cut, drop, rise=34, label=False), *sleeves, replace(body, marks=marks),
                knit_hem(cut, 62, "jersey"), collar]
    welts = [Panel(side(strip([(MID + 128, 640), (MID + 186, 776)], 26), s), lift=0.4, reach=5,
        edge=3,
                   grain=23 * s, calm=0.3, marks=[Mark(side([(MID + 132, 646), (MID + 182, 764)],
                       s),
                                                      "seam", 1.4)]) for s in (1, -1)]
    return [*inside(cut, cut.drop + 6, rise=30, rib=40), *sleeves, replace(body, marks=seams),
        *welts,
            knit_hem(cut, 62, "jersey"), collar, *zipper(cut.top + drop - 14, cut.hem_y + 50)]


def zipper(top: float, low: float) -> list[Panel]:
    teeth = [
        Mark([(MID - 4, y), (MID + 4, y)], "edge", 1.6)
        for y in (top + 4 + 5.2 * n for n in range(int((low - top - 6) / 5.2)))
    ]
    flies = [Panel(strip([(MID + x, top - 4), (MID + x, low)], 22), lift=0.3, reach=4, edge=3,
        calm=0.5,
                   marks=[Mark([(MID + x * 1.4, top), (MID + x * 1.4, low)], "stitch", 0.8)])
             for x in (-14, 14)]
    tape = Panel(strip([(MID, top), (MID, low)], 9), "metal", "smooth", lift=0.3, reach=3, edge=2,
                 marks=teeth)
    y = top + 12
    slider = Panel([(MID - 7, y), (MID + 7, y), (MID + 6, y + 17), (MID - 6, y + 17)], "metal",
        "smooth",
                   lift=0.5, reach=4, edge=3, tone=14)
    pull = Panel(strip([(MID, y + 13), (MID + 1, y + 50)], 7, 9), "metal", "smooth", lift=0.6,
        reach=4,
                 edge=3, tone=20)
    return [*flies, tape, slider, pull]
