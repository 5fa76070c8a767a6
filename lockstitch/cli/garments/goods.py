"""Bags, hats and scarves."""

import itertools
from random import Random

from lockstitch.cli.garments.body import MID
from lockstitch.cli.garments.canvas import Line, between, curve, ellipse, strip
from lockstitch.cli.garments.panel import Fold, Mark, Panel, drapes, ribbed, wrinkles
from lockstitch.cli.garments.tops import raised

# fmt: off
# Points of a line read best side by side.


def tote(view: str, rng: Random) -> list[Panel]:
    """A canvas bag with two long handles."""
    top, low = 520.0, 1010.0
    behind = curve((MID - 118, top + 20), (MID - 110, 330), (MID - 60, 238), (MID, 220), (MID + 62,
        240),
                   (MID + 112, 334), (MID + 120, top + 20))
    before = curve((MID - 122, top + 96), (MID - 118, 400), (MID - 72, 296), (MID, 272), (MID + 70,
        294),
                   (MID + 118, 404), (MID + 124, top + 96))
    mouth = curve(
        (MID - 262, top), (MID - 100, top + 9), (MID + 100, top + 5), (MID + 262, top - 2)
    )
    sides = curve(
        (MID + 262, top - 2), (MID + 268, top + 200), (MID + 258, low - 40), (MID + 236, low)
    )
    base = curve((MID + 236, low), (MID, low + 12), (MID - 236, low))
    left = [(MID * 2 - x, y) for x, y in sides][::-1]
    folds = drapes(rng, ((MID - 210, top + 60), (MID - 200, low)), ((MID + 210, top + 60),
        (MID + 200, low)),
                   5, depth=0.42, width=48)
    folds += wrinkles(rng, (MID - 240, low - 60), (MID - 120, low - 20), 3, length=-90, depth=0.4)
    folds += wrinkles(rng, (MID + 120, low - 20), (MID + 240, low - 60), 3, length=-90, depth=0.4)
    marks = [Mark(raised(mouth, -36), "stitch", 0.9), Mark(raised(mouth, -31), "stitch", 0.9)]
    body = Panel(mouth + sides + base + left, folds=folds, marks=marks, lift=0.4, reach=10, edge=9)
    inner = Panel(curve((MID - 260, top), (MID, top - 20), (MID + 260, top - 2)) + mouth[::-1],
                  tone=-40, lift=0)
    handle = Panel(strip(before, 30), lift=0.55, reach=10, edge=4, calm=0.3,
                   marks=[Mark(strip(before, 22)[: len(before)], "stitch", 0.7),
                          Mark(strip(before, 22)[len(before):], "stitch", 0.7)])
    patches = [_anchor(MID + x, top + 70) for x in (-122, 124)]
    tag = Panel(
        [(MID - 42, 742), (MID + 42, 740), (MID + 42, 784), (MID - 42, 786)],
        "trim",
        "leather",
        lift=0.35,
        reach=3,
        edge=2,
        calm=0.2,
        marks=[Mark([(MID - 24, 763), (MID + 24, 762)], "cord", 1.6)],
    )
    return [Panel(strip(behind, 30), tone=-22, lift=0.4, edge=4, calm=0.3), inner, body, *patches,
        handle,
            *([tag] if view == "front" else [])]


def _anchor(x: float, y: float) -> Panel:
    box = [(x - 15, y), (x + 15, y), (x + 15, y + 46), (x - 15, y + 46)]
    cross = [Mark([box[0], box[2]], "stitch", 0.7), Mark([box[1], box[3]], "stitch", 0.7)]
    return Panel(box, lift=0.3, reach=4, edge=2, calm=0.2, marks=cross)


def shoulder_bag(view: str, rng: Random) -> list[Panel]:
    """A crescent of soft leather with a zip and a short strap."""
    strap = curve((MID - 238, 640), (MID - 226, 470), (MID - 130, 318), (MID, 272), (MID + 132,
        322),
                  (MID + 228, 474), (MID + 240, 640))
    upper = curve(
        (MID - 272, 640), (MID - 160, 690), (MID, 706), (MID + 160, 690), (MID + 272, 640)
    )
    lower = curve((MID + 272, 640), (MID + 288, 742), (MID + 226, 872), (MID + 90, 934), (MID, 940),
                  (MID - 90, 934), (MID - 226, 872), (MID - 288, 742), (MID - 272, 640))
    back = Panel(
        curve((MID - 268, 640), (MID, 672), (MID + 268, 640)) + upper[::-1], tone=-26, lift=0.3
    )
    folds = wrinkles(rng, (MID - 230, 690), (MID - 90, 716), 4, length=100, depth=0.36)
    folds += wrinkles(rng, (MID + 90, 716), (MID + 230, 690), 4, length=100, depth=0.36)
    folds.append(Fold(curve((MID - 200, 800), (MID, 862), (MID + 200, 800)), 90, 0.34))
    seam = [Mark(raised(upper, -30), "stitch", 0.8), Mark([(MID + (x - MID) * 0.945,
        640 + (y - 640) * 0.94)
            for x, y in lower[4:-4]], "stitch", 0.8)]
    body = Panel(upper + lower, folds=folds, marks=seam, lift=0.45, reach=10, edge=20)
    rings = []
    for x in (MID - 238, MID + 240):
        rings += [Panel(ellipse(x, 640, 27, 27), "metal", "smooth", lift=0.5, reach=5, edge=5),
                  Panel(ellipse(x, 640, 17, 17), tone=-30, lift=0, edge=3)]
    loops = [Panel(strip([(x, 648), (x + d, 704)], 34, 40), lift=0.45, reach=5, edge=5, calm=0.4)
             for x, d in ((MID - 238, -4), (MID + 240, 4))]
    edges = strip(strap, 30)
    band = Panel(
        strip(strap, 40),
        lift=0.5,
        reach=10,
        edge=7,
        calm=0.4,
        marks=[Mark(edges[: len(strap)], "stitch", 0.8), Mark(edges[len(strap) :], "stitch", 0.8)],
    )
    zip_ = Panel(strip(raised(upper, -11), 7), "metal", "smooth", lift=0.3, reach=2, edge=2)
    pull = Panel(strip(curve((MID + 206, 690), (MID + 214, 726), (MID + 208, 762)), 12, 16),
        lift=0.5, reach=5,
                 edge=4)
    front = [zip_, pull] if view == "front" else []
    return [back, body, *front, *loops, *rings, band]


def cap(view: str, rng: Random) -> list[Panel]:
    """A six-panel cap, seen from the front and a little from above."""
    crown = curve((MID - 246, 690), (MID - 250, 560), (MID - 190, 412), (MID - 66, 344), (MID, 338),
                  (MID + 66, 344), (MID + 190, 412), (MID + 250, 560), (MID + 246, 690))
    if view == "back":
        base = curve(
            (MID + 246, 690), (MID + 120, 742), (MID, 752), (MID - 120, 742), (MID - 246, 690)
        )
        gap = curve((MID - 70, 748), (MID - 64, 676), (MID, 636), (MID + 64, 676), (MID + 70, 748))
        strap = Panel(
            strip(curve((MID - 78, 726), (MID, 738), (MID + 78, 726)), 32), lift=0.4, edge=4
        )
        seams = [_seam(x) for x in (-150, 0, 150)]
        return [Panel(crown + base, marks=seams, lift=0, edge=26, calm=0.5),
                Panel(gap, tone=-60, lift=0, edge=9), strip_button(), strap]
    base = curve((MID + 246, 690), (MID + 130, 706), (MID, 712), (MID - 130, 706), (MID - 246, 690))
    visor = curve((MID - 244, 676), (MID - 150, 640), (MID, 622), (MID + 150, 640), (MID + 244,
        676)) + curve(
        (MID + 244, 676), (MID + 262, 732), (MID + 210, 782), (MID + 100, 812), (MID, 818),
            (MID - 100, 812),
        (MID - 210, 782), (MID - 262, 732), (MID - 244, 676))
    rows = [
        Mark(curve((MID - 240 + 2 * k, 694 + 9 * k), (MID - 146, 664 + 17 * k), (MID, 648 + 20 * k),
                   (MID + 146, 664 + 17 * k), (MID + 240 - 2 * k, 694 + 9 * k)), "stitch", 0.8)
        for k in range(7)
    ]
    brim = Panel(visor, lift=0.45, reach=9, edge=10, calm=0.2, marks=rows,
                 folds=[Fold(curve((MID - 226, 742), (MID, 716), (MID + 226, 742)), 110, 0.22)])
    patch = Panel(
        curve((MID - 52, 520), (MID, 512), (MID + 52, 520))
        + curve((MID + 54, 586), (MID, 580), (MID - 54, 586)),
        "trim",
        "wool",
        lift=0.35,
        reach=3,
        edge=4,
        calm=0.2,
    )
    return [Panel(crown + base, marks=[_seam(x) for x in (-168, 168)] + [_seam(0)], lift=0, edge=30,
                  calm=0.5), strip_button(), patch, brim]


def strip_button() -> Panel:
    return Panel(ellipse(MID, 338, 20, 11), lift=0.4, reach=4, edge=5, calm=0)


def _seam(x: float) -> Mark:
    return Mark(curve((MID, 342), (MID + x * 0.7, 430), (MID + x, 668)), "seam", 1.3)


def beret(view: str, rng: Random) -> list[Panel]:
    """A felted beret, worn to one side."""
    disc = curve((MID - 262, 690), (MID - 286, 590), (MID - 190, 470), (MID - 10, 424), (MID + 190,
        454),
                 (MID + 296, 566), (MID + 288, 664), (MID + 206, 742), (MID + 60, 772), (MID - 130,
                     762),
                 (MID - 262, 690))
    band = curve((MID - 136, 752), (MID - 50, 778), (MID + 66, 780), (MID + 150, 756))
    stalk = curve((MID + 8, 452), (MID + 2, 424), (MID + 12, 404))
    folds = [
        Fold(curve((MID - 246, 650), (MID - 60, 690), (MID + 150, 676), (MID + 268, 618)), 64, 0.6),
        Fold(curve((MID - 210, 706), (MID, 742), (MID + 226, 700)), 34, -0.6),
        Fold(curve((MID - 180, 520), (MID - 20, 470), (MID + 170, 510)), 80, 0.4),
        Fold(curve((MID + 120, 560), (MID + 40, 620), (MID - 120, 612)), 44, -0.34),
    ]
    return [
        ribbed(raised(band, -14), 46, pitch=5, cloth="knit"),
        Panel(strip(stalk, 13, 10), lift=0.2, edge=4),
        Panel(disc, folds=folds, lift=0.55, reach=12, edge=30),
    ]


def scarf(view: str, rng: Random) -> list[Panel]:
    """A long scarf, laid in a loop with its two ends beside each other."""
    loop = curve((MID - 54, 760), (MID - 128, 500), (MID - 116, 320), (MID, 236), (MID + 118, 318),
                 (MID + 128, 500), (MID + 44, 760))
    ends = []
    for line in (
        curve((MID + 84, 470), (MID + 20, 640), (MID - 62, 830), (MID - 84, 1010)),
        curve((MID - 84, 470), (MID - 10, 640), (MID + 78, 830), (MID + 108, 980)),
    ):
        folds = [Fold([between(p, q, 0.5, off) for p, q in itertools.pairwise(line)], 30,
            d)
                 for off, d in ((-38, 0.5), (2, -0.4), (42, 0.5))]
        ends.append(_fringe(line))
        ends.append([Panel(strip(line, 128, 156, 172), lift=0.55, reach=13, edge=12, folds=folds,
                           grain=10 if line[0][0] > MID else -10)])
    folds = [Fold([between(p, q, 0.5, off) for p, q in itertools.pairwise(loop)], 34, d)
             for off, d in ((-30, 0.5), (6, -0.5), (36, 0.45))]
    collar = Panel(strip(loop, 120, 132, 150, 132, 120), lift=0.5, reach=12, edge=14, folds=folds)
    return [collar, *(p for part in ends for p in part)]


def _fringe(line: Line) -> list[Panel]:
    a, b = strip(line[-4:], 168)[3], strip(line[-4:], 168)[4]
    threads = []
    for n in range(19):
        start = between(a, b, n / 18)
        end = (
            start[0] + (-3, 4, 1)[n % 3] - (line[-4][0] - line[-1][0]) * 1.2,
            start[1] + 62 + (n * 7) % 9,
        )
        bent = between(start, end, 0.5, (2, -3)[n % 2])
        threads.append(
            Panel(strip(curve(start, bent, end), 6, 7, 5), lift=0.3, reach=3, edge=2, calm=0)
        )
    return threads
