"""Shoes from the side, a pair of which the farther stands behind."""

from dataclasses import replace
from random import Random

from lockstitch.cli.garments.canvas import Line, between, curve, ellipse, evenly, strip
from lockstitch.cli.garments.panel import Fold, Mark, Panel

# fmt: off
# Points of a line read best side by side.


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
    ]


def _pair(shoe: list[Panel]) -> list[Panel]:
    far = [replace(p, tone=p.tone - 8) for p in _moved(shoe, 74, -156, 0.94)]
    return [*far, *_moved(shoe, -34, 70, 1.04)]


def sneaker(view: str, rng: Random) -> list[Panel]:
    """A low court shoe on a thick sole; the toe points to the left."""
    sole = curve(
        (132, 744), (138, 722), (170, 718), (300, 724), (500, 726), (700, 722), (830, 704), (858,
            706),
        (868, 736), (864, 778), (844, 792), (700, 797), (500, 797), (300, 797), (196, 795), (150,
            780),
        (132, 744),
    )
    upper = curve((148, 730), (152, 690), (196, 654), (286, 624), (372, 580), (448, 532), (528,
        482))
    upper += curve((548, 470), (610, 520), (690, 538), (760, 506), (802, 452), (822, 434))
    upper += [*curve((832, 438), (846, 500), (846, 600), (852, 716)), (500, 740)]
    lining = curve((540, 476), (600, 452), (700, 446), (790, 440), (822, 434))
    lining += curve((802, 452), (760, 506), (690, 538), (610, 520), (548, 470))
    tongue = curve((452, 530), (492, 452), (536, 412), (586, 416), (596, 462), (560, 520))
    toe = curve((148, 730), (152, 690), (196, 654), (270, 630)) + curve(
        (274, 632), (318, 664), (330, 730))
    facing = curve((392, 572), (448, 532), (528, 482), (552, 474)) + curve(
        (556, 478), (592, 508), (590, 552), (520, 590), (446, 634)) + curve(
        (440, 632), (414, 606), (392, 572))
    heel = curve((790, 470), (822, 434), (834, 440), (846, 520), (848, 620), (852, 716)) + curve(
        (850, 716), (808, 714), (796, 600), (790, 470))
    wave = curve((482, 726), (560, 668), (640, 640), (716, 640), (800, 612))
    wear = [Fold(curve((322, 676), (368, 640), (388, 594)), 18, -0.34, False),
            Fold(curve((352, 690), (398, 650), (418, 606)), 18, 0.34, False)]
    eyes = [((424 + 33 * n, 560 - 20 * n), (466 + 33 * n, 596 - 21 * n)) for n in range(4)]
    laces = [Panel(strip(curve(a, between(a, b, 0.5, 5), b), 15), "trim", "knit", lift=0.5,
                   reach=4, edge=4, calm=0) for a, b in eyes]
    bead = Mark(curve((142, 752), (300, 756), (600, 754), (862, 738)), "seam", 1.6)
    return _pair([
        Panel(lining, tone=-40, lift=0, calm=0.3, edge=12),
        Panel(tongue, lift=0.3, edge=9, calm=0.4),
        Panel(upper, folds=wear, lift=0.4, edge=18, calm=0.5,
              marks=[Mark(curve((560, 486), (612, 532), (690, 551), (768, 518), (796, 474)),
                          "stitch", 0.8)]),
        Panel(toe, lift=0.22, reach=4, edge=14, calm=0.3, marks=[Mark(toe[-9:], "stitch", 0.8)]),
        Panel(strip(wave, 40, 34, 22), "trim", lift=0.25, reach=3, edge=3, calm=0.3,
              marks=[Mark(strip(wave, 30, 24, 12), "stitch", 0.6)]),
        Panel(heel, "trim", lift=0.3, reach=4, edge=8, calm=0.3),
        Panel(facing, lift=0.35, reach=4, edge=5, calm=0.3,
              marks=[Mark([(x, y - 7) for x, y in facing[-24:-11]], "stitch", 0.7)]),
        *laces,
        Panel(sole, "sole", "smooth", lift=0.5, reach=6, edge=12, marks=[bead]),
    ])


def loafer(view: str, rng: Random) -> list[Panel]:
    """A penny loafer; the toe points to the left."""
    upper = curve((140, 752), (142, 716), (172, 682), (240, 656), (318, 628), (384, 588), (440,
        540))
    upper += curve((462, 532), (520, 580), (620, 602), (720, 590), (788, 554), (824, 512))
    upper += curve((832, 514), (848, 580), (850, 660), (858, 752))
    lining = curve((456, 536), (540, 512), (680, 516), (790, 512), (826, 512)) + curve(
        (788, 554), (720, 590), (620, 602), (520, 580), (462, 532))
    saddle = strip(curve((520, 752), (486, 668), (452, 604), (424, 556)), 128, 92, 70, 62)
    apron = curve((404, 620), (330, 662), (256, 686), (196, 702), (168, 700))
    puckers = [Mark([(x, y - 9), (x - 3, y + 9)], "seam", 1.2)
               for x, y in (evenly(apron, 13)[2:-1])]
    slot = ellipse(447, 600, 21, 6, turn=62)
    collar = Mark(curve((476, 556), (530, 597), (622, 616), (724, 604), (796, 566), (828, 530)),
                  "stitch", 0.8)
    counter = Mark(curve((720, 606), (708, 680), (726, 748)), "stitch", 0.8)
    shine = [Fold(curve((178, 694), (260, 664), (340, 630), (400, 588)), 30, 0.42),
             Fold(curve((560, 660), (690, 652), (830, 620)), 60, 0.36),
             Fold(curve((372, 700), (396, 672), (408, 640)), 14, -0.3, False)]
    welt = strip(curve((130, 758), (300, 764), (600, 762), (866, 756)), 15)
    sole = strip(curve((134, 770), (300, 777), (500, 777), (676, 772)), 13)
    heel = [*curve((664, 764), (760, 762), (860, 760)), (856, 802), (676, 804)]
    return _pair([
        Panel(lining, "lining", lift=0, calm=0.3, edge=14, tone=-16),
        Panel(upper, folds=shine, lift=0.4, edge=22, calm=0.5,
              marks=[collar, counter, Mark(apron, "seam", 2.2), *puckers]),
        Panel(saddle, lift=0.42, reach=6, edge=8, calm=0.4, grain=-24,
              marks=[Mark(strip(curve((518, 748), (486, 668), (452, 604), (426, 560)),
                                112, 78, 56, 48), "stitch", 0.7)]),
        Panel(slot, "dark", "smooth", lift=0, edge=2),
        Panel(heel, "dark", "leather", lift=0.3, edge=5, tone=8),
        Panel(sole, "dark", "leather", lift=0.3, edge=4, tone=16),
        Panel(welt, "wood", "leather", lift=0.4, reach=5, edge=4, tone=-26,
              marks=[Mark(curve((140, 757), (300, 763), (600, 761), (858, 755)), "stitch", 0.8)]),
    ])
