"""The studio: seamless paper behind the garments, lit as the garments are."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps

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


def cast(
    image: Image.Image, alpha: Image.Image, scene: Image.Image, backdrop: Backdrop, unit: float,
    *, stands: bool = False,
) -> Image.Image:  # fmt: skip
    """Lays something on a scene: with a close dark shadow and a wide faint one.

    What `stands` throws its shadow on the floor below it, not on the paper around it.
    """
    small = ImageOps.expand(alpha.reduce(4), 40)  # an offset brings one border to the other
    near = ImageChops.offset(small.filter(ImageFilter.GaussianBlur(1.5 * unit)), 1, 2)
    far = small.filter(ImageFilter.GaussianBlur(8 * unit))
    if stands:
        box = small.getbbox() or (0, 0, 1, 1)
        third = small.crop(box).resize((box[2] - box[0], (box[3] - box[1]) // 4), BICUBIC)
        far = Image.new("L", small.size, 0)
        far.paste(third, (box[0] + round(2 * unit), box[3] - third.height * 3 // 4))
        far = far.filter(ImageFilter.GaussianBlur(6 * unit))
    else:
        far = ImageChops.offset(far, round(3 * unit), round(6 * unit))
    near = near.point([round(v * backdrop.shadow) for v in range(256)])
    far = far.point([round(v * backdrop.shadow * 0.85) for v in range(256)])
    shade = ImageOps.crop(ImageChops.screen(near, far), 40).resize(alpha.size, BICUBIC)
    table = [round(v * k) for k in (0.36, 0.34, 0.36) for v in range(256)]
    return Image.composite(image, Image.composite(scene.point(table), scene, shade), alpha)
