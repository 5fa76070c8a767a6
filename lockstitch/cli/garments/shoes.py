"""Shoes from the side, a pair of which the farther stands behind."""

from dataclasses import replace
from random import Random

from lockstitch.cli.garments.canvas import Line, Pt, curve, ellipse, strip
from lockstitch.cli.garments.panel import Fold, Mark, Panel


def _moved(panels: list[Panel], dx: float, dy: float, size: float) -> list[Panel]:
    def at(line: Line) -> Line:
        return [(500 + (x - 500) * size + dx, 700 + (y - 700) * size + dy) for x, y in line]

    return [
        replace(
            p, outline=at(p.outline),
            folds=[Fold(at(f.line), f.width, f.depth, f.soft) for f in p.folds],
            marks=[Mark(at(m.line), m.kind, m.width) for m in p.marks],
            shade=[(at(line), tone) for line, tone in p.shade],
        )
        for p in panels
    ]  # fmt: skip


def _pair(shoe: list[Panel]) -> list[Panel]:
    far = [replace(p, tone=p.tone - 8) for p in _moved(shoe, 74, -156, 0.94)]
    return [*far, *_moved(shoe, -34, 70, 1.04)]


def sneaker(view: str, rng: Random) -> list[Panel]:
    """A low court shoe on a thick sole; the toe points to the left."""
    sole = curve((146, 742), (150, 716), (190, 716)) + curve((190, 716), (420, 722), (640, 716), (838, 700)) + curve(
        (838, 700), (862, 706), (864, 752), (850, 788)) + curve((850, 788), (500, 796), (210, 792), (160, 776),
                                                                   (146, 742))  # fmt: skip
    upper = curve((160, 722), (166, 676), (222, 634), (318, 596), (420, 536), (500, 478)) + curve(
        (500, 478), (560, 446), (600, 452)) + curve((600, 452), (640, 512), (716, 520), (776, 470), (812, 432)) + curve(
        (812, 432), (838, 440), (842, 520), (848, 640), (842, 712))  # fmt: skip
    upper += [(500, 730)]
    tongue = curve((470, 506), (496, 424), (540, 396), (582, 410), (604, 470))
    lining = curve((556, 452), (640, 440), (740, 424), (808, 430)) + curve((808, 430), (770, 476), (716, 520),
                                                                            (644, 512), (596, 452))  # fmt: skip
    toe = curve((160, 722), (166, 678), (214, 640), (262, 622)) + curve(
        (262, 622), (300, 660), (312, 722)
    )
    facing = (
        curve((404, 552), (476, 500), (512, 466), (566, 446))
        + curve((566, 446), (600, 456), (618, 508), (560, 560), (452, 620))
        + [(420, 590)]
    )
    heel = curve((772, 472), (812, 432), (838, 440), (842, 520), (848, 640), (842, 712)) + curve(
        (842, 712), (776, 708), (752, 600), (772, 472))  # fmt: skip
    stripe = strip(curve((600, 690), (640, 610), (676, 540)), 34, 30)
    wear = [Fold(curve((300, 668), (352, 640), (372, 590)), 16, -0.4, False),
            Fold(curve((330, 690), (386, 650), (404, 600)), 16, 0.4, False)]  # fmt: skip
    laces = [
        Panel(
            strip(
                curve(
                    (434 + 34 * n, 566 - 27 * n),
                    (462 + 34 * n, 528 - 27 * n),
                    (500 + 32 * n, 536 - 22 * n),
                ),
                14,
            ),
            "trim",
            "knit",
            lift=0.55,
            reach=4,
            edge=4,
            calm=0,
        )
        for n in range(4)
    ]
    inset = Mark(curve((158, 748), (400, 756), (640, 748), (858, 730)), "seam", 1.4)
    return _pair([
        Panel(lining, tone=-44, lift=0, calm=0.3, edge=12),
        Panel(tongue + [(560, 540)], lift=0.3, edge=8, calm=0.4),
        Panel(upper, folds=wear, lift=0.4, edge=16, calm=0.5),
        Panel(toe, lift=0.25, reach=4, edge=14, calm=0.3, marks=[Mark(toe[-12:], "stitch", 0.8)]),
        Panel(stripe, "trim", lift=0.25, reach=3, edge=3, calm=0.3),
        Panel(heel, "trim", lift=0.3, reach=4, edge=8, calm=0.3),
        Panel(facing, lift=0.35, reach=4, edge=5, calm=0.3,
              marks=[Mark([(x + 4, y + 10) for x, y in facing[:18]], "stitch", 0.7)]),
        *laces,
        Panel(sole, "sole", "smooth", lift=0.5, reach=6, edge=9, marks=[inset]),
    ])  # fmt: skip


def loafer(view: str, rng: Random) -> list[Panel]:
    """A penny loafer; the toe points to the left."""
    upper = curve((150, 744), (158, 694), (214, 652), (300, 622), (382, 590), (430, 560)) + curve(
        (430, 560), (520, 572), (610, 590), (700, 580), (770, 540), (818, 500)) + curve(
        (818, 500), (842, 520), (848, 610), (852, 744))  # fmt: skip
    lining = curve((430, 562), (500, 520), (640, 500), (770, 494), (818, 500)) + curve(
        (818, 500), (770, 540), (700, 580), (610, 590), (520, 572), (430, 562))  # fmt: skip
    tongue = curve((392, 584), (420, 528), (470, 506), (520, 522), (540, 576))
    apron = curve((182, 690), (230, 668), (310, 640), (390, 632), (446, 650))
    strap = curve((378, 594), (420, 558), (470, 552), (506, 572)) + curve((506, 572), (520, 640), (512, 716)) + curve(
        (512, 716), (470, 722), (430, 716)) + curve((430, 716), (412, 650), (378, 594))  # fmt: skip
    slot = ellipse(450, 610, 24, 8, -18)
    welt = strip(curve((140, 750), (360, 758), (600, 756), (862, 748)), 17)
    sole = strip(curve((146, 764), (360, 773), (600, 771), (700, 768)), 15)
    heel = [(676, 764), (858, 758), (852, 804), (690, 806)]
    collar = Mark(curve((520, 582), (610, 600), (702, 590), (774, 550), (822, 512)), "stitch", 0.8)
    shine = [Fold(curve((190, 700), (270, 662), (360, 636)), 26, 0.4),
             Fold(curve((560, 650), (690, 640), (820, 600)), 44, 0.42),
             Fold(curve((320, 716), (350, 672), (372, 640)), 13, -0.34, False)]  # fmt: skip
    return _pair([
        Panel(lining, "lining", lift=0, calm=0.3, edge=14, tone=-20),
        Panel(tongue + [(460, 640)], lift=0.35, edge=10, calm=0.4),
        Panel(upper, folds=shine, lift=0.4, edge=20, calm=0.6,
              marks=[collar, Mark(apron, "seam", 2.4), Mark([(x, y - 7) for x, y in apron], "stitch", 1.0)]),
        Panel(strap, lift=0.4, reach=5, edge=7, calm=0.4, marks=[Mark(strap[:26], "stitch", 0.7)]),
        Panel(slot, "dark", "smooth", lift=0, edge=3),
        Panel(heel, "dark", "leather", lift=0.3, edge=4, tone=8),
        Panel(sole, "dark", "leather", lift=0.3, edge=4, tone=16),
        Panel(welt, "wood", "leather", lift=0.4, reach=5, edge=4, tone=-26,
              marks=[Mark(curve((150, 749), (360, 756), (600, 754), (856, 746)), "stitch", 0.8)]),
    ])  # fmt: skip


__all__ = ["Pt", "loafer", "sneaker"]
