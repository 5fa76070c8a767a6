"""Paints panels: cloth, and a soft light from the upper left over its folds and edges."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

from lockstitch.cli.garments.canvas import Frame, Line, strip
from lockstitch.cli.garments.cloth import BICUBIC, TRAITS, added, relief, scaled, texture
from lockstitch.cli.garments.panel import Panel
from lockstitch.cli.garments.pattern import pattern

LOW = 4  # light is worked out at a quarter of the pixels
Box = tuple[int, int, int, int]
Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Stuff:
    """A cloth as named by a product: "poplin", or "poplin+stripe:#1f2a44"."""

    weave: str
    motif: str = ""
    second: str = "#ffffff"

    @classmethod
    def of(cls, text: str) -> "Stuff":
        weave, _plus, rest = text.partition("+")
        motif, _colon, second = rest.partition(":")
        return cls(weave, motif, second or "#f4f1ea")


def rgb(text: str) -> Rgb:
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue


def mixed(a: str, b: str, share: float) -> str:
    pairs = zip(rgb(a), rgb(b), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def luma(colour: str) -> float:
    """How light a colour is, from 0 to 1."""
    red, green, blue = rgb(colour)
    return (red * 3 + green * 6 + blue) / 2550


@lru_cache(maxsize=256)
def tones(colour: str, sheen: float) -> list[int]:
    """The 768 values that turn a grey of light into this colour in that light."""
    base = rgb(colour)
    light = luma(colour)
    depth = 0.95 - 0.2 * light
    table = []
    for channel, value in enumerate(base):
        cool = (0.97, 0.985, 1.03)[channel]
        for grey in range(256):
            if grey <= 128:
                share = (grey / 128) ** (1.0 + 0.1 * (1 - light))
                factor = 1 - depth * (1 - share) * (2 - cool)
                table.append(round(max(0, value * factor)))
            else:
                up = (grey - 128) / 127
                lifted = value + (255 - value) * up * (0.36 + 0.22 * sheen) + value * up * 0.2
                table.append(round(min(255, lifted)))
    return table


class Easel:
    """A picture in the making: its colours and where there is anything."""

    def __init__(self, frame: Frame, palette: dict[str, str], cloth: str) -> None:
        self.frame, self.palette, self.stuff = frame, palette, Stuff.of(cloth)
        self.rng = Random(frame.seed)  # noqa: S311 - a drawing
        self.image = Image.new("RGB", frame.size, palette["main"])
        self.alpha = Image.new("L", frame.size, 0)

    def paint(self, panels: Sequence[Panel]) -> None:
        for panel in panels:
            self._panel(panel)

    def _panel(self, panel: Panel) -> None:
        outline = self.frame.px(panel.outline)
        box = self._box(outline, round(panel.reach * self.frame.unit * 2.2) + 12)
        if box is None:
            return
        mask = self._mask(outline, box)
        here = self.image.crop(box)
        if panel.lift > 0:
            here = self._shadowed(here, mask, panel)
        here.paste(self._surface(panel, mask, box), mask=mask)
        self.image.paste(here, box[:2])
        self.alpha.paste(ImageChops.lighter(self.alpha.crop(box), mask), box[:2])

    def _box(self, outline: Line, pad: int) -> Box | None:
        xs, ys = [x for x, _y in outline], [y for _x, y in outline]
        width, height = self.frame.size
        x0, y0 = max(0, int(min(xs)) - pad), max(0, int(min(ys)) - pad)
        x1, y1 = min(width, int(max(xs)) + pad), min(height, int(max(ys)) + pad)
        if x1 - x0 < LOW or y1 - y0 < LOW:
            return None
        return x0, y0, x0 + (x1 - x0) // LOW * LOW, y0 + (y1 - y0) // LOW * LOW

    @staticmethod
    def _mask(outline: Line, box: Box) -> Image.Image:
        big = Image.new("L", ((box[2] - box[0]) * 2, (box[3] - box[1]) * 2), 0)
        points = [((x - box[0]) * 2, (y - box[1]) * 2) for x, y in outline]
        ImageDraw.Draw(big).polygon(points, fill=255)
        return big.reduce(2)

    def _shadowed(self, here: Image.Image, mask: Image.Image, panel: Panel) -> Image.Image:
        reach = panel.reach * self.frame.unit / LOW
        low = mask.reduce(LOW).filter(ImageFilter.GaussianBlur(reach))
        low = ImageChops.offset(low, round(reach * 0.5), round(reach * 0.8))
        shade = low.resize(here.size, BICUBIC).point([round(v * panel.lift) for v in range(256)])
        dark = here.point([round(v * 0.25) for v in range(256)] * 3)
        return Image.composite(dark, here, shade)

    def _surface(self, panel: Panel, mask: Image.Image, box: Box) -> Image.Image:
        stuff = Stuff.of(panel.cloth) if panel.cloth else self.stuff
        trait = TRAITS[stuff.weave]
        zoom = max(1.0, round(self.frame.unit / 0.3) / 4)  # in steps, so that textures are shared
        start = (self.rng.randrange(1024), self.rng.randrange(1024))
        light = self._light(panel, mask, box)
        weave = laid(texture(stuff.weave, zoom), mask.size, panel.grain, start)
        tone = added(weave, light, self._marked(panel, box))
        colour = self.palette.get(panel.paint, panel.paint)
        face = Image.merge("RGB", (tone, tone, tone))
        plain = face.point(tones(colour, trait.sheen))
        if not stuff.motif:
            return plain
        motif = laid(pattern(stuff.motif, zoom), mask.size, panel.grain, start)
        second = face.point(tones(self.palette.get(stuff.second, stuff.second), trait.sheen))
        return Image.composite(second, plain, motif)

    def _light(self, panel: Panel, mask: Image.Image, box: Box) -> Image.Image:
        """Light and shade in greys about 128, from the heights of edges, waves and folds."""
        trait = TRAITS[(panel.cloth or self.stuff.weave).partition("+")[0]]
        unit = self.frame.unit / LOW
        low = mask.reduce(LOW)
        edge = (panel.edge or trait.edge) * unit
        body = low.filter(ImageFilter.GaussianBlur(edge * 2.6))
        rim = low.filter(ImageFilter.GaussianBlur(max(0.6, edge * 0.55)))
        heights = self._heights(panel, trait.crumple, trait.crease, box, low.size)
        dim = body.point([round(128 - 0.13 * (255 - v)) for v in range(256)])
        parts = [lit(heights, 3, 0.78), lit(body, 3, 0.18), lit(rim, 1, 0.14), dim]
        if panel.shade:
            parts.append(self._shades(panel, box, low.size))
        whole = added(*parts).filter(ImageFilter.GaussianBlur(1.0))
        if panel.tone:
            whole = whole.point([min(255, max(0, v + panel.tone)) for v in range(256)])
        return whole.resize(mask.size, BICUBIC)

    def _heights(
        self, panel: Panel, crumple: float, crease: float, box: Box, size: tuple[int, int]
    ) -> Image.Image:
        parts = [self._folds(panel, box, size)]
        spread = max(1.0, self.frame.unit / 1.2)
        for kind, amount in (("crumple", crumple * 0.62), ("crease", crease * 0.34)):
            if amount * panel.calm:
                parts.append(
                    scaled(_cut(relief(kind), size, spread, self.rng), amount * panel.calm)
                )
        return added(*parts)

    def _folds(self, panel: Panel, box: Box, size: tuple[int, int]) -> Image.Image:
        unit = self.frame.unit / LOW
        layers = []
        for soft, radius in ((True, 6.5), (False, 2.2)):
            layer = Image.new("L", size, 128)
            pen = ImageDraw.Draw(layer)
            for fold in panel.folds:
                if fold.soft is soft:
                    pen.polygon(self._low(_spindle(fold.line, fold.width), box),
                                fill=round(128 + 100 * fold.depth))  # fmt: skip
            layers.append(layer.filter(ImageFilter.GaussianBlur(radius * unit)))
        return added(*layers)

    def _shades(self, panel: Panel, box: Box, size: tuple[int, int]) -> Image.Image:
        layer = Image.new("L", size, 128)
        pen = ImageDraw.Draw(layer)
        for outline, amount in panel.shade:
            pen.polygon(self._low(outline, box), fill=128 + amount)
        return layer.filter(ImageFilter.GaussianBlur(9 * self.frame.unit / LOW))

    def _low(self, line: Line, box: Box) -> Line:
        return [((x - box[0]) / LOW, (y - box[1]) / LOW) for x, y in self.frame.px(line)]

    def _marked(self, panel: Panel, box: Box) -> Image.Image:
        size = (box[2] - box[0], box[3] - box[1])
        if not panel.marks:
            return Image.new("L", size, 128)
        big = Image.new("L", (size[0] * 2, size[1] * 2), 128)
        pen = ImageDraw.Draw(big)
        for mark in panel.marks:
            points = [((x - box[0]) * 2, (y - box[1]) * 2) for x, y in self.frame.px(mark.line)]
            _draw_mark(pen, points, mark.kind, mark.width * self.frame.unit * 2)
        return big.reduce(2)


def _draw_mark(pen: ImageDraw.ImageDraw, points: Line, kind: str, width: float) -> None:
    thick = max(2, round(width))
    if kind == "stitch":
        for a, b in _dashes(points, max(7.0, width * 4.2)):
            low = [(x + 1.2, y + 1.6) for x, y in (a, b)]
            pen.line(low, fill=88, width=thick)
            pen.line([a, b], fill=158, width=max(2, thick - 1))
        return
    if kind == "rib":
        pen.line(points, fill=98, width=thick)
        pen.line([(x + thick, y + thick * 0.2) for x, y in points], fill=146, width=thick)
        return
    light = [(x + thick * 0.8, y + thick * 0.8) for x, y in points]
    pen.line(light, fill=142, width=thick, joint="curve")
    pen.line(points, fill={"seam": 84, "edge": 112, "cord": 60}[kind], width=thick, joint="curve")


def _dashes(points: Line, pitch: float) -> list[Line]:
    """The stitches of a seam: strokes of 0.66 pitches at every pitch."""
    dashes: list[Line] = []
    travelled = 0.0
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        length = math.hypot(bx - ax, by - ay)
        while length and travelled < length:
            a, b = travelled / length, min(1.0, (travelled + pitch * 0.66) / length)
            dashes.append([(ax + (bx - ax) * a, ay + (by - ay) * a),
                           (ax + (bx - ax) * b, ay + (by - ay) * b)])  # fmt: skip
            travelled += pitch
        travelled -= length
    return dashes


def _spindle(line: Line, width: float) -> Line:
    """A fold's outline: thin at both ends."""
    return strip(line, 1.0, width * 0.8, width, width * 0.75, 1.0)


def _cut(image: Image.Image, size: tuple[int, int], spread: float, rng: Random) -> Image.Image:
    """A random piece of the relief, enlarged `spread` times."""
    need = (
        min(image.width, math.ceil(size[0] / spread)),
        min(image.height, math.ceil(size[1] / spread)),
    )
    x = rng.randrange(image.width - need[0] + 1)
    y = rng.randrange(image.height - need[1] + 1)
    return image.crop((x, y, x + need[0], y + need[1])).resize(size, BICUBIC)


def lit(heights: Image.Image, step: int, gain: float) -> Image.Image:
    """Where the surface faces the light at the upper left it is lighter than 128."""
    ahead = ImageChops.offset(heights, -step, -step)
    behind = ImageChops.offset(heights, step, step)
    return ImageChops.subtract(ahead, behind, 1 / gain, 128)


def laid(
    weave: Image.Image, size: tuple[int, int], grain: float, start: tuple[int, int]
) -> Image.Image:
    """A piece of a repeating texture, turned by `grain` degrees."""
    turned = abs(grain) > 0.5
    wide, high = (round(math.hypot(*size)) + 4,) * 2 if turned else size
    whole = Image.new("L", (wide, high))
    for x in range(-(start[0] % weave.width), wide, weave.width):
        for y in range(-(start[1] % weave.height), high, weave.height):
            whole.paste(weave, (x, y))
    if not turned:
        return whole
    whole = whole.rotate(grain, Image.Resampling.BILINEAR)
    x, y = (wide - size[0]) // 2, (high - size[1]) // 2
    return whole.crop((x, y, x + size[0], y + size[1]))
