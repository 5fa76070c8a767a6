"""What may come in as a picture, and that only its pixels go out."""

import base64
import io
import os
import struct
import zlib

import django
import pytest
from PIL import Image, ImageCms

from lockstitch.catalogue.images import Taken, take
from lockstitch.files.rules import PICTURE_BYTES
from lockstitch.kernel.errors import Refused

MARK = b"35.6586N 139.7454E lives here"


@pytest.fixture(autouse=True, scope="module")
def _words() -> None:
    """Refusals are translated sentences, so Django must be up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstitch.settings")
    django.setup()


def _file(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or Image.new("RGB", (700, 875), "#7a8b99")).save(out, kind, **options)
    return out.getvalue()


def _decoded(taken: Taken, kind: str = "webp") -> Image.Image:
    data = max((r for r in taken.renditions if r.type == kind), key=lambda r: r.width).data
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_every_allowed_kind_is_taken(kind: str) -> None:
    taken = take(_file(kind))
    assert (taken.width, taken.height) == (700, 875)
    assert [(r.width, r.type) for r in taken.renditions] == [
        (640, "avif"), (640, "webp"), (320, "avif"), (320, "webp"),
    ]  # fmt: skip
    for rendition in taken.renditions:
        image = Image.open(io.BytesIO(rendition.data))
        assert image.format == rendition.type.upper()
        assert image.size == (rendition.width, rendition.width * 5 // 4)
    red, green, blue = bytes.fromhex(taken.dominant[1:])
    assert abs(red - 0x7A) + abs(green - 0x8B) + abs(blue - 0x99) < 12


def test_a_small_picture_is_never_enlarged() -> None:
    taken = take(_file("PNG", Image.new("RGB", (40, 30))))
    assert [r.width for r in taken.renditions] == [40, 40]


def test_the_placeholder_is_short_for_any_shape() -> None:
    for size in [(1200, 1500), (90, 6000), (6000, 90), (5, 5)]:
        taken = take(_file("PNG", Image.effect_noise(size, 120)))
        head, body = taken.placeholder.split(",")
        assert head == "data:image/webp;base64"
        assert len(taken.placeholder) < 700
        assert Image.open(io.BytesIO(base64.b64decode(body))).width <= 16


def test_words_in_the_file_do_not_come_out() -> None:
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    jpeg = _file("JPEG", exif=exif, comment=MARK, xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>")
    assert jpeg.count(MARK) == 3
    png = _file("PNG", exif=exif)
    png = png[:33] + _chunk(b"tEXt", b"Comment\0" + MARK) + png[33:]
    for data in (jpeg, png, _file("WEBP", exif=exif), _file("AVIF", exif=exif)):
        assert MARK in data
        for rendition in take(data).renditions:
            assert MARK not in rendition.data
            kept = Image.open(io.BytesIO(rendition.data))
            assert not kept.getexif()
            assert not {"icc_profile", "xmp", "comment", "exif"} & kept.info.keys()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_what_follows_the_picture_does_not_come_out(kind: str) -> None:
    script = b"<script>alert(document.domain)</script>"
    for rendition in take(_file(kind) + script).renditions:
        assert b"<script" not in rendition.data


def test_the_orientation_is_applied() -> None:
    image = Image.new("RGB", (400, 600), "blue")
    image.paste("red", (0, 0, 400, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise: the top comes to the right
    taken = take(_file("JPEG", image, exif=exif))
    assert (taken.width, taken.height) == (600, 400)
    seen = _decoded(taken)
    red, _green, blue = seen.getpixel((seen.width - 12, seen.height // 2))
    assert red > 200
    assert blue < 60


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    assert min(_decoded(take(_file("PNG", clear))).getpixel((32, 32))) > 250
    assert min(_decoded(take(_file("GIF", clear))).getpixel((32, 32))) > 250


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    image = Image.new("I;16", (64, 64), 0x8000)
    assert abs(_decoded(take(_file("PNG", image))).convert("L").getpixel((9, 9)) - 128) < 4


def test_a_broken_profile_does_not_matter_and_a_good_one_is_used() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    image = Image.new("RGB", (64, 64), "#336699")
    for profile in (b"nonsense", lab):
        seen = _decoded(take(_file("PNG", image, icc_profile=profile))).getpixel((9, 9))
        assert abs(seen[0] - 0x33) + abs(seen[1] - 0x66) + abs(seen[2] - 0x99) < 20


def test_only_the_first_frame_of_a_moving_picture() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("#00ff00", "#ff0000")]
    seen = _decoded(take(_file("GIF", frames[0], save_all=True, append_images=frames[1:])))
    assert seen.getpixel((9, 9))[1] > 200
    assert getattr(seen, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"hello", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF-1.7\n", _file("BMP"), _file("TIFF"), _file("ICO"),
    ],
)  # fmt: skip
def test_other_kinds_are_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="not a JPEG"):
        take(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_half_a_picture_is_refused(kind: str) -> None:
    whole = _file(kind, Image.effect_noise((300, 300), 90).convert("RGB"))
    with pytest.raises(Refused):
        take(whole[: len(whole) // 2])


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 9_000), (12_001, 10)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
    with pytest.raises(Refused, match="megapixels"):
        take(b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b""))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(Refused, match="20 MB"):
        take(_file("PNG") + b"\0" * PICTURE_BYTES)
