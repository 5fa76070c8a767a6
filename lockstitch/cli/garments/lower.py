"""Dresses, skirts, trousers and shorts."""

from dataclasses import replace
from random import Random

from lockstitch.cli.garments.body import MID, Arm, Cut, inside, neckline, sleeve, torso
from lockstitch.cli.garments.canvas import Line, between, curve, flip, side, strip
from lockstitch.cli.garments.panel import Fold, Mark, Panel, button, drapes, ribbed, wrinkles
from lockstitch.cli.garments.tops import raised

# fmt: off
# Points of a line read best side by side.

BODICE = Cut(neck=84, top=132, drop=76, shoulder=168, shoulder_y=164, chest=170, pit_y=300,
             waist=152, hem=142, hem_y=470, tail=4)


def _fall(rng: Random, top: Line, low: Line, *, n: int, depth: float, width: float) -> list[Fold]:
    """Folds that spread from a waist (left to right) to a hem (left to right)."""
    return drapes(rng, (top[0], low[0]), (top[-1], low[-1]), n, depth=depth, width=width)


def _skirt(
    rng: Random, waist: float, y: float, *, low: float, wide: float, n: int, depth: float
) -> Panel:
    waves = [
        (
            MID + wide * (1 - 2 * k / n),
            low + rng.uniform(2, 7) * (-1) ** k + 30 * (1 - (1 - 2 * k / n) ** 2),
        )
        for k in range(n + 1)
    ]
    edge = curve((MID + waist, y), (MID + waist + (wide - waist) * 0.3, y + (low - y) * 0.3),
                 (MID + waist + (wide - waist) * 0.68, y + (low - y) * 0.68), (MID + wide, low))
    shape = edge + curve(*waves, steps=6) + flip(edge)
    folds = _fall(rng, [(MID - waist * 0.94, y + 4), (MID + waist * 0.94, y + 4)],
                  [(MID - wide * 0.92, low), (MID + wide * 0.92, low)], n=n, depth=depth, width=46)
    return Panel(shape, folds=folds, lift=0.3, reach=8)


def dress(view: str, rng: Random) -> list[Panel]:
    """A dress with short sleeves, a seam at the waist and a full skirt."""
    cut, back = BODICE, view == "back"
    drop = 24 if back else cut.drop
    arm = Arm(end=(MID + 246, 322), width=150, bend=10)
    sleeves = [p for s in (1, -1) for p in sleeve(cut, arm, rng, s)]
    line = neckline(cut, drop)
    skirt = _skirt(rng, 146, 462, low=1110, wide=292, n=13, depth=0.62)
    gathers = [
        Fold(curve((MID + x, 468), (MID + x * 1.05, 500), (MID + x * 1.12, 500 + rng.uniform(30,
            90))),
             8, rng.choice((-0.5, 0.5)), False)
        for x in range(-132, 140, 12)
    ]
    waist = Panel(strip(curve((MID - 147, 468), (MID, 474), (MID + 147, 468)), 26), lift=0.4,
        reach=5,
                  edge=3, calm=0.4, marks=[Mark(curve((MID - 146, 478), (MID, 484), (MID + 146,
                      478)),
                                                "stitch", 0.6)])
    facing = Panel(strip(raised(line, -7), 15), lift=0.25, reach=3, edge=2, calm=0.3)
    return [
        *inside(cut, drop, rise=8, label=not back), *sleeves,
        replace(skirt, folds=[*skirt.folds, *gathers]), torso(cut, rng, drop, folds=0.8), waist,
            facing,
    ]


def slip(view: str, rng: Random) -> list[Panel]:
    """A long bias-cut dress on thin straps."""
    deep = 214 if view == "front" else 262
    straps = [
        Panel(strip(side(curve((MID + 94, 256), (MID + 92, 190), (MID + 74, 128), (MID + 52, 138),
            (MID + 58, 262)), s), 7), lift=0.4,
              reach=4, edge=2, calm=0) for s in (1, -1)
    ]
    top = curve((MID - 128, 262), (MID - 92, 246), (MID - 40, deep + 62), (MID, deep + 76),
                (MID + 40, deep + 62), (MID + 92, 246), (MID + 128, 262))
    flank_ = curve(
        (MID + 128, 262), (MID + 118, 430), (MID + 152, 640), (MID + 186, 900), (MID + 206, 1124)
    )
    low = curve(
        (MID + 206, 1124), (MID + 100, 1140), (MID, 1143), (MID - 100, 1140), (MID - 206, 1124)
    )
    folds = _fall(rng, [(MID - 108, 400), (MID + 108, 400)], [(MID - 190, 1126), (MID + 190, 1126)],
                  n=7, depth=0.5, width=44)
    cowl = [Fold(curve((MID - 84, 258 + k), (MID, deep + 96 + k * 1.5), (MID + 84, 258 + k)), 17,
                 (-0.5, 0.5)[k % 2]) for k in (3, 26, 49)]
    back = Panel([*curve((MID - 120, 262), (MID, 300), (MID + 120, 262)), (MID + 60, 340),
        (MID - 60, 340)],
                 tone=-40, lift=0)
    return [back, *straps, Panel(top + flank_ + low + flip(flank_), folds=folds + cowl, lift=0.3)]


def pleated(view: str, rng: Random) -> list[Panel]:
    """A midi skirt in knife pleats, each lying over the next."""
    panels, n = [], 13
    waist, wide, y, low = 142.0, 276.0, 262.0, 1010.0
    for k in range(n):
        a, b = k / n - 0.018, (k + 1) / n + 0.03
        xs = [(MID + w * (2 * t - 1)) for t, w in ((a, waist), (b, waist), (b, wide), (a, wide))]
        arc = [24 * (1 - (2 * t - 1) ** 2) for t in (b, a)]
        right = curve((xs[1], y), ((xs[1] + xs[2]) / 2 + 4, (y + low) / 2), (xs[2], low + arc[0]))
        left = curve((xs[3], low + arc[1]), ((xs[0] + xs[3]) / 2 + 2, (y + low) / 2), (xs[0], y))
        middle = curve(between(left[-1], right[0], 0.3), between(left[0], right[-1], 0.3))
        panels.append(
            Panel(right + left, lift=0.5, reach=6, edge=5, calm=0.45, grain=(b - 0.5) * 22,
                  folds=[Fold(middle, 26, 0.42)])
        )
    return [*panels[::-1], *_waistband(waist, y, view)]


def _waistband(half: float, y: float, view: str, deep: float = 40) -> list[Panel]:
    line = curve((MID - half - 1, y - 4), (MID, y + 3), (MID + half + 1, y - 4))
    inner = Panel(strip(raised(line, 14), deep * 0.7), tone=-42, lift=0, calm=0)
    marks = [
        Mark(raised(line, deep * 0.36), "stitch", 0.7),
        Mark(raised(line, -deep * 0.36), "stitch", 0.7),
    ]
    band = Panel(strip(line, deep), lift=0.35, reach=5, edge=3, calm=0.35, marks=marks)
    return [inner, band]


def flared(view: str, rng: Random) -> list[Panel]:
    """A flared skirt with a waistband."""
    return [_skirt(rng, 140, 262, low=1000, wide=320, n=11, depth=0.72), *_waistband(140, 262,
        view)]


def _legs(
    rng: Random, knee: float, hem: float, *, low: float, gap: float, marks: list[Mark]
) -> list[Panel]:
    """Two legs; `knee` and `hem` are the outer half widths of the whole."""
    legs = []
    for sign in (-1, 1):
        shift = rng.uniform(-5, 9)
        outer = curve((MID + 136, 190), (MID + 160, 300), (MID + 168 * 0.45 + knee * 0.55, 500),
            (MID + knee, 740),
                      (MID + hem + shift, low))
        inner = curve((MID + gap + shift * 0.5, low + 6), (MID + gap * 0.82, 760), (MID + 9, 470))
        shape = outer + inner + [(MID - 2, 430), (MID - 2, 190)]
        top, bottom = (MID + 88, 250), (MID + (gap + hem) / 2 + shift, low)
        crease = curve(top, between(top, bottom, 0.5, -3), bottom)
        folds = [Fold(crease, 22, 0.2)]
        folds += wrinkles(rng, (MID + 6, 452), (MID + 16, 540), 4, length=-96, depth=0.4)
        folds += wrinkles(rng, (MID + gap * 0.82, 800), (MID + gap * 0.82, 700), 3, length=76,
            depth=0.26)
        folds += drapes(rng, ((MID + 34, 520), (MID + gap + 12, low)),
                        ((MID + 150, 420), (MID + hem - 12, low)), 4, depth=0.34, width=34)
        turn = Mark([(MID + hem + shift, low - 20), (MID + gap, low - 14)], "stitch", 0.8)
        legs.append(
            Panel(
                side(shape, sign),
                lift=0.4,
                reach=9,
                grain=3 * sign,
                folds=[Fold(side(f.line, sign), f.width, f.depth, f.soft) for f in folds],
                marks=[Mark(side(m.line, sign), m.kind, m.width) for m in [*marks, turn]],
            )
        )
    return legs


def _fly(view: str) -> list[Mark]:
    if view == "back":
        return [Mark([(MID - 1, 200), (MID - 1, 430)], "seam", 1.2)]
    return [Mark(curve((MID + 30, 200), (MID + 29, 330), (MID + 18, 372), (MID - 2, 390)),
        "stitch", 0.9),
            Mark([(MID - 1, 200), (MID - 1, 452)], "seam", 1.2)]


def _top_of_trousers(view: str, jeans: bool = False) -> list[Panel]:
    band = _waistband(137, 190, view, 42)
    loops = [Panel(strip([(MID + x, 168), (MID + x, 216)], 13), lift=0.45, reach=4, edge=2, calm=0)
             for x in (-104, -40, 40, 104)]
    close = button(MID + 10, 191, 8, "metal" if jeans else "button") if view == "front" else []
    return [*band, *loops, *close]


def _pockets(view: str, jeans: bool) -> list[Panel]:
    if view == "back":
        return [Panel(side([(MID + 40, 292), (MID + 126, 286), (MID + 130, 372), (MID + 86, 396),
                            (MID + 42, 376)], s), lift=0.3, reach=4, edge=3, calm=0.5,
                      marks=[Mark(side([(MID + 47, 300), (MID + 49, 372), (MID + 86, 388),
                                        (MID + 123, 368), (MID + 120, 296)], s), "stitch", 0.8)])
                for s in (1, -1)]
    mouth = (
        curve((MID + 82, 210), (MID + 94, 268), (MID + 158, 290))
        if jeans
        else ([(MID + 112, 212), (MID + 160, 340)])
    )
    beyond = [(MID + 158, 290), (MID + 139, 210)] if jeans else [(MID + 163, 320), (MID + 141, 212)]
    return [Panel(side([*mouth, *beyond], s), lift=0.0, edge=3, tone=-7, calm=0.4,
                  marks=[Mark(side(mouth, s), "seam", 1.8), Mark(side([(x - 6, y + 2) for x,
                      y in mouth], s),
                                                                 "stitch", 0.9)])
            for s in (1, -1)]


def straight(view: str, rng: Random) -> list[Panel]:
    """Straight trousers, as jeans or chinos."""
    return [*_legs(rng, 152, 148, low=1116, gap=34, marks=_fly(view)), *_pockets(view, True),
            *_top_of_trousers(view, True)]


def wide(view: str, rng: Random) -> list[Panel]:
    """Wide trousers with a pleat in front."""
    marks = _fly(view)
    if view == "front":
        marks.append(Mark([(MID + 72, 212), (MID + 78, 330)], "seam", 1.2))
    return [*_legs(rng, 196, 222, low=1112, gap=30, marks=marks), *_pockets(view, False),
        *_top_of_trousers(view)]


def shorts(view: str, rng: Random) -> list[Panel]:
    """Wide shorts with a gathered waist."""
    legs = []
    for sign in (-1, 1):
        shape = (
            curve((MID + 150, 330), (MID + 182, 470), (MID + 238, 800))
            + curve((MID + 238, 800), (MID + 136, 822), (MID + 26, 814))
            + [(MID + 8, 628), (MID - 2, 600), (MID - 2, 330)]
        )
        folds = wrinkles(rng, (MID + 6, 600), (MID + 18, 680), 3, length=-90, depth=0.42)
        folds += drapes(rng, ((MID + 12, 370), (MID + 50, 812)), ((MID + 140, 370), (MID + 216,
            804)), 5,
                        depth=0.5, width=36)
        hem = Mark(curve((MID + 232, 778), (MID + 136, 800), (MID + 26, 792)), "stitch", 0.8)
        legs.append(
            Panel(
                side(shape, sign),
                lift=0.4,
                folds=[Fold(side(f.line, sign), f.width, f.depth, f.soft) for f in folds],
                marks=[Mark(side(hem.line, sign), "stitch", 0.8)],
            )
        )
    band = ribbed(curve((MID - 151, 336), (MID, 344), (MID + 151, 336)), 58, pitch=9, cloth="")
    inner = Panel(
        strip(curve((MID - 150, 312), (MID, 316), (MID + 150, 312)), 26), tone=-42, lift=0
    )
    cords = [Panel(strip(side(curve((MID + 10, 350), (MID + 24, 400), (MID + 18, 448 + 12 * s)),
        s), 6),
                   "trim", "knit", lift=0.6, reach=5, edge=2, calm=0) for s in (1, -1)]
    pockets = [Panel(side([(MID + 118, 372), (MID + 178, 520), (MID + 186, 470), (MID + 158, 372)],
        s), lift=0,
                     tone=-8, marks=[Mark(side([(MID + 118, 372), (MID + 178, 520)], s), "seam",
                         1.8)])
               for s in (1, -1)] if view == "front" else []
    return [*legs, *pockets, inner, band, *(cords if view == "front" else [])]
