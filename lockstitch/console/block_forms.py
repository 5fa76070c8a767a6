"""Blocks as a form shows them and as they come back: every button of the form brings all of it, so
that nothing typed is lost by moving, adding or taking away."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lockstitch.console.offer_forms import in_japan, shown_moment
from lockstitch.content.blocks import (
    BLOCK_WORDS,
    BLOCKS_MAX,
    LANGUAGES,
    MADE_OF,
    Block,
    Field,
    moved,
    read_block,
)
from lockstitch.kernel.errors import Refused
from lockstitch.looks.words_content import LANGUAGE_WORDS


@dataclass(frozen=True)
class Input:
    """One input of a block; `language` is empty where there is one for both."""

    field: Field
    name: str
    value: str
    language: str = ""

    @property
    def label(self) -> str:
        words = str(self.field.label)
        return f"{words} ({LANGUAGE_WORDS[self.language]})" if self.language else words

    @property
    def is_wide(self) -> bool:
        return self.field.kind in ("html", "area", "template", "items")


@dataclass(frozen=True)
class Shown:
    """A block in the form."""

    n: int
    kind: str
    inputs: list[Input]

    @property
    def word(self) -> str:
        return _(BLOCK_WORDS[self.kind])


def shown(kind: str, blocks: list[Block]) -> list[Shown]:
    made_of = MADE_OF[kind]
    return [
        Shown(n, str(block["type"]), _inputs(made_of[block["type"]], block, n))
        for n, block in enumerate(blocks)
        if block.get("type") in made_of
    ]


def _inputs(fields: tuple[Field, ...], block: Block, n: int) -> list[Input]:
    made = []
    for field in fields:
        kept: Any = block.get(field.name, "")
        if field.is_text:
            texts = kept if isinstance(kept, dict) else {}
            made += [
                Input(field, f"b{n}-{field.name}-{code}", texts.get(code, ""), code)
                for code in LANGUAGES
            ]
        else:
            made.append(Input(field, f"b{n}-{field.name}", str(kept or "")))
    return made


def choices(kind: str) -> list[tuple[str, str]]:
    """What can be added."""
    return [(name, _(BLOCK_WORDS[name])) for name in MADE_OF[kind]]


def read_blocks(kind: str, typed: Mapping[str, str]) -> list[Block]:
    """In the order of the form, after what its button asks for."""
    made_of = MADE_OF[kind]
    found: list[tuple[int, int, Block]] = []
    for n in range(min(_number(typed.get("count", "")), BLOCKS_MAX)):
        name = typed.get(f"b{n}-type", "")
        if name in made_of:
            order = _number(typed.get(f"b{n}-order", str(n)))
            found.append((order, n, read_block(name, made_of[name], typed, f"b{n}")))
    found.sort(key=lambda one: one[:2])
    blocks = [block for _order, _n, block in found]
    verb, _sep, at = typed.get("do", "").partition(":")
    place = next((i for i, one in enumerate(found) if one[1] == _number(at)), None)
    if verb == "add" and typed.get("add") in made_of:
        if len(blocks) >= BLOCKS_MAX:
            raise Refused(_("There are too many blocks."))
        blocks.append(read_block(typed["add"], made_of[typed["add"]], {}, "x"))
    elif verb in ("up", "down") and place is not None:
        blocks = moved(blocks, place, -1 if verb == "up" else 1)
    elif verb == "drop" and place is not None:
        del blocks[place]
    return blocks


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def read_window(typed: Mapping[str, str]) -> tuple[dt.datetime | None, dt.datetime | None]:
    """`since` and `until` as typed, in Japan's time. Raises Refused."""
    found = []
    for name in ("since", "until"):
        text = typed.get(name, "").strip()
        try:
            found.append(in_japan(dt.datetime.fromisoformat(text)) if text else None)
        except ValueError:
            raise Refused(_("That is no date and time.")) from None
    return found[0], found[1]


def typed_window(since: dt.datetime | None, until: dt.datetime | None) -> dict[str, str]:
    return {"since": shown_moment(since), "until": shown_moment(until)}
