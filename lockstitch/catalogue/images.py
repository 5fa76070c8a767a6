"""Takes an uploaded picture: decodes it within limits and keeps nothing of it but its pixels."""

import base64
import hashlib
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from lockstitch.kernel.errors import Refused

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 12_000
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
    """A picture as it may be served. `sha256` is of the bytes that came, sides are in pixels."""

    sha256: str
    width: int
    height: int
    placeholder: str  # a data: URI
    dominant: str  # #rrggbb
    renditions: list[Rendition]


def take(data: bytes) -> Taken:
    """Re-encodes a JPEG, PNG, GIF, WebP or AVIF. Raises Refused with a sentence for the sender."""
    if len(data) > MAX_BYTES:
        raise Refused(_("The picture is larger than 20 MB."))
    image = _pixels(data)
    widths = [width for width in WIDTHS if width <= image.width] or [image.width]
    return Taken(
        sha256=hashlib.sha256(data).hexdigest(),
        width=image.width,
        height=image.height,
        placeholder=_placeholder(image),
        dominant=_dominant(image),
        renditions=_renditions(image, widths),
    )


def _pixels(data: bytes) -> Image.Image:
    """The upright picture in sRGB on white, as a new image without any of the file's words."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as source:
            _check_size(*source.size)  # from the header: nothing is decoded yet
            source.load()
            return _flattened(ImageOps.exif_transpose(source))
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused(_("This is not a JPEG, PNG, GIF, WebP or AVIF picture.")) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_many()) from None
    except Exception:  # decoders of damaged files raise errors of every kind
        raise Refused(_("The picture is damaged.")) from None


def _too_many() -> str:
    return _("The picture has more than 50 megapixels or a side over 12,000 pixels.")


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused(_too_many())


def _flattened(source: Image.Image) -> Image.Image:
    profile = source.info.get("icc_profile")
    if source.mode.startswith("I"):  # 16 bits a channel, which convert() would clip
        source = source.convert("I").point(lambda value: value / 256).convert("L")
    plain = Image.new("RGB", source.size, "white")
    if source.has_transparency_data:
        layer = source.convert("RGBA")
        plain.paste(_in_srgb(layer.convert("RGB"), profile), mask=layer.getchannel("A"))
    else:
        plain.paste(_in_srgb(source, profile))
    return plain


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Converts by the profile if it fits the picture; without one, colours are sRGB already."""
    if profile and image.mode in ("RGB", "L", "CMYK"):
        try:
            made = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            made = None
        if made is not None:
            return made
    return image.convert("RGB")


def _renditions(image: Image.Image, widths: list[int]) -> list[Rendition]:
    """Each width in each format, the widest first; each is scaled from the one before."""
    made, scaled = [], image
    for width in reversed(widths):
        height = max(1, round(image.height * width / image.width))
        scaled = scaled.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)
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
