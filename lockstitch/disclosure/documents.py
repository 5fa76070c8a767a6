"""The drafts: a text in Markdown with figures filled in, as HTML and as PDF.

Which there are, and what each must hold, follows `docs/incidents.md` (APPI art. 26 and its rules 8
to 10, GDPR art. 33 and 34). A draft is a draft: what it says of the law is for people to decide.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.template import Context, Engine
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lockstitch.fulfilment.papers.render import font

FOLDER = Path(__file__).parent
LANGUAGES = ("ja", "en")
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!])")


@dataclass(frozen=True)
class Kind:
    """`template` and what it is given besides the figures; `of_site`: one for each shop."""

    id: str
    ja: str
    en: str
    template: str
    of_site: bool = False
    is_final: bool = False


KINDS = (
    Kind("public-notice", "公表文", "Public notice", "public_notice"),
    Kind("report-preliminary", "速報", "Preliminary report", "report"),
    Kind("report-final", "確報", "Final report", "report", is_final=True),
    Kind("shop", "ショップへの通知", "Notice to the shop", "shop", of_site=True),
    Kind("person", "本人への通知", "Notice to a person", "person"),
    Kind("provider", "決済代行会社への通知", "Notice to payment providers", "provider"),
    Kind("annex", "技術別紙", "Technical annex", "annex"),
    Kind("questions", "想定問答", "Questions and answers", "questions"),
    Kind("clock", "期限表", "Clock sheet", "clock"),
    Kind("gdpr", "GDPR 33条・34条", "GDPR art. 33 and 34, register", "gdpr"),
)
BY_ID = {kind.id: kind for kind in KINDS}


def markdown(kind: Kind, figures: Mapping[str, Any]) -> str:
    """The draft as text; `figures` as `figures.figures` makes them, in the language they name."""
    made = _engine().get_template(f"{figures['lang']}/{kind.template}.md")
    context = {**_escaped(figures), "final": kind.is_final}
    text = made.render(Context(context, autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def html(text: str) -> SafeString:
    """What goes into a page: markup of ours only, for a text's own tags stay text."""
    return SafeString(_parser().render(text))


def page(text: str, lang: str, title: str) -> str:
    """A file that stands by itself."""
    return (
        _engine()
        .get_template("page.html")
        .render(Context({"lang": lang, "title": title, "body": html(text)}, autoescape=False))
    )


def pdf(text: str, lang: str) -> bytes:
    """Raises NoJapaneseFont."""
    data = {"blocks": blocks(_parser().parse(text)), "lang": lang, "font": font()}
    made: bytes = typst.compile(
        FOLDER / "document.typ", root=FOLDER, sys_inputs={"data": json.dumps(data)}
    )
    return made


def blocks(tokens: Sequence[Token]) -> list[dict[str, Any]]:
    """Headings, paragraphs, lists and tables: all that our texts use, as data."""
    made: list[dict[str, Any]] = []
    into: list[dict[str, Any]] = []
    for token in tokens:
        match token.type:
            case "heading_open":
                into.append({"kind": "heading", "level": int(token.tag[1]), "texts": []})
            case "bullet_list_open" | "ordered_list_open":
                into.append({"kind": "list", "texts": []})
            case "table_open":
                into.append({"kind": "table", "columns": 0, "texts": []})
            case "th_open":
                into[-1]["columns"] += 1
            case "fence" | "code_block":
                made.append({"kind": "code", "texts": [token.content.rstrip()]})
            case "inline" if into:
                into[-1]["texts"].append(_plain(token))
            case "inline":
                made.append({"kind": "paragraph", "texts": [_plain(token)]})
            case "heading_close" | "bullet_list_close" | "ordered_list_close" | "table_close":
                made.append(into.pop())
    return made


def _plain(token: Token) -> str:
    parts = (token.children or []) if token.type == "inline" else []
    return "".join("\n" if part.type in ("softbreak", "hardbreak") else part.content
                   for part in parts)  # fmt: skip


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


@cache
def _engine() -> Engine:
    return Engine(
        dirs=[str(FOLDER / "texts")], autoescape=False,
        builtins=["django.contrib.humanize.templatetags.humanize"],
    )  # fmt: skip


def _escaped(value: Any) -> Any:
    """Names and what people wrote are text, never Markdown."""
    if isinstance(value, str):
        return SPECIAL.sub(r"\\\1", value).replace("\r", "")
    if isinstance(value, Mapping):
        return {
            name: each if name == "checkpoint" else _escaped(each) for name, each in value.items()
        }
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    return value
