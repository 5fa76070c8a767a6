"""Product pictures of the demo: parametric drawings of garments, in cloth and light."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from PIL import Image

from lockstitch.cli.garments import goods, lower, outer, shoes, tops, warm
from lockstitch.cli.garments.backdrop import Backdrop, cast, ground
from lockstitch.cli.garments.canvas import BOARD, SIZE, Frame, Pt
from lockstitch.cli.garments.paint import Easel, luma, mixed
from lockstitch.cli.garments.panel import Panel

View = Literal["front", "back", "detail"]


@dataclass(frozen=True)
class Kind:
    """A sort of garment: its drawing, and where a close-up of it looks."""

    build: Callable[[str, Random], list[Panel]]
    close: Pt
    zoom: float = 2.8
    fittings: str = "shell"  # what its buttons are of
    stands: bool = False  # on the floor, not laid on paper


KINDS: dict[str, Kind] = {
    "tee": Kind(tops.tee, (560, 380)),
    "shirt": Kind(tops.shirt, (560, 350)),
    "band_shirt": Kind(tops.band_shirt, (560, 350)),
    "crew": Kind(tops.crew, (560, 390), 2.7),
    "cardigan": Kind(tops.cardigan, (590, 560), 2.6, "horn"),
    "sweatshirt": Kind(warm.sweatshirt, (560, 400), 2.7),
    "hoodie": Kind(warm.hoodie, (540, 330), 2.4, "metal"),
    "blouson": Kind(warm.blouson, (570, 370), 2.6, "metal"),
    "jacket": Kind(outer.jacket, (570, 400), 2.6, "horn"),
    "coat": Kind(outer.coat, (560, 310), 2.6, "horn"),
    "trench": Kind(outer.trench, (560, 420), 2.4, "horn"),
    "dress": Kind(lower.dress, (540, 380), 2.6),
    "slip": Kind(lower.slip, (520, 360), 2.7),
    "pleated": Kind(lower.pleated, (560, 420), 2.7),
    "flared": Kind(lower.flared, (550, 420), 2.6),
    "straight": Kind(lower.straight, (560, 300), 3.0, "metal"),
    "wide": Kind(lower.wide, (560, 310), 3.0, "horn"),
    "shorts": Kind(lower.shorts, (560, 430), 2.7),
    "tote": Kind(goods.tote, (590, 600), 2.6),
    "shoulder_bag": Kind(goods.shoulder_bag, (650, 720), 2.6, "metal"),
    "cap": Kind(goods.cap, (560, 600), 2.7),
    "beret": Kind(goods.beret, (560, 560), 2.6),
    "scarf": Kind(goods.scarf, (500, 820), 2.6),
    "sneaker": Kind(shoes.sneaker, (520, 640), 2.7, stands=True),
    "loafer": Kind(shoes.loafer, (460, 690), 2.7, stands=True),
}
BLEED = 96  # pixels around a close-up, so that its border is not lit as an edge
FITTINGS = {"shell": "#efe9dd", "horn": "#3d2c20", "metal": "#b9b5ac"}


def palette(colour: str, fittings: str, trim: str = "") -> dict[str, str]:
    button = FITTINGS[fittings]
    if fittings == "shell" and luma(colour) < 0.35:
        button = mixed(colour, "#000000", 0.25)
    return {
        "main": colour, "button": button, "trim": trim or mixed(colour, "#f4f0e6", 0.75),
        "label": "#f3efe6", "dark": "#26221f", "metal": FITTINGS["metal"], "sole": "#f1eee6",
        "lining": mixed(colour, "#3b2f28", 0.72), "wood": "#a07a52",
    }  # fmt: skip


def easel(
    kind: str, *, cloth: str, colour: str, seed: int, view: View, trim: str = "",
    size: tuple[int, int] = SIZE, fill: float = 1.0,
) -> Easel:  # fmt: skip
    """The garment alone, with its alpha, in the middle of `size` pixels."""
    made = KINDS[kind]
    panels = made.build("front" if view == "detail" else view, Random(seed))  # noqa: S311
    xs = [x for panel in panels for x, _y in panel.outline]
    ys = [y for panel in panels for _x, y in panel.outline]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    zoom, focus = made.zoom, made.close
    if view != "detail":
        zoom = fill * min(0.83 * BOARD[0] / wide, 0.83 * BOARD[1] / high, 1.35)
        focus = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    work = Easel(Frame(seed, zoom, focus, size), palette(colour, made.fittings, trim), cloth)
    work.paint(panels)
    return work


def draw(
    kind: str, *, cloth: str, colour: str, seed: int, view: View, backdrop: Backdrop, trim: str = ""
) -> Image.Image:
    """A product picture of 1200 x 1500 pixels; the same arguments give the same pixels."""
    edge = BLEED if view == "detail" else 0
    size = (SIZE[0] + 2 * edge, SIZE[1] + 2 * edge)
    work = easel(kind, cloth=cloth, colour=colour, seed=seed, view=view, trim=trim, size=size)
    stands = KINDS[kind].stands and view != "detail"
    whole = cast(
        work.image, work.alpha, ground(backdrop, size), backdrop, work.frame.unit, stands=stands
    )
    return whole.crop((edge, edge, edge + SIZE[0], edge + SIZE[1])) if edge else whole
