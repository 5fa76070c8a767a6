"""Makes what is served from an uploaded picture: encoded here, from pixels and nothing else."""

import base64
import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from lockstitch.files.decoding import Undecodable, decode
from lockstitch.files.framing import Frame
from lockstitch.files.rules import PICTURE_BYTES

WIDTHS = (320, 640, 960, 1440)
# Speed 9 is a tenth of the time of 6 for files of the same size within a few per cent.
ENCODERS = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 9, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 78, "method": 1},
}
PLACEHOLDER_BOX = (16, 24)


@dataclass(frozen=True)
class Rendition:
    width: int  # pixels
    type: str  # "avif" or "webp"
    data: bytes


@dataclass(frozen=True)
class Taken:
    """A picture as it may be served. `sha256` is of the bytes that came, and of the frame that was
    cut from them; sides are in pixels."""

    sha256: str
    width: int
    height: int
    placeholder: str  # a data: URI
    dominant: str  # #rrggbb
    renditions: list[Rendition]


def take(data: bytes) -> Taken:
    """Re-encodes a JPEG, PNG, GIF, WebP or AVIF. Raises Refused with a sentence for the sender."""
    return taken(data)[0]


def taken(data: bytes, frame: Frame | None = None) -> tuple[Taken, str]:
    """The same, or of it what is in the frame; and the kind of picture that its decoder says it
    was."""
    if len(data) > PICTURE_BYTES:
        raise Undecodable("large")
    pixels = decode(data, frame)  # in a process that can do nothing else
    image = Image.frombytes("RGB", pixels.size, pixels.rgb)
    widths = [width for width in WIDTHS if width <= image.width] or [image.width]
    made = Taken(
        sha256=hashlib.sha256(data + repr(frame.numbers).encode() if frame else data).hexdigest(),
        width=pixels.width,
        height=pixels.height,
        placeholder=_placeholder(image),
        dominant=_dominant(image),
        renditions=_renditions(image, widths),
    )
    return made, pixels.format.lower()


def _renditions(image: Image.Image, widths: list[int]) -> list[Rendition]:
    """Each width in each format, the widest first; each is scaled from the one before."""
    made, scaled = [], image
    for width in reversed(widths):
        height = max(1, round(image.height * width / image.width))
        scaled = scaled.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2)
        made += [Rendition(width, kind, _encoded(scaled, kind)) for kind in ENCODERS]
    return made


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, **ENCODERS[kind])  # type: ignore[arg-type]
    return out.getvalue()


def _placeholder(image: Image.Image) -> str:
    small = image.copy()
    small.thumbnail(PLACEHOLDER_BOX, Image.Resampling.BOX)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=30, method=4)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()


def _dominant(image: Image.Image) -> str:
    """The commonest of the eight colours that tell most of the picture."""
    few = image.resize((48, 48), Image.Resampling.BOX).quantize(8)
    counts = few.histogram()
    index = counts.index(max(counts))
    red, green, blue = (few.getpalette() or [])[3 * index : 3 * index + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"
