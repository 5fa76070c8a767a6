"""The large pictures of a brand's home page: a rail of clothes and a pile of folded ones."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageFilter

from lockstitch.cli.garments import View, easel
from lockstitch.cli.garments.backdrop import Backdrop, cast, ground
from lockstitch.cli.garments.canvas import Frame, Line, curve, strip
from lockstitch.cli.garments.paint import Easel
from lockstitch.cli.garments.panel import Fold, Mark, Panel

HERO = (2400, 1350)
STORY = (1200, 1500)


@dataclass(frozen=True)
class Hung:
    """A garment on the rail: its middle and height in pixels, seen a little from the side."""

    kind: str
    cloth: str
    colour: str
    x: int
    high: int
    narrow: float = 0.8
    view: View = "front"


RAILS: dict[str, tuple[Hung, ...]] = {
    "north": (
        Hung("band_shirt", "linen", "#d3c6ae", 1180, 760, 0.64),
        Hung("crew", "knit", "#6b2f33", 1420, 640, 0.66),
        Hung("coat", "wool", "#b1895c", 1660, 900, 0.84),
        Hung("shirt", "poplin", "#eceae3", 1900, 760, 0.68),
        Hung("cardigan", "cable", "#e0d7c6", 2130, 700, 0.74),
    ),
    "south": (
        Hung("blouson", "nylon", "#3348a8", 1180, 640, 0.66),
        Hung("shirt", "poplin+gingham:#f8f5ec", "#e27d92", 1420, 760, 0.68),
        Hung("hoodie", "sweat", "#d9412f", 1680, 800, 0.78),
        Hung("crew", "knit+wide:#2b2a2e", "#e0a92f", 1920, 660, 0.7),
        Hung("dress", "poplin+dots:#fbf4e2", "#1f7a5c", 2150, 850, 0.84),
    ),
    "east": (
        Hung("tee", "jersey", "#eceae4", 1260, 640, 0.62),
        Hung("sweatshirt", "sweat", "#5b6a73", 1560, 690, 0.74),
        Hung("blouson", "nylon", "#e4571f", 1860, 720, 0.8),
        Hung("tee", "jersey", "#1c2126", 2140, 640, 0.62),
    ),
}
WALLS = {"north": Backdrop("#ded7cb", 0.7, 0.3), "south": Backdrop("#f3cf5b", 0.6, 0.34),
         "east": Backdrop("#d3d9db", 0.6, 0.4)}  # fmt: skip
PILES: dict[str, tuple[tuple[str, str], ...]] = {
    "north": (
        ("wool", "#474a4e"), ("knit", "#6b2f33"), ("cable", "#e4dccb"), ("wool", "#b1895c"),
        ("knit", "#8f9c86"), ("linen", "#d8cdb8"),
    ),
    "south": (
        ("sweat", "#2c55b8"), ("knit", "#e0a92f"), ("cord", "#b5562f"),
        ("poplin+gingham:#f8f5ec", "#3f8f5f"), ("sweat", "#d9412f"), ("cord", "#9a86c4"),
    ),
    "east": (
        ("twill", "#1c2126"), ("sweat", "#5b6a73"), ("jersey", "#eceae4"), ("nylon", "#e4571f"),
        ("twill", "#2a3138"),
    ),
}  # fmt: skip
FLOORS = {
    "north": ("#e2dbd0", "#cfc4b4"), "south": ("#f2b6bd", "#e8735f"),
    "east": ("#dfe3e4", "#aab4b8"),
}  # fmt: skip
RAIL_Y = 150


def draw_hero(brand: str) -> Image.Image:
    """2400 x 1350 pixels: clothes on a rail at the right, calm room for words at the left."""
    wall = WALLS[brand]
    scene = ground(wall, HERO).copy()
    metal = "#2b2926" if brand == "north" else "#f7f3e8"
    frame = Frame(3, size=HERO, sway=0.2, base=1, focus=(1200, 675))
    fittings = Easel(frame, {"main": metal}, "smooth")
    rail: Line = [(960, RAIL_Y), (2600, RAIL_Y)]
    fittings.paint([*(_hook(hung.x) for hung in RAILS[brand]), Panel(strip(rail, 17), edge=5)])
    scene = cast(fittings.image, fittings.alpha, scene, wall, 2.2)
    for n, hung in enumerate(RAILS[brand]):
        image, alpha = _hung(hung, n)
        at = (hung.x - image.width // 2, RAIL_Y + 62)
        whole, mask = Image.new("RGB", HERO, hung.colour), Image.new("L", HERO, 0)
        whole.paste(image, at)
        mask.paste(alpha, at)
        scene = cast(whole, mask, scene, wall, 1.5)
    return scene


def _hook(x: int) -> Panel:
    """The wire of a hanger, over the rail and down into the neck."""
    bends = ((-22, 6), (-20, -24), (4, -36), (26, -14), (16, 22), (0, 44), (0, 130))
    wire = curve(*((x + dx, RAIL_Y + dy) for dx, dy in bends))
    return Panel(strip(wire, 7), edge=2, lift=0.2)


def _hung(hung: Hung, seed: int) -> tuple[Image.Image, Image.Image]:
    work = easel(hung.kind, cloth=hung.cloth, colour=hung.colour, seed=seed + 40, view=hung.view)
    box = work.alpha.getbbox() or (0, 0, 1, 1)
    image, alpha = work.image.crop(box), work.alpha.crop(box)
    size = (round(hung.high * image.width / image.height * hung.narrow), hung.high)
    smooth = Image.Resampling.LANCZOS
    return image.resize(size, smooth), alpha.resize(size, smooth)


def draw_story(brand: str) -> Image.Image:
    """1200 x 1500 pixels: folded clothes in a pile on a table."""
    wall, table = FLOORS[brand]
    paper = Backdrop(wall, 0.6, 0.4)
    scene = ground(paper, STORY).copy()
    board = ground(Backdrop(table, 0.5, 0.4), STORY)
    edge = Image.new("L", STORY, 0)
    edge.paste(255, (0, 1120, STORY[0], STORY[1]))
    scene.paste(board, mask=edge.filter(ImageFilter.GaussianBlur(1.5)))
    rng = Random(brand)  # noqa: S311 - a drawing
    low = 1010.0
    for n, (cloth, colour) in enumerate(PILES[brand]):
        high = rng.uniform(104, 136)
        left, right = 176 + rng.uniform(-16, 16) + n * 5, 824 + rng.uniform(-16, 16) - n * 5
        work = Easel(Frame(n + 5, size=STORY, sway=0.7), {"main": colour}, cloth)
        work.paint(_folded(left, right, low - high, low, rng))
        scene = cast(work.image, work.alpha, scene, paper, 1.5)
        low -= high - 7
    return scene


def _folded(left: float, right: float, top: float, low: float, rng: Random) -> list[Panel]:
    """A folded garment from its folded edge: two or three rounded layers."""
    layers = rng.choice((2, 2, 3))
    deep = (low - top) / layers
    panels = []
    for n in range(layers - 1, -1, -1):
        y0, y1 = top + n * deep - 3, top + (n + 1) * deep + 3
        x0, x1 = left + rng.uniform(-6, 10), right + rng.uniform(-10, 6)
        mid = (y0 + y1) / 2
        sag = rng.uniform(-3, 5)
        shape = curve(
            (x0 + 18, y0 + 3), (x0 + 150, y0), (500, y0 + sag), (x1 - 150, y0), (x1 - 18, y0 + 3),
            (x1 - 2, mid), (x1 - 18, y1 - 2), (x1 - 150, y1), (500, y1 + sag * 0.6), (x0 + 150, y1),
            (x0 + 18, y1 - 2), (x0 + 2, mid), (x0 + 18, y0 + 3),
        )  # fmt: skip
        body = Fold(curve((x0 + 8, mid), (500, mid + sag), (x1 - 8, mid)), deep * 0.8, 0.3)
        panels.append(
            Panel(shape, lift=0.6, reach=8, edge=13, folds=[body], grain=90, calm=0.35,
                  marks=[Mark([(x0 + 30, y1 - 6), (x1 - 30, y1 - 6)], "seam", 0.8)] if n else [])
        )  # fmt: skip
    return panels
