"""S2: files that are a picture and something else as well, sent with an operator's right to upload.

The scanners are as good as told to call them clean: what is hidden in them is a word of this run,
which no rule knows. One more has what a rule does know, and has to be told.
"""

import io
import struct
import time
import zlib
from uuid import UUID

from PIL import Image

from lockstitch.catalogue.models import Colour
from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.files.actions import receive
from lockstitch.files.queries import Upload, find_upload
from lockstitch.tenancy.scope import scope

WITHIN_S = 60.0
TRICKS = ("", "/", ".php", "%00.php", "/x.php", ";.jpg", "?x=.php", "/..", ".svg")


def upload(ground: Ground, stage: Stage) -> None:
    """Each is sent, looked at by the worker, and asked for again."""
    word = f"{ground.run}-payload".encode()
    with scope(ground.site.id):
        colour = Colour.objects.order_by("id").first()
        if colour is None:
            stage.leaked("the shop has no colour to send a picture for")
            return
        sent = {
            what: _send(ground, colour.id, name, data)
            for what, (name, data) in _files(word).items()
        }
        at, began = stage.now(), time.perf_counter()
        known = _send(ground, colour.id, "known.php.jpg", _picture("JPEG", comment=b"<?php DRILL-"))
        for what, found in ((what, _seen(each)) for what, each in sent.items()):
            if found is None or found.state == "waiting":
                stage.leaked(f"{what} was never looked at")
            elif found.state == "refused":
                stage.stopped(what, f"refused: {found.reason}")
            else:
                _served(ground, stage, what, found, word)
        _seen(known)
    stage.see("upload.hostile", at, began)
    stage.note("scanners said: " + "; ".join(f"{k}: {v}" for k, v in _said(ground, sent).items()))


def _files(word: bytes) -> dict[str, tuple[str, bytes]]:
    exif = Image.Exif()
    exif[0x010E] = word.decode()
    script = b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>" + word
    return {
        "a JPEG with it as comment": ("a.jpg", _picture("JPEG", comment=word)),
        "a JPEG with it in EXIF": ("b.jpg", _picture("JPEG", exif=exif)),
        "a JPEG with it behind": ("c.php.jpg", _picture("JPEG") + word),
        "a PNG with it as text": ("d.png", _with_text(word)),
        "a PNG with it in its pixels": ("e.png", _pixels(word)),
        "a GIF with it behind": ("f.gif", _picture("GIF") + b"*/=1;" + word),
        "a WebP with it in EXIF": ("g.webp", _picture("WEBP", exif=exif)),
        "a drawing with a script": ("h.svg", script),
        "a page called a picture": ("i.jpg", b"<!doctype html>" + word),
        "a picture without measure": ("j.png", _bomb()),
        "an archive that leads out": ("k.zip", _archive(b"../../media/x.php", word)),
    }  # fmt: skip


def _send(ground: Ground, colour: UUID, name: str, data: bytes) -> UUID:
    by = ground.operators["victim"].id
    return receive(data, name, by=by, use="colour", target=colour, source=ground.source(2)).id


def _seen(upload_id: UUID) -> Upload | None:
    """Once the worker has looked at it."""
    until = time.monotonic() + WITHIN_S
    while (found := find_upload(upload_id)) and found.state == "waiting":
        if time.monotonic() > until:
            break
        time.sleep(0.1)
    return found


def _served(ground: Ground, stage: Stage, what: str, found: Upload, word: bytes) -> None:
    """What is served of it: encoded anew, under a fixed type, and under no other name."""
    visitor = ground.visitor(2)
    for key in found.made:
        for trick in TRICKS:
            status, headers, body = visitor.ask("GET", ground.shop(f"/media/{key}{trick}"))
            is_safe = word not in body and (status != 200 or (
                headers.get("content-type", "").startswith("image/")
                and headers.get("x-content-type-options") == "nosniff"
                and "sandbox" in headers.get("content-security-policy", "")
            ))  # fmt: skip
            stage.check(f"{what} as {trick or 'it is'}", is_stopped=is_safe,
                        by="pixels only, encoded anew")  # fmt: skip


def _said(ground: Ground, sent: dict[str, UUID]) -> dict[str, str]:
    with scope(ground.site.id):
        found = find_upload(next(iter(sent.values())))
    return dict(found.scanners) if found else {}


def _picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((320, 400)).save(out, kind, **options)
    return out.getvalue()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _with_text(word: bytes) -> bytes:
    data = _picture("PNG")
    return data[:33] + _chunk(b"tEXt", b"Comment\0" + word) + data[33:]


def _pixels(word: bytes) -> bytes:
    """The payload is what the picture shows, stored as it is."""
    rows = (b"\0" + word.ljust(96, b".")) * 32
    head = struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 0)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _bomb() -> bytes:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


def _archive(name: bytes, body: bytes) -> bytes:
    """A ZIP of one stored file."""
    facts = struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, 33, zlib.crc32(body), len(body), len(body),
                        len(name), 0)  # fmt: skip
    local = b"PK\3\4" + facts + name + body
    central = b"PK\1\2\x14\0" + facts + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\5\6" + end
