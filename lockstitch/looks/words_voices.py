"""The words for reviews and questions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

VOICE_WORDS: dict[str, dict[Any, Any]] = {
    "fit": {
        -2: _("too small"), -1: _("a little small"), 0: _("as expected"), 1: _("a little large"),
        2: _("too large"), "small": _("runs small"), "right": _("as expected"),
        "large": _("runs large"), "mixed": _("opinions differ"),
    },
    "part": {
        "same": _("feels the same"), "tight": _("a little tighter"),
        "too_tight": _("much tighter"), "loose": _("a little looser"),
        "too_loose": _("much looser"),
    },
    "point": {
        "length": _("Length"), "shoulder": _("Shoulder width"), "chest": _("Chest width"),
        "sleeve": _("Sleeve length"), "yuki": _("Centre back to cuff"), "hem": _("Hem width"),
        "waist": _("Waist"), "hip": _("Hip"), "rise": _("Rise"), "inseam": _("Inseam"),
        "thigh": _("Thigh"), "skirt": _("Skirt length"), "insole": _("Foot length"),
        "width": _("Width"), "head": _("Head"),
    },
    "voice": {
        "waiting": _("To be read"), "published": _("Shown"), "refused": _("Not shown"),
        "reviews": _("Reviews"), "questions": _("Questions"),
    },
}  # fmt: skip
