"""What may be kept in the clear of a person: too little to know them by."""

import unicodedata


def name_hint(family: str, given: str) -> str:
    """山＊ ＊＊ for 山田 花子, S*** J*** for Smith John: one character, no length."""
    first = next(iter(_clusters(family)), "")
    if first.isascii():
        return f"{first.upper()}*** ***"
    return f"{first}＊ ＊＊"


def postal_zone(postal_code: str) -> str:
    """The first three digits: a district of some ten thousand households."""
    return postal_code[:3]


def _clusters(text: str) -> list[str]:
    """Characters with their variation selectors and marks, so that 葛󠄀 is not cut in two."""
    found: list[str] = []
    for character in text:
        selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
        if found and (selector or unicodedata.combining(character)):
            found[-1] += character
        else:
            found.append(character)
    return found
