"""The words for reviews and questions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

VOICE_WORDS: dict[str, dict[Any, Any]] = {
    "fit": {
        -2: _("too small"), -1: _("a little small"), 0: _("as expected"), 1: _("a little large"),
        2: _("too large"), "small": _("runs small"), "right": _("as expected"),
        "large": _("runs large"), "mixed": _("opinions differ"),
    },
    "voice": {
        "waiting": _("To be read"), "published": _("Shown"), "refused": _("Not shown"),
        "reviews": _("Reviews"), "questions": _("Questions"),
    },
}  # fmt: skip
