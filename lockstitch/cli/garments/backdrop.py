"""The studio: seamless paper behind the garments, lit as the garments are."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageFilter

from lockstitch.cli.garments.cloth import BICUBIC, added, noise, scaled
from lockstitch.cli.garments.paint import rgb


@dataclass(frozen=True)
class Backdrop:
    """Paper of one colour. `fade` is how far the light falls off towards the lower right."""

    colour: str
    fade: float = 0.5
    shadow: float = 0.42


@lru_cache(maxsize=12)
def ground(backdrop: Backdrop, size: tuple[int, int]) -> Image.Image:
    rng = Random("paper")  # noqa: S311 - a drawing
    low = (size[0] // 8, size[1] // 8)
    slant = Image.linear_gradient("L").rotate(28, BICUBIC, expand=True)
    w, h = slant.size
    slant = slant.crop((w // 4, h // 4, w * 3 // 4, h * 3 // 4)).resize(low, BICUBIC)
    falling = slant.point([round(128 + (110 - v) * 0.2 * backdrop.fade) for v in range(256)])
    edges = Image.radial_gradient("L").resize((low[0] * 2, low[1] * 2), BICUBIC)
    edges = edges.crop((low[0] // 2, low[1] // 2, low[0] * 3 // 2, low[1] * 3 // 2))
    edges = edges.point([round(128 - max(0, v - 90) * 0.14 * backdrop.fade) for v in range(256)])
    light = added(falling, edges).filter(ImageFilter.GaussianBlur(6)).resize(size, BICUBIC)
    grain = scaled(noise(size, (1.4, 1.4), rng), 0.022)
    tone = added(light, grain)
    table: list[int] = []
    for value in rgb(backdrop.colour):
        table += [round(min(255, max(0, value * (0.42 + 0.58 * v / 128)))) for v in range(128)]
        table += [round(min(255, value + (255 - value) * (v - 128) / 127)) for v in range(128, 256)]
    return Image.merge("RGB", (tone, tone, tone)).point(table)


def placed(
    image: Image.Image, alpha: Image.Image, paper: Image.Image, backdrop: Backdrop, unit: float
) -> Image.Image:
    """The garment lying on paper: a close dark shadow and a wide faint one."""
    small = alpha.reduce(4)
    near = ImageChops.offset(small.filter(ImageFilter.GaussianBlur(1.5 * unit)), 1, 2)
    far = ImageChops.offset(small.filter(ImageFilter.GaussianBlur(8 * unit)),
                            round(3 * unit), round(6 * unit))  # fmt: skip
    near = near.point([round(v * backdrop.shadow) for v in range(256)])
    far = far.point([round(v * backdrop.shadow * 0.85) for v in range(256)])
    shade = ImageChops.screen(near, far).resize(alpha.size, BICUBIC)
    dark = paper.point(
        [round(v * 0.36) for v in range(256)] + [round(v * 0.34) for v in range(256)]
        + [round(v * 0.36) for v in range(256)]
    )  # fmt: skip
    return Image.composite(image, Image.composite(dark, paper, shade), alpha)
