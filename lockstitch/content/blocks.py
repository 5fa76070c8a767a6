"""What stories, homes, FAQs and banners are made of: kinds of block, their fields, and reading what
was typed. Pure. A block is `{"type": …, field: value}`; a text in two languages is a Text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import nh3
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

Kind = Literal[
    "text", "area", "html", "picture", "items", "numbers", "url", "select", "number", "moment",
    "template",
]  # fmt: skip
Block = dict[str, Any]
BLOCKS_MAX = 60
LANGUAGES = ("ja", "en")
MOST = {"text": 160, "area": 2_000, "html": 20_000, "items": 2_000, "url": 600, "template": 20_000}
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class Field:
    """`is_text`: written once for each language."""

    name: str
    kind: Kind
    label: Any
    is_text: bool = False
    options: tuple[tuple[str, Any], ...] = ()


def _in_two(name: str, kind: Kind, label: Any) -> Field:
    return Field(name, kind, label, is_text=True)


_TITLE = _in_two("title", "text", _("Title"))
_PICTURE = Field("picture", "picture", _("Picture"))
_SCRIM = Field(
    "scrim", "select", _("Ground under the words on the picture"),
    options=(("none", _("None: the picture itself")), ("light", _("Pale, with dark words")),
             ("dark", _("Dark, with white words"))),
)  # fmt: skip
_LINK = Field("link", "url", _("Address of the link"))
_WINDOW = (Field("since", "moment", _("Shown from")), Field("until", "moment", _("Shown until")))
_RULES = (
    ("list", _("These item numbers")), ("new", _("The newest")), ("category", _("A category")),
    ("tag", _("A tag")),
)  # fmt: skip
_RAIL = (
    _TITLE,
    Field("rule", "select", _("Which products"), options=_RULES),
    Field("value", "items", _("Item numbers, or the category's or tag's name")),
    Field("most", "number", _("At most")),
)
_TEMPLATE = (Field("source", "template", _("Template (Liquid)")),)
_COORDINATES = (_TITLE, Field("numbers", "numbers", _("Numbers of coordinates; none: the newest")))

STORY: dict[str, tuple[Field, ...]] = {
    "heading": (_in_two("text", "text", _("Heading")),),
    "text": (_in_two("body", "html", _("Text")),),
    "picture": (
        _PICTURE, _in_two("caption", "text", _("Caption")),
        Field("width", "select", _("Width"),
              options=(("text", _("As the text")), ("wide", _("Wide")))),
    ),
    "rail": _RAIL,
    "coordinate": _COORDINATES,
    "video": (_TITLE, Field("url", "url", _("Address of the video")), _PICTURE),
    "quote": (_in_two("text", "area", _("Quotation")), _in_two("by", "text", _("By whom"))),
    "spacer": (
        Field("size", "select", _("Size"),
              options=(("small", _("Small")), ("large", _("Large")))),
    ),
    "template": _TEMPLATE,
}  # fmt: skip
HOME: dict[str, tuple[Field, ...]] = {
    name: (*fields, *_WINDOW)
    for name, fields in {
        "hero": (
            _TITLE, _in_two("text", "area", _("Text")), _PICTURE, _SCRIM, _in_two("button", "text",
            _("Words on the button")), _LINK,
        ),
        "new": (_TITLE, Field("most", "number", _("At most"))),
        "rail": _RAIL,
        "ranking": (_TITLE, Field("most", "number", _("At most"))),
        "coordinates": _COORDINATES,
        "features": (_TITLE,),
        "news": (_TITLE,),
        "categories": (_TITLE,),
        "story": (_TITLE, _in_two("text", "area", _("Text")), _PICTURE, _LINK),
        "banner": (_in_two("text", "text", _("Text")), _LINK, _PICTURE),
        "template": _TEMPLATE,
    }.items()
}  # fmt: skip
FAQ: dict[str, tuple[Field, ...]] = {
    "section": (_TITLE,),
    "question": (
        _in_two("question", "text", _("Question")), _in_two("answer", "html", _("Answer")),
    ),
}  # fmt: skip
BANNERS: dict[str, tuple[Field, ...]] = {
    "banner": (
        _in_two("text", "text", _("Text")), _LINK,
        Field("place", "select", _("Where"),
              options=(("all", _("On every page")), ("home", _("On the home page")),
                       ("lists", _("On lists of products")))),
        *_WINDOW,
    ),
}  # fmt: skip

# Who may be made of what, and which document stands for it when none was written.
MADE_OF: dict[str, dict[str, tuple[Field, ...]]] = {
    "feature": STORY, "news": STORY, "page": STORY, "home": HOME, "faq": FAQ, "banners": BANNERS,
}  # fmt: skip
DEFAULT_HOME: list[Block] = [{"type": name} for name in ("hero", "new", "categories", "story")]
BLOCK_WORDS = {
    "heading": gettext_noop("Heading"), "text": gettext_noop("Text"),
    "picture": gettext_noop("Picture"), "rail": gettext_noop("Products"),
    "coordinate": gettext_noop("Coordinates"), "video": gettext_noop("Video"),
    "quote": gettext_noop("Quotation"), "spacer": gettext_noop("Space"),
    "template": gettext_noop("Template (Liquid)"), "hero": gettext_noop("Large picture"),
    "new": gettext_noop("New arrivals"), "ranking": gettext_noop("Best sellers"),
    "coordinates": gettext_noop("Coordinates"), "features": gettext_noop("Features"),
    "news": gettext_noop("News"), "categories": gettext_noop("By category"),
    "story": gettext_noop("Story"), "banner": gettext_noop("Banner"),
    "section": gettext_noop("Section"), "question": gettext_noop("Question and answer"),
}  # fmt: skip


def read_block(kind: str, fields: tuple[Field, ...], typed: Mapping[str, str], at: str) -> Block:
    """One block from the fields `<at>-<name>[-<language>]`, cleaned."""
    block: Block = {"type": kind}
    for field in fields:
        if field.is_text:
            text = {
                code: cleaned(field, typed.get(f"{at}-{field.name}-{code}", ""))
                for code in LANGUAGES
            }
            block[field.name] = {code: word for code, word in text.items() if word}
        else:
            block[field.name] = cleaned(field, typed.get(f"{at}-{field.name}", ""))
    return block


def cleaned(field: Field, text: str) -> str:
    """What is kept of a field: sanitised where it is markup, empty where it makes no sense."""
    text = text.strip()[: MOST.get(field.kind, 200)]
    known = [code for code, _label in field.options]
    match field.kind:
        case "html":
            text = nh3.clean(paragraphs(text))
        case "url":
            text = text if is_link(text) else ""
        case "select":
            text = text if text in known else known[0]
        case "number":
            text = str(max(1, min(24, int(text)))) if text.isascii() and text.isdigit() else ""
        case "moment":
            text = text if MOMENT.fullmatch(text) else ""
        case "numbers":
            text = " ".join(re.findall(r"\d{1,9}", text, re.ASCII)[:12])
    return text


def paragraphs(text: str) -> str:
    """Plain text with empty lines between becomes paragraphs; what is markup stays."""
    if not text or "<" in text:
        return text
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return "".join(f"<p>{part.strip().replace(chr(10), '<br>')}</p>" for part in parts)


def is_link(text: str) -> bool:
    """A page of this shop, or an address of the web."""
    if text.startswith("/"):
        return not text.startswith(("//", "/\\"))
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def moved(blocks: list[Block], at: int, step: int) -> list[Block]:
    """The block at that place one place up (-1) or down (1)."""
    to = max(0, min(len(blocks) - 1, at + step))
    rest = [*blocks[:at], *blocks[at + 1 :]]
    return [*rest[:to], blocks[at], *rest[to:]]


def in_window(block: Mapping[str, Any], local: str) -> bool:
    """Is it shown at that time in Japan, `2027-01-31T09:00`? Either end may be open."""
    since, until = block.get("since") or "", block.get("until") or ""
    return since <= local and (not until or local < until)
