"""What an operator is warned of before a document is published: words that cannot be read on their
picture, pictures without words for those who do not see them, pictures that are gone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lockstitch.catalogue.gateways import DiskStore
from lockstitch.catalogue.models import Picture
from lockstitch.content import themes
from lockstitch.content.blocks import BLOCK_WORDS, DEFAULT_HOME, Block
from lockstitch.content.contrast import INK, poorest
from lockstitch.content.gateways import small_pixels
from lockstitch.content.queries import pictures

_UNSAID = re.compile(r"<img(?![^>]*\balt\s*=)[^>]*>", re.IGNORECASE)
_TITLED = {"video"}  # where the words beside a picture say it all


@dataclass(frozen=True)
class Finding:
    """`place` is the block as its editor shows it ("2. Large picture")."""

    kind: str  # "contrast", "alt", "gone" or "colours"
    place: str
    ratio: float = 0.0


def findings(kind: str, state: Mapping[str, Any], look: Mapping[str, Any]) -> list[Finding]:
    """Of a draft, for a site that looks so. Reads each picture that words stand on."""
    if kind == "theme":
        names = themes.COLOURS
        return [
            Finding("colours", f"{names[one.ink]} / {names[one.paper]}", one.ratio)
            for one in themes.poor(state)
        ]
    if kind == "page":
        is_unsaid = any(_UNSAID.search(text) for text in _texts(state.get("body")))
        return [Finding("alt", _("Text"))] if is_unsaid else []
    blocks: list[Block] = list(state.get("blocks") or (DEFAULT_HOME if kind == "home" else []))
    shots = pictures(str(one) for one in [*(b.get("picture") for b in blocks), state.get("cover")]
                     if one)  # fmt: skip
    found = list(_of_picture(str(state.get("cover") or ""), shots, _("Cover")))
    for n, block in enumerate(blocks, 1):
        place = f"{n}. {_(BLOCK_WORDS.get(str(block['type']), str(block['type'])))}"
        if block["type"] not in _TITLED:
            found += _of_picture(str(block.get("picture") or ""), shots, place)
        if any(_UNSAID.search(text) for text in _texts(block)):
            found.append(Finding("alt", place))
        if block["type"] == "hero":
            found += _of_hero(block, shots, look, place)
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _of_picture(key: str, shots: Mapping[str, Picture], place: str) -> Iterator[Finding]:
    if not key:
        return
    if key not in shots:
        yield Finding("gone", place)
    elif not any(shots[key].alt.values()):
        yield Finding("alt", place)


def _of_hero(
    block: Block, shots: Mapping[str, Picture], look: Mapping[str, Any], place: str
) -> Iterator[Finding]:
    """Its own picture, or the one that the site was opened with."""
    kept = look.get("pictures", {}).get("hero")
    shot = shots.get(str(block.get("picture") or "")) or (Picture(**kept) if kept else None)
    image = small_pixels(shot, DiskStore()) if shot else None
    if shot is None or image is None:
        return
    ink = str(look.get("tokens", {}).get("hero-ink", INK)).lower()
    ink = ink if themes.HEX.fullmatch(ink) else INK
    ratio = poorest(image, ink, focus=shot.focus, scrim=str(block.get("scrim") or ""))
    if ratio < themes.CONTRAST_MIN:
        yield Finding("contrast", place, int(ratio * 100) / 100)
