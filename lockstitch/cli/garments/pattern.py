"""Patterns in a second colour, as masks that repeat: 255 is wholly the second colour."""

import math
from collections.abc import Callable
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw

from lockstitch.cli.garments.cloth import SIDE, tiled


def _bands(pitch: float, parts: list[tuple[float, float, int]], upright: bool) -> Image.Image:
    """Bands from share to share of a pitch, with how much of the second colour."""
    length = round(pitch)
    tile = Image.new("L", (1, length * 4))
    for start, end, grey in parts:
        tile.paste(grey, (0, round(start * length * 4), 1, round(end * length * 4)))
    tile = tile.resize((8, length), Image.Resampling.BOX)
    return tiled(tile.transpose(Image.Transpose.ROTATE_90) if upright else tile)


def _stripe(z: float) -> Image.Image:
    return _bands(38 * z, [(0.0, 0.36, 245)], upright=False)


def _wide(z: float) -> Image.Image:
    return _bands(112 * z, [(0.0, 0.5, 255)], upright=False)


def _pinstripe(z: float) -> Image.Image:
    return _bands(22 * z, [(0.0, 0.09, 170)], upright=True)


def _gingham(z: float) -> Image.Image:
    half = [(0.0, 0.5, 128)]
    return ImageChops.add(_bands(34 * z, half, True), _bands(34 * z, half, False))


def _tartan(z: float) -> Image.Image:
    parts = [(0.0, 0.3, 105), (0.42, 0.45, 140), (0.62, 0.7, 60), (0.84, 0.87, 120)]
    return ImageChops.add(_bands(120 * z, parts, True), _bands(120 * z, parts, False))


def _houndstooth(z: float) -> Image.Image:
    side = max(8, round(26 * z))
    image = Image.new("L", (side * 4, side * 4), 0)
    pen = ImageDraw.Draw(image)
    q = side  # a quarter of the enlarged tile
    pen.rectangle((0, 0, 2 * q, 2 * q), fill=255)
    for shift in (0, q):
        pen.polygon([(2 * q + shift, 0), (2 * q + shift + q / 2, 0), (2 * q, shift + q / 2),
                     (2 * q, shift)], fill=255)  # fmt: skip
        pen.polygon([(shift, 4 * q), (shift + q / 2, 4 * q), (2 * q, 2 * q + shift + q / 2),
                     (2 * q, 2 * q + shift)], fill=255)  # fmt: skip
    return tiled(image.reduce(4))


def _dots(z: float) -> Image.Image:
    side = round(44 * z)
    image = Image.new("L", (side * 4, side * 4), 0)
    pen = ImageDraw.Draw(image)
    r = side * 0.5
    for cx, cy in ((side, side), (3 * side, 3 * side)):
        pen.ellipse((cx - r, cy - r, cx + r, cy + r), fill=250)
    return tiled(image.reduce(4))


def _leaves(z: float) -> Image.Image:
    """Cut-paper leaves on short stalks, scattered without touching."""
    rng = Random("leaves")  # noqa: S311 - a drawing
    image = Image.new("L", (SIDE * 2, SIDE * 2), 0)
    pen = ImageDraw.Draw(image)
    count = max(2, round(SIDE / (84 * z) / 2) * 2)
    step = SIDE * 2 / count
    for row in range(count):
        for column in range(count):
            turn, long = rng.uniform(0, math.tau), rng.uniform(0.3, 0.4) * step
            cx, cy = (column + (row % 2) * 0.5) * step, row * step
            for dx in (0, SIDE * 2):  # what leaves at one edge comes in at the other
                for dy in (0, SIDE * 2):
                    _leaf(pen, (cx - dx, cy - dy), long, turn)
                    _leaf(pen, (cx + dx, cy + dy), long, turn)
    return image.reduce(2)


def _leaf(pen: ImageDraw.ImageDraw, at: tuple[float, float], long: float, turn: float) -> None:
    c, s = math.cos(turn), math.sin(turn)

    def spot(x: float, y: float) -> tuple[float, float]:
        return at[0] + x * c - y * s, at[1] + x * s + y * c

    blade = [(-1 + 0.1 * n, 0.42 * math.sin(math.pi * (n / 20) ** 0.8)) for n in range(21)]
    outline = blade + [(x, -y) for x, y in reversed(blade)]
    pen.polygon([spot(x * long, y * long) for x, y in outline], fill=255)
    pen.line([spot(-0.8 * long, 0), spot(1.25 * long, 0)], fill=255, width=round(long * 0.1))
    pen.line([spot(-0.7 * long, 0), spot(0.7 * long, 0)], fill=0, width=round(long * 0.07))


PATTERNS: dict[str, Callable[[float], Image.Image]] = {
    "stripe": _stripe, "wide": _wide, "pinstripe": _pinstripe, "gingham": _gingham,
    "tartan": _tartan, "houndstooth": _houndstooth, "dots": _dots, "leaves": _leaves,
}  # fmt: skip


@lru_cache(maxsize=24)
def pattern(name: str, zoom: float) -> Image.Image:
    return PATTERNS[name](zoom)
