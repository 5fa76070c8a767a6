"""The part of a picture that is wanted, cut from its own pixels however they are stored."""

import pytest
from PIL import Image

from lockstitch.catalogue.images import take, taken
from lockstitch.files.decoding import Pixels, decode
from lockstitch.files.framing import Frame
from tests.files.hostile import picture

COLOURS = {"nw": "#ff0000", "ne": "#00ff00", "sw": "#0000ff", "se": "#ffff00"}
RATIO = (3, 4)
TURNED = range(1, 9)
STORED = {  # upright -> as a camera that was held so stores it: the inverse of exif_transpose
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}  # fmt: skip


def quarters(width: int, height: int) -> Image.Image:
    """Four colours, one a corner."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for at, colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), COLOURS.values(), strict=True):
        image.paste(colour, (at[0] * half[0], at[1] * half[1], (at[0] + 1) * half[0],
                             (at[1] + 1) * half[1]))  # fmt: skip
    return image


def stored(image: Image.Image, turned: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turned
    kept = image.transpose(STORED[turned]) if turned in STORED else image
    return picture("PNG", kept, exif=exif)


def colours(pixels: Pixels) -> set[tuple[int, ...]]:
    return set(Image.frombytes("RGB", pixels.size, pixels.rgb).get_flattened_data())


@pytest.mark.parametrize("turned", TURNED)
@pytest.mark.parametrize("width", [120, 200])
@pytest.mark.parametrize(
    ("corner", "frame"),
    [("nw", (0, 0, 500, 500)), ("ne", (500, 0, 500, 500)), ("sw", (0, 500, 500, 500)),
     ("se", (500, 500, 500, 500))],
)  # fmt: skip
def test_it_is_cut_as_it_is_seen(
    turned: int, width: int, corner: str, frame: tuple[int, ...]
) -> None:
    pixels = decode(stored(quarters(width, 200), turned), Frame(RATIO, *frame))
    assert (pixels.width, pixels.height) == ((60, 80) if width == 120 else (75, 100))
    expected = bytes.fromhex(COLOURS[corner][1:])
    assert colours(pixels) == {tuple(expected)}


def test_unmarked_it_is_the_largest_in_the_middle() -> None:
    image = Image.new("RGB", (400, 200), "white")
    image.paste("black", (125, 0, 275, 200))  # 150 by 200
    pixels = decode(picture("PNG", image), Frame(RATIO))
    assert (pixels.width, pixels.height, colours(pixels)) == (150, 200, {(0, 0, 0)})


def test_it_keeps_the_pixels_of_the_original_and_not_of_what_is_shown() -> None:
    """A quarter of four thousand pixels is a thousand; of the 1440 that are shown it were 360."""
    image = Image.new("RGB", (4000, 3000), "white")
    image.paste("black", (1000, 1000, 1001, 3000))  # a line of one pixel
    frame = Frame(RATIO, 250, 333, 250, 444)
    pixels = decode(picture("PNG", image), frame)
    assert pixels.size == (pixels.width, pixels.height)
    assert abs(pixels.width - 1000) <= 2
    cut = Image.frombytes("RGB", pixels.size, pixels.rgb)
    assert cut.getpixel((0, 500)) == (0, 0, 0)
    assert cut.getpixel((1, 500)) == (255, 255, 255)


def test_another_frame_of_the_same_file_is_another_picture() -> None:
    data = picture("PNG", quarters(400, 400))
    hashes = {
        taken(data, frame)[0].sha256 for frame in (Frame(RATIO), Frame(RATIO, 0, 0, 500, 500))
    }
    assert len(hashes | {take(data).sha256}) == 3


def test_a_large_picture_is_cut_in_its_strips() -> None:
    """More than one strip, from the middle of a picture with transparency."""
    image = quarters(6000, 6000).convert("RGBA")
    pixels = decode(picture("PNG", image, compress_level=1), Frame(RATIO, 0, 0, 1000, 1000))
    assert pixels.size == (1440, 1920)
    cut = Image.frombytes("RGB", pixels.size, pixels.rgb)
    assert [cut.getpixel(at) for at in ((5, 5), (1430, 5), (5, 1910), (1430, 1910))] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [["0", "0", "500"], ["", "0", "500", "500"], ["-1", "0", "500", "500"], ["0", "0", "49", "500"],
     ["600", "0", "500", "500"], ["0", "1", "1000", "1000"], ["１", "0", "500", "500"],
     ["0", "0", "99999999999999999999", "500"]],
)  # fmt: skip
def test_what_lies_outside_is_no_frame(typed: list[str]) -> None:
    with pytest.raises(ValueError, match="frame"):
        Frame.of(RATIO, typed)


def test_a_frame_is_kept_and_read_again() -> None:
    frame = Frame.of(RATIO, ["10", "20", "300", "400"])
    assert Frame.kept(list(frame.numbers)) == frame
    assert Frame.kept(None) is None
