"""Having foreign files read by a process that can do nothing else.

It is trusted with nothing but the picture itself: what it answers is so many bytes of pixels or of
files, and of a form that is checked here. What is served is encoded in this process, from pixels.
"""

import struct
from dataclasses import dataclass

from lockstitch.files.child import (
    FORMATS,
    FRAME,
    MAX_PIXELS,
    MAX_SIDE,
    MEMBER,
    MEMBER_BYTES,
    MEMBERS,
    PICTURE,
    TOTAL_BYTES,
    WIDTH,
)
from lockstitch.files.framing import Frame
from lockstitch.files.rules import REASONS
from lockstitch.files.sandbox import JobError, sandbox
from lockstitch.kernel.errors import Refused

PICTURE_MAX = 1 + PICTURE.size + WIDTH * MAX_SIDE * 3
MEMBERS_MAX = 1 + TOTAL_BYTES + MEMBERS * (MEMBER.size + 2000)


class Undecodable(Refused):
    """`code` is one of rules.REASONS, whose sentence this is."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code


@dataclass(frozen=True)
class Pixels:
    """An upright picture in sRGB. `rgb` is of `size`, which is smaller than `width` x `height`
    where those are more than anybody is shown."""

    format: str
    width: int
    height: int
    size: tuple[int, int]
    rgb: bytes


def decode(data: bytes, frame: Frame | None = None) -> Pixels:
    """The whole picture, or what is in the frame. Raises Undecodable."""
    if frame is None:
        return read_pixels(_ask(b"p", data, PICTURE_MAX))
    return read_pixels(_ask(b"f", FRAME.pack(*frame.numbers) + data, PICTURE_MAX))


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    """The files of a ZIP by their names, which are anybody's. Raises Undecodable."""
    return read_members(_ask(b"z", data, MEMBERS_MAX))


def read_pixels(answer: bytes) -> Pixels:
    _refusal(answer, b"P")
    try:
        kind, width, height, *size = PICTURE.unpack_from(answer, 1)
        rgb = answer[1 + PICTURE.size :]
        fits = (
            0 < width * height <= MAX_PIXELS and max(width, height) <= MAX_SIDE
            and 0 < size[0] <= WIDTH and 0 < size[1] <= MAX_SIDE
            and len(rgb) == size[0] * size[1] * 3
        )  # fmt: skip
        if fits:
            return Pixels(FORMATS[kind], width, height, (size[0], size[1]), rgb)
    except (struct.error, IndexError):
        pass
    raise Undecodable("broke")


def read_members(answer: bytes) -> list[tuple[str, bytes]]:
    _refusal(answer, b"Z")
    found: list[tuple[str, bytes]] = []
    at = 1
    try:
        while at < len(answer):
            name, body = MEMBER.unpack_from(answer, at)
            at += MEMBER.size + name + body
            if body > MEMBER_BYTES or len(found) == MEMBERS or at > len(answer):
                raise Undecodable("broke")
            found.append((answer[at - body - name : at - body].decode(), answer[at - body : at]))
    except (struct.error, UnicodeDecodeError):
        raise Undecodable("broke") from None
    return found


def _refusal(answer: bytes, expected: bytes) -> None:
    if answer[:1] == b"R":
        code = answer[1:20].decode("ascii", "replace")
        raise Undecodable(code if code in REASONS else "broke")
    if answer[:1] != expected:
        raise Undecodable("broke")


def _ask(kind: bytes, data: bytes, most: int) -> bytes:
    try:
        return sandbox.ask(kind, data, most)
    except JobError as error:
        raise Undecodable(str(error)) from None
