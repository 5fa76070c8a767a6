"""When goods that are sold ahead are sent: a month (2027-03), a third of it (2027-03-E, -M or -L:
上旬, 中旬, 下旬) or a day (2027-03-14), as operators promise it. Pure."""

import datetime as dt
import re
import unicodedata

THIRDS = {"E": "上旬", "M": "中旬", "L": "下旬"}
_FORM = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])(?:-(E|M|L|\d\d))?", re.ASCII)


def is_promise(text: str) -> bool:
    try:
        last_day(text)
    except ValueError:
        return False
    return True


def last_day(text: str) -> dt.date:
    """By when it is sent. Raises ValueError."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(text)
    first = dt.date(int(found[1]), int(found[2]), 1)
    if found[3] in ("E", "M"):
        return first.replace(day=10 if found[3] == "E" else 20)
    if found[3] in (None, "L"):
        return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=int(found[3]))


def read(text: str) -> str:
    """As it is kept, of what was typed: 2027/3 上旬 is 2027-03-E. What it is not stays as it is."""
    plain = re.sub(r"[\s\-/年月日]+", "-", unicodedata.normalize("NFKC", text).strip()).strip("-")
    for code, word in THIRDS.items():
        if plain.endswith(word):
            plain = f"{plain.removesuffix(word).rstrip('-')}-{code}"
    parts = [part.zfill(2) if part.isdigit() else part.upper() for part in plain.split("-")]
    made = "-".join(parts)
    return made if is_promise(made) else text.strip()


def typed(kept: str) -> str:
    """The other way: 2027-03-上旬."""
    head, _dash, tail = kept.rpartition("-")
    return f"{head}-{THIRDS[tail]}" if tail in THIRDS else kept
