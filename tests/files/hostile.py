"""Files that somebody would send who means no good, and some harmless ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

PHP = b"<?php system($_GET['c']); ?>"
SCRIPT = b"<script>alert(document.domain)</script>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
MARKERS = (PHP, SCRIPT, b"<?php", b"<script", b"DRILL-", b"PK\x03\x04", b"<svg", EICAR[:30])


def picture(kind: str = "JPEG", image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or Image.radial_gradient("L").convert("RGB").resize((500, 600))).save(
        out, kind, **options
    )
    return out.getvalue()


def zipped(files: Mapping[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("compression", zipfile.ZIP_STORED)) as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name), body, options.get("compression"))
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def exif(text: bytes) -> Image.Exif:
    made = Image.Exif()
    made[0x010E] = text.decode("latin-1")
    return made


def png_with(name: bytes, body: bytes) -> bytes:
    data = picture("PNG")
    return data[:33] + chunk(name, body) + data[33:]


def idat_payload() -> bytes:
    """A picture whose very pixels are the payload, stored without compression."""
    row = (PHP + SCRIPT + b"DRILL-IDAT").ljust(96, b".")
    header = struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    data += chunk(b"IDAT", zlib.compress((b"\0" + row) * 32, 0)) + chunk(b"IEND", b"")
    assert PHP in data
    return data


def gif_script() -> bytes:
    """Valid as both: its width is `/*`, its end closes the comment."""
    image = Image.new("P", (0x2A2F, 1))
    return picture("GIF", image) + b"*/=1;alert(1)//" + SCRIPT


def polyglots() -> dict[str, tuple[str, bytes]]:
    """name -> (file name, bytes) of what is a picture and something else as well."""
    jar = zipped({"a.class": b"\xca\xfe\xba\xbe"})
    return {
        "GIF and script": ("a.gif", gif_script()),
        "JPEG with PHP in EXIF": ("a.jpg", picture(exif=exif(PHP))),
        "JPEG with PHP as comment": ("a.jpg", picture(comment=PHP)),
        "JPEG with script behind it": ("a.jpg", picture() + SCRIPT),
        "PNG with script in text": ("a.png", png_with(b"tEXt", b"Comment\0" + SCRIPT)),
        "PNG with payload in pixels": ("a.png", idat_payload()),
        "WebP with PHP in EXIF": ("a.webp", picture("WEBP", exif=exif(PHP))),
        "AVIF with script in EXIF": ("a.avif", picture("AVIF", exif=exif(SCRIPT))),
        "GIFAR": ("a.gif", picture("GIF") + jar),
        "drill": ("a.jpg", picture(comment=b"DRILL-2016-04")),
        "JPEG with a virus": ("a.jpg", picture() + EICAR + PHP),
    }


def no_pictures() -> dict[str, tuple[str, bytes]]:
    return {
        "SVG": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"),
        "SVG as png": ("a.png", b"<?xml version='1.0'?><svg onload='alert(1)'/>"),
        "HTML as jpg": ("a.jpg", b"<!doctype html><body>" + SCRIPT),
        "PHP with two suffixes": ("a.php.jpg", PHP),
        "program": ("a.exe", b"MZ\x90\0" + b"This program cannot be run in DOS mode"),
        "PDF": ("a.pdf", b"%PDF-1.7\n" + SCRIPT),
        "nothing": ("a.jpg", b""),
    }


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")
