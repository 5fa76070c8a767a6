"""Texts that shops write, one for each language."""

import unicodedata

from django.utils.translation import get_language

Text = dict[str, str]  # language code -> text
LANGUAGES = ("ja", "en")


def localised(text: Text, language: str | None = None) -> str:
    """The text in the reader's language, else in the first language that has one."""
    wanted = (language or get_language() or "ja")[:2]
    if text.get(wanted):
        return text[wanted]
    return next((text[code] for code in LANGUAGES if text.get(code)), "")


def folded(text: str) -> str:
    """For comparing what people type: width and case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
