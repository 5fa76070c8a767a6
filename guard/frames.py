"""How messages are framed: a four-byte big-endian length, then a msgpack body of at most
`FRAME_BYTES_MAX`. The first frame is `Hello`, answered by `Welcome`; each further one is a `Call`,
answered by an `Answer`."""

from typing import Literal

import msgspec

from guard.wire import AnyAsk, AnyReply, Code

FRAME_BYTES_MAX = 1024 * 1024


class Hello(msgspec.Struct, frozen=True):
    token: str


class Welcome(msgspec.Struct, frozen=True):
    channel: Literal["desk", "cli", "worker", "sensor"]
    instance: str


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """`address` and `agent` are the browser's, as the desk's edge reports them; `device` is
    the desk's own mark of it, a secret of the browser."""

    id: int
    ask: AnyAsk
    session: str | None = None
    address: str = ""
    agent: str = ""
    device: str = ""


class Refused(msgspec.Struct, frozen=True):
    code: Code
    message: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Exactly one of the two is set."""

    id: int
    reply: AnyReply | None = None
    refused: Refused | None = None


def frame(message: msgspec.Struct) -> bytes:
    """The message with its length in front. ValueError when it is longer than a frame may be."""
    body = msgspec.msgpack.encode(message)
    if len(body) > FRAME_BYTES_MAX:
        raise ValueError("the message is longer than a frame may be")
    return len(body).to_bytes(4, "big") + body
