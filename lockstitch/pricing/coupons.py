"""Codes as people type them. Pure."""

import re
import unicodedata

PROPER = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,39}")


def folded_code(text: str) -> str:
    """NFKC and upper case, without spaces: `ｓａｌｅ 10` is SALE10."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[:40]


def is_proper(code: str) -> bool:
    """3 to 40 of A-Z, 0-9, hyphen and underscore."""
    return PROPER.fullmatch(code) is not None
