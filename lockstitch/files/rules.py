"""What a file says it is, what it is, and the words for what is found. Nothing here decodes."""

import re
import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _

PICTURE_BYTES = 20 * 1024 * 1024
UPLOAD_BYTES = 64 * 1000 * 1000  # of all files of one form together
WAITING_MAX = 500  # of one shop
KEPT_DAYS = 30
NAME_MAX = 200

PICTURES = frozenset({"jpeg", "png", "gif", "webp", "avif"})
_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"),
    (b"GIF89a", "gif"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"%PDF", "pdf"),
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"#!", "script"), (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!", "rar"), (b"BM", "bmp"), (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"), (b"%!PS", "postscript"), (b"\0\0\1\0", "ico"),
)  # fmt: skip
_FTYP = {b"avif": "avif", b"avis": "avif", b"heic": "heic", b"heix": "heic", b"mif1": "heic"}
_SUFFIXES = {
    "jpg": "jpeg", "jpeg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "png": "png", "gif": "gif",
    "webp": "webp", "avif": "avif", "zip": "zip", "heic": "heic", "pdf": "pdf", "svg": "markup",
    "html": "markup", "htm": "markup", "xml": "markup",
}  # fmt: skip
_RUNS = frozenset({
    "php", "php3", "php4", "php5", "php7", "phtml", "phar", "jsp", "jspx", "asp", "aspx", "ashx",
    "cgi", "pl", "py", "rb", "sh", "exe", "dll", "com", "bat", "cmd", "js", "mjs", "vbs", "hta",
    "svg", "svgz", "html", "htm", "xhtml", "shtml", "htaccess", "jar", "swf",
})  # fmt: skip
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_DRIVE = re.compile(r"^[A-Za-z]:")


def sniff(data: bytes) -> str:
    """By the first bytes; "unknown" for what has no sign of its own."""
    head = data[:512]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _FTYP.get(head[8:12], "unknown")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "markup"
    return "unknown"


def plain_name(name: str) -> str:
    """As it may be kept and shown: the last part, no control characters, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return kept.strip()[-NAME_MAX:] or "?"


def claims(name: str, sniffed: str) -> list[str]:
    """What is odd about the name: it says another kind, or has a suffix that programs have."""
    suffixes = [one[1:].lower() for one in PurePosixPath(plain_name(name)).suffixes]
    found = []
    if _RUNS & set(suffixes):
        found.append("name")
    if suffixes and _SUFFIXES.get(suffixes[-1]) not in (None, sniffed):
        found.append("extension")
    if plain_name(name) != name.replace("\\", "/").rpartition("/")[2]:
        found.append("name")
    return list(dict.fromkeys(found))


def leads_out(name: str) -> bool:
    """Whether a name in an archive is no plain path below it (zip-slip)."""
    parts = name.replace("\\", "/").split("/")
    control = any(unicodedata.category(c)[0] == "C" for c in name)
    return (
        control or not parts[-1] or name.startswith(("/", "\\", "~")) or ".." in parts
        or _DRIVE.match(name) is not None
    )  # fmt: skip


def is_litter(name: str) -> bool:
    """What systems put into archives by themselves."""
    return name.startswith("__MACOSX/") or plain_name(name).lower() in _LITTER


def is_grave(findings: list[str]) -> bool:
    """What does not happen by mistake."""
    return any(one in GRAVE or one.startswith("marker:") for one in findings)


REASONS = {
    "unknown": _("This is not a JPEG, PNG, GIF, WebP or AVIF picture."),
    "pixels": _("The picture has more than 50 megapixels or a side over 12,000 pixels."),
    "damaged": _("The picture is damaged."),
    "large": _("The picture is larger than 20 MB."),
    "slow": _("The picture took too long to read."),
    "broke": _("The picture broke the program that reads pictures, which was shut away."),
    "archive": _("The archive is damaged or of an unknown kind."),
    "many": _("The archive holds more than 200 files."),
    "heavy": _("The archive holds more than 100 MB."),
    "bomb": _("The archive grows without measure when it is opened."),
    "locked": _("The archive is locked with a password."),
    "names": _("The archive names places outside of itself."),
    "gone": _("The colour that this was for is not there any more."),
    "late": _("It came when no more pictures were taken for it."),
    "unmatched": _("No colour has this name: item number_colour_place, or a SKU, is wanted."),
}
FINDINGS = {
    "extension": _("The name says another kind of file than the content."),
    "name": _("The name has a suffix that programs have, or hidden characters."),
    "decoder": _("Two readers disagree on what kind of file it is."),
    "broke": _("It broke the program that reads pictures."),
    "slow": _("It took too long to read."),
    "bomb": _("It grows without measure when it is opened."),
    "names": _("It names places outside of itself."),
    "malware": _("A virus scanner knows it."),
    "marker": _("It contains what only an attack has:"),
}
GRAVE = frozenset({"decoder", "broke", "bomb", "names", "malware"})
