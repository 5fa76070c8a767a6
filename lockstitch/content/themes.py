"""A site's look: colours with enough contrast, fonts, shapes, layout, and its own CSS. Pure.

A theme is `{"light": {token: #rrggbb}, "dark": {…}, "fonts": {…}, "layout": {…}, "css": source}`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lockstitch.content.css import sanitised

HEX = re.compile(r"#[0-9a-f]{6}")
COLOURS: dict[str, Any] = {
    "paper": _("Page"), "raised": _("Fields and cards"), "sunken": _("Sunken areas"),
    "ink": _("Ink"), "ink-2": _("Quiet ink"), "line": _("Rules and borders"),
    "accent": _("Main button"),
    "on-accent": _("Words on the main button"),
}  # fmt: skip
LIGHT = {
    "paper": "#faf8f4", "raised": "#ffffff", "sunken": "#f1ede6", "ink": "#1d1b18",
    "ink-2": "#5f5a52", "line": "#ddd6ca", "accent": "#2f4a3c", "on-accent": "#ffffff",
}  # fmt: skip
DARK = {
    "paper": "#161512", "raised": "#1f1d1a", "sunken": "#100f0d", "ink": "#f0ece4",
    "ink-2": "#b3aca0", "line": "#3a362f", "accent": "#a9cbb6", "on-accent": "#14201a",
}  # fmt: skip
PAIRS = (
    ("ink", "paper"), ("ink", "raised"), ("ink", "sunken"), ("ink-2", "paper"),
    ("ink-2", "raised"), ("ink-2", "sunken"), ("on-accent", "accent"),
)  # fmt: skip
CONTRAST_MIN = 4.5  # WCAG 2.2, 1.4.3
_GOTHIC = '"Hiragino Sans","Yu Gothic Medium","Yu Gothic","Noto Sans JP","Noto Sans CJK JP"'
_MINCHO = '"Hiragino Mincho ProN","Yu Mincho","Noto Serif JP","Noto Serif CJK JP"'
FONTS: dict[str, tuple[Any, str]] = {  # in the system, or in Debian's fonts: nothing is fetched
    "gothic": (_("Gothic"), f"{_GOTHIC},system-ui,sans-serif"),
    "mincho": (_("Mincho"), f"{_MINCHO},Georgia,serif"),
    "heavy": (_("Heavy gothic"), f'"Arial Black","Hiragino Kaku Gothic StdN",{_GOTHIC},sans-serif'),
    "round": (_("Round gothic"), f'"Hiragino Maru Gothic ProN",{_GOTHIC},sans-serif'),
    "grotesk": (_("Grotesk"), f'"Helvetica Neue","Liberation Sans",Arial,{_GOTHIC},sans-serif'),
    "mono": (_("Typewriter"), f'ui-monospace,Menlo,"DejaVu Sans Mono",{_GOTHIC},monospace'),
}  # fmt: skip
CHOICES: dict[str, tuple[Any, tuple[tuple[str, Any], ...]]] = {
    "radius": (_("Corners"), (("0", _("Square")), ("4px", _("Slightly round")),
                              ("1rem", _("Round")), ("1.5rem", _("Very round")))),
    "density": (_("Room between things"), (("normal", _("Normal")), ("airy", _("Airy")),
                                           ("dense", _("Dense")))),
    "weight": (_("Weight of headings"), (("500", _("Medium")), ("400", _("Light")),
                                         ("700", _("Bold")), ("900", _("Black")))),
    "track": (_("Spacing of the shop's name"), (("0.14em", _("Wide")), ("0", _("None")),
                                                ("0.3em", _("Very wide")))),
    "capitals": (_("The shop's name"), (("none", _("As written")),
                                        ("uppercase", _("In capitals")))),
    "ratio": (_("Pictures in lists"), (("4-5", "4:5"), ("1-1", "1:1"), ("3-4", "3:4"),
                                       ("2-3", "2:3"))),
    "columns": (_("Columns of lists on a desktop"), (("4", "4"), ("3", "3"), ("2", "2"),
                                                     ("5", "5"))),
    "head": (_("Head"), (("row", _("In one row")), ("centred", _("Name in the middle")),
                         ("banner", _("Large name")))),
    "foot": (_("Columns of the foot"), (("3", "3"), ("1", "1"), ("2", "2"))),
    "cards": (_("Cards"), (("plain", _("Plain")), ("framed", _("Framed")))),
}  # fmt: skip
TOKENS = ("radius", "weight", "track", "capitals")  # the other choices are classes of the page

_LINEAR = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
           for c in (part / 255 for part in range(256))]  # fmt: skip


@dataclass(frozen=True)
class Poor:
    """Two colours that cannot be read on each other."""

    scheme: str
    ink: str
    paper: str
    ratio: float


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb`, 0 to 1."""
    return luminance_of(*bytes.fromhex(colour[1:]))


def luminance_of(red: int, green: int, blue: int) -> float:
    """The same of a pixel."""
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    return contrast_of(luminance(one), luminance(other))


def contrast_of(one: float, other: float) -> float:
    """The same, of two luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def poor(theme: Mapping[str, Any]) -> list[Poor]:
    found = []
    for scheme in ("light", "dark"):
        colours = theme[scheme]
        for ink, paper in PAIRS:
            ratio = contrast(colours[ink], colours[paper])
            if ratio < CONTRAST_MIN:
                found.append(Poor(scheme, ink, paper, round(ratio, 2)))
    return found


def read_theme(typed: Mapping[str, str]) -> dict[str, Any]:
    """From the form; what is no colour or no choice of ours is the first of its kind."""
    colours = {
        scheme: {
            name: value
            if HEX.fullmatch(value := typed.get(f"{scheme}-{name}", "").lower())
            else std
            for name, std in standard.items()
        }
        for scheme, standard in (("light", LIGHT), ("dark", DARK))
    }
    fonts = {
        name: key if (key := typed.get(f"font-{name}", "")) in FONTS else first
        for name, first in (("sans", "gothic"), ("display", "mincho"))
    }
    layout = {}
    for name, (_label, options) in CHOICES.items():
        value = typed.get(f"layout-{name}", "")
        layout[name] = value if value in dict(options) else options[0][0]
    return {**colours, "fonts": fonts, "layout": layout, "css": typed.get("css", "")[:60_000]}


def tokens(theme: Mapping[str, Any]) -> dict[str, str]:
    """Custom properties of the page."""
    made = {name: f"light-dark({theme['light'][name]}, {theme['dark'][name]})" for name in COLOURS}
    layout = theme["layout"]
    return {
        **made, "sans": FONTS[theme["fonts"]["sans"]][1],
        "display": FONTS[theme["fonts"]["display"]][1], "radius": layout["radius"],
        "display-weight": layout["weight"], "brand-track": layout["track"],
        "brand-case": layout["capitals"],
    }  # fmt: skip


def classes(theme: Mapping[str, Any]) -> str:
    """Of the body: the choices that are more than a token."""
    return " ".join(
        f"{name}-{value}" for name, value in theme["layout"].items() if name not in TOKENS
    )


def served_css(theme: Mapping[str, Any]) -> str:
    return sanitised(theme.get("css", ""))[0]


_PAIR = re.compile(r"light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)", re.IGNORECASE)


def from_look(look: Mapping[str, Any]) -> dict[str, Any]:
    """A theme like the tokens that a site was opened with, for its form's first showing."""
    kept = look.get("tokens", {})
    typed = {}
    for name in COLOURS:
        if found := _PAIR.fullmatch(str(kept.get(name, ""))):
            typed[f"light-{name}"], typed[f"dark-{name}"] = found[1].lower(), found[2].lower()
    display = str(kept.get("display", ""))
    typed["font-display"] = (
        "mincho" if "Mincho" in display else "heavy" if "Black" in display else ""
    )
    typed["layout-radius"] = str(kept.get("radius", ""))
    typed["layout-weight"] = str(kept.get("display-weight", ""))
    typed["layout-track"] = str(kept.get("brand-track", ""))
    typed["layout-capitals"] = str(kept.get("brand-case", ""))
    return read_theme(typed)
