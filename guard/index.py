"""Normal forms of what people type, and the blind indexes by which they are found again."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping

PREFIX_MAX = 3
PARTS = ("family", "given")
HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def _folded(text: str) -> str:
    """NFKC and caseless. Twice, because case folding can undo the normal form."""
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def normal_email(text: str) -> str:
    return _folded(_folded(text).strip())


def normal_phone(text: str) -> str:
    """Digits only; +81 90-… and 090-… are one number."""
    text = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[^0-9]", "", text)
    if text.startswith("+") and digits.startswith("81"):
        digits = "0" + digits[2:].lstrip("0")
    return digits


def normal_name(text: str) -> str:
    return _folded("".join(_folded(text).split()))  # again: marks may now follow a letter


def normal_kana(text: str) -> str:
    """Full-width katakana, from half-width (by NFKC) and from hiragana."""
    return _folded(normal_name(text).translate(HIRAGANA_TO_KATAKANA))


NORMAL = {"email": normal_email, "phone": normal_phone, "name": normal_name, "kana": normal_kana}


def digest(key: bytes, kind: str, value: str) -> bytes:
    """HMAC-SHA-256 with the kind of value inside, so that equal texts of two kinds differ."""
    return hmac.digest(key, f"{kind}|{value}".encode(), hashlib.sha256)


def identity(key: bytes, fields: Mapping[str, str]) -> bytes | None:
    """Whose record it is: by the e-mail, else by the phone; None when it has neither."""
    for kind in ("email", "phone"):
        if value := NORMAL[kind](fields.get(kind, "")):
            return digest(key, f"person.{kind}", value)
    return None


def entries(key: bytes, fields: Mapping[str, str]) -> set[bytes]:
    """Every digest under which a record with these fields is to be found."""
    found = {
        digest(key, kind, value)
        for kind in ("email", "phone")
        if (value := NORMAL[kind](fields.get(kind, "")))
    }
    for kind in ("name", "kana"):
        family, given = (NORMAL[kind](fields.get(f"{part}_{kind}", "")) for part in PARTS)
        both = (NORMAL[kind](family + given), NORMAL[kind](given + family))
        wholes = {family, given, *both} - {""}
        found |= {digest(key, kind, whole) for whole in wholes}
        starts = {whole[:length] for whole in wholes for length in range(1, PREFIX_MAX + 1)}
        found |= {digest(key, f"{kind}.prefix", start) for start in starts}
    return found


def sought(key: bytes, by: str, value: str) -> bytes | None:
    """The digest to look for; None when nothing is left of the value."""
    value = NORMAL[by](value)
    if not value:
        return None
    if by in ("name", "kana") and len(value) <= PREFIX_MAX:
        by += ".prefix"
    return digest(key, by, value)
