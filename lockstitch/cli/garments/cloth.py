"""Cloth as grey textures: 128 is the plain colour, lighter threads above and gaps below."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 1024  # pixels of a texture before it repeats
BICUBIC = Image.Resampling.BICUBIC


def noise(size: tuple[int, int], cell: tuple[float, float], rng: Random) -> Image.Image:
    """Smooth grey noise whose grains are `cell` pixels wide and high."""
    small = (max(2, round(size[0] / cell[0])), max(2, round(size[1] / cell[1])))
    grains = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
    return grains.resize(size, BICUBIC)


def scaled(image: Image.Image, amount: float) -> Image.Image:
    """Contrast about the middle grey."""
    return image.point([round(min(255, max(0, 128 + (v - 128) * amount))) for v in range(256)])


def added(*images: Image.Image) -> Image.Image:
    """The sum of what each image is above or below the middle grey."""
    total = images[0]
    for image in images[1:]:
        total = ImageChops.add(total, image, 1, -128)
    return total


def tiled(tile: Image.Image, size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    full = Image.new(tile.mode, size)
    for x in range(0, size[0], tile.width):
        full.paste(tile, (x, 0))
    row = full.crop((0, 0, size[0], tile.height))
    for y in range(tile.height, size[1], tile.height):
        full.paste(row, (0, y))
    return full


def _drawn(width: int, height: int, ground: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (width * 8, height * 8), ground)
    return image, ImageDraw.Draw(image)


def _fine(rng: Random, grain: float, amount: float) -> Image.Image:
    return scaled(noise((SIDE, SIDE), (grain, grain), rng), amount)


def _columns(pitch: float, depth: float) -> Image.Image:
    wide = max(3, round(pitch))
    values = [round(128 + depth * math.cos(math.tau * n / wide)) for n in range(wide)]
    tile = Image.new("L", (wide, 1))
    tile.putdata(values)
    return tiled(tile.resize((wide, 8)))


def _plain(z: float, rng: Random) -> Image.Image:
    pitch = max(2, round(2.4 * z))
    image, pen = _drawn(pitch * 2, pitch * 2, 118)
    for n in (0, 1):
        x, y = n * pitch * 8, n * pitch * 8
        pen.ellipse((x, y + 4, x + pitch * 8, y + pitch * 8 - 4), fill=146)
        pen.ellipse((x + 4, 8 * pitch - y, x + pitch * 8 - 4, 16 * pitch - y), fill=130)
    weave = scaled(tiled(image.reduce(8)), 0.35 if z < 1.5 else 1.0)
    return added(weave, _fine(rng, 1.6 * z, 0.06), _fine(rng, 7 * z, 0.03))


def _poplin(z: float, rng: Random) -> Image.Image:
    warp = scaled(noise((SIDE, SIDE), (1.5 * z, 40 * z), rng), 0.035)
    return added(scaled(_plain(z, rng), 0.45), warp)


def _linen(z: float, rng: Random) -> Image.Image:
    across = scaled(noise((SIDE, SIDE), (38 * z, 1.8 * z), rng), 0.07)
    along = scaled(noise((SIDE, SIDE), (1.8 * z, 46 * z), rng), 0.07)
    return added(across, along, _fine(rng, 2 * z, 0.05))


def _twill(z: float, rng: Random, depth: float = 16) -> Image.Image:
    pitch = max(4, round(4 * z))
    image = Image.new("L", (pitch, pitch))
    image.putdata([
        round(128 + depth * math.cos(math.tau * ((x + y * 1.0) % pitch) / pitch))
        for y in range(pitch) for x in range(pitch)
    ])  # fmt: skip
    return added(tiled(image), _fine(rng, 1.6 * z, 0.06), _fine(rng, 9 * z, 0.025))


def _denim(z: float, rng: Random) -> Image.Image:
    streaks = scaled(noise((SIDE, SIDE), (2.2 * z, 60 * z), rng), 0.12)
    specks = noise((SIDE, SIDE), (1.6 * z, 3.2 * z), rng).point(lambda v: 128 + max(0, v - 205))
    return added(_twill(z, rng, 20), streaks, specks)


def _wool(z: float, rng: Random) -> Image.Image:
    fuzz = noise((SIDE, SIDE), (2.2 * z, 2.2 * z), rng).filter(ImageFilter.GaussianBlur(0.6))
    return added(scaled(fuzz, 0.10), _fine(rng, 6 * z, 0.06), scaled(_twill(z, rng), 0.35))


def _knit(z: float, rng: Random) -> Image.Image:
    wide, high = max(5, round(7.2 * z)), max(5, round(6.2 * z))
    image, pen = _drawn(wide, high, 92)
    w, h = wide * 8, high * 8
    for shift in (-h, 0, h):
        for x0, x1 in ((0.06 * w, 0.44 * w), (0.94 * w, 0.56 * w)):
            pen.line((x0, shift - 0.25 * h, x1, shift + 0.75 * h), fill=138, width=round(0.34 * w))
            pen.line((x0, shift - 0.3 * h, x1, shift + 0.7 * h), fill=166, width=round(0.14 * w))
    yarn = scaled(noise((SIDE, SIDE), (30 * z, 4 * z), rng), 0.06)
    return added(scaled(tiled(image.reduce(8)), 0.8), yarn, _fine(rng, 2 * z, 0.07))


def _rib(z: float, rng: Random) -> Image.Image:
    return added(scaled(_knit(z, rng), 0.6), _columns(13 * z, 26))


def _cable(z: float, rng: Random) -> Image.Image:
    """A twist of two strands every 92 units, on ribs of knit."""
    wide, high = round(96 * z), round(88 * z)
    image = Image.new("L", (wide * 2, high * 2), 128)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0.2 * wide, 0, 1.8 * wide, 2 * high), fill=104)
    for half in (-1, 0, 1, 2):
        for strand in (1, -1):
            way = strand if half % 2 else -strand
            path = [
                (wide + way * 0.34 * wide * math.cos(math.pi * t / 20), (half + t / 20) * high)
                for t in range(-1, 22)
            ]
            for share, grey in ((0.56, 84), (0.48, 128), (0.34, 152), (0.18, 172)):
                pen.line(path, fill=grey, width=round(share * wide), joint="curve")
    twist = tiled(image.reduce(2).filter(ImageFilter.GaussianBlur(2.2 * z)))
    return added(twist, scaled(_knit(z, rng), 0.7))


def _boucle(z: float, rng: Random) -> Image.Image:
    loops = noise((SIDE, SIDE), (5.2 * z, 4.6 * z), rng)
    ridged = loops.point([255 - 2 * abs(v - 128) for v in range(256)])
    return added(scaled(ridged, 0.24), _fine(rng, 2.4 * z, 0.16), _fine(rng, 13 * z, 0.06))


def _cord(z: float, rng: Random) -> Image.Image:
    return added(_columns(8.4 * z, 30), scaled(noise((SIDE, SIDE), (2 * z, 6 * z), rng), 0.12))


def _sweat(z: float, rng: Random) -> Image.Image:
    return added(_fine(rng, 1.7 * z, 0.09), _fine(rng, 4 * z, 0.05), _columns(3.4 * z, 4))


def _jersey(z: float, rng: Random) -> Image.Image:
    return added(_columns(2.8 * z, 3), _fine(rng, 1.6 * z, 0.05), _fine(rng, 12 * z, 0.02))


def _leather(z: float, rng: Random) -> Image.Image:
    grain = noise((SIDE, SIDE), (5.5 * z, 4.6 * z), rng)
    cells = grain.point([min(255, 90 + 3 * abs(v - 128)) for v in range(256)])
    return added(scaled(cells, 0.075), _fine(rng, 1.8 * z, 0.03))


def _nylon(z: float, rng: Random) -> Image.Image:
    return added(scaled(_plain(z, rng), 0.3), _fine(rng, 1.5 * z, 0.025))


def _smooth(z: float, rng: Random) -> Image.Image:
    return _fine(rng, 1.6 * z, 0.02)


@dataclass(frozen=True)
class Trait:
    """How a cloth behaves: `crumple` soft waves, `crease` sharp ones, `sheen` of its lights."""

    texture: Callable[[float, Random], Image.Image]
    crumple: float
    crease: float
    sheen: float = 0.5
    edge: float = 4.0  # units over which an edge bends away


TRAITS: dict[str, Trait] = {
    "plain": Trait(_plain, 0.8, 0.5),
    "poplin": Trait(_poplin, 0.8, 0.8, 0.6, 3),
    "linen": Trait(_linen, 0.9, 1.25, 0.4, 3),
    "twill": Trait(_twill, 0.75, 0.45, 0.5),
    "denim": Trait(_denim, 0.8, 0.55, 0.35),
    "wool": Trait(_wool, 0.85, 0.2, 0.4, 6),
    "knit": Trait(_knit, 0.75, 0.0, 0.45, 8),
    "rib": Trait(_rib, 0.4, 0.0, 0.45, 8),
    "cable": Trait(_cable, 0.5, 0.0, 0.5, 12),
    "boucle": Trait(_boucle, 0.6, 0.0, 0.5, 11),
    "cord": Trait(_cord, 0.8, 0.3, 0.6, 8),
    "sweat": Trait(_sweat, 0.9, 0.3, 0.4, 7),
    "jersey": Trait(_jersey, 0.8, 0.45, 0.45, 5),
    "leather": Trait(_leather, 0.55, 0.25, 1.1, 8),
    "nylon": Trait(_nylon, 1.1, 1.2, 0.95, 7),
    "satin": Trait(_smooth, 1.6, 0.2, 1.2, 5),
    "smooth": Trait(_smooth, 0.25, 0.0, 0.9, 7),
}


@lru_cache(maxsize=48)
def texture(name: str, zoom: float) -> Image.Image:
    return TRAITS[name].texture(zoom, Random(f"{name} {zoom}"))  # noqa: S311 - a drawing


@lru_cache(maxsize=24)
def relief(kind: str) -> Image.Image:
    """Waves of lying cloth as a height map of a quarter of the picture's pixels."""
    rng = Random(kind)  # noqa: S311 - a drawing
    size = (640, 800)
    if kind == "crumple":
        parts = [(64, 110, 0.62), (30, 54, 0.30), (14, 22, 0.10)]
        return added(*(scaled(noise(size, (x, y), rng), k) for x, y, k in parts))
    folds = [255 - 2 * abs(v - 128) for v in range(256)]
    parts = [(52, 78, 0.5), (27, 38, 0.28)]
    sharp = [scaled(noise(size, (x, y), rng).point(folds), k) for x, y, k in parts]
    return added(*sharp).filter(ImageFilter.GaussianBlur(1.1))
