"""What people type, read: each function takes a text and raises ValueError with a sentence. Pure;
for forms and files alike."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from lockstitch.catalogue.rules import checked_gtin
from lockstitch.catalogue.sizing import cm_of, mm_of
from lockstitch.kernel.clock import JST
from lockstitch.kernel.text import folded

MINUTE = "%Y-%m-%dT%H:%M"
MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?"
)
TRUE = {"1", "true", "yes", "on", "はい", "○", "する"}
FALSE = {"0", "false", "no", "off", "いいえ", "×", "しない"}


def plain(text: str) -> str:
    return text.strip()


def whole(text: str) -> int | None:
    """A whole number, not negative; commas, ¥ and full width are fine. None for nothing."""
    digits = unicodedata.normalize("NFKC", text).strip().strip("¥円").replace(",", "")
    if not digits:
        return None
    digits = digits.removesuffix(".0")  # as Excel writes a number
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise ValueError(_("Not a number: %(text)s") % {"text": text[:40]})
    return int(digits)


def number(text: str) -> int:
    """The same, and it must be there."""
    found = whole(text)
    if found is None:
        raise ValueError(_("A number is missing."))
    return found


def shown_cm(mm: int | None) -> str:
    """The other way of `cm`."""
    return "" if mm is None else cm_of(mm)


def cm(text: str) -> int | None:
    """Centimetres, in mm. None for nothing."""
    try:
        return mm_of(unicodedata.normalize("NFKC", text))
    except ValueError:
        raise ValueError(_("Centimetres with one decimal, such as 68.5.")) from None


def moment(text: str) -> dt.datetime | None:
    """2026-11-27 10:00 where the shops are; a day alone begins at midnight. None for nothing."""
    text = unicodedata.normalize("NFKC", text).strip().replace("/", "-").replace("T", " ")
    if not text:
        return None
    hit = MOMENT.fullmatch(text)
    try:
        if hit is None:
            raise ValueError
        *parts, fraction = hit.groups()
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        micro = int((fraction or "").ljust(6, "0")[:6])
        here = dt.datetime(year, month, day, hour, minute, second, micro, tzinfo=JST)
        return here.astimezone(dt.UTC)
    except ValueError:
        raise ValueError(
            _("Not a time: %(text)s (2026-12-01 10:00)") % {"text": text[:40]}
        ) from None


def shown(at: dt.datetime | None) -> str:
    """As a form's field wants it, to the minute in Japan."""
    return at.astimezone(JST).strftime(MINUTE) if at else ""


def gtin(text: str) -> str:
    try:
        return checked_gtin(unicodedata.normalize("NFKC", text).lstrip("'").removesuffix(".0"))
    except ValueError:
        raise ValueError(
            _("A JAN has 8 or 13 digits, the last a check digit: %(text)s") % {"text": text[:40]}
        ) from None


def truth(text: str) -> bool:
    word = folded(text)
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(_("Yes or no (1 or 0): %(text)s") % {"text": text[:40]})


def percent_bp(text: str) -> int:
    """10 and 8 are percents, kept in hundredths of one."""
    try:
        exact = Decimal(unicodedata.normalize("NFKC", text).strip().rstrip("%") or "10") * 100
    except InvalidOperation:
        raise ValueError(_("Not a number: %(text)s") % {"text": text[:40]}) from None
    if not exact.is_finite() or exact != exact.to_integral_value() or not 0 <= exact <= 10_000:
        raise ValueError(_("A tax rate is between 0 and 100 percent."))
    return int(exact)


def words(text: str) -> list[str]:
    """Parted by commas or lines, each once."""
    return list(
        dict.fromkeys(part.strip() for part in re.split(r"[,、，\n]", text) if part.strip())
    )


def rate(text: str) -> Decimal:
    """Yen for one unit of a file's prices; 1 for nothing."""
    try:
        exact = Decimal(unicodedata.normalize("NFKC", text).strip() or "1")
    except InvalidOperation:
        exact = Decimal(0)
    if not exact.is_finite() or not 0 < exact < 100_000:
        raise ValueError(_("Not a number: %(text)s") % {"text": text[:40]})
    return exact
