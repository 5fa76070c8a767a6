"""Can words be read on the picture beneath them? WCAG 2.2, 1.4.3, measured on its pixels. Pure.

Words on a picture stand on many colours. What is told is the contrast that nineteen twentieths of
the ground have at least (`WORST`): a seam or a button's glint fails nobody, a dark sleeve does.
"""

from dataclasses import dataclass

from PIL import Image

from lockstitch.content.themes import contrast_of, luminance, luminance_of

WORST = 0.05  # of the ground may be poorer than what is told
ASPECTS = (2.1, 2.6)  # of the hero from a tablet's width on: its own, and in a low window
# Where its words may stand, in parts of its sides: see .hero__words in looks' shop.css.
WORDS = (0.0, 0.15, 0.4, 0.85)
SAMPLE = (96, 64)  # pixels that are looked at, each the mean of what it stands for
INK = "#1d1b18"  # of words without a token of the site's own
FOCUS = {"t": 0.0, "b": 1.0, "l": 0.0, "r": 1.0, "c": 0.5}


@dataclass(frozen=True)
class Scrim:
    """What is laid under words: a colour that hides so much of the picture, and the ink on it.
    They are those of `.hero--<name>` in looks' shop.css."""

    ink: str
    paper: str
    opacity: float  # 0 to 1


SCRIMS = {"light": Scrim(INK, "#ffffff", 0.88), "dark": Scrim("#ffffff", "#000000", 0.72)}


def poorest(image: Image.Image, ink: str, *, focus: str = "", scrim: str = "") -> float:
    """The contrast, 1 to 21, of words in this ink (#rrggbb) on the hero that shows this picture."""
    laid = SCRIMS.get(scrim)
    if laid is not None:
        under = Image.new("RGB", image.size, laid.paper)
        image, ink = Image.blend(image, under, laid.opacity), laid.ink
    return min(_told(_ground(image, focus, aspect), ink) for aspect in ASPECTS)


def _ground(image: Image.Image, focus: str, aspect: float) -> Image.Image:
    """What of it lies beneath the words: cut as `object-fit: cover` cuts, at its focus."""
    wide, high = image.size
    seen = (min(wide, high * aspect), min(high, wide / aspect))
    # Without a focus of its own a hero keeps its right-hand side: see .hero .picture img.
    down, across = (FOCUS[focus[0]], FOCUS[focus[1]]) if focus else (0.5, 1.0)
    left, top = (wide - seen[0]) * across, (high - seen[1]) * down
    box = (
        left + WORDS[0] * seen[0], top + WORDS[1] * seen[1],
        left + WORDS[2] * seen[0], top + WORDS[3] * seen[1],
    )  # fmt: skip
    return image.resize(SAMPLE, Image.Resampling.BOX, box=box)


def _told(ground: Image.Image, ink: str) -> float:
    own = luminance(ink)
    data = ground.tobytes()
    found = sorted(
        contrast_of(own, luminance_of(*data[at : at + 3])) for at in range(0, len(data), 3)
    )
    return found[int(len(found) * WORST)]
